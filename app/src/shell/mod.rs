//! The frame around every page: who uses the app, where one is, how sync stands, what is new.
//! It knows modules only through [`crate::modules::all`].

mod alive;
mod boot;
mod calm;
mod frame;
mod known;
mod me;
mod nav;
mod passkey;
mod status;
pub mod update;

pub use alive::tell_alive;
pub use boot::{Gate, Phase, ask_lock, boot, gate};
pub use frame::App;
pub use me::{about, is_demo, use_about};
pub use passkey::{ask_passkey, chance, has_passkeys, make_passkey};
pub use update::offer_update;
