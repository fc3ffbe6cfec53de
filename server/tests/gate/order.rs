//! Order: who comes after whom, under which number.

use crate::kit::*;
use automerge::legacy::{ElementId, Key, OpId};
use automerge::{ActorId, ChangeHash};
use server::gate::{Order, Refused};

#[test]
fn two_phones_with_one_name_are_noticed() {
    let (mut li, mut store) = born();
    let mut restored = li.clone();
    store.push(&li.put("title", "新的")).expect("let in");
    assert_eq!(refused(store.ask(&restored.put("title", "旧备份"))), Refused::Equivocation);
    let mut late = restored.clone();
    late.put("title", "又一次");
    let other_birth = Phone::new(1).put("title", "再生");
    assert_eq!(refused(store.ask(&other_birth)), Refused::Equivocation);
}

/// Words that were written anew, and the request that first had them comes late; or the other way round.
#[test]
fn words_written_anew_stand_once_whichever_way_they_come_first() {
    let (li, store) = born();
    let mut first = li.copy(2);
    let before = first.put("title", "热水");
    let name = domain::Hash(first.doc.get_heads()[0].0);
    let mut anew = Phone { doc: li.doc.fork().with_actor(ActorId::from(sync::actor_again(name))) };
    let again = anew.put("title", "热水");
    for (one, other) in [(&before, &again), (&again, &before)] {
        let mut store = Store { snapshot: store.snapshot.clone() };
        store.push(one).expect("the first to come stands");
        assert_eq!(refused(store.ask(other)), Refused::Equivocation);
        store.push(&li.copy(3).put("title", "别的")).expect("others go on");
    }
}

#[test]
fn an_unknown_actor_in_one_byte_is_refused_without_a_panic() {
    let (li, mut store) = born();
    let mut wang = li.copy(2);
    store.push(&wang.splice("body", 0, 0, "我")).expect("let in");
    let honest = {
        let mut li = li.clone();
        li.doc.merge(&mut wang.doc).expect("merge");
        li.splice("body", 0, 1, "")
    };
    store.ask(&honest).expect("as it is, it is fine");
    let at = honest.windows(16).rposition(|window| window == [2; 16]).expect("names wang");
    let mut bytes = honest;
    bytes[at + 15] = 9;
    let forged = chunk(1, body(&bytes));
    assert_eq!(refused(store.ask(&forged)), Refused::OutOfOrder(Order::UnknownActor));
}

#[test]
fn a_jump_of_numbers_would_win_every_conflict() {
    let (mut li, store) = born();
    let raw = li.put("title", "我赢");
    for start in [1, 2, 1_000_000, (1 << 30) - 1, u64::from(u32::MAX), u64::MAX] {
        let forged = forge(&raw, |change| change.start_op = start.try_into().expect("not zero"));
        assert_eq!(refused(store.ask(&forged)), Refused::OutOfOrder(Order::StartOp), "{start}");
    }
}

#[test]
fn sequence_numbers_have_no_holes() {
    let (li, mut store) = born();
    let raw = li.clone().put("title", "三");
    let skipping = forge(&raw, |change| change.seq = 3);
    assert_eq!(refused(store.ask(&skipping)), Refused::OutOfOrder(Order::Sequence));
    let stranger = forge(&li.copy(2).put("title", "二"), |change| change.seq = 2);
    assert_eq!(refused(store.ask(&stranger)), Refused::OutOfOrder(Order::Sequence));
    store.push(&raw).expect("the honest one");
}

/// Two operations with the same name would follow if an actor could forget its own last change.
#[test]
fn nobody_forgets_their_own_last_change() {
    let (mut li, mut store) = born();
    let birth = ChangeHash(server::gate::peek(li.doc.get_changes(&[])[0].raw_bytes()).expect("birth").0.0);
    store.push(&li.put("title", "二")).expect("let in");
    let honest = li.put("title", "三");
    let forged = forge(&honest, |change| {
        let before = change.start_op.get();
        change.deps = vec![birth];
        change.start_op = (before - 1).try_into().expect("not zero");
    });
    assert_eq!(refused(store.ask(&forged)), Refused::OutOfOrder(Order::OwnPast));
}

#[test]
fn a_document_is_born_once() {
    let (_, store) = born();
    let second = Phone::new(2).birth();
    assert_eq!(refused(store.ask(&second)), Refused::OutOfOrder(Order::SecondBirth));
    let orphan = forge(&Phone::new(2).birth(), |change| change.seq = 2);
    assert_eq!(refused(Store::default().ask(&orphan)), Refused::OutOfOrder(Order::Birth));
}

/// An operation that exists but that the author cannot have seen: whoever gets only the author's past
/// would panic on it.
#[test]
fn nobody_builds_on_what_they_have_not_seen() {
    let (li, mut store) = born();
    let (mut wang, mut zhao) = (li.copy(2), li.copy(3));
    store.push(&wang.splice("body", 0, 0, "王")).expect("let in");
    let honest = zhao.splice("body", 0, 0, "赵");
    let wangs_letter = OpId(li.doc.get_changes_meta(&[])[0].max_op + 1, ActorId::from([2; 16]));
    let forged = forge(&honest, |change| change.operations[0].key = Key::Seq(ElementId::Id(wangs_letter)));
    assert_eq!(refused(store.ask(&forged)).code(), "not_allowed");
    store.push(&honest).expect("the honest one");
}
