//! The town: a roster, phones, and time.

use crate::ledger::Ledger;
use crate::mirror;
use crate::phone::{Phone, Start};
use crate::step::finish;
use crate::world::World;
use domain::modules::org::{DeviceAct, Person as PersonKind, PersonAct, person_id};
use domain::{ActId, DocId, Entry, Hash, Kind, Meta, OrgCode, Role, Values, act_bytes, to_cbor};
use server::demo::SoftKey;
use server::desk::{Desk, Founding};
use server::log::{Kinds, Log, Memory};
use std::collections::BTreeMap;
use std::rc::Rc;
use store::Disk;
use sync::{Fate, Frame, Item, Push, Request};

/// Monday morning, 2026-01-05 08:00 in Beijing.
const MORNING_MS: i64 = 1_767_571_200_000;
/// Who gives and takes posts in stories.
const ORGANISER: Person =
    Person { name: "高建业", no: "0809005", unit: "LB", posts: &[(Role::Organiser, "LB")] };

/// So many rounds take every sealed document of a phone once in turn.
const ROUNDS_OF_KEYS: u32 = 4;

/// A line of the roster.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Name.
    pub name: &'static str,
    /// Staff number.
    pub no: &'static str,
    /// Lowest unit.
    pub unit: &'static str,
    /// Posts in force.
    pub posts: &'static [(Role, &'static str)],
}

impl Person {
    /// Id of the person's document.
    pub fn id(&self) -> DocId {
        person_id(self.no)
    }
}

/// A copy of the server.
pub struct Backup {
    log: Memory,
    files: BTreeMap<Hash, Vec<u8>>,
}

/// A town with its people, its server and its phones.
pub struct Town {
    world: Rc<World>,
    seed: u64,
    people: BTreeMap<&'static str, Person>,
    phones: Vec<Phone>,
}

impl Town {
    /// A town with these people; everything that happens in it follows from `seed`.
    pub fn new(seed: u64, people: &[Person]) -> Self {
        let desk = finish(Desk::open(Memory::new("history-1"))).expect("a desk on an empty log");
        let town = Self {
            world: Rc::new(World::new(desk, seed, MORNING_MS)),
            seed,
            people: people.iter().chain([&ORGANISER]).map(|person| (person.name, *person)).collect(),
            phones: vec![],
        };
        let foundings = town.people.values().map(founding).collect();
        let founded =
            finish(town.world.desk().found_many(foundings, MORNING_MS)).expect("the roster goes in");
        assert_eq!(founded.refused, vec![], "the roster keeps the rules");
        town.enrol(ORGANISER.id(), &office_key());
        town
    }

    /// From now on this is the union's recovery key.
    pub fn recover_with(&self, recovery: Vec<u8>) {
        let log = finish(self.world.desk().log().copy());
        finish(log.put_recovery_key(recovery)).expect("memory answers");
        self.world.start(log);
    }
    /// What all phones share.
    pub fn world(&self) -> &World {
        &self.world
    }
    /// The seed that replays all of it.
    pub fn seed(&self) -> u64 {
        self.seed
    }
    /// All phones so far.
    pub fn phones(&self) -> &[Phone] {
        &self.phones
    }
    /// Id of a person.
    pub fn id(&self, name: &str) -> DocId {
        self.people[name].id()
    }

    /// A new phone for somebody; it knows nothing yet.
    pub fn phone(&mut self, name: &str) -> Phone {
        let (person, key) = (self.people[name].id(), SoftKey::named(&self.phones.len().to_le_bytes()));
        self.enrol(person, &key);
        self.turn_on(person, Rc::new(Disk::default()), key, 0, domain::modules::kinds)
    }
    /// A phone from a copy of another one's disk: a restored backup, or a thief with patience.
    pub fn clone_of(&mut self, phone: &Phone) -> Phone {
        let (key, kinds) = (phone.0.key.clone(), phone.0.kinds.get());
        self.turn_on(phone.person(), phone.0.disk.copy(), key, phone.0.skew_ms.get(), kinds)
    }
    fn turn_on(&mut self, person: DocId, disk: Rc<Disk>, key: SoftKey, skew_ms: i64, kinds: Kinds) -> Phone {
        let (world, at) = (self.world.clone(), self.phones.len());
        let phone = Phone::start(Start { world, at, person, disk, key, skew_ms, kinds });
        self.phones.push(phone.clone());
        phone
    }

    /// Enrols a device.
    fn enrol(&self, person: DocId, key: &SoftKey) {
        let (desk, now) = (self.world.desk(), self.world.clock.get());
        let who = desk.who(person, now).expect("a person of the roster");
        finish(server::demo::enrol(&desk, &who, key, "手机", now)).expect("enrolled");
    }

    /// After an older copy came back: a device that it does not know shows a new code.
    fn enrol_again(&self, phone: &Phone) {
        if self.world.desk().device(phone.device()).is_none() {
            self.enrol(phone.person(), &phone.0.key);
        }
    }

    /// Time goes by.
    pub fn wait_ms(&self, ms: i64) {
        self.world.clock.set(self.world.clock.get() + ms);
    }
    /// Days go by.
    pub fn wait_days(&self, days: i64) {
        self.wait_ms(days * domain::DAY_MS);
    }

    /// Gives or takes a post: the organiser decides it at the office, with the network.
    pub fn decree(&self, name: &str, act: PersonAct) -> bool {
        self.order(self.people[name].id(), to_cbor(&act))
    }
    /// The organiser ends a device.
    pub fn revoke(&self, phone: &Phone) {
        let act = DeviceAct::Revoke { reason: "丢失".into() };
        assert!(self.order(phone.device(), to_cbor(&act)), "revoked");
    }
    /// The organiser decides about what a revoked device sent afterwards.
    pub fn settle_parcel(&self, phone: &Phone, act: &DeviceAct) {
        assert!(self.order(phone.device(), to_cbor(act)), "decided");
    }
    fn order(&self, doc: DocId, act: Vec<u8>) -> bool {
        let entry = Entry {
            id: ActId::from_random(self.world.dice.bytes16()),
            doc,
            by: ORGANISER.id(),
            device: "office".into(),
            at_ms: self.world.clock.get(),
            about: vec![],
            act: act.into(),
            signature: None,
            receipt: None,
        };
        let signature = Some(office_key().sign(ORGANISER.id(), &act_bytes(&entry)));
        let entry = Entry { signature, ..entry };
        let stands = self.office(vec![entry.clone()]);
        if stands {
            self.world.decrees.borrow_mut().push(entry);
        }
        stands
    }
    /// The office sends what it decided. Is the last of it new to the server and allowed?
    fn office(&self, acts: Vec<Entry>) -> bool {
        let push = |(seq, act): (u64, Entry)| Push { seq, doc: act.doc, item: Item::Act(act) };
        let push = (1..).zip(acts).map(push).collect();
        let (device, epoch) = ("office".into(), String::new());
        let request = Request {
            proto: sync::PROTO,
            device,
            epoch,
            cursors: BTreeMap::new(),
            push,
            want: vec![],
            seen: None,
            keys: vec![],
        };
        let desk = self.world.desk();
        let frames = finish(desk.answer(ORGANISER.id(), request, self.world.clock.get())).expect("served");
        let accepted = |frame: &&Frame| matches!(frame, Frame::Ack { fate: Fate::Accepted(_), .. });
        frames.iter().rfind(|frame| matches!(frame, Frame::Ack { .. })).is_some_and(|last| accepted(&last))
    }
    /// Gives a post.
    pub fn appoint(&self, name: &str, role: Role, at: &str) {
        assert!(self.decree(name, PersonAct::appoint(role, OrgCode::new(at))), "appointed");
    }
    /// Takes a post.
    pub fn dismiss(&self, name: &str, role: Role, at: &str) {
        assert!(self.decree(name, PersonAct::dismiss(role, OrgCode::new(at), "轮换")), "dismissed");
    }

    /// A copy of the server as it stands.
    pub fn backup(&self) -> Backup {
        Backup { log: finish(self.world.desk().log().copy()), files: self.world.blobs.borrow().clone() }
    }
    /// The server dies and comes back from an older copy. `told`: by `restore`, which gives the history
    /// another name; otherwise somebody just copied a file. The office sees it first and sends its decrees.
    pub fn restore(&self, backup: &Backup, told: bool) {
        let log = finish(backup.log.copy());
        if told {
            let name = format!("history-{}", self.world.dice.roll());
            finish(log.renew_epoch(name)).expect("memory answers");
        }
        self.world.note("restored", &[u8::from(told)]);
        self.world.restored.set(true);
        self.world.start(log);
        self.world.blobs.replace(backup.files.clone());
        for phone in &self.phones {
            self.enrol_again(phone);
        }
        let decrees = self.world.decrees.borrow().clone();
        if !decrees.is_empty() {
            self.office(decrees);
        }
    }
    /// The server goes on with another version of the program.
    pub fn install(&self, kinds: Kinds) {
        self.world.kinds.set(kinds);
        self.world.start(finish(self.world.desk().log().copy()));
    }
    /// One of the requests that their phones have given up arrives after all; nobody hears the answer.
    pub fn late_request_arrives(&self) {
        let which = self.world.dice.below(self.world.late.borrow().len());
        if self.world.late.borrow().is_empty() {
            return;
        }
        let (person, bytes) = self.world.late.borrow_mut().swap_remove(which);
        let Some(request) = domain::from_cbor::<Request>(&bytes) else { return };
        finish(self.world.desk().answer(person, request, self.world.clock.get())).ok();
    }

    /// Everybody comes under good network and syncs until nothing is left to say.
    pub fn run_until_quiet(&self) {
        for phone in &self.phones {
            phone.online();
            phone.faults(Default::default());
            phone.settle_down();
        }
        let (mut before, mut still) = (None, 0);
        for _ in 0..60 {
            for phone in &self.phones {
                // A fault that was meant for some earlier write may still be waiting in the disk.
                phone.sync().or_else(|_| phone.sync()).expect("good network");
            }
            let now =
                (self.phones.iter().map(|phone| phone.outbox().len()).sum::<usize>(), self.world.traffic().2);
            let moved = before.is_none_or(|(waiting, down)| {
                waiting != now.0 || now.1 - down > 400 * self.phones.len() as u64
            });
            // Keys are asked about in turn, some documents a round: one round with nothing to say is no end yet.
            still = if moved { 0 } else { still + 1 };
            if still == ROUNDS_OF_KEYS {
                return;
            }
            before = Some(now);
        }
        let waits = |phone: &Phone| {
            let lines =
                phone.outbox().into_iter().map(|line| format!("{} {} on {}", line.seq, line.what, line.doc));
            format!("phone {}: {}", phone.0.at, lines.take(5).collect::<Vec<_>>().join(", "))
        };
        let waiting: Vec<String> = self.phones.iter().map(waits).collect();
        panic!("the town never comes to rest; {}", waiting.join("; "));
    }

    /// Everything that is wrong with the town at rest: lines of the ledger that are nowhere or twice, things
    /// that wait for ever, phones that show something else than a new phone of the same person would.
    pub fn complaints(&self) -> Vec<String> {
        let ledger: Ledger = self.world.ledger.borrow().clone();
        let mut wrong = ledger.check(&self.world, &self.phones);
        for phone in &self.phones {
            let waiting = phone.outbox();
            wrong.extend(waiting.iter().map(|line| format!("phone {} waits for ever: {line:?}", phone.0.at)));
            wrong.extend(mirror::differences(phone, &self.phones));
        }
        wrong
    }
    /// Runs until quiet and panics with every complaint there is.
    pub fn all_is_well(&self) {
        self.run_until_quiet();
        let wrong = self.complaints();
        assert!(wrong.is_empty(), "seed {}:\n{}", self.seed, wrong.join("\n"));
    }
    /// Hash of everything that happened.
    pub fn trace(&self) -> String {
        self.world.trace.borrow().sum()
    }
}

/// The organiser's machine at the office.
fn office_key() -> SoftKey {
    SoftKey::named(b"office")
}

fn founding(person: &Person) -> Founding {
    let values = Values::from([
        ("no".into(), person.no.into()),
        ("name".into(), person.name.into()),
        ("member".into(), true.into()),
    ]);
    let act = |(role, at): &(Role, &str)| to_cbor(&PersonAct::appoint(*role, OrgCode::new(*at)));
    let meta = Meta {
        id: person.id(),
        kind: PersonKind::NAME.into(),
        owner: person.id(),
        unit: OrgCode::new(person.unit),
        born_ms: MORNING_MS,
    };
    Founding { meta, values, acts: person.posts.iter().map(act).collect() }
}
