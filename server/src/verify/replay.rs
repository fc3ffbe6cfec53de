//! One document, computed anew from its raw changes and receipts, batch by batch as they were written:
//! what its row, values, readers and feed lines must be, and who it describes.

use crate::gate::sealed;
use crate::log::feed::{FeedRow, Write, moves};
use automerge::{Automerge, Change, ReadDoc};
use domain::{AnyKind, Device, DocId, Entry, Hash, Meta, Raw, Row, Scope, Values, Who, crdt, scopes_of};
use std::collections::{BTreeMap, BTreeSet};

/// Something that happened to a document.
pub(super) struct Thing {
    pub n: u64,
    /// Where its batch begins; 0: not known.
    pub first: u64,
    /// Who pushed it.
    pub person: DocId,
    /// From which device.
    pub device: String,
    pub what: Happened,
}

#[allow(clippy::large_enum_variant)] // one document at a time, read once
pub(super) enum Happened {
    Change {
        hash: Hash,
        actor: Vec<u8>,
        raw: Vec<u8>,
    },
    Act {
        entry: Entry,
        narrow: Option<BTreeSet<Scope>>,
    },
    /// Computed anew by other rules.
    Renewal,
}

/// Where the present rules took over, and how the document lay in the feed then.
pub(super) struct Base {
    pub since: u64,
    pub feed: Vec<FeedRow>,
}

/// What the document must be.
pub(super) struct Ought {
    pub meta: Meta,
    pub n: u64,
    pub values: Values,
    pub heads: Vec<Hash>,
    pub changes: BTreeSet<Hash>,
    pub row: Row,
    pub scopes: BTreeSet<Scope>,
    /// `None`: some of it is from before batches were kept, so feed lines cannot be computed exactly.
    pub feed: Option<Vec<FeedRow>>,
    pub who: Option<Who>,
    pub device: Option<Device>,
    /// The name under which it was begun, and by whom, if that is not the person.
    pub alias: Option<(DocId, DocId)>,
    /// To whom each actor belongs.
    pub actors: BTreeMap<Vec<u8>, (DocId, String)>,
}

/// Computes it; the error says what does not fit together.
/// What earlier rules made of the feed is taken from `base`.
pub(super) fn replay(
    kind: &dyn AnyKind,
    id: DocId,
    things: Vec<Thing>,
    base: Option<Base>,
) -> Result<Ought, &'static str> {
    let mut doc = Automerge::new();
    let since = base.as_ref().map_or(0, |base| base.since);
    let is_exact = things.iter().all(|thing| thing.first > 0 || thing.n <= since);
    let mut at = Standing::on(base);
    let founder = things.first().map(|thing| thing.person).ok_or("nothing")?;
    let mut actors = BTreeMap::new();
    // Without batches only the end can be computed.
    for batch in things.chunk_by(|one, next| !is_exact || one.first == next.first) {
        let mut narrow = vec![];
        let (mut wide, mut is_written) = (None, false);
        for thing in batch {
            match &thing.what {
                Happened::Change { actor, raw, hash } => {
                    let owner = (thing.person, thing.device.clone());
                    actors.entry(actor.clone()).or_insert(owner);
                    match sync::is_sealed(raw) {
                        true => at.take_sealed(id, *hash, raw)?,
                        false => take_open(&mut doc, *hash, raw)?,
                    }
                    at.changes.insert(*hash);
                    (wide, is_written) = (Some(thing.n), true);
                }
                Happened::Act { entry, narrow: None } => {
                    at.acted(entry.clone());
                    wide = Some(thing.n);
                }
                Happened::Act { narrow: Some(scopes), .. } => narrow.push((thing.n, scopes)),
                Happened::Renewal => wide = Some(thing.n),
            }
        }
        if is_written {
            at.read(&doc, id)?;
        }
        let is_past = batch.last().is_some_and(|thing| thing.n <= since);
        at.step(kind, id, wide, &narrow, is_past)?;
    }
    let mut heads = at.past.as_ref().map_or_else(|| crdt::heads(&doc), sealed::Past::heads);
    heads.sort();
    at.ought(kind, founder, is_exact).map(|ought| Ought { heads, actors, ..ought })
}

fn take_open(doc: &mut Automerge, hash: Hash, raw: &[u8]) -> Result<(), &'static str> {
    let change = Change::from_bytes(raw.to_vec()).map_err(|_| "change")?;
    if change.hash().0 != hash.0 {
        return Err("hash");
    }
    doc.apply_changes([change]).map_err(|_| "apply")
}

#[derive(Default)]
struct Standing {
    n: u64,
    /// Of a sealed document.
    past: Option<sealed::Past>,
    raw: Option<Raw>,
    /// Acts from before the first change was read.
    early: Vec<Entry>,
    changes: BTreeSet<Hash>,
    scopes: BTreeSet<Scope>,
    feed: BTreeMap<Scope, FeedRow>,
}

impl Standing {
    fn on(base: Option<Base>) -> Self {
        let feed = base.into_iter().flat_map(|base| base.feed);
        Self { feed: feed.map(|row| (row.scope.clone(), row)).collect(), ..Self::default() }
    }

    /// What it must be in the end, but for heads and actors.
    fn ought(self, kind: &dyn AnyKind, founder: DocId, is_exact: bool) -> Result<Ought, &'static str> {
        let raw = self.raw.ok_or("nothing")?;
        let is_alias = kind.alias() && raw.meta.owner != founder;
        Ok(Ought {
            n: self.n,
            heads: vec![],
            row: kind.row(&raw),
            scopes: self.scopes,
            feed: is_exact.then(|| self.feed.into_values().collect()),
            who: kind.who(&raw),
            device: kind.device(&raw),
            alias: is_alias.then_some((raw.meta.owner, founder)),
            actors: BTreeMap::new(),
            changes: self.changes,
            meta: raw.meta,
            values: raw.values,
        })
    }

    fn acted(&mut self, entry: Entry) {
        self.raw.as_mut().map_or(&mut self.early, |raw| &mut raw.entries).push(entry);
    }

    /// The body anew, once a batch has written to it. Acts alone leave it as it is: a document with hundreds of
    /// acts would be read hundreds of times.
    fn read(&mut self, doc: &Automerge, id: DocId) -> Result<(), &'static str> {
        if !doc.get_missing_deps(&[]).is_empty() {
            return Err("deps");
        }
        let sealed = self.past.as_ref().map(|past| Some((past.meta()?.clone(), past.values())));
        let (meta, values) = sealed.unwrap_or_else(|| crdt::read(doc, id)).ok_or("meta")?;
        let entries = self.raw.take().map_or_else(|| std::mem::take(&mut self.early), |raw| raw.entries);
        self.raw = Some(Raw { meta, values, entries });
        Ok(())
    }

    fn take_sealed(&mut self, id: DocId, hash: Hash, raw: &[u8]) -> Result<(), &'static str> {
        let permit = self.past.get_or_insert_default().admit(id, raw).map_err(|_| "envelope")?;
        if permit.hash() == hash { Ok(()) } else { Err("hash") }
    }
    /// The end of a batch. `is_past`: earlier rules moved the feed then.
    fn step(
        &mut self,
        kind: &dyn AnyKind,
        id: DocId,
        wide: Option<u64>,
        narrow: &[(u64, &BTreeSet<Scope>)],
        is_past: bool,
    ) -> Result<(), &'static str> {
        if let Some(n) = wide {
            self.n = n;
            self.scopes = scopes_of(&kind.readers(self.raw.as_ref().ok_or("meta")?));
        }
        if is_past {
            return Ok(());
        }
        let wide = wide.map(|n| (n, &self.scopes));
        let write = Write { doc: id, wide, narrow: narrow.to_vec() };
        for row in moves(&write, self.feed.values().cloned().collect()) {
            self.feed.insert(row.scope.clone(), row);
        }
        Ok(())
    }
}
