//! Honest work is let in, whatever the phones did to each other in between.

use crate::kit::*;
use automerge::transaction::Transactable;
use automerge::{ROOT, ReadDoc, ScalarValue};
use server::gate::{Refused, Shape, admit, peek, wire};

#[test]
fn two_people_write_one_document() {
    let (mut li, mut store) = born();
    let mut wang = li.copy(2);
    let first = li.splice("body", 6, 0, "，今日下午");
    let second = wang.splice("body", 0, 2, "井上");
    let third = wang.put("title", "检查通知");
    for raw in [&first, &second, &third] {
        store.push(raw).expect("honest edits are let in");
    }
    assert_eq!(store.text("body"), "井上通风检查，今日下午");
    wang.take(&first);
    li.take(&second);
    let fourth = wang.splice("body", 0, 11, "改期");
    store.push(&fourth).expect("deleting what two people wrote");
    assert_eq!(store.text("body"), "改期");
}

#[test]
fn every_type_of_field_can_be_written_changed_and_cleared() {
    let (mut li, mut store) = born();
    let values: [(&str, ScalarValue); 6] = [
        ("title", "新标题".into()),
        ("amount", 1_250_000_i64.into()),
        ("amount", (-5_i64).into()),
        ("urgent", true.into()),
        ("photo", ScalarValue::Bytes(vec![7; 32])),
        ("items/手套", "三双".into()),
    ];
    for (key, value) in values {
        store.push(&li.put(key, value)).expect("let in");
    }
    for key in ["title", "amount", "urgent", "photo", "items/手套"] {
        store.push(&li.delete(key)).expect("let in");
    }
    assert_eq!(store.doc().keys(ROOT).count(), 6, "four meta keys and two texts are left");
}

#[test]
fn a_birth_may_bring_its_first_values_and_the_kernels_own_birth_fits() {
    let fields = <<domain::modules::org::Person as domain::Kind>::Body as domain::Body>::FIELDS;
    let meta = domain::Meta {
        id: domain::DocId([1; 16]),
        kind: "org.person".into(),
        owner: domain::DocId([2; 16]),
        unit: domain::OrgCode("LB02".into()),
        born_ms: 1_795_000_000_000,
    };
    let doc = domain::crdt::birth([3; 16], &meta, fields, &domain::Values::new()).expect("born");
    let raw = doc.get_changes(&[])[0].raw_bytes().to_vec();
    admit(&Default::default(), &Shape::of(fields), &raw).expect("let in");
}

#[test]
fn a_conflict_is_seen_by_both_and_settled_by_one() {
    let (mut li, mut store) = born();
    let mut wang = li.copy(2);
    let (mine, theirs) = (li.put("title", "甲"), wang.put("title", "乙"));
    store.push(&mine).expect("let in");
    store.push(&theirs).expect("let in");
    assert_eq!(store.doc().get_all(ROOT, "title").expect("read").len(), 2);
    li.take(&theirs);
    store.push(&li.put("title", "定稿")).expect("overwrites both");
    assert_eq!(store.doc().get_all(ROOT, "title").expect("read").len(), 1);
}

#[test]
fn one_change_may_write_delete_and_write_again() {
    let (mut li, mut store) = born();
    let body = li.text_id("body");
    let raw = li.edit(|tx| {
        tx.put(ROOT, "items/a", "1").expect("put");
        tx.put(ROOT, "items/a", "2").expect("put");
        tx.delete(ROOT, "items/a").expect("delete");
        tx.put(ROOT, "items/a", "3").expect("put");
        tx.splice_text(&body, 0, 6, "abc").expect("splice");
        tx.splice_text(&body, 1, 1, "心👨‍👩‍👧e\u{301}").expect("splice");
        tx.delete(ROOT, "title").expect("delete");
    });
    store.push(&raw).expect("let in");
    assert_eq!(store.text("body"), "a心👨‍👩‍👧e\u{301}c");
}

#[test]
fn a_lost_answer_costs_nothing() {
    let (mut li, mut store) = born();
    let first = li.put("title", "一");
    store.push(&first).expect("let in");
    store.push(&li.put("title", "二")).expect("let in");
    assert_eq!(refused(store.ask(&first)), Refused::Duplicate);
    assert!(!Refused::Duplicate.is_final());
}

#[test]
fn what_came_too_early_waits_for_what_it_follows() {
    let (mut li, mut store) = born();
    let (first, second, third) = (li.put("title", "一"), li.put("title", "二"), li.put("title", "三"));
    let hash = |raw: &[u8]| peek(raw).expect("a change").0;
    assert_eq!(refused(store.ask(&third)), Refused::MissingDeps(vec![hash(&second)]));
    assert_eq!(refused(store.ask(&second)), Refused::MissingDeps(vec![hash(&first)]));
    for raw in [first, second, third] {
        store.push(&raw).expect("in order they are let in");
    }
    assert_eq!(refused(Store::default().ask(&li.put("title", "四"))).code(), "missing_deps");
}

#[test]
fn the_gate_works_behind_a_pipe_the_same() {
    let (mut li, store) = born();
    let raw = li.put("title", "管道");
    let snapshot = store.snapshot.clone().expect("born");
    let question = wire::Question {
        snapshot: Some(wire::Raw(snapshot.into())),
        shape: std::borrow::Cow::Owned(shape()),
        changes: vec![wire::Raw(raw.clone().into()), wire::Raw(b"junk".to_vec().into())],
    };
    let bytes = domain::to_cbor(&question);
    let read: wire::Question<'_> = domain::from_cbor(&bytes).expect("reads back");
    let answer: wire::Answer = domain::from_cbor(&domain::to_cbor(&read.answer())).expect("reads back");
    let here = store.ask(&raw).expect("let in");
    assert_eq!(answer.after.expect("accepted").snapshot, here.snapshot);
    assert_eq!(answer.verdicts[0], wire::Verdict::Accepted(here.hash));
    assert!(matches!(&answer.verdicts[1], wire::Verdict::Refused(refused) if refused.code() == "malformed"));
    assert_eq!(here.permit.bytes(), raw);
}

/// Three phones type, clear, merge and go offline at random; every change reaches the gate in some honest
/// order. None may be refused: a wrong refusal is lost work.
#[test]
fn no_honest_history_is_refused() {
    for seed in 0..120 {
        let mut dice = Dice(seed);
        let (li, mut store) = born();
        let mut phones = [li.clone(), li.copy(2), li.copy(3)];
        let mut sent: Vec<Vec<u8>> = vec![];
        for step in 0..30 {
            let who = dice.below(3);
            if dice.below(4) == 0 {
                sent.iter().for_each(|raw| phones[who].take(raw));
                continue;
            }
            let raw = random_edit(&mut phones[who], &mut dice, step);
            let verdict = store.push(&raw);
            assert!(verdict.is_ok(), "seed {seed} step {step}: {verdict:?}");
            sent.push(raw);
        }
        phones.iter_mut().for_each(|phone| sent.iter().for_each(|raw| phone.take(raw)));
        assert!(
            phones.iter().all(|phone| phone.doc.hydrate(None) == store.doc().hydrate(None)),
            "seed {seed}"
        );
    }
}

fn random_edit(phone: &mut Phone, dice: &mut Dice, step: usize) -> Vec<u8> {
    let body = phone.text_id("body");
    let key = ["items/a", "items/b", "title", "amount"][dice.below(4)];
    let there = phone.doc.get(ROOT, key).expect("get").is_some();
    let length = phone.doc.length(&body);
    match dice.below(6) {
        0 if there => phone.delete(key),
        0 | 1 if key == "amount" => phone.put(key, step as i64),
        0 | 1 => phone.put(key, format!("第{step}步")),
        2 if length > 0 => phone.splice("body", dice.below(length), 1 + dice.below(3) as isize, ""),
        3 => {
            let (at, text) = (dice.below(length + 1), ["甲乙丙", "a", "👍🏽é", "字"][dice.below(4)]);
            phone.edit(|tx| {
                tx.splice_text(&body, at, 0, text).expect("splice");
                tx.put(ROOT, "items/c", format!("{step}")).expect("put");
                tx.splice_text(&body, at, 1, "换").expect("splice");
            })
        }
        _ => phone.splice("body", dice.below(length + 1), 0, &format!("{step}号")),
    }
}
