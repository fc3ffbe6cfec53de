//! The book outside of the phones (design idea 5): whatever a phone answered "kept" is written down here,
//! from the durable disk, and in the end each line must be on the server, in that phone's outbox, or in
//! its "needs attention": nowhere else, and nowhere twice.

use crate::phone::{App, Inner, Phone};
use crate::step::finish;
use crate::world::{Name, World};
use automerge::Change;
use domain::bridge::{Answer, Ask, Resolve};
use domain::{DocId, Hash, from_cbor, to_cbor};
use repo::{AttRec, OutItem};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::{Col, Disk, Memory, Store};

/// One thing that a phone called kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The document.
    pub doc: DocId,
    /// What it was, in words.
    pub what: String,
    /// Its places in the outbox: one, or several for a long text or an act with offspring.
    pub places: Vec<u64>,
    /// Those of them that the person did not write (an act's offspring).
    pub made: BTreeSet<u64>,
}

/// The book.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    kept: BTreeMap<(usize, u64), Kept>,
    files: BTreeSet<(usize, Hash)>,
    /// Lines that the person was taking back or throwing away when the battery fell out.
    doubtful: BTreeSet<(usize, u64)>,
    /// Lines that were not on the durable disk when the phone said so.
    broken: Vec<String>,
}

impl Ledger {
    /// Things kept so far.
    pub fn len(&self) -> usize {
        self.kept.len() + self.files.len()
    }
    /// Nothing was kept yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Asks a phone and writes down what it calls kept.
pub(crate) async fn asked(phone: Rc<Inner>, app: Rc<App>, ask: Ask) -> Answer {
    let settled = match &ask {
        Ask::Settle { id, how } => Some((*id, *how)),
        _ => None,
    };
    let words = settled.and_then(|(id, _)| attention(&phone.disk).remove(&id));
    let undone = if let Ask::Undo { seq } = &ask { group_of(&phone.disk, *seq) } else { None };
    let gone: Vec<(u64, u64)> = phone.world.ledger.borrow().told_by(&phone, words.as_ref());
    let undone_or_gone = gone.iter().map(|(group, _)| *group).chain(undone);
    let doubtful = phone.world.ledger.borrow_mut().doubt(phone.at, undone_or_gone);
    let answer = app.ask(ask).await;
    phone.world.note("answer", &to_cbor(&answer));
    let mut ledger = phone.world.ledger.borrow_mut();
    ledger.doubtful.retain(|line| !doubtful.contains(line));
    match &answer {
        Answer::Kept { doc, seq: Some(group) } => ledger.write_down(&phone, *doc, *group),
        Answer::Stored(hash) => drop(ledger.files.insert((phone.at, *hash))),
        _ => {}
    }
    let done = matches!(answer, Answer::Done | Answer::Kept { .. });
    if let (true, Some(group)) = (done, undone) {
        ledger.kept.remove(&(phone.at, group));
    }
    if let (true, Some((_, Resolve::Discard | Resolve::Reuse))) = (done, settled) {
        ledger.strike_out(phone.at, &gone);
    }
    answer
}

impl Ledger {
    fn write_down(&mut self, phone: &Inner, doc: DocId, group: u64) {
        let items: Vec<(u64, OutItem)> =
            outbox(&phone.disk).into_iter().filter(|(_, item)| item.group == group).collect();
        let Some((_, first)) = items.first() else {
            self.broken.push(format!("phone {}: {group} was called kept and is not on the disk", phone.at));
            return;
        };
        let mut pushed = phone.world.pushed.borrow_mut();
        for (place, item) in &items {
            let names = pushed.entry((phone.at, *place)).or_default();
            names.extend(names_of(item));
        }
        let made = items.iter().filter(|(_, item)| item.made).map(|(place, _)| *place).collect();
        let places = items.iter().map(|(place, _)| *place).collect();
        self.kept.insert((phone.at, group), Kept { doc, what: first.what.clone(), places, made });
    }

    /// The lines, by group and place, that these words in "needs attention" are. What came back after a restore lies
    /// in another place than where it was first kept, under the same name.
    fn told_by(&self, phone: &Inner, words: Option<&AttRec>) -> Vec<(u64, u64)> {
        let items: Vec<&(u64, OutItem)> = words.into_iter().flat_map(|rec| &rec.items).collect();
        let names: BTreeSet<Name> = items.iter().flat_map(|(_, item)| names_of(item)).collect();
        let pushed = phone.world.pushed.borrow();
        let is_told = |place: &u64| {
            let same = pushed.get(&(phone.at, *place)).is_some_and(|all| !all.is_disjoint(&names));
            same || items.iter().any(|(other, _)| other == place)
        };
        let lines = self.kept.range((phone.at, 0)..=(phone.at, u64::MAX));
        let places = |(id, kept): (&(usize, u64), &Kept)| {
            let told: Vec<u64> = kept.places.iter().copied().filter(is_told).collect();
            told.into_iter().map(|place| (id.1, place)).collect::<Vec<_>>()
        };
        lines.flat_map(places).collect()
    }

    /// Marks what may be gone soon; returns the marks that are new.
    fn doubt(&mut self, phone: usize, groups: impl Iterator<Item = u64>) -> Vec<(usize, u64)> {
        groups.map(|group| (phone, group)).filter(|line| self.doubtful.insert(*line)).collect()
    }

    /// The person threw the words away, or they live on under a new line.
    fn strike_out(&mut self, phone: usize, gone: &[(u64, u64)]) {
        for (group, place) in gone {
            let Some(kept) = self.kept.get_mut(&(phone, *group)) else { continue };
            kept.places.retain(|other| other != place);
            if kept.places.iter().all(|place| kept.made.contains(place)) {
                self.kept.remove(&(phone, *group));
            }
        }
    }

    /// What is wrong, in words; empty when every line is where it must be.
    pub(crate) fn check(&self, world: &World, phones: &[Phone]) -> Vec<String> {
        let mut wrong = self.broken.clone();
        let rewritten = Rewritten { phones, read: RefCell::default() };
        for phone in phones {
            let (out, att) = (outbox(&phone.0.disk), attention(&phone.0.disk));
            let listed: BTreeSet<u64> = phone.outbox().into_iter().map(|line| line.seq).collect();
            let rows: BTreeSet<DocId> = rows_of(phone);
            let noted: BTreeSet<u64> = phone.attention().into_iter().map(|one| one.id).collect();
            let again = Renamed::of(&out, &att);
            let lines = self.kept.range((phone.0.at, 0)..=(phone.0.at, u64::MAX));
            for (id, kept) in lines.filter(|(id, _)| !self.doubtful.contains(id)) {
                let (out, att, listed, noted, rows, again) = (&out, &att, &listed, &noted, &rows, &again);
                let (phone, rewritten) = (phone.0.at, &rewritten);
                let whole = Whole { world, phone, out, att, listed, noted, rows, again, rewritten };
                wrong.extend(whole.check(id.1, kept));
            }
        }
        wrong.extend(self.files.iter().filter_map(|(at, hash)| lost_file(world, phones, *at, *hash)));
        wrong
    }
}

/// All places where a line of one phone may be.
struct Whole<'w> {
    world: &'w World,
    phone: usize,
    out: &'w BTreeMap<u64, OutItem>,
    att: &'w BTreeMap<u64, AttRec>,
    listed: &'w BTreeSet<u64>,
    noted: &'w BTreeSet<u64>,
    rows: &'w BTreeSet<DocId>,
    again: &'w Renamed,
    rewritten: &'w Rewritten<'w>,
}

/// What lies in outbox and attention, by what it is: after a restore of the server, what had been delivered
/// waits again, in other places.
struct Renamed {
    out: BTreeSet<Name>,
    att: BTreeSet<Name>,
}

impl Renamed {
    fn of(out: &BTreeMap<u64, OutItem>, att: &BTreeMap<u64, AttRec>) -> Self {
        Self {
            out: out.values().flat_map(names_of).collect(),
            att: att.values().flat_map(|rec| rec.items.iter().flat_map(|(_, item)| names_of(item))).collect(),
        }
    }
}

/// By what an item may stand at the server. Words used again go by the name that they had first too, so that two
/// clones do it once.
fn names_of(item: &OutItem) -> impl Iterator<Item = Name> {
    Name::of(&item.item).into_iter().chain(item.first.map(Name::Change))
}

impl Whole<'_> {
    fn check(&self, group: u64, kept: &Kept) -> Vec<String> {
        let fallen = kept.places.iter().any(|place| !kept.made.contains(place) && self.in_attention(*place));
        let at = |place: &u64| {
            let server = self.at_server(kept.doc, *place);
            let (mut waits, mut noted) = (self.waits(*place), self.in_attention(*place));
            if (server, waits, noted) == (0, false, false) {
                (waits, noted) = self.elsewhere(*place);
            }
            (*place, server, waits, noted)
        };
        let complain = |(place, server, waits, attention): (u64, usize, bool, bool)| {
            let silent = kept.made.contains(&place) && fallen;
            let who =
                format!("phone {} place {place} of {group} ({} on {})", self.phone, kept.what, kept.doc);
            match (server, waits, attention) {
                (0, false, false) if !silent => Some(format!("{who} is nowhere")),
                (2.., ..) => Some(format!("{who} is on the server {server} times")),
                (1, _, true) if self.holds(kept.doc) => Some(format!("{who} stands and is in attention")),
                (_, true, true) => Some(format!("{who} waits and is in attention")),
                _ => None,
            }
        };
        kept.places.iter().map(at).filter_map(complain).collect()
    }
    /// How often it stands at the server: under a name that this place was pushed as, or carried out again
    /// by a clone.
    fn at_server(&self, doc: DocId, place: u64) -> usize {
        let pushed = self.world.pushed.borrow();
        let names: Vec<Name> = pushed.get(&(self.phone, place)).into_iter().flatten().copied().collect();
        let mut standing: BTreeSet<Name> =
            names.iter().filter(|name| is_at_server(self.world, name)).copied().collect();
        standing.extend(names.iter().flat_map(|name| self.rewritten.of(self.world, doc, name)));
        standing.len()
    }
    /// A phone that may not read a document (any more) cannot see that a clone's copy of its work stands.
    fn holds(&self, doc: DocId) -> bool {
        self.rows.contains(&doc)
    }
    /// Does it wait, or need attention, in another place than the one where it was first kept?
    fn elsewhere(&self, place: u64) -> (bool, bool) {
        let pushed = self.world.pushed.borrow();
        let names: Vec<&Name> = pushed.get(&(self.phone, place)).into_iter().flatten().collect();
        let any = |all: &BTreeSet<Name>| names.iter().any(|name| all.contains(name));
        (any(&self.again.out), any(&self.again.att))
    }
    fn waits(&self, place: u64) -> bool {
        self.out.get(&place).is_some_and(|item| self.listed.contains(&item.group))
    }
    fn in_attention(&self, place: u64) -> bool {
        let holds = |rec: &AttRec| rec.items.iter().any(|(other, _)| *other == place);
        self.att.iter().any(|(id, rec)| self.noted.contains(id) && holds(rec))
    }
}

fn is_at_server(world: &World, name: &Name) -> bool {
    use server::log::Log;
    let desk = world.desk();
    match name {
        Name::Change(hash) => finish(desk.log().find_change(*hash)).expect("memory answers").is_some(),
        Name::Act(id) => finish(desk.log().find_act(*id)).expect("memory answers").is_some(),
    }
}

/// Changes that say they are an earlier one, written again: by document and that one's name.
struct Rewritten<'p> {
    phones: &'p [Phone],
    read: RefCell<BTreeMap<DocId, BTreeMap<Hash, Vec<Name>>>>,
}

impl Rewritten<'_> {
    fn of(&self, world: &World, doc: DocId, name: &Name) -> Vec<Name> {
        let Name::Change(first) = name else { return vec![] };
        let mut read = self.read.borrow_mut();
        let all = read.entry(doc).or_insert_with(|| self.all(world, doc));
        all.get(first).cloned().unwrap_or_default()
    }

    fn all(&self, world: &World, doc: DocId) -> BTreeMap<Hash, Vec<Name>> {
        use server::log::Log;
        let there = finish(world.desk().log().changes_since(doc, 0)).expect("memory answers");
        let there: Vec<Vec<u8>> = there.into_iter().map(|change| change.bytes).collect();
        let envelopes = there.iter().filter_map(|raw| Some(sync::read_envelope(raw)?.name));
        let sealed: BTreeSet<Hash> = envelopes.collect();
        let open = there.iter().filter(|raw| !sync::is_sealed(raw)).cloned();
        let mut all: BTreeMap<Hash, Vec<Name>> = BTreeMap::new();
        // What is in an envelope, only those phones know that hold its key.
        let opened = self.phones.iter().flat_map(|phone| letters(phone, doc, &sealed));
        for change in open.filter_map(|raw| Change::from_bytes(raw).ok()).chain(opened) {
            let name = Name::Change(Hash(change.hash().0));
            let Some(first) = first_of(&change) else { continue };
            let names = all.entry(first).or_default();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        all
    }
}

/// The name that the words of a change had first, when it says that they were written anew.
pub fn first_of(change: &Change) -> Option<Hash> {
    change.message().and_then(|words| Hash::parse(words.split(' ').next()?))
}

/// The changes of a sealed document that this phone could open, as far as they stand at the server.
fn letters(phone: &Phone, doc: DocId, sealed: &BTreeSet<Hash>) -> Vec<Change> {
    if sealed.is_empty() {
        return vec![];
    }
    let body = phone.record(doc).and_then(|rec| rec.body);
    let Some(body) = body.and_then(|bytes| automerge::Automerge::load(&bytes).ok()) else { return vec![] };
    body.get_changes(&[]).into_iter().filter(|change| sealed.contains(&Hash(change.hash().0))).collect()
}

fn rows_of(phone: &Phone) -> BTreeSet<DocId> {
    let all = domain::modules::kinds().iter().flat_map(|kind| phone.list(kind.name()));
    all.map(|line| line.row.id).collect()
}

fn lost_file(world: &World, phones: &[Phone], at: usize, hash: Hash) -> Option<String> {
    let phone = phones.iter().find(|phone| phone.0.at == at)?;
    let here =
        || finish(Memory(phone.0.disk.clone()).get(Col::Blobs, &hash.0)).is_ok_and(|bytes| bytes.is_some());
    // Whoever had no room for a picture that the server had let it go, and then the server lost it.
    let let_go = || world.restored.get() && phone.let_go(hash);
    (!world.has_file(hash) && !here() && !let_go()).then(|| format!("phone {at}: picture {hash} is nowhere"))
}

/// The outbox as it lies on the durable disk.
fn outbox(disk: &Rc<Disk>) -> BTreeMap<u64, OutItem> {
    read(disk, Col::Outbox)
}

/// Attention as it lies on the durable disk.
fn attention(disk: &Rc<Disk>) -> BTreeMap<u64, AttRec> {
    read(disk, Col::Attention)
}

fn read<T: serde::de::DeserializeOwned>(disk: &Rc<Disk>, col: Col) -> BTreeMap<u64, T> {
    let place = |key: &[u8]| u64::from_be_bytes(key.try_into().expect("a place"));
    disk.durable(col).iter().map(|(key, value)| (place(key), from_cbor(value).expect("reads"))).collect()
}

fn group_of(disk: &Rc<Disk>, place: u64) -> Option<u64> {
    outbox(disk).get(&place).map(|item| item.group)
}
