//! Envelopes that lie: somebody else's actor, name or document, what was sent before, times that never were.
//! None has an effect and each leaves a line in the audit. `LIANXIN_FORGED=100000` tries more.

use crate::kit::dice::Dice;
use crate::kit::kinds::{NoteAct, kinds};
use crate::kit::phone::{NOW, Phone};
use crate::kit::{MINERS, ORGANISER, RIGHTS, all_accepted, desk, phone};
use automerge::{ActorId, Change, ExpandedChange};
use domain::modules::org::person_id;
use domain::{ActId, DocId, Entry, Hash, Reader, Receipt, Values};
use serde_bytes::ByteBuf;
use server::desk::Desk;
use server::log::{Log, Memory, Stored};
use std::collections::BTreeMap;
use sync::{Fate, Frame, Item, PROTO, Push, Request};

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Li's note that Wang reads and Zhao does not, a card that only organisers edit, and what was honestly sent.
struct Town {
    desk: Desk<Memory>,
    li: Phone,
    wang: Phone,
    note: DocId,
    wangs: DocId,
    card: DocId,
    card_body: Vec<u8>,
    sent: Vec<Push>,
}

async fn town() -> Town {
    let desk = desk().await;
    let (mut li, mut wang, mut officer) = (phone(MINERS[0]), phone(MINERS[1]), phone(ORGANISER));
    let note = li.note("LB01.1.1", "一");
    li.title(note, "二");
    li.act(note, &NoteAct::Share(Reader::Person(person_id(MINERS[1]))));
    li.act(note, &NoteAct::Stamp);
    let sent = li.outbox.clone();
    assert!(all_accepted(&li.sync(&desk).await));
    let wangs = wang.note("LB01.1.1", "王");
    assert!(all_accepted(&wang.sync(&desk).await));
    let card = officer.begin("test.card", officer.me, "LB01", Values::from([("name".into(), "卡".into())]));
    assert!(all_accepted(&officer.sync(&desk).await));
    let card_body = desk.log().load(card).await.unwrap().expect("there").snapshot;
    Town { desk, li, wang, note, wangs, card, card_body, sent }
}

impl Town {
    async fn state(&self) -> Vec<Option<Stored>> {
        let mut all = vec![];
        for doc in [self.note, self.wangs, self.card] {
            all.push(self.desk.log().load(doc).await.unwrap());
        }
        all
    }

    /// An honest change of a phone that is then altered.
    fn change(&self, of: &Phone, doc: DocId, alter: impl FnOnce(&mut ExpandedChange)) -> Item {
        let mut copy = of.clone();
        copy.title(doc, "伪造");
        let Some(Push { item: Item::Change(raw), .. }) = copy.outbox.pop() else { panic!("a change") };
        let mut change = Change::try_from(&raw[..]).expect("a change").decode();
        alter(&mut change);
        Item::Change(ByteBuf::from(Change::from(change).raw_bytes().to_vec()))
    }

    /// One forged push: who sends it, onto what, and what it is.
    fn forge(&self, turn: u64, dice: &mut Dice) -> (DocId, DocId, Item) {
        let (wang, zhao, unknown) =
            (self.wang.me, person_id(MINERS[3]), DocId::derive(&[&turn.to_le_bytes()]));
        let noise = |change: &mut ExpandedChange| change.message = Some(format!("{turn}"));
        match dice.below(12) {
            // With Li's actor, from a reader and from a stranger.
            0 => (wang, self.note, self.change(&self.li, self.note, noise)),
            1 => (zhao, self.note, self.change(&self.li, self.note, noise)),
            // With an own actor onto what one may not read, with true and with invented predecessors.
            2 => (
                zhao,
                self.note,
                self.change(&self.li, self.note, |change| {
                    (change.actor_id, change.seq) = (ActorId::from(unknown.0), 1);
                }),
            ),
            3 => (
                zhao,
                self.note,
                self.change(&self.li, self.note, |change| {
                    (change.actor_id, change.seq) = (ActorId::from(unknown.0), 1);
                    change.deps = vec![automerge::ChangeHash(Hash::of(&turn.to_le_bytes()).0)];
                }),
            ),
            // What was sent before: by another, onto another document, onto one that never was.
            4 => (wang, self.note, self.sent[dice.below(self.sent.len())].item.clone()),
            5 => (wang, self.wangs, self.sent[dice.below(2)].item.clone()),
            6 => (zhao, unknown, self.sent[1].item.clone()),
            // Times that no clock shows.
            7 => (
                self.li.me,
                self.note,
                self.change(&self.li, self.note, |change| {
                    change.time = [i64::MAX, i64::MIN, 1 << 60][dice.below(3)];
                }),
            ),
            8 => (wang, self.note, self.act(turn, dice)),
            // Written beside what is closed to him.
            9 => (person_id(RIGHTS), self.card, self.beside(unknown)),
            10 => (wang, self.note, Item::Act(Entry { by: self.li.me, ..self.entry(turn) })),
            _ => (zhao, self.note, Item::Act(Entry { by: zhao, about: vec![], ..self.entry(turn) })),
        }
    }

    fn entry(&self, turn: u64) -> Entry {
        let id = ActId::derive(&[b"forged", &turn.to_le_bytes()]);
        Entry { id, by: self.wang.me, ..self.li.entry(self.note, &NoteAct::Close) }
    }

    /// An act with a receipt that nobody gave, or of a time to come.
    fn act(&self, turn: u64, dice: &mut Dice) -> Item {
        let at_ms = [NOW, i64::MAX, i64::MIN][dice.below(3)];
        let receipt =
            Receipt { n: 1, at_ms, to: "closed".into(), stamped: None, by_name: "李".into(), signed: None };
        Item::Act(Entry { at_ms, receipt: Some(receipt), ..self.entry(turn) })
    }

    /// A change onto the card as it was born, by somebody who never edits it.
    fn beside(&self, actor: DocId) -> Item {
        let kind = kinds().iter().find(|kind| kind.name() == "test.card").expect("a kind");
        let mut doc = automerge::Automerge::load(&self.card_body).expect("loads");
        let set = domain::Edit::Set { key: "name".into(), value: "改".into() };
        let raw = domain::crdt::edit(&mut doc, actor.0, kind.fields(), &[set]).unwrap().expect("differs");
        Item::Change(ByteBuf::from(raw))
    }
}

fn request(device: &str, push: Push) -> Request {
    let (cursors, want) = (BTreeMap::new(), vec![]);
    let (device, epoch) = (device.into(), String::new());
    let (push, seen, keys) = (vec![push], None, vec![]);
    Request { proto: PROTO, device, epoch, cursors, push, want, seen, keys }
}

#[tokio::test]
async fn forged_envelopes_have_no_effect_and_each_is_in_the_audit() {
    let (count, seed) = (number("LIANXIN_FORGED", 2_000), number("LIANXIN_SEED", 1));
    let (town, mut dice) = (town().await, Dice(seed));
    let (before, people) = (town.state().await, town.desk.described(town.li.me));
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for turn in 0..count {
        let (who, doc, item) = town.forge(turn, &mut dice);
        let device = format!("forger {turn}");
        let request = request(&device, Push { seq: 1, doc, item });
        let frames = town.desk.answer(who, request, NOW).await.unwrap();
        let Frame::Ack { fate, .. } = &frames[0] else { panic!("{frames:?}") };
        // A replay is answered as a retry, which is what it would be from its author.
        let turned = matches!(fate, Fate::Refused(_) | Fate::MissingDeps(_) | Fate::Duplicate(None));
        assert!(turned, "turn {turn} of seed {seed}: {fate:?}");
        let line = town.desk.log().audit_tail(1).await.unwrap().pop().expect("a line");
        assert_eq!((line.device, line.person, line.doc), (device, who, doc), "turn {turn} of seed {seed}");
        *codes.entry(line.code).or_default() += 1;
        if turn % 1_000 == 0 {
            assert!(town.state().await == before, "turn {turn} of seed {seed} had an effect");
        }
    }
    assert!(town.state().await == before && town.desk.described(town.li.me) == people);
    println!("{count} forged, seed {seed}: {codes:?}");
    // Afterwards the honest owner goes on as if nothing had been.
    let Town { desk, mut li, note, .. } = town;
    li.title(note, "三");
    assert!(all_accepted(&li.sync(&desk).await));
}
