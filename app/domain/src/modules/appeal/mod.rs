//! 意见诉求: what people say to their union, who must do what by when, and the public, de-identified
//! answer to all. Legal limits follow 《信访工作条例》(2022) and count from the server's receipts only.

mod act;
mod answer;
mod body;
mod deadline;
mod deidentify;
mod guard;
mod limits;
mod matter;
mod rules;
mod state;

pub use act::*;
pub use answer::*;
pub use body::*;
pub use deadline::*;
pub use deidentify::*;
pub use limits::*;
pub use matter::*;
pub use state::*;

use crate::DocId;

/// Id of the public answer to a matter: one matter, one public answer.
pub fn answer_id(matter: DocId) -> DocId {
    DocId::derive(&[b"appeal.answer", &matter.0])
}
