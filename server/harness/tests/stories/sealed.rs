//! Sealed matters: who may read reads, nobody else does, the server least of all.

use crate::kit::*;
use domain::Role;
use domain::bridge::Answer;
use domain::modules::appeal::MatterAct;
use domain::{DocId, OrgCode};
use harness::{Phone, Town, cast, finish, refusal};
use server::log::Log;
use server::recovery;
use sync::{native, read_envelope};

const TITLE: &str = "班长克扣奖金三千元";

fn assign(to: &harness::Person) -> MatterAct {
    MatterAct::Assign {
        unit: OrgCode::new("LB04"),
        handler: to.id(),
        handler_name: to.name.into(),
        co: vec![],
    }
}

fn words(phone: &Phone, doc: DocId) -> Vec<String> {
    phone.open(doc).timeline.into_iter().map(|moment| moment.words).collect()
}

fn envelopes(town: &Town, doc: DocId) -> Vec<Vec<u8>> {
    let changes = finish(town.world().desk().log().changes_since(doc, 0)).expect("memory answers");
    changes.into_iter().map(|change| change.bytes).collect()
}

/// Nothing of these words lies at the server.
fn is_secret(town: &Town, doc: DocId, words: &[&str]) {
    let desk = town.world().desk();
    let stored = finish(desk.log().load(doc)).expect("memory answers").expect("there");
    let mut all = domain::to_cbor(&(&stored.row, &stored.values, &stored.acts));
    all.extend(envelopes(town, doc).concat());
    for word in words {
        let holds = |part: &[u8]| all.windows(part.len()).any(|window| window == part);
        assert!(!holds(word.as_bytes()), "{word} lies at the server");
        // As acts lie in bodies, wherever in one the word may begin.
        for before in 0..3 {
            let said = domain::said_text(&[&vec![0; before], word.as_bytes()].concat());
            let inner = &said[4..said.len() / 4 * 4];
            assert!(!holds(inner.as_bytes()), "{word} lies at the server");
        }
    }
}

#[test]
fn who_may_read_reads_and_who_leaves_gets_no_new_words() {
    let mut town = town();
    let (pair, shares) = recovery::make().expect("randomness");
    town.recover_with(pair.public.to_vec());
    let [miner, officer, handler, chair] =
        [cast::SUHE, cast::BATEER, cast::NASHUN, cast::WULIJI].map(|person| town.phone(person.name));
    sync(&[&miner, &officer, &handler, &chair]);

    // Written and handed in without a network.
    miner.offline();
    let doc = matter(&miner, TITLE, true);
    miner.online();
    sync(&[&miner, &officer]);
    assert_eq!((officer.text(doc, "title").as_str(), officer.status(doc).as_str()), (TITLE, "submitted"));
    assert!(!handler.has(doc), "who has nothing to do with it does not even see a row");

    // The officer takes it on and names a handler, who gets the key at once.
    does(&officer, doc, &MatterAct::Register { note: String::new() });
    does(&officer, doc, &accept("我们会保护您"));
    does(&officer, doc, &assign(&cast::NASHUN));
    sync(&[&officer, &handler]);
    assert_eq!(handler.text(doc, "title"), TITLE);
    does(&handler, doc, &MatterAct::Start { words: "我来核实".into() });
    sync(&[&handler, &officer, &miner]);
    assert!(words(&miner, doc).contains(&"我来核实".to_string()), "{:?}", words(&miner, doc));

    // Another handler: from now on everything is under a new key.
    does(&officer, doc, &assign(&cast::BATEER));
    sync(&[&officer, &handler]);
    let old = handler_key(&town, doc);
    does(&officer, doc, &MatterAct::Answer { text: "已核实并补发".into() });
    sync(&[&officer, &handler, &miner, &chair]);
    assert!(!handler.has(doc) && !handler.keeps("已核实并补发"), "the old handler gets no new words");
    let last = envelopes(&town, doc)
        .iter()
        .filter_map(|raw| Some(read_envelope(raw)?.header))
        .rfind(|header| !header.is_keys());
    assert_ne!(last.expect("an answer").kid, old, "a new generation");
    assert_eq!(miner.status(doc), "answered");
    assert!(words(&miner, doc).contains(&"已核实并补发".to_string()));

    // A new officer, and the miner's second phone, read all of it, old and new.
    let [new, second] = [cast::QIQIGE, cast::SUHE].map(|person| town.phone(person.name));
    sync(&[&new, &second]);
    let waits = new.ask(domain::bridge::Ask::Open(doc));
    assert!(matches!(&waits, Answer::Refused(why) if why.zh().contains("还没有它的密钥")), "{waits:?}");
    sync(&[&officer, &miner, &new, &second]);
    for phone in [&new, &second, &chair] {
        assert_eq!(phone.text(doc, "title"), TITLE);
        assert!(words(phone, doc).iter().any(|words| words == "我们会保护您"));
        assert!(words(phone, doc).iter().any(|words| words == "已核实并补发"));
    }
    is_secret(&town, doc, &[TITLE, "我们会保护您", "我来核实", "已核实并补发", "暖气"]);

    // The drill: two shares open it, one does not.
    let joined = recovery::join(&shares[0], &shares[2], &pair.public).expect("two shares");
    let raws = native::recover(doc, &joined, &envelopes(&town, doc)).expect("opens");
    assert!(raws.len() >= 4);
    assert_eq!(recovery::join(&shares[1], &shares[1], &pair.public), None);
    town.run_until_quiet();
}

/// The generation of the last change while the old handler was still reading.
fn handler_key(town: &Town, doc: DocId) -> sync::Kid {
    let all = envelopes(town, doc);
    let mut headers = all.iter().filter_map(|raw| Some(read_envelope(raw)?.header));
    headers.rfind(|header| !header.is_keys()).expect("a change").kid
}

#[test]
fn what_is_refused_comes_back_with_its_words() {
    let mut town = town();
    let [miner, one, other] = [cast::SUHE, cast::BATEER, cast::QIQIGE].map(|person| town.phone(person.name));
    sync(&[&miner, &one, &other]);
    let doc = matter(&miner, TITLE, true);
    sync(&[&miner, &one, &other]);
    does(&one, doc, &MatterAct::Register { note: String::new() });
    sync(&[&one, &other]);
    // Both decide without a network; one comes second.
    does(&one, doc, &accept("受理"));
    does(&other, doc, &decline("不属于工会职责"));
    sync(&[&one, &other]);
    let attention = other.attention();
    assert_eq!(attention.len(), 1, "{attention:?}");
    let kept: Vec<&str> = attention[0].words.iter().map(|(_, text)| text.as_str()).collect();
    assert!(kept.iter().any(|text| text.contains("不属于工会职责")), "{kept:?}");
    assert_eq!(other.status(doc), "accepted");
}

#[test]
fn a_reader_who_writes_what_is_another_s_changes_nothing_on_other_phones() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    sync(&[&miner, &officer]);
    let doc = matter(&miner, TITLE, true);
    sync(&[&miner, &officer]);
    let not_mine = refusal(officer.set(doc, "title", "改写"));
    assert!(matches!(not_mine, domain::Refusal::NotEditor), "{not_mine:?}");
    town.run_until_quiet();
    assert_eq!(miner.text(doc, "title"), TITLE);
}

/// Put aside while their author had no post, under a key of the history that the server forgot: nobody opens these
/// words any more. They do not wait for ever, and they do not go in silence.
#[test]
fn words_whose_key_went_with_a_forgotten_history_come_to_attention() {
    let mut town = town();
    let [miner, officer, other, chair] =
        [cast::SUHE, cast::BATEER, cast::QIQIGE, cast::WULIJI].map(|person| town.phone(person.name));
    sync(&[&miner, &officer, &other, &chair]);
    let doc = matter(&miner, TITLE, true);
    (0..2).for_each(|_| sync(&[&miner, &officer, &other, &chair]));
    does(&officer, doc, &MatterAct::Register { note: String::new() });
    (0..2).for_each(|_| sync(&[&officer, &other, &chair, &miner]));
    let backup = town.backup();
    town.dismiss(cast::QIQIGE.name, Role::Rights, "LB04");
    (0..2).for_each(|_| sync(&[&officer, &other]));
    does(&officer, doc, &accept("我们会保护您"));
    sync(&[&officer]);
    town.dismiss(cast::BATEER.name, Role::Rights, "LB04");
    sync(&[&officer]);
    assert!(!officer.has(doc), "no post, no record and no key");
    town.restore(&backup, true);
    sync(&[&officer]);
    town.appoint(cast::BATEER.name, Role::Rights, "LB04");
    (0..3).for_each(|_| sync(&[&miner, &chair, &officer]));
    assert_eq!(officer.text(doc, "title"), TITLE);
    assert_eq!(officer.outbox().len(), 1, "{:?}", officer.outbox());
    town.wait_days(15);
    (0..3).for_each(|_| sync(&[&miner, &chair, &officer]));
    assert!(officer.outbox().is_empty(), "{:?}", officer.outbox());
    let why: Vec<String> = officer.attention().iter().map(|one| one.refusal.zh()).collect();
    assert!(why.iter().any(|why| why.contains("密钥已经没有了")), "{why:?}");
}
