//! What becomes of a push: once, in order, by the rules, with a reason.

use crate::kit::kinds::NoteAct;
use crate::kit::phone::{NOW, Phone};
use crate::kit::{ADMIN, MINERS, all_accepted, desk, desk_on_disk, phone};
use domain::modules::org::{PersonAct, person_id};
use domain::{DocId, Edit, OrgCode, Reader, Refusal, Role};
use server::desk::Desk;
use server::log::{Log, Memory};
use std::sync::Arc;
use sync::{Fate, Frame, Item, Push};

fn share(no: &str) -> NoteAct {
    NoteAct::Share(Reader::Person(person_id(no)))
}
fn refusal(fate: &Fate) -> &Refusal {
    match fate {
        Fate::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
fn code(fate: &Fate) -> String {
    match refusal(fate) {
        Refusal::Unreadable(code) => code.clone(),
        other => other.code().into(),
    }
}

#[tokio::test]
async fn a_lost_answer_changes_nothing_when_everything_is_sent_again() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "一");
    li.title(note, "二");
    for act in [share(MINERS[1]), NoteAct::Seen, NoteAct::Stamp, NoteAct::Close] {
        li.act(note, &act);
    }
    let lost = li.clone();
    let first = li.sync(&desk).await;
    assert!(all_accepted(&first), "{first:?}");
    let stands = desk.log().load(note).await.unwrap();

    let mut again = lost;
    let second = again.sync(&desk).await;
    let receipts = |fates: &[Fate]| -> Vec<_> {
        let receipt = |fate: &Fate| match fate {
            Fate::Accepted(receipt) | Fate::Duplicate(receipt) => receipt.clone(),
            other => panic!("{other:?}"),
        };
        fates.iter().map(receipt).collect()
    };
    assert!(second.iter().all(|fate| matches!(fate, Fate::Duplicate(_))), "{second:?}");
    assert_eq!(receipts(&first), receipts(&second), "the same receipts, number included");
    assert_eq!(desk.log().load(note).await.unwrap(), stands);
    assert_eq!((again.heads(note), &again.docs[&note].acts), (li.heads(note), &li.docs[&note].acts));
}

#[tokio::test]
async fn a_retry_of_what_stands_is_never_a_refusal_even_when_the_right_is_gone() {
    let desk = desk().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    let note = li.note("LB01.1.1", "一");
    li.act(note, &share(MINERS[1]));
    li.sync(&desk).await;
    wang.sync(&desk).await;
    wang.title(note, "王");
    wang.act(note, &NoteAct::Close);
    let mut lost = wang.clone();
    assert!(all_accepted(&wang.sync(&desk).await));
    li.act(note, &NoteAct::Unshare(Reader::Person(person_id(MINERS[1]))));
    li.sync(&desk).await;
    let fates = lost.sync(&desk).await;
    assert!(fates.iter().all(|fate| matches!(fate, Fate::Duplicate(_))), "{fates:?}");
    assert!(!lost.docs.contains_key(&note));
}

#[tokio::test]
async fn of_two_decisions_at_the_same_moment_exactly_one_stands() {
    let (desk, _home) = desk_on_disk().await;
    let desk = Arc::new(desk);
    for round in 0..30 {
        let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
        li.device = format!("li {round}");
        let note = li.note("LB01.1.1", "一");
        li.act(note, &share(MINERS[1]));
        assert!(all_accepted(&li.sync(&desk).await));
        wang.device = format!("wang {round}");
        li.act(note, &NoteAct::Close);
        wang.act(note, &NoteAct::Close);
        let mut fates = both(&desk, li, wang).await;
        fates.sort_by_key(|fate| matches!(fate, Fate::Refused(_)));
        assert!(matches!(fates[0], Fate::Accepted(Some(_))), "{fates:?}");
        assert!(matches!(refusal(&fates[1]), Refusal::NotNow(label) if label.code == "closed"), "{fates:?}");
    }
}

async fn both<L: Log>(desk: &Arc<Desk<L>>, one: Phone, other: Phone) -> Vec<Fate> {
    let push = |mut phone: Phone| {
        let desk = desk.clone();
        tokio::spawn(async move { phone.sync(&desk).await.pop().unwrap() })
    };
    let (one, other) = (push(one), push(other));
    vec![one.await.unwrap(), other.await.unwrap()]
}

#[tokio::test]
async fn a_decision_that_rests_on_another_document_is_judged_again_when_that_one_moves() {
    let (desk, _home) = desk_on_disk().await;
    let desk = Arc::new(desk);
    for round in 0..30 {
        let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
        (li.device, wang.device) = (format!("li {round}"), format!("wang {round}"));
        let (mine, yours) = (li.note("LB01.1.1", "甲"), wang.note("LB01.1.1", "乙"));
        assert!(all_accepted(&li.sync(&desk).await) && all_accepted(&wang.sync(&desk).await));
        li.act(mine, &NoteAct::CloseUnless(yours));
        wang.act(yours, &NoteAct::CloseUnless(mine));
        let fates = both(&desk, li, wang).await;
        let stand = fates.iter().filter(|fate| matches!(fate, Fate::Accepted(_))).count();
        assert_eq!(stand, 1, "each may close only while the other is open: {fates:?}");
    }
}

#[tokio::test]
async fn narrow_acts_of_many_at_once_all_stand_but_nobody_does_it_twice() {
    let (desk, _home) = desk_on_disk().await;
    let desk = Arc::new(desk);
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "通知");
    li.act(note, &NoteAct::Share(Reader::Members));
    assert!(all_accepted(&li.sync(&desk).await));
    let mut readers = vec![];
    for (no, copy) in MINERS.iter().flat_map(|no| [(no, 1), (no, 2)]) {
        let mut reader = phone(no);
        reader.device = format!("{no}/{copy}");
        reader.act(note, &NoteAct::Seen);
        let desk = desk.clone();
        readers.push(tokio::spawn(async move { reader.sync(&desk).await.pop().unwrap() }));
    }
    let mut stood = 0;
    for reader in readers {
        match reader.await.unwrap() {
            Fate::Accepted(_) => stood += 1,
            other => assert_eq!(code(&other), "E-RULE"),
        }
    }
    assert_eq!(stood, MINERS.len());
}

#[tokio::test]
async fn numbers_count_without_gaps_whoever_asks_and_whatever_is_refused() {
    let (desk, _home) = desk_on_disk().await;
    let desk = Arc::new(desk);
    let mut asks = vec![];
    for i in 0..20 {
        let mut miner = phone(MINERS[i % 3]);
        miner.device = format!("device {i}");
        let note = miner.note("LB01.1.1", "要号");
        miner.act(note, &NoteAct::Stamp);
        miner.act(note, &NoteAct::Close);
        miner.act(note, &NoteAct::Stamp);
        let desk = desk.clone();
        asks.push(tokio::spawn(async move { miner.sync(&desk).await }));
    }
    let mut numbers = vec![];
    for ask in asks {
        let fates = ask.await.unwrap();
        let Fate::Accepted(Some(receipt)) = &fates[1] else { panic!("{fates:?}") };
        numbers.push(receipt.stamped.clone().unwrap());
        assert_eq!(code(&fates[3]), "E-STATE");
    }
    numbers.sort();
    let mut expected: Vec<String> = (1..=20).map(|n| format!("便字第{n}号")).collect();
    expected.sort();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn the_row_shows_the_number_that_was_drawn_in_the_same_request() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "一");
    li.act(note, &NoteAct::Stamp);
    li.sync(&desk).await;
    assert_eq!(li.docs[&note].row.as_ref().unwrap().number.as_deref(), Some("便字第1号"));
    let stored = desk.log().load(note).await.unwrap().unwrap();
    assert_eq!(stored.acts[0].receipt.as_ref().unwrap().n, stored.n, "no place of the desk is left");
}

#[tokio::test]
async fn nobody_writes_with_somebody_elses_actor() {
    let desk = desk().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    let note = li.note("LB01.1.1", "一");
    li.act(note, &share(MINERS[1]));
    li.sync(&desk).await;
    wang.sync(&desk).await;
    // Wang makes a change that says Li wrote it: same actor, next number.
    let mut forged = li.clone();
    forged.title(note, "假");
    wang.outbox = std::mem::take(&mut forged.outbox);
    assert_eq!(code(&wang.sync(&desk).await[0]), "actor");
    li.title(note, "真");
    assert!(all_accepted(&li.sync(&desk).await), "Li's number is not used up");
}

#[tokio::test]
async fn what_one_may_not_read_is_answered_like_what_is_not_there() {
    let desk = desk().await;
    let (mut li, mut zhao) = (phone(MINERS[0]), phone(MINERS[3]));
    let hidden = li.note("LB01.1.1", "一");
    li.sync(&desk).await;
    // Zhao knows only its id, and makes up what he cannot know.
    let mut answers = vec![];
    for doc in [hidden, DocId([7; 16])] {
        zhao.device = "Zhao's".into();
        zhao.note("LB01.1.1", "编的");
        let made_up = zhao.outbox.pop().unwrap().doc;
        let held = zhao.docs.remove(&made_up).unwrap();
        zhao.docs.insert(doc, held);
        zhao.title(doc, "赵");
        zhao.act(doc, &NoteAct::Close);
        let blind = domain::Entry { about: vec![], ..zhao.entry(doc, &NoteAct::Open) };
        zhao.act_entry(blind);
        zhao.wants = vec![doc];
        let fates = zhao.sync(&desk).await;
        assert!(zhao.gone.remove(&doc));
        zhao.outbox.clear();
        zhao.docs.clear();
        answers.push(fates.iter().map(std::mem::discriminant).collect::<Vec<_>>());
        assert!(matches!(&fates[..], [Fate::MissingDeps(_), Fate::Retry, Fate::Retry]), "{fates:?}");
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn who_had_it_once_is_told_that_it_is_over() {
    let desk = desk().await;
    let (mut li, mut zhao) = (phone(MINERS[0]), phone(MINERS[3]));
    let note = li.note("LB01.1.1", "一");
    li.act(note, &share(MINERS[3]));
    li.sync(&desk).await;
    zhao.sync(&desk).await;
    li.act(note, &NoteAct::Unshare(Reader::Person(zhao.me)));
    li.sync(&desk).await;
    zhao.title(note, "赵");
    zhao.act(note, &NoteAct::Close);
    let fates = zhao.sync(&desk).await;
    assert!(
        fates.iter().all(|fate| matches!(fate, Fate::Refused(_))),
        "his words go to needs attention: {fates:?}"
    );
    assert_eq!(*refusal(&fates[0]), Refusal::Unknown);
    assert!(!zhao.docs.contains_key(&note));
}

#[tokio::test]
async fn what_follows_a_refused_change_is_refused_too_and_others_go_on() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let (note, other) = (li.note("LB01.1.1", "一"), li.note("LB01.1.1", "别的"));
    li.sync(&desk).await;
    let before = li.clone();
    // A field that only a newer app knows.
    li.edit(note, Edit::Set { key: "title".into(), value: "长".repeat(200).into() });
    li.outbox[0].item = spoiled(&before, note);
    li.act(note, &NoteAct::Seen);
    li.title(note, "三");
    li.title(other, "四");
    let fates = li.sync(&desk).await;
    assert!(matches!(fates[0], Fate::Refused(_)), "{fates:?}");
    assert_eq!(code(&fates[2]), "depends_on_refused", "{fates:?}");
    assert!(matches!(fates[3], Fate::Accepted(_)), "{fates:?}");
    assert_eq!(desk.log().load(note).await.unwrap().unwrap().values["title"], "一".into());
}

/// A change by the same actor that the gate refuses: one byte is wrong.
fn spoiled(phone: &Phone, note: DocId) -> Item {
    let mut copy = phone.clone();
    copy.title(note, "坏");
    let Some(Push { item: Item::Change(bytes), .. }) = copy.outbox.pop() else { panic!("a change") };
    let mut bytes = bytes.into_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 0x55;
    Item::Change(bytes.into())
}

#[tokio::test]
async fn a_change_whose_predecessors_are_missing_waits() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "一");
    li.sync(&desk).await;
    li.title(note, "二");
    li.title(note, "三");
    let second = li.outbox.remove(0);
    li.act(note, &NoteAct::Close);
    let fates = li.sync(&desk).await;
    assert!(matches!(&fates[0], Fate::MissingDeps(deps) if deps.len() == 1), "{fates:?}");
    assert_eq!(fates[1], Fate::Retry, "the decision does not overtake the words it is about");
    li.outbox.insert(0, second);
    assert!(all_accepted(&li.sync(&desk).await));
    assert_eq!(desk.log().load(note).await.unwrap().unwrap().row.title, "三");
}

#[tokio::test]
async fn people_act_as_themselves_and_on_what_the_push_names() {
    let desk = desk().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    let note = li.note("LB01.1.1", "一");
    li.act(note, &share(MINERS[1]));
    li.sync(&desk).await;
    wang.sync(&desk).await;
    let mut as_li = wang.entry(note, &NoteAct::Close);
    as_li.by = li.me;
    wang.act_entry(as_li);
    let mut receipted = wang.entry(note, &NoteAct::Open);
    receipted.receipt = li.docs[&note].acts.values().next().unwrap().receipt.clone();
    wang.act_entry(receipted);
    let fates = wang.sync(&desk).await;
    assert_eq!((code(&fates[0]).as_str(), code(&fates[1]).as_str()), ("by", "entry"));
    // Nor does he hear the receipt of an act whose id he learned.
    let stolen = li.docs[&note].acts.values().next().unwrap().clone();
    wang.act_entry(domain::Entry { receipt: None, by: wang.me, ..stolen });
    assert_eq!(*refusal(&wang.sync(&desk).await[0]), Refusal::Unknown);
}

#[tokio::test]
async fn a_post_counts_from_the_next_request_on() {
    let desk = desk().await;
    let (mut admin, mut sun) = (phone(ADMIN), phone(MINERS[5]));
    let note = sun.note("LB01", "给权益干事");
    sun.act(note, &NoteAct::Share(Reader::Role(Role::Rights, OrgCode::new("LB01"))));
    sun.sync(&desk).await;
    let wang = person_id(MINERS[1]);
    admin.act(wang, &PersonAct::appoint(Role::Rights, OrgCode::new("LB01")));
    assert!(all_accepted(&admin.sync(&desk).await));
    assert_eq!(desk.who(wang, NOW).unwrap().posts.len(), 1);
    let mut officer = phone(MINERS[1]);
    officer.act(note, &NoteAct::Close);
    assert!(all_accepted(&officer.sync(&desk).await));
}

#[tokio::test]
async fn refusals_are_noted_with_their_rule_and_without_content() {
    let desk = desk().await;
    let (mut li, mut zhao) = (phone(MINERS[0]), phone(MINERS[3]));
    let note = li.note("LB01.1.1", "一");
    li.sync(&desk).await;
    // He got hold of it without being a reader.
    zhao.docs.insert(note, li.docs[&note].clone());
    zhao.title(note, "绝密的话");
    zhao.sync(&desk).await;
    let lines = desk.log().audit_tail(10).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].person, lines[0].doc, lines[0].at_ms), (zhao.me, note, NOW));
    assert_eq!((lines[0].code.as_str(), lines[0].device.as_str()), ("E-UNKNOWN", "phone of 2001"));
}

#[tokio::test]
async fn two_persons_never_get_one_staff_number() {
    let desk = desk().await;
    let mut organiser = phone(ADMIN);
    let (one, two) = (person_id(MINERS[0]), person_id(MINERS[1]));
    organiser.wants = vec![one, two];
    organiser.sync(&desk).await;
    organiser.edit(two, Edit::Set { key: "no".into(), value: MINERS[0].into() });
    assert_eq!(code(&organiser.sync(&desk).await[0]), "E-FIELD");
    assert_eq!(desk.who_by_no(MINERS[0]).unwrap().person, one);
    organiser.edit(one, Edit::Set { key: "no".into(), value: "1999".into() });
    assert!(all_accepted(&organiser.sync(&desk).await));
    assert_eq!((desk.who_by_no("1999").unwrap().person, desk.who_by_no(MINERS[0])), (one, None));
}

#[tokio::test]
async fn too_many_pushes_are_done_next_time() {
    let desk = desk().await;
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "一");
    for i in 0..sync::REQUEST_PUSHES {
        li.title(note, &format!("第{i}稿"));
    }
    let fates = li.sync(&desk).await;
    assert_eq!(fates.last(), Some(&Fate::Retry));
    assert!(all_accepted(&fates[..sync::REQUEST_PUSHES]));
    assert!(all_accepted(&li.sync(&desk).await));
}

#[tokio::test]
async fn after_a_restore_nothing_is_taken_before_the_phone_knows() {
    let desk = desk().await;
    let backup = desk.log().copy().await;
    let mut li = phone(MINERS[0]);
    let note = li.note("LB01.1.1", "一");
    let lost = li.outbox.clone();
    li.sync(&desk).await;

    backup.renew_epoch("second".into()).await.unwrap();
    let restored = Desk::<Memory>::with_kinds(backup, crate::kit::kinds::kinds)
        .await
        .unwrap()
        .with_signing(server::desk::Signing::Optional);
    li.title(note, "二");
    let answer = restored.answer(li.me, li.request(), NOW).await.unwrap();
    assert!(matches!(&answer[0], Frame::Another(epoch) if epoch == "second"), "{answer:?}");
    assert!(matches!(answer[1], Frame::Ack { fate: Fate::Retry, .. }), "{answer:?}");
    assert!(matches!(answer.last(), Some(Frame::End(end)) if end.epoch == "second"));
    // Told of the other history, the phone sends again what it ever had acknowledged.
    li.epoch = "second".into();
    li.checkpoint = None;
    li.cursors.clear();
    li.outbox.splice(0..0, lost);
    assert!(all_accepted(&li.sync(&restored).await));
    assert_eq!(restored.log().load(note).await.unwrap().unwrap().row.title, "二");
}

#[tokio::test]
async fn an_old_file_copied_back_is_noticed_by_each_phone_that_knows_more() {
    let desk = desk().await;
    let backup = desk.log().copy().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    wang.sync(&desk).await;
    let note = li.note("LB01.1.1", "一");
    let lost = li.outbox.clone();
    li.sync(&desk).await;
    let copied = Desk::<Memory>::with_kinds(backup, crate::kit::kinds::kinds)
        .await
        .unwrap()
        .with_signing(server::desk::Signing::Optional);
    li.title(note, "二");
    assert_eq!(li.sync(&copied).await, [Fate::Retry]);
    assert!(li.epoch.starts_with("first/"), "{}", li.epoch);
    li.outbox.splice(0..0, lost);
    assert!(all_accepted(&li.sync(&copied).await), "then all is as always");
    assert!(li.epoch.starts_with("first/"), "and the name stays");
    assert_eq!(copied.log().load(note).await.unwrap().unwrap().row.title, "二");
    wang.sync(&copied).await;
    assert_eq!(wang.epoch, "first", "who lost nothing is not troubled");
}

#[tokio::test]
async fn what_a_restored_server_lacks_comes_back_from_the_phones() {
    let desk = desk().await;
    let backup = desk.log().copy().await;
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
    let note = li.note("LB01.1.1", "一");
    li.act(note, &share(MINERS[1]));
    let sent = li.outbox.clone();
    li.sync(&desk).await;
    wang.sync(&desk).await;
    let restored = Desk::<Memory>::with_kinds(backup, crate::kit::kinds::kinds)
        .await
        .unwrap()
        .with_signing(server::desk::Signing::Optional);
    wang.title(note, "王");
    wang.act(note, &NoteAct::Close);
    wang.sync(&restored).await;
    let fates = wang.sync(&restored).await;
    assert!(
        matches!(&fates[..], [Fate::MissingDeps(_), Fate::Retry]),
        "it waits for the owner's phone: {fates:?}"
    );
    li.outbox = sent;
    assert!(li.sync(&restored).await.iter().all(|fate| *fate == Fate::Retry));
    assert!(all_accepted(&li.sync(&restored).await));
    assert!(all_accepted(&wang.sync(&restored).await));
}

#[tokio::test]
async fn every_commit_gives_hints_for_its_scopes_only() {
    let desk = desk().await;
    let mut hints = desk.watch();
    let mut li = phone(MINERS[0]);
    li.note("LB01.1.1", "一");
    li.sync(&desk).await;
    let heard = hints.recv().await.unwrap();
    assert_eq!(heard.len(), 1);
    assert_eq!(heard[0].scope.0, format!("person:{}", li.me));
    assert_eq!(li.cursors[&heard[0].scope], heard[0].n);
    assert!(hints.try_recv().is_err(), "reading gives no hints");
}
