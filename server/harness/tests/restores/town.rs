//! Twenty phones on a server whose files can be taken away.

use domain::bridge::{Answer, Ask, Query};
use domain::modules::appeal::MatterAct;
use domain::modules::news::DraftAct;
use domain::modules::org::{Person as PersonKind, PersonAct, person_id};
use domain::{ActId, DocId, Edit, Hash, Kind, Meta, OrgCode, Role, Values, Who, to_cbor};
use repo::{BlobHead, BlobPiece, Host, Link, LinkTrouble, Repo};
use server::backup::{Identity, make, restore};
use server::desk::{Desk, Founding, Signing};
use server::house::Data;
use server::log::{Log, Sqlite};
use server::start;
use server::verify::{Wanted, verify};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use store::{Disk, Memory};
use sync::{Fate, Frame, Item, Request};

const MORNING_MS: i64 = 1_767_571_200_000;

/// Name of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Change(Hash),
    Act(ActId),
}

/// The actor of words that are, or would be, written anew: see [`sync::actor_again`].
fn again(item: &Item) -> [u8; 16] {
    let Item::Change(raw) = item else { return [0; 16] };
    if let Some(envelope) = sync::read_envelope(raw) {
        return sync::actor_again(envelope.name);
    }
    let change = automerge::Change::from_bytes(raw.to_vec()).expect("ours");
    sync::actor_again(harness::first_of(&change).unwrap_or(Hash(change.hash().0)))
}

#[derive(Default)]
struct World {
    desk: RefCell<Option<Rc<Desk<Sqlite>>>>,
    clock: Cell<i64>,
    dice: Cell<u64>,
    /// The book outside: what the server has acknowledged to anybody, with its document and the actor under which
    /// the same words stand when they had to be written anew.
    acked: RefCell<BTreeMap<Name, (DocId, [u8; 16])>>,
}

impl World {
    fn random(&self) -> u64 {
        let next = self.dice.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.dice.set(next);
        let mut z = next;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&self, n: usize) -> usize {
        (self.random() % n as u64) as usize
    }
    fn desk(&self) -> Rc<Desk<Sqlite>> {
        self.desk.borrow().clone().expect("the server runs")
    }
    fn note(&self, request: &Request, frames: &[Frame]) {
        for frame in frames {
            let Frame::Ack { seq, fate: Fate::Accepted(_) | Fate::Duplicate(_) } = frame else { continue };
            let push = request.push.iter().find(|push| push.seq == *seq).expect("an ack for a push");
            let name = match &push.item {
                Item::Change(raw) => match sync::read_envelope(raw) {
                    Some(envelope) => Name::Change(envelope.name),
                    None => Name::Change(server::gate::peek(raw).expect("ours").0),
                },
                Item::Act(entry) => Name::Act(entry.id),
            };
            self.acked.borrow_mut().insert(name, (push.doc, again(&push.item)));
        }
    }
}

#[derive(Clone)]
struct Wire(Rc<World>, DocId);

impl Link for Wire {
    async fn sync(&self, request: &Request, each: &mut dyn FnMut(Frame)) -> Result<(), LinkTrouble> {
        let (desk, now_ms) = (self.0.desk(), self.0.clock.get());
        let frames =
            desk.answer(self.1, request.clone(), now_ms).await.map_err(|_| LinkTrouble::Server(500))?;
        self.0.note(request, &frames);
        frames.into_iter().for_each(each);
        Ok(())
    }
    async fn cards(&self, _: &[domain::Scope]) -> Result<Vec<domain::Card>, LinkTrouble> {
        Err(LinkTrouble::Offline)
    }
    async fn blob_head(&self, _: Hash) -> Result<BlobHead, LinkTrouble> {
        Err(LinkTrouble::Offline)
    }
    async fn blob_put(&self, _: BlobPiece<'_>) -> Result<BlobHead, LinkTrouble> {
        Err(LinkTrouble::Offline)
    }
    async fn blob_get(&self, _: Hash) -> Result<Option<Vec<u8>>, LinkTrouble> {
        Err(LinkTrouble::Offline)
    }
}

#[derive(Clone)]
struct Device(Rc<World>);
impl repo::SoftSealer for Device {
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

impl Host for Device {
    fn now_ms(&self) -> i64 {
        self.0.clock.get()
    }
    fn random16(&self) -> [u8; 16] {
        let (one, two) = (self.0.random(), self.0.random());
        [one.to_be_bytes(), two.to_be_bytes()].concat().try_into().expect("16 bytes")
    }
}

type Phone = Repo<Memory, Wire, Device>;

pub struct Town {
    world: Rc<World>,
    phones: Vec<(String, Rc<Phone>)>,
    home: tempfile::TempDir,
    data: Data,
    identity: Identity,
    deeds: u64,
}

/// A backup, and the plain file as it lay there at that moment.
pub struct Backup {
    file: PathBuf,
    copy: PathBuf,
}

fn no_of(i: usize) -> String {
    format!("04{i:05}")
}

/// Every second one is an officer of a branch, one is the chair, one decides about matters.
fn founding(i: usize) -> Founding {
    let no = no_of(i);
    let values = Values::from([
        ("no".into(), no.as_str().into()),
        ("name".into(), format!("职工{i}").into()),
        ("member".into(), true.into()),
    ]);
    let posts: &[(Role, &str)] = match i {
        0 => &[(Role::BranchChair, "LB04.3")],
        1 => &[(Role::Rights, "LB04")],
        i if i.is_multiple_of(2) => &[(Role::BranchOfficer, "LB04.3")],
        _ => &[],
    };
    let act = |(role, at): &(Role, &str)| to_cbor(&PersonAct::appoint(*role, OrgCode::new(*at)));
    let id = person_id(&no);
    let meta = Meta {
        id,
        kind: PersonKind::NAME.into(),
        owner: id,
        unit: OrgCode::new("LB04.3.1"),
        born_ms: MORNING_MS,
    };
    Founding { meta, values, acts: posts.iter().map(act).collect() }
}

impl Town {
    pub async fn new(count: usize) -> Self {
        let home = tempfile::tempdir().unwrap();
        let data = start::data(&home.path().join("data")).unwrap();
        let desk = start::desk(&data).await.unwrap().with_signing(Signing::Optional);
        desk.found_many((0..count).map(founding).collect(), MORNING_MS).await.unwrap();
        let world = Rc::new(World::default());
        world.clock.set(MORNING_MS);
        let whos: Vec<Who> = (0..count).map(|i| desk.described(person_id(&no_of(i))).unwrap()).collect();
        *world.desk.borrow_mut() = Some(Rc::new(desk));
        let mut phones = vec![];
        for who in whos {
            let (wire, host) = (Wire(world.clone(), who.person), Device(world.clone()));
            let no = who.no.clone();
            let phone = Repo::open(Memory(Rc::new(Disk::default())), wire, host, who).await.unwrap();
            phones.push((no, Rc::new(phone)));
        }
        let identity = Identity::random().unwrap();
        let mut town = Self { world, phones, home, data, identity, deeds: 0 };
        town.everybody_syncs().await;
        town
    }

    /// Everybody does a few things and syncs, in any order.
    pub async fn day(&mut self, deeds: usize) {
        for _ in 0..deeds {
            for i in self.order() {
                self.sync(i).await;
                self.deed(i).await;
                self.sync(i).await;
            }
        }
    }

    pub async fn everybody_syncs(&mut self) {
        for i in self.order() {
            self.sync(i).await;
        }
    }

    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.phones.len()).collect();
        for i in (1..order.len()).rev() {
            order.swap(i, self.world.below(i + 1));
        }
        order
    }

    async fn sync(&mut self, i: usize) {
        self.world.clock.set(self.world.clock.get() + 61_000);
        let (no, phone) = &self.phones[i];
        let done = phone.sync_round().await;
        assert_eq!(done, Ok(()), "{no}");
    }

    async fn deed(&mut self, i: usize) {
        self.deeds += 1;
        let phone = self.phones[i].1.clone();
        match self.world.below(4) {
            0 => self.begin(&phone, i).await,
            1 | 2 => self.write(&phone).await,
            _ => self.decide(&phone).await,
        }
    }

    async fn begin(&self, phone: &Phone, i: usize) {
        let text = format!("第{}件。", self.deeds);
        let ask = if i.is_multiple_of(2) && i > 0 {
            let values = Values::from([
                ("title".into(), format!("稿件{}", self.deeds).into()),
                ("text".into(), text.into()),
                ("column".into(), "news".into()),
                ("audience".into(), "members".into()),
            ]);
            Ask::Create { kind: "news.draft".into(), unit: OrgCode::new("LB04.3"), values, alias: false }
        } else {
            let alias = self.deeds.is_multiple_of(3);
            let values = Values::from([
                ("kind".into(), "claim".into()),
                ("title".into(), format!("事项{}", self.deeds).into()),
                ("text".into(), text.into()),
                ("openly".into(), true.into()),
                ("named".into(), (!alias).into()),
            ]);
            Ask::Create { kind: "appeal.matter".into(), unit: OrgCode::new("LB04"), values, alias }
        };
        assert!(matches!(phone.ask(ask).await, Answer::Kept { .. }));
    }

    async fn some(&self, phone: &Phone, kind: &str) -> Option<domain::bridge::Opened> {
        let query = Query { kinds: vec![kind.into()], limit: 500, ..Query::default() };
        let Answer::Lines { lines, .. } = phone.ask(Ask::List(query)).await else { return None };
        let line = lines.get(self.world.below(lines.len().max(1)))?;
        match phone.ask(Ask::Open(line.row.id)).await {
            Answer::Opened(opened) => Some(*opened),
            _ => None,
        }
    }

    async fn write(&self, phone: &Phone) {
        let kind = if self.world.below(2) == 0 { "news.draft" } else { "appeal.matter" };
        let Some(opened) = self.some(phone, kind).await.filter(|opened| opened.may_edit) else { return };
        let Some(domain::Value::Str(base)) = opened.values.get("text").cloned() else { return };
        let text = format!("{base}又{}", self.deeds);
        let edit = Edit::Text { key: "text".into(), base, text };
        let _ = phone.ask(Ask::Edit { doc: opened.meta.id, edits: vec![edit] }).await;
    }

    async fn decide(&self, phone: &Phone) {
        let kind = if self.world.below(2) == 0 { "news.draft" } else { "appeal.matter" };
        let Some(opened) = self.some(phone, kind).await else { return };
        let may =
            |step: &str| opened.steps.iter().any(|view| view.step.code == step && view.refusal.is_none());
        let act = match kind {
            "news.draft" if may("submit") => to_cbor(&DraftAct::Submit),
            "news.draft" if may("return") => to_cbor(&DraftAct::Return { opinion: "改一改".into() }),
            "appeal.matter" if may("submit") => to_cbor(&MatterAct::Submit),
            "appeal.matter" if may("register") => to_cbor(&MatterAct::Register { note: "登记".into() }),
            "appeal.matter" if may("accept") => to_cbor(&MatterAct::Accept { words: "受理".into() }),
            _ => return,
        };
        let _ = phone.ask(Ask::Act { doc: opened.meta.id, act: act.into() }).await;
    }

    /// A backup as `lianxin backup` makes it, and the file as somebody would copy it with the server stopped.
    pub async fn backup(&mut self) -> Backup {
        let named = |end: &str| self.home.path().join(format!("{}.{end}", self.deeds));
        let backup = Backup { file: named("tar.age"), copy: named("db") };
        make(&self.data, &backup.file, self.identity.recipient(), self.world.clock.get()).await.unwrap();
        self.stop().await;
        std::fs::copy(self.data.log(), &backup.copy).unwrap();
        self.start().await;
        backup
    }

    async fn stop(&self) {
        let desk = self.world.desk.borrow_mut().take().expect("it runs");
        let Ok(desk) = Rc::try_unwrap(desk) else { panic!("somebody holds the desk") };
        desk.into_log().close().await;
    }
    async fn start(&self) {
        let desk = start::desk(&self.data).await.unwrap().with_signing(Signing::Optional);
        *self.world.desk.borrow_mut() = Some(Rc::new(desk));
    }

    pub async fn restore_told(&mut self, backup: &Backup) {
        self.stop().await;
        let dir = self.home.path().join(format!("restored{}", self.deeds));
        restore(&backup.file, self.identity.clone(), &dir, self.world.clock.get()).await.unwrap();
        self.data = start::existing(&dir).unwrap();
        self.start().await;
    }
    pub async fn copy_back_untold(&mut self, backup: &Backup) {
        self.stop().await;
        let log = self.data.log();
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", log.display()));
        }
        std::fs::copy(&backup.copy, Path::new(&log)).unwrap();
        self.start().await;
    }

    pub fn acknowledged(&self) -> usize {
        self.world.acked.borrow().len()
    }
    /// Acknowledged writes that the server does not have.
    pub async fn lacking(&self) -> Vec<String> {
        let desk = self.world.desk();
        let acked: Vec<_> = self.world.acked.borrow().iter().map(|(name, place)| (*name, *place)).collect();
        let mut lacking = vec![];
        for (name, (doc, again)) in acked {
            let is_here = match name {
                Name::Change(hash) => {
                    desk.log().find_change(hash).await.unwrap().is_some()
                        || desk.log().actor(doc, again).await.unwrap().is_some()
                }
                Name::Act(id) => desk.log().find_act(id).await.unwrap().is_some(),
            };
            if !is_here {
                lacking.push(format!("{name:?}"));
            }
        }
        lacking
    }
    /// What still waits on a phone or needs its person.
    pub async fn waiting(&self) -> Vec<String> {
        let mut all = vec![];
        for (no, phone) in &self.phones {
            let state = phone.state();
            if state.waiting > 0 || state.attention > 0 || state.trouble.is_some() {
                all.push(format!("{no}: {state:?} {:?}", phone.ask(Ask::NeedsMe).await));
            }
        }
        all
    }
    pub async fn verify(&self) -> Vec<String> {
        let signer = server::proof::Signer::read(&self.data.key()).unwrap();
        let report = verify(&Wanted::new(&self.data.log(), Some(&signer), &[])).await;
        report.findings.into_iter().map(|found| found.en).collect()
    }
}
