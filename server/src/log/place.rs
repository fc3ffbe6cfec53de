//! What appending a batch means, once for all homes: check that nothing moved, draw places and numbers,
//! let the batch compute its documents, move the feeds. All reads come before the first write, so a batch
//! that is turned down has changed nothing and shares a transaction with others.

use super::feed::{FeedRow, Write, moves};
use super::tree::Place;
use super::vouch::Vouch;
use super::{Batch, DocState, Item, NotPlaced, Placed, Sender, Trouble};
use crate::gate::Permit;
use domain::{ActId, Device, DocId, Entry, Hash, Receipt, Scope, Series, Who};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The counter behind every place.
pub(super) const ORDER: &str = "n";

type Read<T> = Result<T, Trouble>;

/// A home inside one write transaction.
pub(super) trait Tx: Send {
    /// `n` of those of these documents that are here.
    fn stand(&mut self, docs: &[DocId]) -> impl Future<Output = Read<BTreeMap<DocId, u64>>> + Send;
    /// True when one of these changes or acts is here, or one of these aliases is taken.
    fn holds_any(
        &mut self,
        changes: &[Hash],
        acts: &[ActId],
        aliases: &[DocId],
    ) -> impl Future<Output = Read<bool>> + Send;
    /// Where a counter stands; 0 when it was never used.
    fn counter(&mut self, key: &str) -> impl Future<Output = Read<u64>> + Send;
    /// Lines of a document that are `here`, and those in these scopes.
    fn feed_of(
        &mut self,
        doc: DocId,
        scopes: &BTreeSet<Scope>,
    ) -> impl Future<Output = Read<Vec<FeedRow>>> + Send;
    /// The person who has this staff number.
    fn person_of(&mut self, no: &str) -> impl Future<Output = Read<Option<DocId>>> + Send;
    /// The edge of the tree.
    fn vouch(&mut self) -> &mut Vouch;
    /// Writes.
    fn put(&mut self, puts: Puts) -> impl Future<Output = Read<()>> + Send;
}

/// Lines to write. Documents come first, the rest may name them.
#[derive(Default)]
pub(super) struct Puts {
    pub docs: Vec<(u64, DocState)>,
    pub changes: Vec<ChangePut>,
    pub acts: Vec<ActPut>,
    /// Documents computed anew by other rules.
    pub renewals: Vec<(u64, DocId)>,
    pub narrow: Vec<(DocId, Scope, u64)>,
    pub feed: Vec<FeedRow>,
    pub people: Vec<Who>,
    pub devices: Vec<Device>,
    pub aliases: Vec<(DocId, DocId)>,
    pub counters: BTreeMap<String, u64>,
    /// First and last place.
    pub batch: (u64, u64),
    /// Nodes of the tree that are complete now.
    pub nodes: Vec<(Place, Hash)>,
    pub received_ms: i64,
    pub sender: Option<Sender>,
}
pub(super) struct ChangePut {
    pub n: u64,
    pub doc: DocId,
    pub permit: Permit,
}
pub(super) struct ActPut {
    pub n: u64,
    pub entry: Entry,
    /// The entry as it is kept.
    pub cbor: Vec<u8>,
    /// The scopes it goes to, when fewer than the document's.
    pub narrow: Option<BTreeSet<Scope>>,
    /// Key of the series its number is from.
    pub series: Option<String>,
}

/// Appends inside a transaction.
pub(super) async fn place<T: Tx>(tx: &mut T, batch: Batch) -> Result<(Placed, AfterCommit), NotPlaced> {
    let Batch { sender, now_ms, seen, items, aliases, settle, then } = batch;
    let fresh: BTreeSet<DocId> = seen.iter().filter(|(_, n)| n.is_none()).map(|(doc, _)| *doc).collect();
    if has_moved(tx, &seen).await? || is_there(tx, &items, &aliases).await? {
        return Err(NotPlaced::Moved);
    }
    let mut puts = Puts { received_ms: now_ms, ..Puts::default() };
    let first = tx.counter(ORDER).await? + 1;
    let last = first + items.len() as u64 - 1;
    puts.counters.insert(ORDER.into(), last);
    let receipts = draw(tx, &items, first, &mut puts.counters).await?;
    let states = catch_unwind(AssertUnwindSafe(|| settle(&receipts))).map_err(|_| NotPlaced::Panicked)?;
    puts.people = people_of(tx, &states).await?;
    puts.devices = states.iter().filter_map(|state| state.device.clone()).collect();
    puts.feed = move_feeds(tx, &items, first, &states, &fresh).await?;
    puts.aliases = aliases.into_iter().map(|alias| (alias, sender.person)).collect();
    let mut placed = Placed {
        last,
        root: None,
        heads: heads_of(&puts.feed),
        people: puts.people.clone(),
        devices: puts.devices.clone(),
        aliases: puts.aliases.clone(),
        receipts,
    };
    lay_out(&mut puts, items, first, &placed.receipts, states);
    puts.batch = (first, last);
    tx.vouch().grow_by(&mut puts, &sender, first);
    placed.root = Some(tx.vouch().edge.root());
    puts.sender = Some(sender);
    tx.put(puts).await?;
    Ok((placed, AfterCommit(then)))
}

/// What a batch wants to hear once it is durable.
pub(super) struct AfterCommit(Box<dyn FnOnce(&Placed) + Send>);
impl AfterCommit {
    /// To be called in the order of commits, after the commit. A listener that panics harms nobody else.
    pub fn tell(self, placed: &Placed) {
        if catch_unwind(AssertUnwindSafe(|| (self.0)(placed))).is_err() {
            tracing::error!("a listener panicked after a commit");
        }
    }
}

async fn has_moved<T: Tx>(tx: &mut T, seen: &[(DocId, Option<u64>)]) -> Read<bool> {
    let ids: Vec<DocId> = seen.iter().map(|(doc, _)| *doc).collect();
    let now = tx.stand(&ids).await?;
    Ok(seen.iter().any(|(doc, n)| now.get(doc) != n.as_ref()))
}

async fn is_there<T: Tx>(tx: &mut T, items: &[Item], aliases: &[DocId]) -> Read<bool> {
    let (mut changes, mut acts) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Item::Change { permit, .. } => changes.push(permit.hash()),
            Item::Act { entry, .. } => acts.push(entry.id),
            Item::Renewal { .. } => {}
        }
    }
    tx.holds_any(&changes, &acts, aliases).await
}

/// The receipts with their places and numbers.
async fn draw<T: Tx>(
    tx: &mut T,
    items: &[Item],
    first: u64,
    counters: &mut BTreeMap<String, u64>,
) -> Read<Vec<Option<Receipt>>> {
    let mut receipts = Vec::with_capacity(items.len());
    for (item, n) in items.iter().zip(first..) {
        let Item::Act { entry, series, .. } = item else {
            receipts.push(None);
            continue;
        };
        let stamped = match series {
            Some(series) => Some(next_number(tx, series, counters).await?),
            None => None,
        };
        receipts.push(entry.receipt.clone().map(|receipt| Receipt { n, stamped, ..receipt }));
    }
    Ok(receipts)
}

async fn next_number<T: Tx>(
    tx: &mut T,
    series: &Series,
    counters: &mut BTreeMap<String, u64>,
) -> Read<String> {
    let key = format!("series/{}", series.key);
    let before = match counters.get(&key) {
        Some(drawn) => *drawn,
        None => tx.counter(&key).await?,
    };
    counters.insert(key, before + 1);
    Ok(format!("{}{}{}", series.prefix, before + 1, series.suffix))
}

/// Persons described by these documents. Two persons never share a staff number: who signs in with it
/// would be somebody else.
async fn people_of<T: Tx>(tx: &mut T, states: &[DocState]) -> Result<Vec<Who>, NotPlaced> {
    let (mut people, mut numbers) = (Vec::new(), BTreeMap::new());
    for who in states.iter().filter_map(|state| state.who.as_ref()) {
        if !who.no.is_empty() {
            let holder = tx.person_of(&who.no).await?.or(numbers.insert(who.no.clone(), who.person));
            if holder.is_some_and(|holder| holder != who.person) {
                return Err(NotPlaced::Moved);
            }
        }
        people.push(who.clone());
    }
    Ok(people)
}

async fn move_feeds<T: Tx>(
    tx: &mut T,
    items: &[Item],
    first: u64,
    states: &[DocState],
    fresh: &BTreeSet<DocId>,
) -> Read<Vec<FeedRow>> {
    let mut rows = Vec::new();
    for write in writes(items, first, states).into_values() {
        let mut scopes: BTreeSet<Scope> =
            write.wide.iter().flat_map(|(_, scopes)| scopes.iter().cloned()).collect();
        scopes.extend(write.narrow.iter().flat_map(|(_, scopes)| scopes.iter().cloned()));
        let is_new = fresh.contains(&write.doc);
        let old = if is_new { vec![] } else { tx.feed_of(write.doc, &scopes).await? };
        rows.extend(moves(&write, old));
    }
    Ok(rows)
}

fn writes<'a>(items: &'a [Item], first: u64, states: &'a [DocState]) -> BTreeMap<DocId, Write<'a>> {
    let scopes: BTreeMap<DocId, &BTreeSet<Scope>> =
        states.iter().map(|state| (state.meta.id, &state.scopes)).collect();
    let mut writes: BTreeMap<DocId, Write<'a>> = BTreeMap::new();
    for (item, n) in items.iter().zip(first..) {
        let doc = item.doc();
        let write = writes.entry(doc).or_insert(Write { doc, wide: None, narrow: vec![] });
        match item {
            Item::Act { narrow: Some(to), .. } => write.narrow.push((n, to)),
            _ => write.wide = scopes.get(&doc).map(|scopes| (n, *scopes)),
        }
    }
    writes
}

fn heads_of(feed: &[FeedRow]) -> Vec<(Scope, u64)> {
    let mut heads: BTreeMap<&Scope, u64> = BTreeMap::new();
    for row in feed {
        let head = heads.entry(&row.scope).or_default();
        *head = row.n.max(*head);
    }
    heads.into_iter().map(|(scope, n)| (scope.clone(), n)).collect()
}

fn lay_out(
    puts: &mut Puts,
    items: Vec<Item>,
    first: u64,
    receipts: &[Option<Receipt>],
    states: Vec<DocState>,
) {
    let mut stands: BTreeMap<DocId, u64> = BTreeMap::new();
    for ((item, n), receipt) in items.into_iter().zip(first..).zip(receipts) {
        if item.is_wide() {
            stands.insert(item.doc(), n);
        }
        match item {
            Item::Change { doc, permit } => puts.changes.push(ChangePut { n, doc, permit }),
            Item::Renewal { doc } => puts.renewals.push((n, doc)),
            Item::Act { mut entry, narrow, series } => {
                entry.receipt.clone_from(receipt);
                let scopes = narrow.iter().flatten().map(|scope| (entry.doc, scope.clone(), n));
                puts.narrow.extend(scopes);
                let (cbor, series) = (domain::to_cbor(&entry), series.map(|series| series.key));
                puts.acts.push(ActPut { n, entry, cbor, narrow, series });
            }
        }
    }
    let place = |state: DocState| stands.get(&state.meta.id).map(|n| (*n, state));
    puts.docs = states.into_iter().filter_map(place).collect();
}
