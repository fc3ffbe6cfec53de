//! The gate in a process of its own. The steps in this folder's parent leave neither a known way to crash
//! nor to run for ever, but they call a library that was not written for hostile input: should it overflow a
//! stack, run in circles or eat memory after all, a child dies and not the server.
//!
//! The server starts itself again as `lianxin gate-child` and speaks [`super::wire`] with it through two
//! pipes. The child has nothing else: no other file, no socket, no folder, no environment ([`confine`]).
//! It learns a document's bytes and a kind's table of fields, never a person, and what it answers is
//! turned into permits on this side only.

mod confine;
mod memory;
mod pipe;
mod pool;
mod process;
mod serve;

pub use memory::Memory;
pub use pool::Validators;
pub use serve::serve;

/// The hidden command under which the program is its own validator.
pub const COMMAND: &str = "gate-child";

/// Address space of a validator. The largest honest question needs a tenth of it.
pub const ADDRESS_SPACE: u64 = 512 * 1024 * 1024;
