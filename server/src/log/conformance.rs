//! What every log must do, as functions that each home's tests call. Precondition: an empty log. The
//! changes are real ones that passed the gate, because nothing else can be appended.

mod devices;
mod leaving;
mod renewals;

use super::*;
use crate::gate::{self, After, Permit, Shape, StoredDoc};
use domain::{
    ActId, AnyKind, By, Carry, Doc, Edit, Erased, Kind, Meta, OrgCode, Raw, Reader, Receipt, Rule, Series,
    Who, body, crdt, words,
};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

body! {
    /// Body of the suite's own kind.
    pub struct SheetBody {
        title: Str(200), "标题", "Title";
    }
}
words! {
    /// One step.
    pub enum SheetStep { Go = "go", "办理", "Go", Info; }
}
words! {
    /// One state.
    pub enum SheetStatus { Live = "live", "正常", "Live", Ok; }
}

/// The suite's own kind: carried ahead, anybody may do anything.
#[derive(Clone, Debug)]
pub struct Sheet;

impl Kind for Sheet {
    const NAME: &'static str = "conformance.sheet";
    const ZH: &'static str = "样张";
    const EN: &'static str = "Sheet";
    const CARRY: Carry = Carry::Ahead;
    const RULES: &'static [Rule<Self>] = &[];
    const EDITORS: &'static [By<Self>] = &[];
    const FOUNDERS: &'static [By<Self>] = &[];
    type Body = SheetBody;
    type Act = u8;
    type Step = SheetStep;
    type Status = SheetStatus;
    fn step(_: &u8) -> SheetStep {
        SheetStep::Go
    }
    fn readers(_: &Doc<Self>) -> BTreeSet<Reader> {
        BTreeSet::new()
    }
    fn row(doc: &Doc<Self>) -> Row {
        doc.plain_row(&doc.body.title, "")
    }
    fn sample() -> SheetBody {
        SheetBody { title: "样张".into() }
    }
}

/// The suite's list of kinds.
pub fn kinds() -> &'static [&'static dyn AnyKind] {
    static KINDS: &[&dyn AnyKind] = &[&Erased::<Sheet>::new()];
    KINDS
}

/// Runs the whole suite; panics at the first broken promise. Returns how many promises were checked.
pub async fn run<L: Log>(log: &L) -> usize {
    let promises = run_without_renewals(log).await;
    renewals::a_renewal_is_news_to_whoever_has_the_document(log).await;
    renewals::rules_that_took_over_are_remembered(log).await;
    promises + 2
}

/// The suite for a log from before documents were computed anew.
pub async fn run_without_renewals<L: Log>(log: &L) -> usize {
    an_empty_log_knows_nothing(log).await;
    what_was_appended_is_there(log).await;
    a_batch_on_something_that_moved_writes_nothing(log).await;
    numbers_have_no_gaps(log).await;
    two_persons_never_share_a_number(log).await;
    a_reader_gets_whole_then_news_then_less_than_the_whole(log).await;
    leaving_and_coming_back_shows_in_the_feed(log).await;
    leaving::who_heard_of_it_elsewhere_hears_that_it_left(log).await;
    a_moving_line_never_hides_a_write(log).await;
    narrow_acts_go_only_to_their_scopes(log).await;
    audit_lines_come_newest_first(log).await;
    the_past_stays_as_it_was(log).await;
    devices::devices_are_remembered_as_they_stand_now(log).await;
    devices::a_parcel_is_kept_once_until_it_is_settled(log).await;
    a_renewed_epoch_stays(log).await;
    15
}

async fn an_empty_log_knows_nothing<L: Log>(log: &L) {
    assert!(!log.epoch().await.unwrap().is_empty());
    assert_eq!(log.everybody().await.unwrap(), Everybody::default(), "precondition: empty");
    assert_eq!(log.heads().await.unwrap(), []);
    assert_eq!(log.last().await.unwrap(), 0);
    assert_eq!(log.load(id(1)).await.unwrap(), None);
    assert_eq!((log.page(None, 9).await.unwrap(), log.rules().await.unwrap()), (vec![], String::new()));
    let proven = log.prove(0).await.unwrap().unwrap();
    assert_eq!((proven.proof.checkpoint.size, proven.root_then), (0, sync::empty_root()));
    assert_eq!(log.feed(&[(scope("a"), 0)]).await.unwrap(), []);
    assert_eq!(log.read(&[id(1)], &reading(&[("a", 0)])).await.unwrap(), [None]);
}

async fn what_was_appended_is_there<L: Log>(log: &L) {
    let sheet = Sample::begin(10, "一");
    let hash = sheet.hash();
    let (entry, snapshot, values) = (sheet.act(1, id(200)), sheet.after.snapshot.clone(), sheet.values());
    let mut batch = batch(id(200));
    batch.seen = vec![(id(10), None)];
    batch.aliases = vec![id(201)];
    batch.items = vec![sheet.item(), act(entry.clone())];
    batch.settle = settle(vec![sheet.state(&["a"], Some(who(200, "17")))]);
    let placed = log.append(batch).await.unwrap();

    let receipt = placed.receipts[1].clone().unwrap();
    assert_eq!((placed.receipts.len(), receipt.n, receipt.stamped.as_deref()), (2, placed.last, None));
    assert_eq!(placed.heads, [(scope("a"), placed.last)]);
    assert_eq!(log.last().await.unwrap(), placed.last);
    let stored = log.load(id(10)).await.unwrap().unwrap();
    assert_eq!((stored.n, &stored.values, &stored.snapshot), (placed.last, &values, &snapshot));
    assert_eq!(stored.acts, [Entry { receipt: Some(receipt), ..entry.clone() }]);
    assert_eq!((stored.heads, stored.scopes), (vec![hash], set(&["a"])));
    assert_eq!((stored.meta.owner, stored.row.title.as_str()), (id(200), "一"));
    assert_eq!(log.known(&[id(10), id(11)]).await.unwrap(), BTreeSet::from([id(10)]));
    assert_eq!(log.find_change(hash).await.unwrap(), Some(id(10)));
    assert_eq!(log.find_act(entry.id).await.unwrap(), Some(stored.acts[0].clone()));
    assert_eq!(log.actor(id(10), [10; 16]).await.unwrap(), Some(id(200)));
    assert_eq!(log.actor(id(11), [10; 16]).await.unwrap(), None);
    assert_eq!(log.heads().await.unwrap(), [(scope("a"), placed.last)]);
    let raw = log.changes_since(id(10), 0).await.unwrap();
    assert_eq!((raw.len(), raw[0].hash, raw[0].n), (1, hash, placed.last - 1));
    assert_eq!(log.changes_since(id(10), raw[0].n).await.unwrap(), []);
    let everybody = log.everybody().await.unwrap();
    assert_eq!((everybody.people, everybody.aliases), (vec![who(200, "17")], vec![(id(201), id(200))]));
}

async fn a_batch_on_something_that_moved_writes_nothing<L: Log>(log: &L) {
    let before = log.load(id(10)).await.unwrap().unwrap();
    let sheet = Sample::begin(20, "二");
    let series = Some(Series { key: "untouched".into(), prefix: String::new(), suffix: String::new() });
    let spoil: [fn(&mut Batch, u64, ActId); 5] = [
        |batch, _, _| batch.seen.push((id(10), None)),
        |batch, n, _| batch.seen.push((id(10), Some(n - 1))),
        |batch, _, _| batch.seen.push((id(99), Some(1))),
        |batch, _, known| {
            batch.items.push(act(Entry { id: known, ..Sample::begin(20, "二").act(9, id(200)) }))
        },
        |batch, _, _| batch.aliases.push(id(201)),
    ];
    for (i, spoil) in spoil.into_iter().enumerate() {
        let mut batch = batch(id(200));
        batch.seen = vec![(id(20), None), (id(10), Some(before.n))];
        let entry = sheet.act(2, id(200));
        batch.items = vec![sheet.item(), Item::Act { entry, series: series.clone(), narrow: None }];
        batch.settle = settle(vec![sheet.state(&["a"], None)]);
        spoil(&mut batch, before.n, before.acts[0].id);
        assert_eq!(log.append(batch).await.unwrap_err(), NotPlaced::Moved, "{i}");
    }
    let mut panics = batch(id(200));
    panics.seen = vec![(id(20), None)];
    panics.items = vec![sheet.item()];
    panics.settle = Box::new(|_| std::panic::resume_unwind(Box::new(())));
    assert_eq!(log.append(panics).await.unwrap_err(), NotPlaced::Panicked);
    assert_eq!(log.load(id(20)).await.unwrap(), None);
    assert_eq!(log.load(id(10)).await.unwrap(), Some(before));
    let stamped = number(log, 20, "untouched").await;
    assert_eq!(stamped, "第1号", "a batch that was turned down takes no number");
}

async fn numbers_have_no_gaps<L: Log>(log: &L) {
    let mut given = Vec::new();
    for _ in 0..3 {
        given.push(number(log, 20, "gapless").await);
    }
    assert_eq!(given, ["第1号", "第2号", "第3号"]);
}

async fn two_persons_never_share_a_number<L: Log>(log: &L) {
    let sheet = Sample::begin(30, "三");
    let mut thief = batch(id(202));
    thief.seen = vec![(id(30), None)];
    thief.items = vec![sheet.item()];
    thief.settle = settle(vec![sheet.state(&["a"], Some(who(202, "17")))]);
    assert_eq!(log.append(thief).await.unwrap_err(), NotPlaced::Moved);
    write(log, &sheet, None, &["a"], Some(who(202, "18"))).await;
    let people = log.everybody().await.unwrap().people;
    assert_eq!(
        people.iter().map(|who| who.no.as_str()).collect::<BTreeSet<_>>(),
        BTreeSet::from(["17", "18"])
    );
}

async fn a_reader_gets_whole_then_news_then_less_than_the_whole<L: Log>(log: &L) {
    let first = Sample::begin(40, &"长".repeat(200));
    let n = write(log, &first, None, &["r"], None).await;
    let copy = read(log, 40, &[("r", 0), ("other", 0)]).await.unwrap();
    assert_eq!((copy.scopes, copy.body), (set(&["r"]), Body::Snapshot(first.after.snapshot.clone())));
    assert_eq!(read(log, 40, &[("other", 0)]).await, None, "who holds no scope of it sees nothing");

    let second = first.edit("短");
    let later = write(log, &second, Some(n), &["r"], None).await;
    let copy = read(log, 40, &[("r", n)]).await.unwrap();
    assert_eq!((copy.body, copy.row.title.as_str()), (Body::Delta(vec![second.raw.clone()]), "短"));
    assert_eq!(read(log, 40, &[("r", later)]).await.unwrap().body, Body::None);
    let mut own = reading(&[("r", n)]);
    own.has = BTreeSet::from([second.hash()]);
    assert_eq!(log.read(&[id(40)], &own).await.unwrap()[0].as_ref().unwrap().body, Body::None);
    let mut begun = reading(&[("r", 0)]);
    (begun.begun, begun.has) = (BTreeSet::from([id(40)]), BTreeSet::from([first.hash()]));
    assert_eq!(
        log.read(&[id(40)], &begun).await.unwrap()[0].as_ref().unwrap().body,
        Body::Delta(vec![second.raw.clone()]),
        "who began it has its first change"
    );
    let mut whole = reading(&[("r", later)]);
    whole.whole.insert(id(40));
    let copy = log.read(&[id(40)], &whole).await.unwrap().pop().flatten().unwrap();
    assert_eq!(copy.body, Body::Snapshot(second.after.snapshot.clone()));
    many_small_edits_come_as_a_snapshot(log, second, later).await;
}

async fn many_small_edits_come_as_a_snapshot<L: Log>(log: &L, mut sheet: Sample, from: u64) {
    let mut n = from;
    for i in 0..40 {
        sheet = sheet.edit(&format!("第{i}稿"));
        n = write(log, &sheet, Some(n), &["r"], None).await;
    }
    let body = read(log, 40, &[("r", from)]).await.unwrap().body;
    assert_eq!(body, Body::Snapshot(sheet.after.snapshot.clone()), "the smaller of the two");
}

async fn leaving_and_coming_back_shows_in_the_feed<L: Log>(log: &L) {
    let sheet = Sample::begin(50, "五");
    let came = write(log, &sheet, None, &["x"], None).await;
    let sheet = sheet.edit("六");
    let left = write(log, &sheet, Some(came), &["y"], None).await;
    let [gone] = &log.feed(&[(scope("x"), came)]).await.unwrap()[..] else { panic!("one line") };
    assert_eq!((gone.left, gone.doc, gone.n), (true, id(50), left));
    assert!(!log.feed(&[(scope("x"), 0)]).await.unwrap()[0].left, "who never had it is not told");
    assert_eq!(read(log, 50, &[("x", came)]).await, None);
    assert_eq!(log.load(id(50)).await.unwrap().unwrap().scopes, set(&["y"]));

    let sheet = sheet.edit("七");
    let back = write(log, &sheet, Some(left), &["x", "y"], None).await;
    let news = log.feed(&[(scope("x"), came)]).await.unwrap();
    assert_eq!((news[0].left, news[0].at, news[0].n), (false, back, back));
    let whole = Body::Snapshot(sheet.after.snapshot.clone());
    assert_eq!(read(log, 50, &[("x", came)]).await.unwrap().body, whole, "he missed what came between");
    let copy = read(log, 50, &[("x", came), ("y", left)]).await.unwrap();
    assert_eq!(copy.body, Body::Delta(vec![sheet.raw.clone()]), "but not when he had it from elsewhere");
}

async fn a_moving_line_never_hides_a_write<L: Log>(log: &L) {
    let sheet = Sample::begin(60, "一");
    let n1 = write(log, &sheet, None, &["m"], None).await;
    let sheet = sheet.edit("二");
    let n2 = write(log, &sheet, Some(n1), &["m"], None).await;
    let sheet = sheet.edit("三");
    let n3 = write(log, &sheet, Some(n2), &["m"], None).await;
    let at = |news: Vec<News>| (news[0].at, news[0].n);
    assert_eq!(at(log.feed(&[(scope("m"), 0)]).await.unwrap()), (n1, n3), "where it came in");
    assert_eq!(at(log.feed(&[(scope("m"), n1)]).await.unwrap()), (n2, n3), "the first he lacks");
    assert_eq!(at(log.feed(&[(scope("m"), n2)]).await.unwrap()), (n3, n3));
    assert_eq!(log.feed(&[(scope("m"), n3)]).await.unwrap(), []);
}

async fn narrow_acts_go_only_to_their_scopes<L: Log>(log: &L) {
    let sheet = Sample::begin(70, "通知");
    let n = write(log, &sheet, None, &["all"], None).await;
    let entry = sheet.act(7, id(200));
    let mut seen = batch(id(200));
    seen.seen = vec![(id(70), Some(n))];
    seen.items = vec![Item::Act { entry: entry.clone(), series: None, narrow: Some(set(&["p200", "boss"])) }];
    let placed = log.append(seen).await.unwrap();
    assert_eq!(placed.heads, [(scope("boss"), placed.last), (scope("p200"), placed.last)]);
    assert_eq!(log.load(id(70)).await.unwrap().unwrap().n, n, "it moves nothing for the others");
    assert_eq!(log.load(id(70)).await.unwrap().unwrap().acts, []);
    assert_eq!(log.feed(&[(scope("all"), n)]).await.unwrap(), []);
    let ids = |copy: Option<Copy>| copy.unwrap().acts.iter().map(|entry| entry.id).collect::<Vec<_>>();
    assert_eq!(ids(read(log, 70, &[("all", 0)]).await), []);
    assert_eq!(ids(read(log, 70, &[("all", 0), ("boss", 0)]).await), [entry.id]);
    assert_eq!(ids(read(log, 70, &[("all", n), ("boss", n)]).await), [entry.id]);
    assert_eq!(ids(read(log, 70, &[("all", placed.last), ("boss", placed.last)]).await), []);
    assert_eq!(read(log, 70, &[("boss", 0)]).await, None, "a narrow act opens no document");
    let own = log.own_narrow(id(70), &[id(200), id(201)]).await.unwrap();
    assert_eq!(own.iter().map(|entry| entry.id).collect::<Vec<_>>(), [entry.id]);
    assert_eq!(log.own_narrow(id(70), &[id(202)]).await.unwrap(), []);
    assert!(own[0].receipt.as_ref().is_some_and(|receipt| receipt.n == placed.last));
}

async fn audit_lines_come_newest_first<L: Log>(log: &L) {
    let line = |code: &str| AuditLine {
        at_ms: 1,
        person: id(200),
        device: "d".into(),
        doc: id(10),
        code: code.into(),
    };
    log.audit(vec![line("E-1"), line("E-2")]).await.unwrap();
    log.audit(vec![line("E-3")]).await.unwrap();
    assert_eq!(log.audit_tail(2).await.unwrap(), [line("E-3"), line("E-2")]);
    let later = |ms: i64| AuditLine { at_ms: ms, ..line("E-3") };
    log.audit_once(vec![later(5), AuditLine { person: id(9), ..later(5) }], 1).await.unwrap();
    assert_eq!(log.audit_tail(1).await.unwrap()[0].person, id(9), "only what is new since then");
    log.audit_once(vec![later(5)], 2).await.unwrap();
    assert_eq!(log.audit_tail(1).await.unwrap(), [later(5)]);
    assert_eq!(log.audit_between(2, 6, 9).await.unwrap().len(), 2);
    assert_eq!(log.audit_between(6, i64::MAX, 9).await.unwrap(), []);
}

async fn the_past_stays_as_it_was<L: Log>(log: &L) {
    let checkpoint = async |from| log.prove(from).await.unwrap().map(|proven| proven.proof.checkpoint);
    let mut sheet = Sample::begin(80, "一");
    let mut n = write(log, &sheet, None, &["t"], None).await;
    let mut seen = vec![checkpoint(0).await.unwrap()];
    for i in 0..9 {
        sheet = sheet.edit(&format!("第{i}稿"));
        n = write(log, &sheet, Some(n), &["t"], None).await;
        seen.push(checkpoint(0).await.unwrap());
    }
    let newest = seen.last().unwrap().clone();
    assert_eq!((newest.size, n), (log.last().await.unwrap(), newest.size), "a leaf for each place");
    for old in &seen {
        let proven = log.prove(old.size).await.unwrap().unwrap();
        assert_eq!((proven.root_then, &proven.proof.checkpoint), (old.root, &newest));
        assert!(sync::continues((old.size, old.root), (newest.size, newest.root), &proven.proof.path));
    }
    assert_eq!(log.prove(newest.size + 1).await.unwrap(), None, "it never was that large");
    let line = AuditLine { at_ms: 1, person: id(200), device: "d".into(), doc: id(10), code: "E-4".into() };
    log.audit(vec![line]).await.unwrap();
    let after = checkpoint(0).await.unwrap();
    assert_eq!((after.size, after.root, after.audit), (newest.size, newest.root, newest.audit + 1));
    assert_ne!(after.audit_end, newest.audit_end);
}

async fn a_renewed_epoch_stays<L: Log>(log: &L) {
    log.renew_epoch("another history".into()).await.unwrap();
    assert_eq!(log.epoch().await.unwrap(), "another history");
    assert_eq!(log.prove(0).await.unwrap().unwrap().proof.checkpoint.epoch, "another history");
}

// ---- what the suite is made of

fn id(n: u8) -> DocId {
    DocId([n; 16])
}
fn scope(name: &str) -> Scope {
    Scope(name.into())
}
fn set(names: &[&str]) -> BTreeSet<Scope> {
    names.iter().map(|name| scope(name)).collect()
}
fn who(person: u8, no: &str) -> Who {
    let (unit, name) = (OrgCode::new("LB"), "甲".into());
    Who { person: id(person), no: no.into(), name, unit, member: true, posts: vec![], aliases: vec![] }
}
fn reading(cursors: &[(&str, u64)]) -> Reading {
    let cursors: BTreeMap<Scope, u64> = cursors.iter().map(|(name, n)| (scope(name), *n)).collect();
    Reading { cursors, whole: BTreeSet::new(), begun: BTreeSet::new(), has: BTreeSet::new(), kinds }
}
async fn read<L: Log>(log: &L, doc: u8, cursors: &[(&str, u64)]) -> Option<Copy> {
    log.read(&[id(doc)], &reading(cursors)).await.unwrap().pop().flatten()
}
fn batch(person: DocId) -> Batch {
    Batch {
        sender: Sender { person, device: "device".into() },
        now_ms: 1_000,
        seen: vec![],
        items: vec![],
        aliases: vec![],
        settle: settle(vec![]),
        then: Box::new(|_| {}),
    }
}
fn settle(states: Vec<DocState>) -> super::Settle {
    Box::new(move |_| states)
}
fn act(entry: Entry) -> Item {
    Item::Act { entry, series: None, narrow: None }
}

/// One change with the document behind it.
struct Sample {
    doc: u8,
    raw: Vec<u8>,
    before: Option<Vec<u8>>,
    after: After,
}

impl Sample {
    fn begin(doc: u8, title: &str) -> Self {
        let meta = Meta {
            id: id(doc),
            kind: Sheet::NAME.into(),
            owner: id(200),
            unit: OrgCode::new("LB"),
            born_ms: 1,
        };
        let values = SheetBody { title: title.into() };
        let born = crdt::birth([doc; 16], &meta, Sheet.fields(), &domain::Body::write(&values)).unwrap();
        let raw = born.get_changes(&[]).remove(0).raw_bytes().to_vec();
        Self::of(doc, None, raw)
    }
    fn edit(&self, title: &str) -> Self {
        let mut doc = automerge::Automerge::load(&self.after.snapshot).unwrap();
        let edit = Edit::Set { key: "title".into(), value: title.into() };
        let raw = crdt::edit(&mut doc, [self.doc; 16], Sheet.fields(), &[edit]).unwrap().unwrap();
        Self::of(self.doc, Some(self.after.snapshot.clone()), raw)
    }
    fn of(doc: u8, before: Option<Vec<u8>>, raw: Vec<u8>) -> Self {
        let after = judge(before.as_deref(), &raw).after.expect("an honest change");
        Self { doc, raw, before, after }
    }
    fn hash(&self) -> Hash {
        gate::peek(&self.raw).unwrap().0
    }
    fn item(&self) -> Item {
        let permit: Permit = judge(self.before.as_deref(), &self.raw).verdicts.remove(0).unwrap();
        Item::Change { doc: id(self.doc), permit }
    }
    fn values(&self) -> Values {
        let doc = automerge::Automerge::load(&self.after.snapshot).unwrap();
        crdt::read(&doc, id(self.doc)).unwrap().1
    }
    fn state(&self, scopes: &[&str], who: Option<Who>) -> DocState {
        let doc = automerge::Automerge::load(&self.after.snapshot).unwrap();
        let (meta, values) = crdt::read(&doc, id(self.doc)).unwrap();
        let (snapshot, heads) = (self.after.snapshot.clone(), self.after.heads.clone());
        let row = kinds()[0].row(&Raw { meta: meta.clone(), values: values.clone(), entries: vec![] });
        DocState { meta, values, heads, snapshot, row, scopes: set(scopes), who, device: None }
    }
    fn act(&self, number: u8, by: DocId) -> Entry {
        let receipt =
            Receipt { n: 0, at_ms: 5, to: "live".into(), stamped: None, by_name: "甲".into(), signed: None };
        Entry {
            id: ActId([number; 16]),
            doc: id(self.doc),
            by,
            device: "device".into(),
            at_ms: 4,
            about: self.after.heads.clone(),
            act: ByteBuf::from(domain::to_cbor(&number)),
            signature: None,
            receipt: Some(receipt),
        }
    }
}

fn judge(before: Option<&[u8]>, raw: &[u8]) -> gate::Batch {
    gate::admit_all(&StoredDoc { snapshot: before }, &Shape::of(Sheet.fields()), &[raw])
}

impl Sheet {
    fn fields(self) -> &'static [domain::Field] {
        <SheetBody as domain::Body>::FIELDS
    }
}

/// Writes one change; returns its place.
async fn write<L: Log>(log: &L, sheet: &Sample, seen: Option<u64>, scopes: &[&str], who: Option<Who>) -> u64 {
    let mut batch = batch(id(200));
    batch.seen = vec![(id(sheet.doc), seen)];
    batch.items = vec![sheet.item()];
    batch.settle = settle(vec![sheet.state(scopes, who)]);
    log.append(batch).await.unwrap().last
}

/// Does one numbered act on a document, beginning it when needed; returns the number.
async fn number<L: Log>(log: &L, doc: u8, key: &str) -> String {
    let sheet = Sample::begin(doc, "号");
    let seen = match log.load(id(doc)).await.unwrap() {
        Some(stored) => stored.n,
        None => write(log, &sheet, None, &["a"], None).await,
    };
    let series = Some(Series { key: key.into(), prefix: "第".into(), suffix: "号".into() });
    let mut entry = sheet.act(0, id(200));
    entry.id = ActId::derive(&[key.as_bytes(), &seen.to_le_bytes()]);
    let mut batch = batch(id(200));
    batch.seen = vec![(id(doc), Some(seen))];
    batch.items = vec![Item::Act { entry, series, narrow: None }];
    batch.settle = settle(vec![sheet.state(&["a"], None)]);
    log.append(batch).await.unwrap().receipts.remove(0).and_then(|receipt| receipt.stamped).unwrap()
}
