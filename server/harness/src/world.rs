//! What all phones share: the server core on its memory log, official time, dice, the trace of the run.

use crate::dice::Dice;
use crate::ledger::Ledger;
use crate::step::finish;
use crate::trace::Trace;
use domain::{ActId, Card, DocId, Entry, Hash, to_cbor};
use server::desk::Desk;
use server::log::{Kinds, Memory};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Name of a push at the server: the same on every retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Name {
    Change(Hash),
    Act(ActId),
}

impl Name {
    /// The name of a thing in an outbox.
    pub fn of(item: &sync::Item) -> Option<Self> {
        match item {
            sync::Item::Act(entry) => Some(Self::Act(entry.id)),
            sync::Item::Change(raw) if sync::is_sealed(raw) => {
                sync::read_envelope(raw).map(|envelope| Self::Change(envelope.name))
            }
            sync::Item::Change(raw) => {
                let change = automerge::Change::from_bytes(raw.to_vec()).ok()?;
                Some(Self::Change(Hash(change.hash().0)))
            }
        }
    }
}

/// Name of the rules of these kinds.
pub(crate) fn rules_of(kinds: Kinds) -> String {
    format!("{:p}", kinds())
}

/// The world outside of the phones.
pub struct World {
    /// The server; another one after a backup was put back or a new version was installed.
    desk: RefCell<Rc<Desk<Memory>>>,
    /// Official time, UTC ms.
    pub clock: Cell<i64>,
    /// Chance.
    pub dice: Dice,
    /// The book outside.
    pub ledger: RefCell<Ledger>,
    pub(crate) trace: RefCell<Trace>,
    /// Pictures at the server, also half ones.
    pub(crate) blobs: RefCell<BTreeMap<Hash, Vec<u8>>>,
    /// Cards of devices looked at, and whether they hold: eight phones ask it of the same few every time.
    pub(crate) cards: RefCell<HashMap<Vec<u8>, bool>>,
    /// What each place of each phone was pushed as.
    pub(crate) pushed: RefCell<BTreeMap<(usize, u64), BTreeSet<Name>>>,
    /// Kinds that the server knows: those of the day's version.
    pub(crate) kinds: Cell<Kinds>,
    /// What the office has decided, in order; its own records bring it back.
    pub(crate) decrees: RefCell<Vec<Entry>>,
    /// Requests that are still under way although their phones have given them up: person and bytes.
    pub(crate) late: RefCell<Vec<(DocId, Vec<u8>)>>,
    /// The server came back from an older copy.
    pub(crate) restored: Cell<bool>,
    /// Requests answered, and bytes up and down.
    pub(crate) traffic: Cell<(u64, u64, u64)>,
}

impl World {
    pub(crate) fn new(desk: Desk<Memory>, seed: u64, clock: i64) -> Self {
        Self {
            desk: RefCell::new(Rc::new(desk.with_run(1))),
            clock: Cell::new(clock),
            dice: Dice::new(seed),
            ledger: RefCell::default(),
            trace: RefCell::default(),
            blobs: RefCell::default(),
            cards: RefCell::default(),
            pushed: RefCell::default(),
            kinds: Cell::new(domain::modules::kinds),
            decrees: RefCell::default(),
            late: RefCell::default(),
            restored: Cell::default(),
            traffic: Cell::default(),
        }
    }
    /// The server.
    pub fn desk(&self) -> Rc<Desk<Memory>> {
        self.desk.borrow().clone()
    }
    /// Starts the server on a log, with the kinds of the day's version.
    pub(crate) fn start(&self, log: Memory) {
        let kinds = self.kinds.get();
        let desk = finish(Desk::with_kinds(log, kinds)).expect("a desk on a log in memory");
        let desk = desk.with_run(self.desk().run() + 1);
        finish(desk.renew(&rules_of(kinds), self.clock.get())).expect("memory answers");
        self.desk.replace(Rc::new(desk));
    }
    pub(crate) fn note(&self, what: &str, bytes: &[u8]) {
        self.trace.borrow_mut().note(what, bytes);
    }
    /// Does this card hold? See [`repo::Sealer::vouches`].
    pub(crate) fn vouches(&self, card: &Card) -> bool {
        *self.cards.borrow_mut().entry(to_cbor(card)).or_insert_with(|| {
            card.said().is_some_and(|said| server::desk::is_signed(&card.sign_key, &said, &card.wrap_proof))
        })
    }
    /// Is this picture at the server, whole?
    pub fn has_file(&self, hash: Hash) -> bool {
        self.blobs.borrow().get(&hash).is_some_and(|bytes| Hash::of(bytes) == hash)
    }
    /// A file at the server.
    pub fn file(&self, hash: Hash) -> Option<Vec<u8>> {
        self.blobs.borrow().get(&hash).cloned()
    }
    /// Do these bytes lie in any file at the server?
    pub fn files_hold(&self, part: &[u8]) -> bool {
        let blobs = self.blobs.borrow();
        blobs.values().any(|bytes| bytes.windows(part.len()).any(|window| window == part))
    }
    /// Requests answered so far, bytes up, bytes down.
    pub fn traffic(&self) -> (u64, u64, u64) {
        self.traffic.get()
    }
    pub(crate) fn note_pushes(&self, phone: usize, pushes: &[sync::Push]) {
        let mut pushed = self.pushed.borrow_mut();
        for push in pushes {
            pushed.entry((phone, push.seq)).or_default().extend(Name::of(&push.item));
        }
    }
}
