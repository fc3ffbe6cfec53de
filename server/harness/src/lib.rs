//! A town in one process: people with phones, the real server core, and a network that one can cut. No
//! sockets, no threads, an own clock and own dice: one number replays everything.
//!
//! [`Town`] and [`Phone`] are for stories told by hand; [`weather`] plays random days with every fault at
//! once; [`Ledger`] is the book outside that knows what each phone has called kept, and checks in the end
//! that every bit of it is on the server, waits, or needs attention. `README.md` has the map.

pub mod cast;
mod dice;
mod ledger;
mod link;
mod mirror;
mod phone;
mod shelf;
mod step;
mod town;
mod trace;
pub mod weather;
mod world;

pub use dice::Dice;
pub use ledger::{Kept, Ledger, first_of};
pub use link::Faults;
pub use phone::{Phone, refusal};
pub use step::{finish, pause};
pub use town::{Backup, Person, Town};
pub use world::World;
