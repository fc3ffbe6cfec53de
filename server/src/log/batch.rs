//! What is appended in one go, and what came of it. A body change goes in only with the gate's
//! [`Permit`]; numbers and places are drawn inside the write, so what depends on them is computed there.

use super::Trouble;
use crate::gate::Permit;
use domain::{Device, DocId, Entry, Hash, Meta, Receipt, Row, Scope, Series, Values, Who};
use std::collections::BTreeSet;

/// How documents stand, given the receipts of a batch's items.
pub type Settle = Box<dyn FnOnce(&[Option<Receipt>]) -> Vec<DocState> + Send>;

/// One request's worth of writes.
pub struct Batch {
    /// Who pushes.
    pub sender: Sender,
    /// Official time, UTC ms.
    pub now_ms: i64,
    /// Every document on which a judgement in this batch rests, with the `n` at which it was judged;
    /// `None` for one that was not there. If one has moved since, nothing is written.
    pub seen: Vec<(DocId, Option<u64>)>,
    /// What is appended, in order.
    pub items: Vec<Item>,
    /// New names of the sender.
    pub aliases: Vec<DocId>,
    /// How the documents stand once places and numbers are known. Given the receipts of all items
    /// (`None` for changes); returns one state for each document that a change or a wide act touched.
    pub settle: Settle,
    /// Called once right after the commit, in the order of commits; must be quick.
    pub then: Box<dyn FnOnce(&Placed) + Send>,
}

/// Who pushes.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The person, never an alias.
    pub person: DocId,
    /// The installation, as it says.
    pub device: String,
}

/// One thing to append.
#[allow(clippy::large_enum_variant)] // a batch is short-lived
pub enum Item {
    /// A change that the gate let in.
    Change {
        /// The document.
        doc: DocId,
        /// The gate's leave.
        permit: Permit,
    },
    /// An act that the rulebook allows.
    Act {
        /// The act; its receipt has everything but place and number.
        entry: Entry,
        /// The number it earns.
        series: Option<Series>,
        /// The scopes it goes to, when fewer than the document's.
        narrow: Option<BTreeSet<Scope>>,
    },
    /// Nothing new: other rules compute the document otherwise, and whoever has it must hear of it.
    Renewal {
        /// The document.
        doc: DocId,
    },
}

impl Item {
    /// The document it belongs to.
    pub fn doc(&self) -> DocId {
        match self {
            Self::Change { doc, .. } | Self::Renewal { doc } => *doc,
            Self::Act { entry, .. } => entry.doc,
        }
    }
    pub(super) fn is_wide(&self) -> bool {
        !matches!(self, Self::Act { narrow: Some(_), .. })
    }
}

/// A document as it stands after a batch.
#[derive(Clone, Debug)]
pub struct DocState {
    /// What never changes.
    pub meta: Meta,
    /// Body values.
    pub values: Values,
    /// Heads of the body.
    pub heads: Vec<Hash>,
    /// The saved body.
    pub snapshot: Vec<u8>,
    /// Its line in lists.
    pub row: Row,
    /// Where it lies now.
    pub scopes: BTreeSet<Scope>,
    /// The person it describes.
    pub who: Option<Who>,
    /// The device it describes.
    pub device: Option<Device>,
}

/// What came of a batch.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// Place of the last item.
    pub last: u64,
    /// Receipts of all items, in order; `None` for changes.
    pub receipts: Vec<Option<Receipt>>,
    /// Root of the tree with them.
    pub root: Option<Hash>,
    /// Scopes in which something happened, and how far they are now.
    pub heads: Vec<(Scope, u64)>,
    /// Persons as they stand now.
    pub people: Vec<Who>,
    /// Devices as they stand now.
    pub devices: Vec<Device>,
    /// New aliases with the person behind them.
    pub aliases: Vec<(DocId, DocId)>,
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotPlaced {
    /// Something that the batch rests on has moved: judge again.
    Moved,
    /// Computing the states panicked; a bug in a module.
    Panicked,
    /// The log cannot write.
    Trouble(Trouble),
}
impl From<Trouble> for NotPlaced {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}
