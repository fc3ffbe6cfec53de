//! What all pages share: the page with its bar, list beside detail, lists of rows, opening a document,
//! doing a step with its opinion, autosaving a form.

mod act;
mod form;
mod ids;
mod lines;
mod memoed;
mod opened;
mod part;
mod pick;
mod pictures;
mod records;
mod shell_page;
mod shrink;
mod split;
mod track;
mod typing;
mod units;
mod when;
mod words;

pub use act::*;
pub use form::*;
pub use ids::*;
pub use lines::*;
pub use memoed::*;
pub use opened::*;
pub use part::*;
pub use pick::*;
pub use pictures::*;
pub use records::*;
pub use shell_page::*;
pub use split::*;
pub use track::*;
pub use units::*;
pub use when::*;
