//! What lies on the disk of a phone lies there encrypted. A [`Vaulted`] store is a store around another
//! one; a [`Slot`] says how its key comes back: from a PIN, a passphrase, or a passkey's secret.
//!
//! Two strengths of vault: *ordinary* (a member's own things, opened by a PIN) and *sensitive* (whatever
//! reached the phone through a post). The strength stands in what is authenticated, so that a value of one
//! never opens in the other. What a thief with the disk and time gets: `docs/decisions/at-rest.md`.

mod cipher;
mod lease;
mod moving;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod packs;
mod slot;
mod stretch;
mod tries;
mod vaulted;
#[cfg(target_arch = "wasm32")]
mod web;

pub use cipher::{Cipher, Key, Piece, Unreadable, fresh};
pub use lease::{Lease, Standing};
pub use moving::{HAS_MOVED, has_moved, move_all};
#[cfg(not(target_arch = "wasm32"))]
pub use native::Native;
pub use slot::{Origin, Proof, Secret, Slot, SlotId, Way, mark_of};
pub use stretch::{COST, Cost, derive, stretch};
pub use tries::Tries;
pub use vaulted::{OpenKey, Strength, Vaulted};
#[cfg(target_arch = "wasm32")]
pub use web::{Handed, Web};
