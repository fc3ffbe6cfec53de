//! Sealed documents at the desk: what stands, what does not, and that nothing of the words is anywhere.
//! `LIANXIN_FORGED=100000` tries more forged envelopes.

use crate::kit::dice::Dice;
use crate::kit::phone::NOW;
use crate::kit::sealed::{Matter, Pen, kind};
use crate::kit::{MINERS, RIGHTS, company, random_id};
use domain::modules::appeal::MatterAct;
use domain::modules::org::person_id;
use domain::{ActId, DocId, Edit, Entry, Hash, Meta, OrgCode, Receipt, Values, crdt};
use serde_bytes::{ByteArray, ByteBuf};
use server::demo::{SoftKey, enrol};
use server::desk::{Desk, Signing};
use server::log::{Log, Memory, Sqlite};
use server::recovery;
use std::collections::BTreeMap;
use sync::{Fate, Frame, Header, Item, KeyAsk, KeyNews, PROTO, Push, Request, What, native, read_envelope};

const CANARY: &str = "金丝雀：班长克扣奖金三千元";

fn pen(by: DocId, actor: u8) -> Pen {
    Pen { by, actor: [actor; 16] }
}

fn request(device: &str, pushes: Vec<(DocId, Item)>) -> Request {
    let push = pushes.into_iter().zip(1..).map(|((doc, item), seq)| Push { seq, doc, item }).collect();
    let (cursors, epoch) = (BTreeMap::new(), String::new());
    let (want, seen, keys, device) = (vec![], None, vec![], device.into());
    Request { proto: PROTO, device, epoch, cursors, push, want, seen, keys }
}

async fn push<L: Log>(desk: &Desk<L>, who: DocId, device: &str, pushes: Vec<(DocId, Item)>) -> Vec<Fate> {
    let frames = desk.answer(who, request(device, pushes), NOW).await.expect("an answer");
    let fate = |frame: Frame| if let Frame::Ack { fate, .. } = frame { Some(fate) } else { None };
    frames.into_iter().filter_map(fate).collect()
}

async fn desk_on<L: Log>(log: L) -> Desk<L> {
    let desk = Desk::open(log).await.expect("opens").with_signing(Signing::Optional);
    assert_eq!(desk.found_many(company(), NOW).await.expect("founds").refused, vec![]);
    desk
}

fn values() -> Values {
    Values::from([
        ("kind".into(), "claim".into()),
        ("title".into(), CANARY.into()),
        ("text".into(), CANARY.into()),
    ])
}

/// Li's sealed matter, handed in, with the officer's words in it; the officer's keys.
struct Town<L> {
    desk: Desk<L>,
    matter: Matter,
    li: Pen,
    officer: Pen,
    sent: Vec<Item>,
}

async fn town<L: Log>(log: L, recovery: Option<&[u8]>) -> Town<L> {
    let desk = desk_on(log).await;
    let (li, officer) = (pen(random_id(7), 1), pen(person_id(RIGHTS), 2));
    let (mut matter, born) = Matter::begin(&li, 7, "LB01", values());
    let doc = matter.doc;
    let key = native::pair_of([9; 32]).expect("a pair").public;
    let keys = matter.give(&li, &[&key], recovery);
    let submit = matter.act(&li, &MatterAct::Submit);
    let sent = vec![born, keys, submit];
    let pushes = sent.iter().map(|item| (doc, item.clone())).collect();
    let fates = push(&desk, person_id(MINERS[0]), "li", pushes).await;
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Accepted(_))), "{fates:?}");
    let said = matter.said(&officer, ActId([5; 16]), CANARY);
    let register = matter.act(&officer, &MatterAct::Register { note: String::new() });
    let fates = push(&desk, officer.by, "officer", vec![(doc, said.clone()), (doc, register)]).await;
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Accepted(_))), "{fates:?}");
    Town { desk, matter, li, officer, sent: [sent, vec![said]].concat() }
}

#[tokio::test]
async fn words_are_nowhere_in_the_server_s_files_and_its_books_check_out() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("log.sqlite");
    let town = town(Sqlite::open(&path).await.expect("opens"), None).await;
    let stored = town.desk.log().load(town.matter.doc).await.expect("reads").expect("there");
    assert_eq!(stored.row.status.code, "registered", "acts are judged without words");
    assert_eq!((stored.snapshot.len(), stored.row.number.is_some()), (0, true));
    town.desk.into_log().close().await;
    let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
    let wide: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut looked = 0;
    for file in std::fs::read_dir(home.path()).expect("lists") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("reads");
        looked += bytes.len();
        for part in [CANARY.as_bytes(), "克扣".as_bytes(), hex.as_bytes(), &wide] {
            assert!(!bytes.windows(part.len()).any(|window| window == part), "the words lie at the server");
        }
    }
    assert!(looked > 100_000, "the log was among them");
    let report = server::verify::verify(&server::verify::Wanted::new(&path, None, &[])).await;
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test]
async fn an_app_that_forgets_to_seal_words_is_not_let_in_with_them() {
    let mut town = town(Memory::new("first"), None).await;
    let doc = town.matter.doc;
    let loud = town.matter.act(&town.officer, &MatterAct::Accept { words: CANARY.into() });
    let fates = push(&town.desk, town.officer.by, "officer", vec![(doc, loud)]).await;
    assert!(matches!(&fates[0], Fate::Refused(domain::Refusal::Unreadable(code)) if code == "words"));
    let open =
        crdt::edit(&mut town.matter.body, [2; 16], kind().fields(), &[title("开放")]).unwrap().unwrap();
    let fates = push(&town.desk, town.officer.by, "officer", vec![(doc, Item::Change(open.into()))]).await;
    assert!(matches!(fates[0], Fate::Refused(_)), "an open change onto a sealed document: {fates:?}");
}

#[tokio::test]
async fn a_step_waits_for_the_words_that_it_is_about() {
    let mut town = town(Memory::new("first"), None).await;
    let doc = town.matter.doc;
    let said = town.matter.said(&town.officer, ActId([6; 16]), CANARY);
    let accept = town.matter.act(&town.officer, &MatterAct::Accept { words: String::new() });
    // From the clone of a phone that saw both, before the phone that wrote the words.
    let alone = push(&town.desk, town.officer.by, "a clone", vec![(doc, accept.clone())]).await;
    assert!(matches!(&alone[0], Fate::MissingDeps(lacks) if lacks.len() == 1), "{alone:?}");
    // It holds later steps, and not the words that it waits for.
    let later = town.matter.act(&town.officer, &MatterAct::Start { words: String::new() });
    let three = vec![(doc, accept.clone()), (doc, later), (doc, said)];
    let three = push(&town.desk, town.officer.by, "officer", three).await;
    assert!(
        matches!(three[..], [Fate::MissingDeps(_), Fate::Retry, Fate::Accepted(None)]),
        "the words come in: {three:?}"
    );
    let now = push(&town.desk, town.officer.by, "officer", vec![(doc, accept.clone())]).await;
    assert!(matches!(now[0], Fate::Accepted(Some(_))), "{now:?}");
    let again = push(&town.desk, town.officer.by, "a clone", vec![(doc, accept)]).await;
    assert!(matches!(again[0], Fate::Duplicate(Some(_))), "{again:?}");
}

#[tokio::test]
async fn what_has_to_be_sealed_does_not_come_open() {
    let desk = desk_on(Memory::new("first")).await.with_signing(Signing::Required);
    let (alias, doc) = (random_id(7), random_id(70));
    let meta =
        |owner| Meta { id: doc, kind: kind().name().into(), owner, unit: OrgCode::new("LB01"), born_ms: NOW };
    for (owner, stands) in [(alias, false), (person_id(MINERS[0]), true)] {
        let body = crdt::birth([3; 16], &meta(owner), kind().fields(), &values()).expect("born");
        let raw = body.get_changes(&[]).remove(0).raw_bytes().to_vec();
        let fates =
            push(&desk, person_id(MINERS[0]), "an old app", vec![(doc, Item::Change(raw.into()))]).await;
        assert_eq!(matches!(fates[0], Fate::Accepted(_)), stands, "{fates:?}");
    }
}

fn title(text: &str) -> Edit {
    Edit::Set { key: "title".into(), value: text.into() }
}

#[tokio::test]
async fn two_of_three_shares_open_every_sealed_document_and_one_opens_none() {
    let (pair, shares) = recovery::make().expect("randomness");
    let town = town(Memory::new("first"), Some(&pair.public)).await;
    let changes = town.desk.log().changes_since(town.matter.doc, 0).await.expect("reads");
    let envelopes: Vec<Vec<u8>> = changes.into_iter().map(|change| change.bytes).collect();
    for (i, j) in [(0, 1), (0, 2), (1, 2)] {
        let joined = recovery::join(&shares[i], &shares[j], &pair.public).expect("two of them");
        let raws = native::recover(town.matter.doc, &joined, &envelopes).expect("opens");
        let mut body = automerge::Automerge::new();
        for raw in raws {
            body.apply_changes([automerge::Change::from_bytes(raw).expect("a change")]).expect("applies");
        }
        let (_, values) = crdt::read(&body, town.matter.doc).expect("a document");
        assert_eq!(values.get("title"), Some(&CANARY.into()));
    }
    let (stranger, others) = recovery::make().expect("randomness");
    for share in &shares {
        assert_eq!(recovery::join(share, share, &pair.public), None, "one share is not two");
        assert_eq!(recovery::join(share, &others[0], &pair.public), None, "nor with one of another key");
    }
    assert_eq!(native::recover(town.matter.doc, &stranger, &envelopes), None);
}

#[tokio::test]
async fn a_new_key_without_one_for_the_owner_does_not_stand() {
    let mut town = town(Memory::new("first"), None).await;
    let (doc, owner) = (town.matter.doc, town.matter.owner.public.to_vec());
    let reader = native::pair_of([9; 32]).expect("a pair").public;
    town.matter.new_key();
    let without = town.matter.give(&town.officer, &[&reader], None);
    let fates = push(&town.desk, town.officer.by, "officer", vec![(doc, without)]).await;
    assert!(
        matches!(&fates[0], Fate::Refused(domain::Refusal::Unreadable(code)) if code == "owner_left_out"),
        "{fates:?}"
    );
    let with = town.matter.give(&town.officer, &[&owner, &reader], None);
    let later = town.matter.give(&town.officer, &[&reader], None);
    let fates = push(&town.desk, town.officer.by, "officer", vec![(doc, with), (doc, later)]).await;
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Accepted(_))), "{fates:?}");
}

/// What a reader's phone is told about the keys of a matter when it asks with the newest one.
async fn told<L: Log>(town: &Town<L>, who: DocId) -> Option<KeyNews> {
    let (kid, _) = town.matter.keys.last().expect("a key");
    let ask = vec![KeyAsk(town.matter.doc, sync::short(kid), 0)];
    let request = Request { keys: ask, ..request("officer", vec![]) };
    let frames = town.desk.answer(who, request, NOW).await.expect("an answer");
    frames.into_iter().find_map(|frame| if let Frame::Keys(news) = frame { Some(*news) } else { None })
}

#[tokio::test]
async fn a_generation_that_came_to_the_giver_later_is_given_on() {
    let mut town = town(Memory::new("first"), None).await;
    let (doc, officer) = (town.matter.doc, town.officer.by);
    let who = town.desk.who(officer, NOW).expect("the officer");
    let [one, two] = [b"one", b"two"].map(|name| SoftKey::named(name));
    for key in [&one, &two] {
        enrol(&town.desk, &who, key, "phone", NOW).await.expect("enrols");
    }
    let owner = town.matter.owner.public.to_vec();
    let both = [one.wrap_public(), two.wrap_public()];
    let all: Vec<&[u8]> = vec![&owner, &both[0], &both[1]];
    // The second phone has the first key and the third; something is sealed with each.
    let mut sent = vec![];
    for to in [&all[..], &all[..2], &all[..]] {
        town.matter.new_key();
        sent.push(town.matter.give(&town.officer, to, None));
        let act = ActId::derive(&[&sent.len().to_be_bytes()]);
        sent.push(town.matter.said(&town.officer, act, CANARY));
    }
    let pushes = sent.into_iter().map(|item| (doc, item)).collect();
    let fates = push(&town.desk, officer, "officer", pushes).await;
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Accepted(_))), "{fates:?}");
    let missed = town.matter.keys[town.matter.keys.len() - 2];
    let news = told(&town, officer).await.expect("news");
    assert_eq!(news.lack, [], "both have the newest");
    let old: Vec<_> = news.old.iter().filter(|(kid, _)| *kid == missed.0).collect();
    assert_eq!(old.len(), 1, "{:?}", news.old);
    let lacking: Vec<&[u8]> = old[0].1.iter().map(|card| &card.wrap_key[..]).collect();
    assert_eq!(lacking, [&two.wrap_public()[..]]);
    // Given on, there is nothing more to say of it.
    let newest = town.matter.keys.pop().expect("a key");
    let given = town.matter.give(&town.officer, &all[2..], None);
    town.matter.keys.push(newest);
    let fates = push(&town.desk, officer, "officer", vec![(doc, given)]).await;
    assert!(matches!(fates[..], [Fate::Accepted(_)]), "{fates:?}");
    let left = told(&town, officer).await.map(|news| news.old).unwrap_or_default();
    assert!(left.iter().all(|(kid, _)| *kid != missed.0), "{left:?}");
}

#[tokio::test]
async fn sealed_words_written_anew_stand_once_whichever_way_they_come_first() {
    for turn in [false, true] {
        let mut town = town(Memory::new("first"), None).await;
        let (doc, by) = (town.matter.doc, town.officer.by);
        let mut clone = town.matter.clone();
        let first = town.matter.edit(&pen(by, 40), title("热水"));
        let Item::Change(raw) = &first else { panic!("an envelope") };
        let name = read_envelope(raw).expect("an envelope").name;
        let again = clone.edit(&Pen { by, actor: sync::actor_again(name) }, title("热水"));
        let pushes = if turn { [again, first] } else { [first, again] };
        let mut fates = vec![];
        for one in pushes {
            fates.extend(push(&town.desk, by, "officer", vec![(doc, one)]).await);
        }
        assert!(matches!(fates[0], Fate::Accepted(_)), "{fates:?}");
        let is_used = |fate: &Fate| matches!(fate, Fate::Refused(domain::Refusal::Unreadable(code)) if code == "equivocation");
        assert!(is_used(&fates[1]), "{fates:?}");
    }
}

/// The matter after a reader has left, an open document of the officer's, and who forges.
struct Forge {
    town: Town<Memory>,
    /// The matter as somebody has it who has not heard of the new key.
    before: Matter,
    other: DocId,
}

impl Forge {
    async fn new() -> Self {
        let mut town = town(Memory::new("first"), None).await;
        let before = town.matter.clone();
        town.matter.new_key();
        let owner = town.matter.owner.public.to_vec();
        let renew = town.matter.give(&town.li, &[&owner, &native::pair_of([8; 32]).unwrap().public], None);
        let (li, doc) = (person_id(MINERS[0]), town.matter.doc);
        let fates = push(&town.desk, li, "li", vec![(doc, renew)]).await;
        assert!(matches!(fates[0], Fate::Accepted(_)), "{fates:?}");
        let (second, born) = Matter::begin(&pen(random_id(8), 3), 8, "LB01", values());
        let fates = push(&town.desk, person_id(MINERS[1]), "wang", vec![(second.doc, born)]).await;
        assert!(matches!(fates[0], Fate::Accepted(_)), "{fates:?}");
        Self { town, before, other: second.doc }
    }

    /// An honest envelope of somebody, whose header is then altered and closed again.
    fn altered(&self, pen: &Pen, turn: u64, alter: impl FnOnce(&mut Header)) -> Item {
        let mut matter = self.town.matter.clone();
        let key = domain::said_key(ActId::derive(&[&turn.to_be_bytes()]));
        let message = Some(format!("{turn}"));
        let set = Edit::Set { key, value: "伪造".into() };
        let raw = crdt::edit_as(&mut matter.body, pen.actor, kind().fields(), &[set], message);
        let raw = raw.unwrap().expect("differs");
        let mut header = matter.header(pen, &raw, What::Change);
        alter(&mut header);
        matter.close(&header, &raw)
    }

    /// One forged push: who sends it, onto what, and what it is.
    fn forge(&self, turn: u64, dice: &mut Dice) -> (DocId, DocId, Item) {
        let Town { matter, li, officer, sent, .. } = &self.town;
        let (doc, rights, zhao) = (matter.doc, officer.by, person_id(MINERS[3]));
        let unknown = DocId::derive(&[&turn.to_le_bytes()]);
        let fresh = |by: DocId| Pen { by, actor: unknown.0 };
        match dice.below(16) {
            // With another's actor: by a reader, by a stranger, and under another's name.
            0 => (rights, doc, self.altered(&Pen { by: rights, ..li.clone() }, turn, |_| {})),
            1 => (zhao, doc, self.altered(li, turn, |_| {})),
            2 => (rights, doc, self.altered(&fresh(li.by), turn, |_| {})),
            3 => (person_id(MINERS[0]), doc, self.altered(&fresh(rights), turn, |_| {})),
            // Onto what one may not read, with true and with invented predecessors.
            4 => (zhao, doc, self.altered(&fresh(zhao), turn, |_| {})),
            5 => {
                let deps = vec![Hash::of(&turn.to_le_bytes())];
                (zhao, doc, self.altered(&fresh(zhao), turn, |header| header.deps = deps))
            }
            // Onto another document: as it is, and with the other one's name in front.
            6 => (rights, self.other, self.altered(&fresh(rights), turn, |_| {})),
            7 => {
                let other = self.other;
                (rights, other, self.altered(&fresh(rights), turn, |header| header.doc = other))
            }
            // What was sent before: by another, onto another document, onto one that never was.
            8 => (rights, doc, sent[dice.below(2)].clone()),
            9 => (rights, [self.other, unknown][dice.below(2)], sent[dice.below(2)].clone()),
            // Times that no clock shows, in a birth and in an act.
            10 => (zhao, unknown, self.born(unknown, zhao, [i64::MAX, i64::MIN, 1 << 60][dice.below(3)])),
            11 => (rights, doc, self.act(turn, dice)),
            // Beside the new key: with the old one, and with one that never was.
            12 => {
                let kid = self.before.keys[0].0;
                (rights, doc, self.altered(&fresh(rights), turn, |header| header.kid = kid))
            }
            13 => {
                let kid = ByteArray::new(unknown.0);
                (rights, doc, self.altered(&fresh(rights), turn, |header| header.kid = kid))
            }
            // Numbers left out, and bytes that are no envelope.
            14 => (rights, doc, self.altered(&fresh(rights), turn, |header| header.seq = 2 + turn)),
            _ => {
                let Item::Change(whole) = self.altered(&fresh(rights), turn, |_| {}) else { panic!() };
                let mut bytes = whole.into_vec();
                let at = 4 + dice.below(bytes.len().min(300) - 4);
                bytes.truncate(at.max(5));
                (rights, doc, Item::Change(ByteBuf::from(bytes)))
            }
        }
    }

    fn born(&self, doc: DocId, by: DocId, born_ms: i64) -> Item {
        let Item::Change(born) = &self.town.sent[0] else { panic!("a birth") };
        let mut header = read_envelope(born).expect("reads").header;
        (header.doc, header.by, header.actor) = (doc, by, ByteArray::new(doc.0));
        header.name = Hash::of(&doc.0);
        if let What::Born { born_ms: claimed, .. } = &mut header.what {
            *claimed = born_ms;
        }
        Item::Change(ByteBuf::from(header.close(&[0; 272])))
    }

    /// An act with a receipt that nobody gave, or with words, or in another's name.
    fn act(&self, turn: u64, dice: &mut Dice) -> Item {
        let Town { matter, officer, li, .. } = &self.town;
        let at_ms = [NOW, i64::MAX, i64::MIN][dice.below(3)];
        let quiet = MatterAct::Accept { words: String::new() };
        let Item::Act(entry) = matter.clone().act(officer, &quiet) else { panic!("an act") };
        let entry = Entry { id: ActId::derive(&[b"forged", &turn.to_le_bytes()]), at_ms, ..entry };
        let receipt =
            Receipt { n: 1, at_ms, to: "closed".into(), stamped: None, by_name: "李".into(), signed: None };
        Item::Act(match dice.below(3) {
            0 => Entry { receipt: Some(receipt), ..entry },
            1 => Entry { by: li.by, ..entry },
            _ => {
                let loud = MatterAct::Accept { words: "偷看".into() };
                Entry { act: domain::to_cbor(&loud).into(), ..entry }
            }
        })
    }
}

async fn state(forge: &Forge) -> String {
    let mut all = String::new();
    for doc in [forge.town.matter.doc, forge.other] {
        let log = forge.town.desk.log();
        let (stored, changes) = (log.load(doc).await.unwrap(), log.changes_since(doc, 0).await.unwrap());
        let names: Vec<Hash> = changes.iter().map(|change| change.hash).collect();
        all.push_str(&format!("{stored:?} {names:?}\n"));
    }
    all
}

#[tokio::test]
async fn forged_envelopes_of_sealed_documents_have_no_effect_and_each_is_in_the_audit() {
    let number =
        |name: &str, otherwise| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (count, seed): (u64, u64) = (number("LIANXIN_FORGED", 2_000), number("LIANXIN_SEED", 1));
    let (forge, mut dice) = (Forge::new().await, Dice(seed));
    let (before, last) = (state(&forge).await, forge.town.desk.log().last().await.unwrap());
    let mut codes: BTreeMap<String, u64> = BTreeMap::new();
    for turn in 0..count {
        let (who, doc, item) = forge.forge(turn, &mut dice);
        let device = format!("forger {turn}");
        let fates = push(&forge.town.desk, who, &device, vec![(doc, item)]).await;
        // What is sealed with an older key is to be sealed anew; a replay is answered as the retry that it
        // would be from its author.
        let turned =
            matches!(fates[0], Fate::Refused(_) | Fate::MissingDeps(_) | Fate::Duplicate(None) | Fate::Retry);
        assert!(turned, "turn {turn} of seed {seed}: {fates:?}");
        let line = forge.town.desk.log().audit_tail(1).await.unwrap().pop().expect("a line");
        assert_eq!((line.device, line.person, line.doc), (device, who, doc), "turn {turn} of seed {seed}");
        *codes.entry(line.code).or_default() += 1;
        if turn % 1_000 == 0 {
            assert!(state(&forge).await == before, "turn {turn} of seed {seed} had an effect");
        }
    }
    assert!(state(&forge).await == before && forge.town.desk.log().last().await.unwrap() == last);
    println!("{count} forged, seed {seed}: {codes:?}");
    // Afterwards the honest officer goes on as if nothing had been.
    let Forge { mut town, .. } = forge;
    let said = town.matter.said(&town.officer, ActId([6; 16]), "办理中");
    let fates = push(&town.desk, town.officer.by, "officer", vec![(town.matter.doc, said)]).await;
    assert!(matches!(fates[0], Fate::Accepted(_)), "{fates:?}");
}
