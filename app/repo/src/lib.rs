//! What a phone does with its records: opens, edits, keeps acts, holds rows and the outbox, and drives
//! sync. No browser and no screens: a store, a link and a host come in as traits, so that the harness can
//! run a whole town of phones in one process.
//!
//! The promise all of it serves: an edit or act that [`Repo::ask`] answered with `Kept` is on the server, or
//! in this phone's outbox, or in "needs attention" with its words. There is no fourth place. `README.md` has
//! the map.

mod acks;
mod act;
mod ahead;
mod ask;
mod attention;
mod blobs;
mod body;
mod bring;
mod create;
mod doc_rec;
mod edit;
mod export;
mod forget;
mod guard;
mod host;
mod keep;
mod link;
mod mem;
mod merge;
mod open;
mod outbox;
mod page;
mod parked;
mod replay;
mod round;
mod rows;
mod seal;
mod settle;
mod show;
mod space;
mod split;
mod state;
mod stop;
mod undo;
mod witness;
mod words;
mod work;

pub use ahead::move_in;
pub use doc_rec::{AttRec, BlobRec, DocRec, Intent, OutItem, RowRec, SealRec};
pub use export::{Package, PackageDoc};
pub use host::Host;
pub use link::{BlobHead, BlobPiece, Link, LinkTrouble};
pub use round::{RoundTrouble, next_delay};
#[cfg(not(target_arch = "wasm32"))]
pub use seal::SoftSealer;
pub use seal::{Sealer, Sealing};
pub use witness::{Broken, Witness};

use futures_util::lock::Mutex;
use std::cell::RefCell;

type Teller = Box<dyn Fn(domain::bridge::Event)>;

/// One person's records on one phone. Share it behind an `Rc`; every method takes `&self`. Asks and a
/// running [`Repo::sync_round`] may overlap: writes take turns, and nothing waits for the network while it
/// holds the turn.
pub struct Repo<S, L, H> {
    store: S,
    link: L,
    host: H,
    /// Whoever changes something holds it, from reading to the end of the store write.
    turn: Mutex<()>,
    /// Whoever talks to the server holds it.
    talk: Mutex<()>,
    mem: RefCell<mem::Mem>,
    teller: RefCell<Option<Teller>>,
}
