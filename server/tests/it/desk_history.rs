//! However writes, grants, revokes and cut links interleave, a phone that gets through at last holds exactly
//! what a new phone of the same person would be given. Cursors are wrong in one way in every product that
//! has them; this is the test for that.

use crate::kit::kinds::NoteAct;
use crate::kit::phone::Phone;
use crate::kit::{ADMIN, MINERS, ORGANISER, RIGHTS, desk, desk_on_disk, phone};
use automerge::ReadDoc;
use domain::modules::org::{PersonAct, person_id};
use domain::{DocId, OrgCode, Reader, Role};
use proptest::prelude::*;
use server::desk::{Desk, Pages};
use server::log::Log;

/// One thing that happens; numbers pick persons, documents and readers.
#[derive(Clone, Debug)]
enum Event {
    Begin(usize, usize),
    Edit(usize, usize),
    Share(usize, usize, usize),
    Unshare(usize, usize, usize),
    Seen(usize, usize),
    Close(usize, usize),
    Post(usize, usize, bool),
    /// A request whose answer is cut behind so many frames (in percent).
    Cut(usize, usize),
    Sync(usize),
}

const PEOPLE: [&str; 6] = [MINERS[0], MINERS[1], MINERS[3], RIGHTS, ORGANISER, MINERS[4]];

fn readers() -> Vec<Reader> {
    let at = OrgCode::new;
    vec![
        Reader::Members,
        Reader::Unit(at("LB01")),
        Reader::Unit(at("LB02")),
        Reader::Officers(at("LB01.1")),
        Reader::Role(Role::Rights, at("LB01")),
        Reader::Role(Role::Rights, at("LB02.1")),
        Reader::Person(person_id(PEOPLE[1])),
        Reader::Person(person_id(PEOPLE[2])),
    ]
}

fn posts() -> [(Role, OrgCode); 4] {
    let at = OrgCode::new;
    [
        (Role::Rights, at("LB01")),
        (Role::Rights, at("LB")),
        (Role::GroupLeader, at("LB01.1.1")),
        (Role::UnitChair, at("LB02")),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let person = 0..PEOPLE.len();
    let doc = 0usize..40;
    let reader = 0usize..8;
    prop_oneof![
        3 => (person.clone(), 0usize..3).prop_map(|(p, u)| Event::Begin(p, u)),
        5 => (person.clone(), doc.clone()).prop_map(|(p, d)| Event::Edit(p, d)),
        5 => (person.clone(), doc.clone(), reader.clone()).prop_map(|(p, d, r)| Event::Share(p, d, r)),
        3 => (person.clone(), doc.clone(), reader).prop_map(|(p, d, r)| Event::Unshare(p, d, r)),
        3 => (person.clone(), doc.clone()).prop_map(|(p, d)| Event::Seen(p, d)),
        1 => (person.clone(), doc).prop_map(|(p, d)| Event::Close(p, d)),
        2 => (person.clone(), 0usize..4, any::<bool>()).prop_map(|(p, r, b)| Event::Post(p, r, b)),
        6 => (person.clone(), 0usize..100).prop_map(|(p, cut)| Event::Cut(p, cut)),
        3 => person.prop_map(Event::Sync),
    ]
}

struct World<L> {
    desk: Desk<L>,
    phones: Vec<Phone>,
    admin: Phone,
}

impl<L: Log> World<L> {
    fn new(desk: Desk<L>) -> Self {
        // Pages so small that nearly every answer has several.
        let desk = desk.with_pages(Pages {
            docs: 2,
            bytes: 3_000,
            first_bytes: 1_500,
            pages: 3,
            answer_bytes: 6_000,
        });
        Self { desk, phones: PEOPLE.iter().map(|no| phone(no)).collect(), admin: phone(ADMIN) }
    }

    /// A note that this phone holds with its body.
    fn some(&self, person: usize, pick: usize) -> Option<DocId> {
        let notes: Vec<DocId> = self.phones[person]
            .docs
            .iter()
            .filter(|(_, held)| held.kind == "test.note" && held.body.is_some())
            .map(|(id, _)| *id)
            .collect();
        notes.get(pick % notes.len().max(1)).copied()
    }

    async fn happen(&mut self, event: &Event) {
        match *event {
            Event::Begin(p, u) => {
                self.phones[p].note(["LB01", "LB01.1.1", "LB02.1"][u], "新");
            }
            Event::Edit(p, d) => self.edit(p, d),
            Event::Share(p, d, r) => self.act(p, d, NoteAct::Share(readers()[r].clone())),
            Event::Unshare(p, d, r) => self.act(p, d, NoteAct::Unshare(readers()[r].clone())),
            Event::Seen(p, d) => self.act(p, d, NoteAct::Seen),
            Event::Close(p, d) => self.act(p, d, NoteAct::Close),
            Event::Post(p, r, appoint) => {
                let (role, at) = posts()[r].clone();
                let act = if appoint {
                    PersonAct::appoint(role, at)
                } else {
                    PersonAct::dismiss(role, at, "轮换")
                };
                self.admin.act(person_id(PEOPLE[p]), &act);
                self.admin.sync(&self.desk).await;
            }
            Event::Cut(p, cut) => {
                let mut once = self.phones[p].clone();
                let all = once.sync_cut(&self.desk, usize::MAX).await;
                // The same request again, as after a lost answer, but heard only in part.
                self.phones[p].sync_cut(&self.desk, all * cut / 100).await;
            }
            Event::Sync(p) => drop(self.phones[p].sync(&self.desk).await),
        }
    }

    fn edit(&mut self, person: usize, pick: usize) {
        let Some(doc) = self.some(person, pick) else { return };
        let title = format!("{person} {}", self.phones[person].outbox.len() + self.phones[person].requests);
        if self.phones[person].values(doc).get("title") != Some(&title.as_str().into()) {
            self.phones[person].title(doc, &title);
        }
    }

    fn act(&mut self, person: usize, pick: usize, act: NoteAct) {
        if let Some(doc) = self.some(person, pick) {
            self.phones[person].act(doc, &act);
        }
    }

    /// Everybody gets through; then each holds what a new phone is given.
    async fn settle_and_compare(mut self) {
        for i in 0..self.phones.len() {
            // Twice: what waited for something of the first round.
            self.phones[i].sync(&self.desk).await;
            self.phones[i].sync(&self.desk).await;
        }
        for (phone, no) in self.phones.iter_mut().zip(PEOPLE) {
            phone.outbox.clear();
            phone.sync(&self.desk).await;
            let mut cold = Phone::new(phone.me, "cold");
            cold.sync(&self.desk).await;
            same(phone, &cold, no);
        }
    }
}

fn same(phone: &Phone, cold: &Phone, no: &str) {
    let ids = |phone: &Phone| -> Vec<DocId> {
        phone.docs.iter().filter(|(_, held)| held.row.is_some()).map(|(id, _)| *id).collect()
    };
    assert_eq!(ids(phone), ids(cold), "{no} holds what he may read, no more, no less");
    for (id, fresh) in &cold.docs {
        let held = &phone.docs[id];
        assert_eq!((&held.row, &held.scopes), (&fresh.row, &fresh.scopes), "{no} {id}");
        for (act, entry) in &fresh.acts {
            assert_eq!(held.acts.get(act), Some(entry), "{no} {id}: an act is missing");
        }
        let Some(body) = &fresh.body else { continue };
        let mine = held.body.as_ref().unwrap_or_else(|| panic!("{no} {id}: no body"));
        for change in body.get_changes(&[]) {
            assert!(mine.get_change_by_hash(&change.hash()).is_some(), "{no} {id}: a change is missing");
        }
    }
}

/// So many, unless somebody asks for more of them.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok()).unwrap_or(usual)
}

fn run<L: Log>(events: &[Event], desk: impl Future<Output = Desk<L>>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new(desk.await);
        for event in events {
            world.happen(event).await;
        }
        world.settle_and_compare().await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(60), max_shrink_iters: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn a_phone_ends_with_what_a_new_phone_is_given(events in prop::collection::vec(event(), 1..90)) {
        run(&events, desk());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(8), max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn and_so_it_is_on_disk(events in prop::collection::vec(event(), 1..60)) {
        let home = std::cell::RefCell::new(None);
        run(&events, async {
            let (desk, folder) = desk_on_disk().await;
            home.replace(Some(folder));
            desk
        });
    }
}

#[test]
fn a_note_that_moved_and_left_behind_a_page_does_not_stay() {
    use Event::*;
    let events = [
        Begin(3, 0),
        Begin(0, 0),
        Share(3, 0, 0),
        Cut(3, 0),
        Sync(5),
        Share(3, 0, 3),
        Sync(4),
        Unshare(5, 0, 0),
        Cut(5, 0),
        Cut(3, 0),
        Begin(4, 0),
        Cut(4, 63),
        Unshare(3, 0, 3),
    ];
    run(&events, desk());
}

#[test]
fn what_waited_until_it_was_cleared_does_not_stay() {
    use Event::*;
    let events = [
        Begin(4, 0),
        Begin(4, 0),
        Begin(1, 0),
        Share(1, 0, 0),
        Share(4, 20, 4),
        Share(4, 1, 0),
        Sync(4),
        Cut(1, 0),
        Sync(2),
        Sync(3),
        Edit(2, 0),
        Unshare(3, 3, 4),
        Sync(2),
        Edit(3, 3),
        Share(3, 33, 0),
        Cut(3, 29),
    ];
    run(&events, desk());
}
