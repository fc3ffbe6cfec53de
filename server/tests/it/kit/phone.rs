//! A phone as the protocol wants it, written from the protocol's words and not from `repo`: it keeps pages
//! whole, forgets what it must, and asserts what the server promises it.

use super::kinds::kinds;
use automerge::{Automerge, Change, ReadDoc};
use domain::{
    ActId, AnyKind, DocId, Edit, Entry, Hash, Meta, OrgCode, Row, Scope, Values, Who, crdt, to_cbor,
};
use serde::Serialize;
use serde_bytes::ByteBuf;
use server::desk::Desk;
use server::log::Log;
use std::collections::{BTreeMap, BTreeSet};
use sync::{BodyFrame, Checkpoint, DocFrame, End, Fate, Frame, Item, PROTO, Push, Request, Seen, continues};

/// A document on a phone.
#[derive(Clone, Default)]
pub struct Held {
    pub scopes: BTreeSet<Scope>,
    pub kind: String,
    pub body: Option<Automerge>,
    pub acts: BTreeMap<ActId, Entry>,
    pub row: Option<Row>,
}

/// One installation of one person.
#[derive(Clone)]
pub struct Phone {
    pub me: DocId,
    pub device: String,
    pub epoch: String,
    pub cursors: BTreeMap<Scope, u64>,
    pub docs: BTreeMap<DocId, Held>,
    pub outbox: Vec<Push>,
    pub who: Option<Who>,
    pub gone: BTreeSet<DocId>,
    pub fates: BTreeMap<u64, Fate>,
    pub wants: Vec<DocId>,
    /// Last word of the server about its history.
    pub checkpoint: Option<Checkpoint>,
    /// Requests made.
    pub requests: usize,
    next: u64,
    page: Vec<Frame>,
    is_afresh: bool,
}

/// Official time in tests.
pub const NOW: i64 = 1_790_000_000_000;

impl Phone {
    pub fn new(me: DocId, device: &str) -> Self {
        Self {
            me,
            device: device.into(),
            epoch: String::new(),
            cursors: BTreeMap::new(),
            docs: BTreeMap::new(),
            outbox: vec![],
            who: None,
            gone: BTreeSet::new(),
            fates: BTreeMap::new(),
            wants: vec![],
            checkpoint: None,
            requests: 0,
            next: 1,
            page: vec![],
            is_afresh: false,
        }
    }

    fn actor(&self, doc: DocId) -> [u8; 16] {
        DocId::derive(&[b"actor", self.device.as_bytes(), &self.me.0, &doc.0]).0
    }
    fn put(&mut self, doc: DocId, item: Item) -> u64 {
        let seq = self.next;
        self.next += 1;
        self.outbox.push(Push { seq, doc, item });
        seq
    }

    /// Begins a document; its id is the next of this phone.
    pub fn begin(&mut self, kind: &str, owner: DocId, unit: &str, values: Values) -> DocId {
        let id =
            DocId::from_random(DocId::derive(&[b"doc", self.device.as_bytes(), &self.next.to_le_bytes()]).0);
        self.begin_as(id, kind, owner, unit, values)
    }
    pub fn begin_as(&mut self, id: DocId, kind: &str, owner: DocId, unit: &str, values: Values) -> DocId {
        let meta = Meta { id, kind: kind.into(), owner, unit: OrgCode::new(unit), born_ms: NOW };
        let body = crdt::birth(self.actor(id), &meta, known(kind).fields(), &values).unwrap();
        let raw = body.get_changes(&[]).remove(0).raw_bytes().to_vec();
        let held = Held { kind: kind.into(), body: Some(body), ..Held::default() };
        self.docs.insert(id, held);
        self.put(id, Item::Change(ByteBuf::from(raw)));
        id
    }
    /// A note with a title.
    pub fn note(&mut self, unit: &str, title: &str) -> DocId {
        self.begin("test.note", self.me, unit, Values::from([("title".into(), title.into())]))
    }

    /// Writes the body; the document must be here with its body.
    pub fn edit(&mut self, doc: DocId, edit: Edit) -> u64 {
        let actor = self.actor(doc);
        let held = self.docs.get_mut(&doc).expect("the phone has it");
        let fields = known(&held.kind).fields();
        let raw = crdt::edit(held.body.as_mut().expect("with its body"), actor, fields, &[edit]).unwrap();
        self.put(doc, Item::Change(ByteBuf::from(raw.expect("something differs"))))
    }
    pub fn title(&mut self, doc: DocId, title: &str) -> u64 {
        self.edit(doc, Edit::Set { key: "title".into(), value: title.into() })
    }

    /// Decides.
    pub fn act(&mut self, doc: DocId, act: &impl Serialize) -> u64 {
        let entry = self.entry(doc, act);
        self.put(doc, Item::Act(entry))
    }
    pub fn act_entry(&mut self, entry: Entry) -> u64 {
        self.put(entry.doc, Item::Act(entry))
    }
    pub fn entry(&self, doc: DocId, act: &impl Serialize) -> Entry {
        let about =
            self.docs.get(&doc).and_then(|held| held.body.as_ref()).map(crdt::heads).unwrap_or_default();
        Entry {
            id: ActId::derive(&[self.device.as_bytes(), &self.next.to_le_bytes()]),
            doc,
            by: self.me,
            device: self.device.clone(),
            at_ms: NOW,
            about,
            act: ByteBuf::from(to_cbor(act)),
            signature: None,
            receipt: None,
        }
    }

    pub fn request(&self) -> Request {
        Request {
            proto: PROTO,
            device: self.device.clone(),
            epoch: self.epoch.clone(),
            cursors: self.cursors.clone(),
            push: self.outbox.clone(),
            want: self.wants.clone(),
            seen: Some(self.seen()),
            keys: vec![],
        }
    }

    fn seen(&self) -> Seen {
        let known = self.checkpoint.as_ref();
        let (size, root) = known.map_or((0, Hash([0; 32])), |known| (known.size, known.root));
        // An answer that was cut off may have brought cursors without their proof.
        let due = self.cursors.values().any(|n| *n > size);
        Seen { size, root, due }
    }

    /// A checkpoint that does not continue the last one, or cursors beyond it, end the test.
    fn believe(&mut self, end: &End) {
        if let Some(proof) = &end.proof {
            let new = &proof.checkpoint;
            if let Some(old) = self.checkpoint.as_ref().filter(|_| end.epoch == self.epoch) {
                assert_eq!(proof.from, old.size, "a proof from where the phone is");
                let (old, new) = ((old.size, old.root), (new.size, new.root));
                assert!(continues(old, new, &proof.path), "the history does not go on");
            }
            self.checkpoint = Some(new.clone());
        }
        let proven = self.checkpoint.as_ref().map_or(0, |known| known.size);
        assert!(self.cursors.values().all(|n| *n <= proven), "cursors beyond what was proven");
    }

    /// One request whose answer is cut behind `frames` frames. Returns how many frames there were.
    pub async fn sync_cut<L: Log>(&mut self, desk: &Desk<L>, frames: usize) -> usize {
        self.requests += 1;
        let answer = self.ask(desk).await;
        let all = answer.len();
        self.page.clear();
        answer.into_iter().take(frames).for_each(|frame| {
            self.hear(frame);
        });
        self.page.clear();
        all
    }

    /// Asks until there is no more. Returns the fates of what was pushed, in order of the outbox.
    pub async fn sync<L: Log>(&mut self, desk: &Desk<L>) -> Vec<Fate> {
        let seqs: Vec<u64> = self.outbox.iter().map(|push| push.seq).collect();
        for _ in 0..1_000 {
            self.requests += 1;
            let answer = self.ask(desk).await;
            let mut end = None;
            for frame in answer {
                end = self.hear(frame).or(end);
            }
            if !end.expect("an answer has an end").more {
                return seqs.iter().filter_map(|seq| self.fates.get(seq).cloned()).collect();
            }
        }
        panic!("the answer never ends");
    }

    async fn ask<L: Log>(&mut self, desk: &Desk<L>) -> Vec<Frame> {
        let answer = desk.answer(self.me, self.request(), NOW).await.unwrap();
        let other = |frame: &Frame| matches!(frame, Frame::End(end) if end.epoch != self.epoch);
        self.is_afresh = answer.iter().any(other);
        answer
    }

    fn hear(&mut self, frame: Frame) -> Option<End> {
        match frame {
            Frame::Ack { seq, fate } => self.settle(seq, fate),
            Frame::Me(who) => self.who = Some(who),
            Frame::Run(_) | Frame::Another(_) => {}
            Frame::ScopeAdded(scope) => assert!(!self.cursors.contains_key(&scope), "{scope} is not new"),
            Frame::ScopeRemoved(scope) => {
                assert!(self.cursors.remove(&scope).is_some(), "{scope} was never named");
                for held in self.docs.values_mut() {
                    held.scopes.remove(&scope);
                }
                self.forget();
            }
            Frame::Keys(_) => {}
            Frame::Gone(doc) => drop(self.gone.insert(doc)),
            Frame::Cursors(cursors) => {
                std::mem::take(&mut self.page).into_iter().for_each(|frame| self.keep(frame));
                self.advance(cursors);
                self.forget();
            }
            Frame::End(end) => {
                assert!(self.page.is_empty(), "documents without cursors");
                self.believe(&end);
                self.epoch.clone_from(&end.epoch);
                self.wants.clear();
                // What left earlier may have waited until now; `repo` lets go at the end of an answer.
                self.forget();
                return Some(end);
            }
            frame @ (Frame::Doc(_) | Frame::Left(..)) => self.page.push(frame),
        }
        None
    }

    /// Cursors never go back, except when the server tells another history.
    fn advance(&mut self, cursors: BTreeMap<Scope, u64>) {
        for (scope, n) in &cursors {
            let before = self.cursors.get(scope).copied().unwrap_or(0);
            assert!(before <= *n || self.is_afresh, "{scope} goes from {before} back to {n}");
        }
        self.cursors = cursors;
    }

    fn settle(&mut self, seq: u64, fate: Fate) {
        if matches!(fate, Fate::Accepted(_) | Fate::Duplicate(_) | Fate::Refused(_)) {
            self.outbox.retain(|push| push.seq != seq);
        }
        self.fates.insert(seq, fate);
    }

    fn keep(&mut self, frame: Frame) {
        match frame {
            Frame::Doc(doc) => self.take(*doc),
            Frame::Left(scope, doc) => {
                if let Some(held) = self.docs.get_mut(&doc) {
                    held.scopes.remove(&scope);
                }
            }
            _ => unreachable!("only documents wait on a page"),
        }
    }

    fn take(&mut self, frame: DocFrame) {
        assert!(!frame.scopes.is_empty(), "a document that lies nowhere");
        let held = self.docs.entry(frame.id).or_default();
        (held.scopes, held.kind, held.row) = (frame.scopes, frame.kind, Some(frame.row));
        match frame.body {
            BodyFrame::None => {}
            BodyFrame::Snapshot(bytes) => {
                let mut whole = Automerge::load(&bytes).unwrap();
                if let Some(mine) = &mut held.body {
                    whole.merge(mine).unwrap();
                }
                held.body = Some(whole);
            }
            BodyFrame::Delta(changes) => {
                let body = held.body.as_mut().expect("a delta onto nothing");
                let changes = changes.iter().map(|raw| Change::from_bytes(raw.to_vec()).unwrap());
                body.apply_changes(changes).unwrap();
                assert_eq!(body.get_missing_deps(&[]), vec![], "a delta with a hole");
            }
        }
        held.acts.extend(frame.acts.into_iter().map(|entry| (entry.id, entry)));
    }

    /// What lies in no scope is gone, unless it is still waiting to be sent.
    fn forget(&mut self) {
        let waits: BTreeSet<DocId> = self.outbox.iter().map(|push| push.doc).collect();
        self.docs.retain(|id, held| !held.scopes.is_empty() || waits.contains(id) || held.row.is_none());
    }

    pub fn heads(&self, doc: DocId) -> Vec<Hash> {
        crdt::heads(self.docs[&doc].body.as_ref().unwrap())
    }
    pub fn values(&self, doc: DocId) -> Values {
        crdt::read(self.docs[&doc].body.as_ref().unwrap(), doc).unwrap().1
    }
}

pub fn known(kind: &str) -> &'static dyn AnyKind {
    kinds().iter().copied().find(|known| known.name() == kind).expect("a kind")
}
