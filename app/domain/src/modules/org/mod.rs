//! 组织: the tree of units with its history, persons, their posts and terms. Posts, places and names of
//! units come only from receipted acts; nobody can give himself one by editing a body.

mod device;
mod person;
mod person_guard;
mod private;
#[cfg(feature = "import")]
pub mod roster;
mod unit;
mod unit_guard;

pub use device::*;
pub use person::*;
pub use private::*;
pub use unit::*;

use crate::DocId;

/// Id of the document of the person with this staff number.
pub fn person_id(no: &str) -> DocId {
    DocId::derive(&[b"org.person", no.as_bytes()])
}

/// Id of the document of the unit with this code.
pub fn unit_id(code: &str) -> DocId {
    DocId::derive(&[b"org.unit", code.as_bytes()])
}

/// Id of the private details that belong to a person's document.
pub fn private_id(person: DocId) -> DocId {
    DocId::derive(&[b"org.private", &person.0])
}
