//! The frame around every page: who uses the app, where one is, how sync stands, what is new.
//! It knows modules only through [`crate::modules::all`].

mod boot;
mod calm;
mod frame;
mod known;
mod me;
mod nav;
mod status;
pub mod update;

pub use boot::{Phase, boot, enter, leave};
pub use frame::App;
pub use me::{about, is_demo, use_about};
pub use update::offer_update;
