//! A person's phone: what one can do with it in a story, and what can happen to it.

use crate::ledger;
use crate::link::{Air, Device, Faults, Wire};
use crate::shelf::Shelf;
use crate::step::{Under, finish, step};
use crate::world::World;
use domain::bridge::{Answer, Ask, Attention, Line, Opened, Query, SyncState, Waiting};
use domain::{DocId, Edit, OrgCode, Refusal, Values, Who, to_cbor};
use repo::{LinkTrouble, Repo, RoundTrouble};
use serde::Serialize;
use server::demo::SoftKey;
use server::log::Kinds;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use store::{Col, Disk, Memory, Pair, Store, Trouble};

pub(crate) type App = Repo<Shelf, Wire, Device>;

/// A phone in somebody's hand. Copies of the handle are the same phone.
#[derive(Clone)]
pub struct Phone(pub(crate) Rc<Inner>);

pub(crate) struct Inner {
    pub world: Rc<World>,
    pub at: usize,
    pub person: DocId,
    pub air: Rc<Air>,
    pub skew_ms: Rc<Cell<i64>>,
    pub kinds: Rc<Cell<Kinds>>,
    pub disk: Rc<Disk>,
    pub key: SoftKey,
    pub app: RefCell<Rc<App>>,
    /// What is under way on it, step by step.
    pub under: RefCell<Vec<Under<()>>>,
    /// Says whether a hint came since it was last asked.
    pub ear: RefCell<Option<Ear>>,
}

type Ear = Box<dyn FnMut() -> bool>;

/// How to wake a phone up.
pub(crate) struct Start {
    pub world: Rc<World>,
    pub at: usize,
    pub person: DocId,
    pub disk: Rc<Disk>,
    pub key: SoftKey,
    pub skew_ms: i64,
    pub kinds: Kinds,
}

impl Phone {
    pub(crate) fn start(start: Start) -> Self {
        let Start { world, at, person, disk, key, skew_ms, kinds } = start;
        let (air, skew_ms) = (Rc::new(Air::default()), Rc::new(Cell::new(skew_ms)));
        air.online.set(true);
        let kinds = Rc::new(Cell::new(kinds));
        let wire =
            Wire { world: world.clone(), air: air.clone(), phone: at, person, device: key.device(person) };
        let device = Device {
            world: world.clone(),
            skew_ms: skew_ms.clone(),
            kinds: kinds.clone(),
            person,
            key: key.clone(),
        };
        let app = RefCell::new(open(wire, device, &disk));
        let (under, ear) = (RefCell::default(), RefCell::default());
        Self(Rc::new(Inner { world, at, person, air, skew_ms, kinds, disk, key, app, under, ear }))
    }

    pub(crate) fn app(&self) -> Rc<App> {
        self.0.app.borrow().clone()
    }

    // What happens to it.

    /// No network from now on.
    pub fn offline(&self) {
        self.0.air.online.set(false);
    }
    /// The network is back.
    pub fn online(&self) {
        self.0.air.online.set(true);
    }
    /// How bad its network is.
    pub fn faults(&self, faults: Faults) {
        self.0.air.faults.set(faults);
    }
    /// The next answer breaks off after so many frames.
    pub fn cut_next_answer_after(&self, frames: usize) {
        self.0.air.cut_next.set(Some(frames));
    }
    /// The next answer is lost after the server has done everything.
    pub fn lose_next_answer(&self) {
        self.0.air.lose_next.set(true);
    }
    /// The next request meets this trouble instead of the server.
    pub fn next_request_meets(&self, trouble: LinkTrouble) {
        self.0.air.trouble_next.replace(Some(trouble));
    }
    /// Somebody turns its clock.
    pub fn turn_clock(&self, by_ms: i64) {
        self.0.skew_ms.set(self.0.skew_ms.get() + by_ms);
    }
    /// Its next write fails.
    pub fn disk_fails_next(&self, trouble: Trouble) {
        self.0.disk.fail_next(trouble);
    }
    /// The battery falls out, in the middle of whatever is under way; then it is switched on again.
    pub fn power_cut(&self) {
        self.0.under.borrow_mut().clear();
        // What was written relaxed may have reached the disk or not.
        self.0.disk.cut_power_behind(self.0.world.dice.below(self.0.disk.loose() + 1));
        self.start_app();
    }
    /// The app is closed in the middle of whatever is under way, and another version is started.
    pub fn update(&self, kinds: Kinds) {
        self.0.under.borrow_mut().clear();
        self.0.kinds.set(kinds);
        self.start_app();
    }
    /// The app is killed in the middle of whatever is under way, and started again.
    pub fn kill(&self) {
        self.update(self.0.kinds.get());
    }
    fn start_app(&self) {
        let Inner { world, at, person, air, skew_ms, kinds, disk, key, .. } = &*self.0;
        let device = key.device(*person);
        let wire = Wire { world: world.clone(), air: air.clone(), phone: *at, person: *person, device };
        let device = Device {
            world: world.clone(),
            skew_ms: skew_ms.clone(),
            kinds: kinds.clone(),
            person: *person,
            key: key.clone(),
        };
        self.0.app.replace(open(wire, device, disk));
    }

    /// It listens for the server's hints from now on.
    pub fn listen(&self) {
        let (desk, world, person) = (self.0.world.desk(), self.0.world.clone(), self.0.person);
        let mut hints = desk.watch();
        let ear = move || {
            let held = desk.held(person, world.clock.get());
            let heard: Vec<_> = std::iter::from_fn(|| hints.try_recv().ok()).collect();
            heard.iter().flat_map(|hints| hints.iter()).any(|hint| held.contains(&hint.scope))
        };
        self.0.ear.replace(Some(Box::new(ear)));
    }
    /// Did a hint about something that its owner may read come since the last question?
    pub fn hears(&self) -> bool {
        self.0.air.online.get() && self.0.ear.borrow_mut().as_mut().is_some_and(|ear| ear())
    }

    // What its owner does.

    /// Asks it something and waits for the answer, while whatever is under way on it goes on too.
    pub fn ask(&self, ask: Ask) -> Answer {
        self.drive(Box::pin(ledger::asked(self.0.clone(), self.app(), ask)))
    }
    fn drive<T>(&self, mut wanted: Under<T>) -> T {
        for _ in 0..10_000_000u32 {
            if let Some(done) = step(&mut wanted) {
                return done;
            }
            self.step();
        }
        panic!("the phone hangs")
    }
    /// Begins something that goes on step by step while others go on too.
    pub fn begin(&self, ask: Ask) {
        let asked = ledger::asked(self.0.clone(), self.app(), ask);
        self.0.under.borrow_mut().push(Box::pin(async move {
            asked.await;
        }));
    }
    /// Begins a sync round that goes on step by step.
    pub fn begin_sync(&self) {
        let app = self.app();
        self.0.under.borrow_mut().push(Box::pin(async move {
            app.sync_round().await.ok();
        }));
    }
    /// One step of one of the things that are under way.
    pub fn step(&self) {
        let mut under = self.0.under.borrow_mut();
        if under.is_empty() {
            return;
        }
        let which = self.0.world.dice.below(under.len());
        if step(&mut under[which]).is_some() {
            drop(under.remove(which));
        }
    }
    /// Everything under way comes to its end.
    pub(crate) fn settle_down(&self) {
        while !self.0.under.borrow().is_empty() {
            self.step();
        }
    }
    /// One whole sync round.
    ///
    /// # Errors
    /// Why it ended early.
    pub fn sync(&self) -> Result<(), RoundTrouble> {
        let app = self.app();
        self.drive(Box::pin(async move { app.sync_round().await }))
    }

    /// Begins a document; its id and place in the outbox.
    pub fn create(&self, kind: &str, unit: &str, values: Values, alias: bool) -> (DocId, u64) {
        kept(self.ask(Ask::Create { kind: kind.into(), unit: OrgCode::new(unit), values, alias }))
    }
    /// Brings a text from what the screen showed (`base`) to what the person typed.
    pub fn write(&self, doc: DocId, key: &str, base: &str, text: &str) -> Answer {
        let edit = Edit::Text { key: key.into(), base: base.into(), text: text.into() };
        self.ask(Ask::Edit { doc, edits: vec![edit] })
    }
    /// Sets a field.
    pub fn set(&self, doc: DocId, key: &str, value: impl Into<domain::Value>) -> Answer {
        self.ask(Ask::Edit { doc, edits: vec![Edit::Set { key: key.into(), value: value.into() }] })
    }
    /// Decides.
    pub fn act<A: Serialize>(&self, doc: DocId, act: &A) -> Answer {
        self.ask(Ask::Act { doc, act: to_cbor(act).into() })
    }
    /// Takes a picture.
    pub fn photo(&self, bytes: &[u8]) -> domain::Hash {
        self.put(None, bytes)
    }
    /// Takes a picture for a document and puts it in there.
    pub fn photo_in(&self, doc: DocId, bytes: &[u8]) -> domain::Hash {
        let hash = self.put(Some(doc), bytes);
        kept(self.set(doc, &format!("pics/{hash}"), "照片"));
        hash
    }
    fn put(&self, doc: Option<DocId>, bytes: &[u8]) -> domain::Hash {
        match self.ask(Ask::PutBlob { doc, bytes: bytes.to_vec().into(), mime: "image/jpeg".into() }) {
            Answer::Stored(hash) => hash,
            other => panic!("not stored: {other:?}"),
        }
    }

    // What it shows.

    /// A picture as the screen gets it.
    pub fn picture(&self, hash: domain::Hash) -> Answer {
        self.ask(Ask::GetBlob(hash))
    }
    /// A document, opened.
    pub fn open(&self, doc: DocId) -> Opened {
        match self.ask(Ask::Open(doc)) {
            Answer::Opened(opened) => *opened,
            other => panic!("not opened: {other:?}"),
        }
    }
    /// Can it be opened here at all?
    pub fn has(&self, doc: DocId) -> bool {
        matches!(self.ask(Ask::Open(doc)), Answer::Opened(_))
    }
    /// A text field of a document.
    pub fn text(&self, doc: DocId, key: &str) -> String {
        match self.open(doc).values.get(key) {
            Some(domain::Value::Str(text)) => text.clone(),
            _ => String::new(),
        }
    }
    /// Code of the status it shows.
    pub fn status(&self, doc: DocId) -> String {
        self.open(doc).status.code
    }
    /// Lines of a list.
    pub fn list(&self, kind: &str) -> Vec<Line> {
        let query = Query { kinds: vec![kind.into()], limit: usize::MAX, ..Query::default() };
        match self.ask(Ask::List(query)) {
            Answer::Lines { lines, .. } => lines,
            other => panic!("no list: {other:?}"),
        }
    }
    /// What waits.
    pub fn outbox(&self) -> Vec<Waiting> {
        match self.ask(Ask::Outbox) {
            Answer::Outbox(waiting) => waiting,
            other => panic!("no outbox: {other:?}"),
        }
    }
    /// What needs its owner.
    pub fn attention(&self) -> Vec<Attention> {
        match self.ask(Ask::NeedsMe) {
            Answer::Attention(all) => all,
            other => panic!("no attention: {other:?}"),
        }
    }
    /// How sync stands, as the bar on its screen says it.
    pub fn state(&self) -> SyncState {
        self.app().state()
    }
    /// Does this text lie anywhere on its disk? Small bodies are not compressed.
    pub fn keeps(&self, text: &str) -> bool {
        let pairs = Col::ALL.into_iter().flat_map(|col| self.pairs(col));
        pairs.flat_map(|(key, value)| [key, value]).any(|bytes| holds(&bytes, text.as_bytes()))
    }
    /// Do these bytes lie in what it holds of a document, body, acts and row?
    pub fn record_has(&self, doc: DocId, part: &[u8]) -> bool {
        let pairs = [Col::Docs, Col::Rows].into_iter().flat_map(|col| self.pairs(col));
        pairs.filter(|(key, _)| *key == doc.0).any(|(_, value)| holds(&value, part))
    }
    /// Did it free the room of this picture, because the server had it?
    pub(crate) fn let_go(&self, hash: domain::Hash) -> bool {
        match self.ask(Ask::Blobs(vec![hash])) {
            Answer::Blobs(states) => states.iter().any(|state| state.delivered && !state.here),
            other => panic!("no states: {other:?}"),
        }
    }
    /// Its record of a document, as it lies on the disk.
    pub(crate) fn record(&self, doc: DocId) -> Option<repo::DocRec> {
        let found = finish(Memory(self.0.disk.clone()).get(Col::Docs, &doc.0)).expect("memory answers");
        found.and_then(|bytes| domain::from_cbor(&bytes))
    }
    fn pairs(&self, col: Col) -> Vec<Pair> {
        finish(Memory(self.0.disk.clone()).all(col)).expect("memory answers")
    }
    /// Document of this device.
    pub fn device(&self) -> DocId {
        self.0.key.device(self.0.person)
    }
    /// Who it thinks its owner is.
    pub fn person(&self) -> DocId {
        self.0.person
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The person as the server knows them: what sign-in says.
fn who(world: &World, person: DocId) -> Who {
    world.desk().who(person, world.clock.get()).expect("a person of the roster")
}

fn open(wire: Wire, device: Device, disk: &Rc<Disk>) -> Rc<App> {
    let shelf = || Shelf(Memory(disk.clone()));
    let me = who(&wire.world, wire.person);
    let opened = finish(Repo::open(shelf(), wire.clone(), device.clone(), me.clone()));
    // A fault of the disk that was meant for the next write may hit the start; it is tried again.
    let opened = opened.or_else(|_| finish(Repo::open(shelf(), wire, device, me)));
    Rc::new(opened.expect("opens"))
}

/// Document and place of something kept.
pub(crate) fn kept(answer: Answer) -> (DocId, u64) {
    match answer {
        Answer::Kept { doc, seq: Some(seq) } => (doc, seq),
        other => panic!("not kept: {other:?}"),
    }
}

/// The refusal in an answer.
///
/// # Panics
/// When it is not one.
pub fn refusal(answer: Answer) -> Refusal {
    match answer {
        Answer::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
