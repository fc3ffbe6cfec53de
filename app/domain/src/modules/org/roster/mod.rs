//! Roster import: from the CSV that a personnel office sends to units and persons of the union.
//!
//! Three steps, all pure: [`read`] turns bytes into a [`Sheet`], [`check`] says what is wrong in which
//! line, [`plan`] says which units and persons would be made from the lines that nobody objected to.
//! Writing them down is somebody else's work. The same code serves the demo and a customer's file.
//!
//! No text made here repeats what stands in a cell: findings name line and column, never the person.

mod check;
mod column;
mod date;
mod finding;
mod id_number;
mod plan;
mod sheet;
mod units;
mod unreadable;
mod words;

pub use check::check;
pub use column::Column;
pub use date::Date;
pub use finding::{Code, Finding, Severity};
pub use id_number::{IdFault, IdNumber};
pub use plan::{PersonRow, Plan, UnitRow, initials, plan};
pub use sheet::{Sheet, read};
pub use units::{Unit, UnitKind, Units};
pub use unreadable::Unreadable;
pub use words::{Employment, PostKind, Sex};
