//! Confidential matters: the handler never learns who it is, by no frame and by no trick.

use crate::kit::kinds::SecretAct;
use crate::kit::phone::{NOW, Phone};
use crate::kit::{ADMIN, MINERS, RIGHTS, all_accepted, desk, person, phone, random_id};
use domain::modules::org::{PersonBody, person_id};
use domain::{Body, DocId, Edit, Entry, Values, to_cbor};
use server::log::Log;
use sync::{Fate, Frame, Request};

fn matter(phone: &mut Phone, alias: DocId) -> DocId {
    let text = Values::from([("text".into(), "工资拖欠".into())]);
    let doc = phone.begin("test.secret", alias, "LB01", text);
    let hand = Entry { by: alias, ..phone.entry(doc, &SecretAct::Hand) };
    phone.act_entry(hand);
    doc
}
fn refused(fate: &Fate) -> bool {
    matches!(fate, Fate::Refused(_))
}

#[tokio::test]
async fn nothing_the_handler_ever_gets_names_the_person_or_their_phone() {
    let desk = desk().await;
    let (mut li, mut officer) = (phone(MINERS[0]), phone(RIGHTS));
    let alias = random_id(1);
    let doc = matter(&mut li, alias);
    assert!(all_accepted(&li.sync(&desk).await));
    assert_eq!(desk.who(li.me, NOW).unwrap().aliases, [alias]);
    assert!(li.docs[&doc].row.is_some(), "the owner has it under the new scope at once");
    assert_eq!(li.who.as_ref().unwrap().aliases, [alias], "and is told the name");

    let mut seen = Vec::new();
    let request = Request { want: vec![doc], ..officer.request() };
    note_all(&mut seen, desk.answer(officer.me, request, NOW).await.unwrap());
    officer.sync(&desk).await;
    officer.act(doc, &SecretAct::Reply("正在办理".into()));
    assert!(all_accepted(&officer.sync(&desk).await));
    li.sync(&desk).await;
    let answer = Entry { by: alias, ..li.entry(doc, &SecretAct::Reply("谢谢".into())) };
    li.act_entry(answer);
    li.edit(doc, Edit::Text { key: "text".into(), base: "工资拖欠".into(), text: "工资拖欠三月".into() });
    assert!(all_accepted(&li.sync(&desk).await));
    note_all(&mut seen, desk.answer(officer.me, officer.request(), NOW).await.unwrap());

    let person = desk.who(li.me, NOW).unwrap();
    for trace in [&person.person.0[..], person.person.to_string().as_bytes(), li.device.as_bytes()] {
        assert!(!contains(&seen, trace), "a trace of the person");
    }
    for word in [&person.no, &person.name] {
        assert!(!contains(&seen, word.as_bytes()), "{word}");
    }
    assert!(contains(&seen, &alias.0) && contains(&seen, "谢谢".as_bytes()), "but the matter is there");
}

/// Everything the officer hears, except the roster of the unit, which is nothing confidential.
fn note_all(seen: &mut Vec<u8>, frames: Vec<Frame>) {
    let roster = |frame: &Frame| matches!(frame, Frame::Doc(doc) if doc.kind == "org.person");
    frames.iter().filter(|frame| !roster(frame)).for_each(|frame| seen.extend(to_cbor(frame)));
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn acting_under_ones_own_name_by_mistake_is_refused_not_shown() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let alias = random_id(2);
    let doc = matter(&mut li, alias);
    li.sync(&desk).await;
    li.act(doc, &SecretAct::Reply("我是李大勇".into()));
    assert!(refused(&li.sync(&desk).await[0]));
    let stored = desk.log().load(doc).await.unwrap().unwrap();
    assert!(stored.acts.iter().all(|entry| entry.by == alias && entry.device.is_empty()));
    assert!(stored.acts.iter().all(|entry| entry.receipt.as_ref().unwrap().by_name.is_empty()));
}

#[tokio::test]
async fn a_name_is_nobody_elses_and_cannot_be_guessed() {
    let desk = desk().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    let alias = random_id(3);
    matter(&mut li, alias);
    li.sync(&desk).await;
    let tricks = [alias, person_id(MINERS[4]), person_id("9999"), li.me];
    for (i, owner) in tricks.into_iter().enumerate() {
        matter(&mut wang, owner);
        assert!(wang.sync(&desk).await.iter().all(refused), "trick {i}");
    }
    assert_eq!(desk.who(wang.me, NOW).unwrap().aliases, []);
    let note = li.note("LB01.1.1", "一");
    li.sync(&desk).await;
    matter(&mut wang, note);
    assert!(wang.sync(&desk).await.iter().all(refused), "the id of a document is no name");
    // A second matter under the same name is the owner's right.
    matter(&mut li, alias);
    assert!(all_accepted(&li.sync(&desk).await));
}

#[tokio::test]
async fn nobody_becomes_a_person_who_is_an_alias() {
    let desk = desk().await;
    let (mut li, mut admin) = (phone(MINERS[0]), phone(ADMIN));
    let alias = random_id(4);
    matter(&mut li, alias);
    li.sync(&desk).await;
    let body = PersonBody { no: "7777".into(), ..PersonBody::default() };
    admin.begin_as(alias, "org.person", alias, "LB", body.write());
    assert!(refused(&admin.sync(&desk).await[0]));
    let mut founding = person("7778", "LB", &[]);
    founding.meta.id = alias;
    let founded = desk.found_many(vec![founding], NOW).await.unwrap();
    assert_eq!((founded.made, founded.refused.len()), (0, 1));
    assert!(desk.who(alias, NOW).is_none());
}

#[tokio::test]
async fn a_retried_matter_registers_its_name_once() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let alias = random_id(5);
    matter(&mut li, alias);
    let mut lost = li.clone();
    li.sync(&desk).await;
    let fates = lost.sync(&desk).await;
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Duplicate(_))), "{fates:?}");
    assert_eq!(desk.who(li.me, NOW).unwrap().aliases, [alias]);
    assert!(li.outbox.is_empty() && lost.outbox.is_empty());
}
