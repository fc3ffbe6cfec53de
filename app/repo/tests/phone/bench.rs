//! A phone on a workbench: memory store, scripted link, own clock and dice.

use domain::bridge::{Answer, Ask, Attention, Event, Line, Opened, Query, Waiting};
use domain::modules::news;
use domain::*;
use futures_util::FutureExt;
use repo::{BlobHead, BlobPiece, Host, Link, LinkTrouble, Repo, RoundTrouble};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use store::{Disk, Memory};
use sync::{BodyFrame, DocFrame, End, Fate, Frame, Request};

/// What the scripted server does with the next request.
pub type Script = Box<dyn FnOnce(&Request) -> (Vec<Frame>, Result<(), LinkTrouble>)>;

/// The scripted server, shared between the test and the phone.
#[derive(Default)]
pub struct Wire {
    pub scripts: RefCell<VecDeque<Script>>,
    pub requests: RefCell<Vec<Request>>,
    pub blobs: RefCell<BTreeMap<Hash, Vec<u8>>>,
    pub blob_trouble: RefCell<Option<LinkTrouble>>,
    pub pieces: RefCell<Vec<(u64, usize)>>,
}

#[derive(Clone, Default)]
pub struct Scripted(pub Rc<Wire>);

impl Link for Scripted {
    async fn sync(&self, request: &Request, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble> {
        self.0.requests.borrow_mut().push(request.clone());
        request.push.iter().for_each(|push| signed_as_it_says(&push.item));
        let script = self.0.scripts.borrow_mut().pop_front();
        let (frames, told) = script.map_or_else(|| (accept(request), Ok(())), |script| script(request));
        frames.into_iter().for_each(each);
        told
    }
    async fn cards(&self, _: &[domain::Scope]) -> Result<Vec<domain::Card>, LinkTrouble> {
        Err(LinkTrouble::Offline)
    }
    async fn blob_head(&self, hash: Hash) -> Result<BlobHead, LinkTrouble> {
        let received = self.0.blobs.borrow().get(&hash).map_or(0, |bytes| bytes.len() as u64);
        Ok(BlobHead {
            received,
            whole: self.0.blobs.borrow().get(&hash).is_some_and(|b| Hash::of(b) == hash),
        })
    }
    async fn blob_put(&self, piece: BlobPiece<'_>) -> Result<BlobHead, LinkTrouble> {
        if let Some(trouble) = self.0.blob_trouble.borrow_mut().take() {
            return Err(trouble);
        }
        self.0.pieces.borrow_mut().push((piece.at, piece.bytes.len()));
        {
            let mut blobs = self.0.blobs.borrow_mut();
            let blob = blobs.entry(piece.hash).or_default();
            if blob.len() as u64 == piece.at {
                blob.extend_from_slice(piece.bytes);
            }
        }
        self.blob_head(piece.hash).await
    }
    async fn blob_get(&self, hash: Hash) -> Result<Option<Vec<u8>>, LinkTrouble> {
        Ok(self.0.blobs.borrow().get(&hash).cloned())
    }
}

/// Whatever goes up is signed over what it says now, also after it was written anew; under an alias nothing is.
fn signed_as_it_says(item: &sync::Item) {
    let sync::Item::Act(entry) = item else { return };
    let want = (!entry.device.is_empty()).then(|| signature(&act_bytes(entry)));
    assert_eq!(entry.signature, want);
}

/// As good as any for a phone, which never checks one.
fn signature(bytes: &[u8]) -> Signature {
    Signature { device: DocId([9; 16]), bytes: Hash::of(bytes).0.repeat(2).into() }
}

/// Clock and dice that a test turns by hand.
#[derive(Clone)]
pub struct Dice(pub Rc<Cell<i64>>, pub Rc<Cell<u64>>);
impl repo::SoftSealer for Dice {
    fn wrap_pair(&self) -> Option<sync::Pair> {
        None
    }
    fn seed(&self) -> [u8; 32] {
        // Below the order of the group.
        let mut seed = [1; 32];
        seed[16..].copy_from_slice(&self.random16());
        seed
    }
    fn holds(&self, _: &domain::Card) -> bool {
        false
    }
}

impl Host for Dice {
    fn now_ms(&self) -> i64 {
        self.0.get()
    }
    fn random16(&self) -> [u8; 16] {
        self.1.set(self.1.get() + 1);
        DocId::derive(&[b"dice", &self.1.get().to_be_bytes()]).0
    }
    fn device(&self) -> Option<DocId> {
        Some(DocId([9; 16]))
    }
    async fn sign(&self, bytes: &[u8]) -> Option<Signature> {
        Some(signature(bytes))
    }
}

pub const START_MS: i64 = 1_767_600_000_000;

/// The phone, what it stands on, and who holds it.
pub struct Bench {
    pub phone: Rc<Repo<Memory, Scripted, Dice>>,
    pub disk: Rc<Disk>,
    pub wire: Rc<Wire>,
    pub clock: Rc<Cell<i64>>,
    pub dice: Rc<Cell<u64>>,
    pub heard: Rc<RefCell<Vec<Event>>>,
    pub who: Who,
}

/// All futures of these tests end at once: nothing waits for a real network or disk.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("memory and scripts answer at once")
}

pub fn editor() -> Who {
    person("0200017", "LB02.9", &[(Role::BranchOfficer, "LB02.9")])
}

pub fn person(no: &str, unit: &str, posts: &[(Role, &str)]) -> Who {
    let posts = posts.iter().map(|(role, at)| Post::new(*role, OrgCode::new(*at))).collect();
    let person = domain::modules::org::person_id(no);
    Who {
        person,
        no: no.into(),
        name: format!("职工{no}"),
        unit: OrgCode::new(unit),
        member: true,
        posts,
        aliases: vec![],
    }
}

impl Bench {
    pub fn new() -> Self {
        Self::of(editor())
    }
    pub fn of(who: Who) -> Self {
        let disk = Rc::new(Disk::default());
        Self::on(disk, who, 0)
    }
    /// A phone on a disk that may hold something already.
    pub fn on(disk: Rc<Disk>, who: Who, seed: u64) -> Self {
        let wire = Rc::new(Wire::default());
        let (clock, dice) = (Rc::new(Cell::new(START_MS)), Rc::new(Cell::new(seed)));
        let heard = Rc::new(RefCell::new(vec![]));
        let phone = open(&disk, &wire, &clock, &dice, &who).expect("opens");
        let bench = Self { phone, disk, wire, clock, dice, heard, who };
        bench.listen();
        bench
    }
    fn listen(&self) {
        let heard = self.heard.clone();
        self.phone.on_event(Box::new(move |event| heard.borrow_mut().push(event)));
    }
    /// The worker dies and starts again on the same disk.
    pub fn restart(&mut self) {
        self.phone = open(&self.disk, &self.wire, &self.clock, &self.dice, &self.who).expect("opens again");
        self.listen();
    }

    pub fn ask(&self, ask: Ask) -> Answer {
        now(self.phone.ask(ask))
    }
    pub fn sync(&self) -> Result<(), RoundTrouble> {
        now(self.phone.sync_round())
    }
    pub fn next(&self, script: impl FnOnce(&Request) -> (Vec<Frame>, Result<(), LinkTrouble>) + 'static) {
        self.wire.scripts.borrow_mut().push_back(Box::new(script));
    }
    /// The next answer gives every push the fate that `fate` names, and a plain end.
    pub fn fates(&self, fate: impl Fn(u64) -> Fate + 'static) {
        self.next(move |request| {
            let mut frames: Vec<Frame> =
                request.push.iter().map(|push| Frame::Ack { seq: push.seq, fate: fate(push.seq) }).collect();
            frames.extend(plain_end());
            (frames, Ok(()))
        });
    }
    /// The next answer brings these documents.
    pub fn brings(&self, docs: Vec<DocFrame>) {
        self.next(move |request| {
            let mut frames = acks(request);
            frames.extend(docs.into_iter().map(|doc| Frame::Doc(Box::new(doc))));
            frames.extend(plain_end());
            (frames, Ok(()))
        });
    }

    pub fn draft(&self, title: &str, text: &str) -> (DocId, u64) {
        let values = Values::from([
            ("title".into(), title.into()),
            ("text".into(), text.into()),
            ("column".into(), "news".into()),
            ("audience".into(), "members".into()),
            ("source".into(), "综采队分会".into()),
            ("author".into(), "李大勇".into()),
        ]);
        let ask =
            Ask::Create { kind: "news.draft".into(), unit: OrgCode::new("LB02.9"), values, alias: false };
        kept(self.ask(ask))
    }
    pub fn write(&self, doc: DocId, base: &str, text: &str) -> Answer {
        let edit = Edit::Text { key: "text".into(), base: base.into(), text: text.into() };
        self.ask(Ask::Edit { doc, edits: vec![edit] })
    }
    pub fn title(&self, doc: DocId, title: &str) -> Answer {
        self.ask(Ask::Edit { doc, edits: vec![Edit::Set { key: "title".into(), value: title.into() }] })
    }
    pub fn act(&self, doc: DocId, act: &news::DraftAct) -> Answer {
        self.ask(Ask::Act { doc, act: to_cbor(act).into() })
    }
    pub fn open(&self, doc: DocId) -> Opened {
        match self.ask(Ask::Open(doc)) {
            Answer::Opened(opened) => *opened,
            other => panic!("not opened: {other:?}"),
        }
    }
    pub fn text(&self, doc: DocId) -> String {
        news::NewsBody::read(&self.open(doc).values).text
    }
    pub fn outbox(&self) -> Vec<Waiting> {
        match self.ask(Ask::Outbox) {
            Answer::Outbox(waiting) => waiting,
            other => panic!("{other:?}"),
        }
    }
    pub fn attention(&self) -> Vec<Attention> {
        match self.ask(Ask::NeedsMe) {
            Answer::Attention(all) => all,
            other => panic!("{other:?}"),
        }
    }
    pub fn list(&self, query: Query) -> (Vec<Line>, usize) {
        match self.ask(Ask::List(query)) {
            Answer::Lines { lines, total } => (lines, total),
            other => panic!("{other:?}"),
        }
    }
    pub fn drafts(&self) -> Vec<Line> {
        self.list(Query { kinds: vec!["news.draft".into()], limit: 50, ..Query::default() }).0
    }
    pub fn last_request(&self) -> Request {
        self.wire.requests.borrow().last().cloned().expect("a request")
    }
}

fn open(
    disk: &Rc<Disk>,
    wire: &Rc<Wire>,
    clock: &Rc<Cell<i64>>,
    dice: &Rc<Cell<u64>>,
    who: &Who,
) -> Result<Rc<Repo<Memory, Scripted, Dice>>, store::Trouble> {
    let host = Dice(clock.clone(), dice.clone());
    now(Repo::open(Memory(disk.clone()), Scripted(wire.clone()), host, who.clone())).map(Rc::new)
}

pub fn kept(answer: Answer) -> (DocId, u64) {
    match answer {
        Answer::Kept { doc, seq: Some(seq) } => (doc, seq),
        other => panic!("not kept: {other:?}"),
    }
}

pub fn refused(answer: Answer) -> Refusal {
    match answer {
        Answer::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub fn failed(answer: Answer) -> String {
    match answer {
        Answer::Failed(code, zh, en) => {
            assert!(!zh.is_empty() && !en.is_empty(), "people get a sentence");
            code
        }
        other => panic!("not failed: {other:?}"),
    }
}

/// Everything stands, nothing new.
pub fn accept(request: &Request) -> Vec<Frame> {
    let mut frames = acks(request);
    frames.extend(plain_end());
    frames
}

pub fn acks(request: &Request) -> Vec<Frame> {
    let ack = |push: &sync::Push| Frame::Ack { seq: push.seq, fate: Fate::Accepted(receipt_for(push)) };
    request.push.iter().map(ack).collect()
}

fn receipt_for(push: &sync::Push) -> Option<Receipt> {
    let sync::Item::Act(_) = &push.item else { return None };
    Some(Receipt {
        n: push.seq,
        at_ms: START_MS,
        to: "review1".into(),
        stamped: None,
        by_name: "李大勇".into(),
        signed: None,
    })
}

pub fn plain_end() -> Vec<Frame> {
    vec![Frame::Cursors(BTreeMap::from([(scope(), 7)])), Frame::End(end())]
}

pub fn end() -> End {
    End { more: false, left: 0, server_ms: START_MS, epoch: "e1".into(), proof: None }
}

pub fn scope() -> Scope {
    Scope("role:branch_officer@LB02.9".into())
}

/// A document as the server would send it, made by somebody else.
pub struct Theirs {
    pub doc: automerge::Automerge,
    pub meta: Meta,
    pub actor: [u8; 16],
}

impl Theirs {
    pub fn draft(no: &str, title: &str, text: &str) -> Self {
        let meta = Meta {
            id: DocId::derive(&[b"theirs", no.as_bytes()]),
            kind: "news.draft".into(),
            owner: domain::modules::org::person_id(no),
            unit: OrgCode::new("LB02.9"),
            born_ms: START_MS,
        };
        let values = Values::from([("title".into(), title.into()), ("text".into(), text.into())]);
        let fields = domain::modules::kind("news.draft").unwrap().fields();
        let actor = DocId::derive(&[no.as_bytes(), b"actor"]).0;
        let doc = crdt::birth(actor, &meta, fields, &values).unwrap();
        Self { doc, meta, actor }
    }
    /// What the server has after this phone's pushes arrived.
    pub fn take(&mut self, request: &Request) {
        for push in &request.push {
            if let sync::Item::Change(raw) = &push.item {
                let change = automerge::Change::from_bytes(raw.to_vec()).unwrap();
                self.doc.apply_changes([change]).unwrap();
            }
        }
    }
    pub fn edit(&mut self, edits: &[Edit]) -> Vec<u8> {
        let fields = domain::modules::kind("news.draft").unwrap().fields();
        crdt::edit(&mut self.doc, self.actor, fields, edits).unwrap().unwrap()
    }
    pub fn frame(&self, body: BodyFrame) -> DocFrame {
        let (meta, values) = crdt::read(&self.doc, self.meta.id).unwrap();
        let raw = Raw { meta, values, entries: vec![] };
        let row = domain::modules::kind("news.draft").unwrap().row(&raw);
        let scopes = BTreeSet::from([scope()]);
        DocFrame { id: self.meta.id, kind: "news.draft".into(), scopes, body, acts: vec![], row }
    }
    pub fn whole(&self) -> DocFrame {
        self.frame(BodyFrame::Snapshot(self.doc.save().into()))
    }
}
