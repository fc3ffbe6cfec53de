//! A document on the desk while one request's pushes are judged: as the log holds it, moved along by what
//! the request itself adds. Nothing here is written until the whole request is judged.

use crate::gate::{Actor, After, sealed};
use crate::log::Stored;
use domain::{AnyKind, Entry, Hash, Meta, Raw, Receipt, Scope, Seal, Values, scopes_of};
use std::collections::BTreeSet;

/// Receipts on the desk stand behind all real ones and before "none": this place plus the item's index.
pub(super) const PENDING: u64 = 1 << 62;

/// A document that a request names.
#[derive(Default)]
pub(super) struct Slot {
    /// Its `n` when it was read; `None`: it was not there.
    pub seen: Option<u64>,
    /// What it is now; `None`: it is not there.
    pub open: Option<Open>,
    /// The caller's own narrow acts, once asked for.
    pub own: Option<Vec<Entry>>,
    /// Something before it must arrive first, or the server could not look: what follows waits too.
    pub waits: bool,
    /// An act waits for what it is about, and later acts for that act. Changes do not: they may be what it waits for.
    pub acts_wait: bool,
    /// Actors of refused changes; what they wrote afterwards rests on what is not there.
    pub burnt: BTreeSet<Actor>,
    /// Changes refused in this request.
    pub refused: BTreeSet<Hash>,
    /// One of them could not even be read: what lacks a predecessor now lacks that one.
    pub is_torn: bool,
    /// A change or a wide act was added.
    pub is_changed: bool,
    /// The caller began it in this request.
    pub is_begun: bool,
}

/// A document that is there.
pub(super) struct Open {
    pub kind: &'static dyn AnyKind,
    pub meta: Meta,
    pub values: Values,
    pub heads: Vec<Hash>,
    pub snapshot: Vec<u8>,
    /// Acts that all readers see, in order.
    pub entries: Vec<Entry>,
    pub scopes: BTreeSet<Scope>,
    /// Of a sealed document, once it is needed: what its envelopes say.
    pub past: Option<sealed::Past>,
}

impl Open {
    pub fn stored(stored: Stored, kind: &'static dyn AnyKind) -> Self {
        let Stored { meta, values, heads, snapshot, acts, scopes, .. } = stored;
        Self { kind, meta, values, heads, snapshot, entries: acts, scopes, past: None }
    }

    /// A document just begun.
    pub fn begun(kind: &'static dyn AnyKind, meta: Meta, values: Values, after: After) -> Self {
        let After { snapshot, heads, .. } = after;
        let (entries, scopes, past) = (vec![], BTreeSet::new(), None);
        let mut open = Self { kind, meta, values, heads, snapshot, entries, scopes, past };
        open.find_scopes();
        open
    }

    /// A sealed document just begun.
    pub fn sealed(kind: &'static dyn AnyKind, past: sealed::Past) -> Option<Self> {
        let (meta, values, heads) = (past.meta()?.clone(), past.values(), past.heads());
        let (snapshot, entries, scopes) = (vec![], vec![], BTreeSet::new());
        let mut open = Self { kind, meta, values, heads, snapshot, entries, scopes, past: Some(past) };
        open.find_scopes();
        Some(open)
    }

    /// Is its body ciphertext?
    pub fn is_sealed(&self) -> bool {
        Seal::of(&self.values) != Seal::None
    }

    /// The body after one more envelope.
    pub fn reseal(&mut self) {
        if let Some(past) = &self.past {
            (self.values, self.heads) = (past.values(), past.heads());
        }
    }

    pub fn raw(&self) -> Raw {
        Raw { meta: self.meta.clone(), values: self.values.clone(), entries: self.entries.clone() }
    }

    /// The body after changes that the gate let in.
    pub fn move_on(&mut self, values: Values, after: After) {
        (self.values, self.heads, self.snapshot) = (values, after.heads, after.snapshot);
        self.find_scopes();
    }

    /// One more act that all readers see.
    pub fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.find_scopes();
    }

    fn find_scopes(&mut self) {
        self.scopes = scopes_of(&self.kind.readers(&self.raw()));
    }

    /// Puts the real receipts in the place of those on the desk.
    pub fn receive(&mut self, receipts: &[Option<Receipt>]) {
        for entry in &mut self.entries {
            let at = entry.receipt.as_ref().and_then(|receipt| receipt.n.checked_sub(PENDING));
            let real = at.and_then(|at| receipts.get(at as usize));
            if let Some(real) = real {
                entry.receipt.clone_from(real);
            }
        }
    }
}
