//! The log in memory: for tests and the harness. Deterministic, and it can be copied as it stands, as a
//! backup is.

use super::feed::{FeedRow, Standing};
use super::place::{ORDER, Puts, Tx, place};
use super::reading::{Part, smaller};
use super::rules::{FeedHash, TakeOver};
use super::tree;
use super::vouch::{Proven, Vouch};
use super::{
    Answer, AuditLine, Batch, Body, Change, Copy, DocState, Everybody, Log, News, NotPlaced, Parcel, Placed,
    Reading, Stored, Trouble,
};
use crate::gate::Actor;
use domain::{ActId, Device, DocId, Entry, Hash, Scope, Who};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::Mutex;

/// A log in memory.
pub struct Memory(Mutex<State>);

#[derive(Clone)]
struct State {
    vouch: Vouch,
    tree: BTreeMap<i64, Hash>,
    counters: BTreeMap<String, u64>,
    docs: BTreeMap<DocId, (u64, DocState)>,
    changes: BTreeMap<(DocId, u64), (Hash, Vec<u8>)>,
    hashes: BTreeMap<Hash, DocId>,
    acts: BTreeMap<(DocId, u64), (Entry, bool)>,
    act_ids: BTreeMap<ActId, (DocId, u64)>,
    narrow: BTreeSet<(DocId, Scope, u64)>,
    renewals: BTreeSet<(DocId, u64)>,
    feed: BTreeMap<(Scope, DocId), FeedRow>,
    lies: BTreeMap<DocId, BTreeSet<Scope>>,
    people: BTreeMap<DocId, Who>,
    numbers: BTreeMap<String, DocId>,
    aliases: BTreeMap<DocId, DocId>,
    actors: BTreeMap<(DocId, Actor), DocId>,
    audit: Vec<AuditLine>,
    devices: BTreeMap<DocId, Device>,
    parcels: Vec<(Parcel, Option<bool>)>,
    recovery_key: Option<Vec<u8>>,
}

impl Memory {
    /// An empty log whose history has this name.
    pub fn new(epoch: &str) -> Self {
        Self(Mutex::new(State::new(epoch)))
    }
    /// A copy as it stands now: a backup.
    pub async fn copy(&self) -> Self {
        Self(Mutex::new(self.0.lock().await.clone()))
    }
}

impl State {
    fn new(epoch: &str) -> Self {
        let origin = format!("lianxin/{epoch}");
        Self {
            vouch: Vouch::new(&origin, epoch, Hash::of(epoch.as_bytes()).0, None),
            tree: BTreeMap::new(),
            counters: BTreeMap::new(),
            docs: BTreeMap::new(),
            changes: BTreeMap::new(),
            hashes: BTreeMap::new(),
            acts: BTreeMap::new(),
            act_ids: BTreeMap::new(),
            narrow: BTreeSet::new(),
            renewals: BTreeSet::new(),
            feed: BTreeMap::new(),
            lies: BTreeMap::new(),
            people: BTreeMap::new(),
            numbers: BTreeMap::new(),
            aliases: BTreeMap::new(),
            actors: BTreeMap::new(),
            audit: vec![],
            devices: BTreeMap::new(),
            parcels: vec![],
            recovery_key: None,
        }
    }
    fn prove(&self, from: u64) -> Option<Proven> {
        let checkpoint = self.vouch.checkpoint();
        if from > checkpoint.size {
            return None;
        }
        let (root_then, path) = tree::prove(from, checkpoint.size, &self.tree)?;
        Some(Proven { root_then, proof: sync::Proof { from, checkpoint, path } })
    }
    fn acts_of(&self, doc: DocId, after: u64) -> impl Iterator<Item = (u64, &Entry, bool)> {
        let range = self.acts.range((doc, after.saturating_add(1))..=(doc, u64::MAX));
        range.map(|((_, n), (entry, narrow))| (*n, entry, *narrow))
    }
    fn changes_of(&self, doc: DocId, after: u64) -> impl Iterator<Item = (u64, Hash, &[u8])> {
        let range = self.changes.range((doc, after.saturating_add(1))..=(doc, u64::MAX));
        range.map(|((_, n), (hash, bytes))| (*n, *hash, bytes.as_slice()))
    }
    fn born(&self, doc: DocId) -> Option<u64> {
        self.changes_of(doc, 0).next().map(|change| change.0)
    }
    fn next_after(&self, doc: DocId, scope: &Scope, n: u64) -> Option<u64> {
        let change = self.changes_of(doc, n).next().map(|change| change.0);
        let act = self.acts_of(doc, n).find(|(_, _, narrow)| !narrow).map(|act| act.0);
        let from = (doc, scope.clone(), n.saturating_add(1));
        let narrow = self.narrow.range(from..=(doc, scope.clone(), u64::MAX)).next().map(|found| found.2);
        let renewals = self.renewals.range((doc, n.saturating_add(1))..=(doc, u64::MAX));
        let renewal = renewals.map(|found| found.1).next();
        [change, act, narrow, renewal].into_iter().flatten().min()
    }
    fn describe(&mut self, who: Who) {
        if let Some(before) = self.people.get(&who.person) {
            self.numbers.remove(&before.no);
        }
        if !who.no.is_empty() {
            self.numbers.insert(who.no.clone(), who.person);
        }
        self.people.insert(who.person, who);
    }
    fn stored(&self, doc: DocId) -> Option<Stored> {
        let (n, found) = self.docs.get(&doc).cloned()?;
        Some(Stored {
            meta: found.meta,
            n,
            values: found.values,
            heads: found.heads,
            snapshot: found.snapshot,
            acts: self.acts_of(doc, 0).filter(|act| !act.2).map(|act| act.1.clone()).collect(),
            row: found.row,
            scopes: found.scopes,
        })
    }
    fn is_visible(&self, doc: DocId, n: u64, held: &BTreeMap<Scope, u64>) -> bool {
        held.keys().any(|scope| self.narrow.contains(&(doc, scope.clone(), n)))
    }

    fn read(&self, doc: DocId, reading: &Reading) -> Option<Copy> {
        let rows: Vec<FeedRow> = reading
            .cursors
            .keys()
            .filter_map(|scope| self.feed.get(&(scope.clone(), doc)).cloned())
            .collect();
        let standing = Standing::of(&rows, &reading.cursors);
        let (_, state) = self.docs.get(&doc).filter(|_| !standing.scopes.is_empty())?;
        let part = reading.part(doc, &state.meta.kind, &standing);
        Some(Copy {
            id: doc,
            kind: state.meta.kind.clone(),
            row: state.row.clone(),
            body: self.body(state, part, &reading.has),
            acts: self.visible(doc, part, &standing, &reading.cursors),
            scopes: standing.scopes,
        })
    }
    fn body(&self, state: &DocState, part: Part, has: &BTreeSet<Hash>) -> Body {
        let sealed = || self.changes_of(state.meta.id, 0).map(|(_, _, bytes)| bytes.to_vec()).collect();
        let whole = || match state.snapshot.is_empty() {
            true => Body::Delta(sealed()),
            false => Body::Snapshot(state.snapshot.clone()),
        };
        match part {
            Part::Row => Body::None,
            Part::Whole => whole(),
            Part::After(n) => {
                let news = self.changes_of(state.meta.id, n).filter(|(_, hash, _)| !has.contains(hash));
                let delta = news.map(|(_, _, bytes)| bytes.to_vec()).collect();
                smaller(delta, state.snapshot.len()).unwrap_or_else(whole)
            }
        }
    }
    fn visible(
        &self,
        doc: DocId,
        part: Part,
        standing: &Standing,
        held: &BTreeMap<Scope, u64>,
    ) -> Vec<Entry> {
        let Some((wide, narrow)) = part.acts_after(standing) else { return vec![] };
        let sees = |n: u64, is_narrow: bool| match is_narrow {
            true => n > narrow && self.is_visible(doc, n, held),
            false => n > wide,
        };
        let acts = self.acts_of(doc, wide.min(narrow)).filter(|(n, _, is_narrow)| sees(*n, *is_narrow));
        acts.map(|(_, entry, _)| entry.clone()).collect()
    }
}

impl Log for Memory {
    async fn epoch(&self) -> Answer<String> {
        Ok(self.0.lock().await.vouch.epoch.clone())
    }
    async fn renew_epoch(&self, epoch: String) -> Answer<()> {
        self.0.lock().await.vouch.epoch = epoch;
        Ok(())
    }
    async fn everybody(&self) -> Answer<Everybody> {
        let state = self.0.lock().await;
        let aliases = state.aliases.iter().map(|(alias, person)| (*alias, *person)).collect();
        let devices = state.devices.values().cloned().collect();
        Ok(Everybody { people: state.people.values().cloned().collect(), aliases, devices })
    }
    async fn heads(&self) -> Answer<Vec<(Scope, u64)>> {
        let mut heads: BTreeMap<Scope, u64> = BTreeMap::new();
        for row in self.0.lock().await.feed.values() {
            let head = heads.entry(row.scope.clone()).or_default();
            *head = row.n.max(*head);
        }
        Ok(heads.into_iter().collect())
    }
    async fn last(&self) -> Answer<u64> {
        Ok(self.0.lock().await.counters.get(ORDER).copied().unwrap_or(0))
    }
    async fn prove(&self, from: u64) -> Answer<Option<Proven>> {
        Ok(self.0.lock().await.prove(from))
    }

    async fn load(&self, doc: DocId) -> Answer<Option<Stored>> {
        Ok(self.0.lock().await.stored(doc))
    }
    async fn page(&self, after: Option<DocId>, limit: usize) -> Answer<Vec<Stored>> {
        let state = self.0.lock().await;
        let rest = state.docs.keys().filter(|doc| after.is_none_or(|after| **doc > after)).take(limit);
        Ok(rest.filter_map(|doc| state.stored(*doc)).collect())
    }
    async fn rules(&self) -> Answer<String> {
        let state = self.0.lock().await;
        let named = state.audit.iter().rev().find_map(|line| TakeOver::of(&line.code));
        Ok(named.map(|named| named.rules).unwrap_or_default())
    }
    async fn take_over(&self, rules: String, at_ms: i64) -> Answer<()> {
        let mut state = self.0.lock().await;
        let mut hash = FeedHash::default();
        state.feed.values().for_each(|row| hash.take(row));
        let since = state.counters.get(ORDER).copied().unwrap_or(0);
        let line = TakeOver { since, base: hash.end(), rules }.line(at_ms);
        state.vouch.note(&line);
        state.audit.push(line);
        Ok(())
    }
    async fn known(&self, docs: &[DocId]) -> Answer<BTreeSet<DocId>> {
        let state = self.0.lock().await;
        Ok(docs.iter().filter(|doc| state.docs.contains_key(doc)).copied().collect())
    }
    async fn own_narrow(&self, doc: DocId, by: &[DocId]) -> Answer<Vec<Entry>> {
        let state = self.0.lock().await;
        let own = state.acts_of(doc, 0).filter(|(_, entry, narrow)| *narrow && by.contains(&entry.by));
        Ok(own.map(|(_, entry, _)| entry.clone()).collect())
    }
    async fn find_change(&self, hash: Hash) -> Answer<Option<DocId>> {
        Ok(self.0.lock().await.hashes.get(&hash).copied())
    }
    async fn find_act(&self, id: ActId) -> Answer<Option<Entry>> {
        let state = self.0.lock().await;
        let place = state.act_ids.get(&id);
        Ok(place.and_then(|place| state.acts.get(place)).map(|(entry, _)| entry.clone()))
    }
    async fn actor(&self, doc: DocId, actor: Actor) -> Answer<Option<DocId>> {
        Ok(self.0.lock().await.actors.get(&(doc, actor)).copied())
    }
    async fn changes_since(&self, doc: DocId, n: u64) -> Answer<Vec<Change>> {
        let state = self.0.lock().await;
        let changes = state.changes_of(doc, n);
        Ok(changes.map(|(n, hash, bytes)| Change { n, hash, bytes: bytes.to_vec() }).collect())
    }

    async fn bodies(&self, after: Option<DocId>, limit: usize) -> Answer<Vec<(DocId, domain::Values)>> {
        let state = self.0.lock().await;
        let rest = state.docs.iter().filter(|(doc, _)| after.is_none_or(|after| **doc > after));
        Ok(rest.take(limit).map(|(doc, (_, found))| (*doc, found.values.clone())).collect())
    }

    async fn feed(&self, from: &[(Scope, u64)]) -> Answer<Vec<News>> {
        let state = self.0.lock().await;
        let mut news = Vec::new();
        for (scope, cursor) in from {
            let lines = state.feed.range((scope.clone(), DocId([0; 16]))..=(scope.clone(), DocId([255; 16])));
            for (_, row) in lines.filter(|(_, row)| row.n > *cursor) {
                let next = row.needs_history(*cursor).then(|| state.next_after(row.doc, scope, *cursor));
                let born = row.needs_birth(*cursor).then(|| state.born(row.doc));
                news.push(News::of(row.clone(), *cursor, next.flatten(), born.flatten()));
            }
        }
        Ok(news)
    }
    async fn read(&self, docs: &[DocId], reading: &Reading) -> Answer<Vec<Option<Copy>>> {
        let state = self.0.lock().await;
        Ok(docs.iter().map(|doc| state.read(*doc, reading)).collect())
    }

    async fn append(&self, batch: Batch) -> Result<Placed, NotPlaced> {
        let mut state = self.0.lock().await;
        let (placed, then) = place(&mut *state, batch).await?;
        then.tell(&placed);
        Ok(placed)
    }
    async fn set_aside(&self, parcel: Parcel) -> Answer<()> {
        let parcels = &mut self.0.lock().await.parcels;
        if parcels.iter().all(|(known, _)| known.id != parcel.id) {
            parcels.push((parcel, None));
        }
        Ok(())
    }
    async fn parcels(&self, device: DocId) -> Answer<Vec<Parcel>> {
        let state = self.0.lock().await;
        let open = state.parcels.iter().filter(|(parcel, done)| parcel.device == device && done.is_none());
        Ok(open.map(|(parcel, _)| parcel.clone()).collect())
    }
    async fn settle_parcel(&self, id: Hash, adopted: bool) -> Answer<()> {
        let parcels = &mut self.0.lock().await.parcels;
        parcels.iter_mut().filter(|(parcel, _)| parcel.id == id).for_each(|(_, done)| *done = Some(adopted));
        Ok(())
    }
    async fn audit(&self, lines: Vec<AuditLine>) -> Answer<()> {
        let mut state = self.0.lock().await;
        for line in &lines {
            state.vouch.note(line);
        }
        state.audit.extend(lines);
        Ok(())
    }
    async fn audit_once(&self, lines: Vec<AuditLine>, since_ms: i64) -> Answer<()> {
        let mut state = self.0.lock().await;
        for line in lines {
            let same = |old: &AuditLine| {
                old.at_ms >= since_ms
                    && (old.person, old.doc, &old.code) == (line.person, line.doc, &line.code)
            };
            if !state.audit.iter().rev().any(same) {
                state.vouch.note(&line);
                state.audit.push(line);
            }
        }
        Ok(())
    }
    async fn recovery_key(&self) -> Answer<Option<Vec<u8>>> {
        Ok(self.0.lock().await.recovery_key.clone())
    }
    async fn put_recovery_key(&self, key: Vec<u8>) -> Answer<()> {
        self.0.lock().await.recovery_key = Some(key);
        Ok(())
    }
    async fn audit_between(&self, from_ms: i64, until_ms: i64, limit: u32) -> Answer<Vec<AuditLine>> {
        let state = self.0.lock().await;
        let some = state.audit.iter().rev().filter(|line| (from_ms..until_ms).contains(&line.at_ms));
        Ok(some.take(limit as usize).cloned().collect())
    }
    async fn audit_tail(&self, limit: u32) -> Answer<Vec<AuditLine>> {
        Ok(self.0.lock().await.audit.iter().rev().take(limit as usize).cloned().collect())
    }
}

impl Tx for State {
    async fn stand(&mut self, docs: &[DocId]) -> Answer<BTreeMap<DocId, u64>> {
        Ok(docs.iter().filter_map(|doc| self.docs.get(doc).map(|(n, _)| (*doc, *n))).collect())
    }
    async fn holds_any(&mut self, changes: &[Hash], acts: &[ActId], aliases: &[DocId]) -> Answer<bool> {
        let change = changes.iter().any(|hash| self.hashes.contains_key(hash));
        let act = acts.iter().any(|id| self.act_ids.contains_key(id));
        Ok(change || act || aliases.iter().any(|alias| self.aliases.contains_key(alias)))
    }
    async fn counter(&mut self, key: &str) -> Answer<u64> {
        Ok(self.counters.get(key).copied().unwrap_or(0))
    }
    async fn feed_of(&mut self, doc: DocId, scopes: &BTreeSet<Scope>) -> Answer<Vec<FeedRow>> {
        let mut all = self.lies.get(&doc).cloned().unwrap_or_default();
        all.extend(scopes.iter().cloned());
        Ok(all.into_iter().filter_map(|scope| self.feed.get(&(scope, doc)).cloned()).collect())
    }
    async fn person_of(&mut self, no: &str) -> Answer<Option<DocId>> {
        Ok(self.numbers.get(no).copied())
    }
    fn vouch(&mut self) -> &mut Vouch {
        &mut self.vouch
    }
    async fn put(&mut self, puts: Puts) -> Answer<()> {
        let sender = puts.sender.ok_or(Trouble::Unreadable("sender"))?;
        for (n, state) in puts.docs {
            self.lies.insert(state.meta.id, state.scopes.clone());
            self.docs.insert(state.meta.id, (n, state));
        }
        for put in puts.changes {
            let (hash, actor) = (put.permit.hash(), put.permit.claims().actor);
            self.actors.entry((put.doc, actor)).or_insert(sender.person);
            self.hashes.insert(hash, put.doc);
            self.changes.insert((put.doc, put.n), (hash, put.permit.bytes().to_vec()));
        }
        for put in puts.acts {
            self.act_ids.insert(put.entry.id, (put.entry.doc, put.n));
            self.acts.insert((put.entry.doc, put.n), (put.entry, put.narrow.is_some()));
        }
        self.tree.extend(puts.nodes.into_iter().map(|(place, hash)| (place.key(), hash)));
        self.narrow.extend(puts.narrow);
        self.renewals.extend(puts.renewals.into_iter().map(|(n, doc)| (doc, n)));
        self.feed.extend(puts.feed.into_iter().map(|row| ((row.scope.clone(), row.doc), row)));
        puts.people.into_iter().for_each(|who| self.describe(who));
        self.devices.extend(puts.devices.into_iter().map(|device| (device.id, device)));
        self.aliases.extend(puts.aliases);
        self.counters.extend(puts.counters);
        debug_assert!(self.counters.contains_key(ORDER));
        Ok(())
    }
}
