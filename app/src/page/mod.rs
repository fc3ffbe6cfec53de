//! What all pages share: the page with its bar, list beside detail, lists of rows, opening a document,
//! doing a step with its opinion, autosaving a form.

mod act;
mod form;
mod ids;
mod lines;
mod opened;
mod shell_page;
mod split;
mod when;

pub use act::*;
pub use form::*;
pub use ids::*;
pub use lines::*;
pub use opened::*;
pub use shell_page::*;
pub use split::*;
pub use when::*;
