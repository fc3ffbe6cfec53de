//! What may be written: only what the kind names, only the way it names it, hidden or not.

use crate::kit::*;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType};
use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::Transactable;
use automerge::{ActorId, ObjType, ROOT, ReadDoc, ScalarValue};
use server::gate::{Refused, Why};

#[track_caller]
fn not_allowed(result: Result<server::gate::Admitted, Refused>, path: &str, why: Why) {
    assert_eq!(refused(result), Refused::NotAllowed { path: path.into(), why });
}

#[test]
fn a_write_that_hides_itself_is_still_a_write() {
    let (mut li, store) = born();
    for key in ["approved", "owner"] {
        let mut phone = li.clone();
        let raw = phone.edit(|tx| {
            tx.put(ROOT, key, "me").expect("put");
            tx.delete(ROOT, key).expect("delete");
            tx.put(ROOT, "title", "无害").expect("put");
        });
        assert_eq!(refused(store.ask(&raw)).code(), "not_allowed", "{key}");
    }
    let raw = li.edit(|tx| {
        let nested = tx.put_object(ROOT, "title", ObjType::Map).expect("map");
        tx.put(&nested, "x", 1).expect("put");
        tx.put(ROOT, "title", "盖住").expect("put");
    });
    not_allowed(store.ask(&raw), "title", Why::Action);
}

/// Whoever names another field's value as predecessor deletes it without naming its key.
#[test]
fn a_put_cannot_swallow_another_key() {
    let (li, store) = born();
    let owner = li.doc.get(ROOT, "owner").expect("get").expect("born").1;
    let automerge::ObjId::Id(counter, actor, _) = owner else { panic!("an operation") };
    let raw = li.clone().put("items/x", "无害");
    let forged = forge(&raw, |change| change.operations[0].pred = vec![OpId(counter, actor.clone())].into());
    not_allowed(store.ask(&forged), "items/*", Why::Predecessors);
    let twice = forge(&li.clone().put("title", "x"), |change| {
        let pred: Vec<OpId> = change.operations[0].pred.iter().cloned().collect();
        change.operations[0].pred = [pred.clone(), pred].concat().into();
    });
    assert_eq!(refused(store.ask(&twice)).code(), "not_allowed");
}

/// A losing concurrent write gives no value today and surfaces when the winner deletes its own.
#[test]
fn a_losing_concurrent_write_to_a_forbidden_key_is_refused() {
    let (li, mut store) = born();
    let (low, mut high) = (li.copy(2), li.copy(3));
    store.push(&high.put("title", "赢")).expect("let in");
    not_allowed(store.ask(&low.clone().put("owner", "me")), "owner", Why::BirthOnly);
    not_allowed(store.ask(&low.clone().put("secret", "me")), "?", Why::UnknownKey);
    let fresh = forge(&li.copy(4).put("title", "无前任"), |change| {
        change.operations[0] = put_op("owner", "me");
    });
    not_allowed(store.ask(&fresh), "owner", Why::BirthOnly);
}

#[test]
fn keys_that_the_kind_does_not_know_are_not_repeated_in_the_answer() {
    let (li, store) = born();
    for key in ["", "Title", "title ", "items", "items/", "title/x", "kind/x", "张三 13912345678"] {
        let verdict = refused(store.ask(&li.clone().put(key, "x")));
        assert!(!format!("{verdict:?}").contains("139"), "{verdict:?}");
        assert_eq!(verdict, Refused::NotAllowed { path: "?".into(), why: Why::UnknownKey }, "{key}");
    }
}

#[test]
fn types_and_lengths_are_the_fields_own() {
    let (li, store) = born();
    let cases: [(&str, ScalarValue, &str, Why); 13] = [
        ("title", 5_i64.into(), "title", Why::Type),
        ("title", ScalarValue::Null, "title", Why::Type),
        ("title", "二十一个字".repeat(5).into(), "title", Why::Length),
        ("amount", "5".into(), "amount", Why::Type),
        ("amount", 5.0.into(), "amount", Why::Type),
        ("amount", u64::MAX.into(), "amount", Why::Type),
        ("amount", ScalarValue::counter(5), "amount", Why::Type),
        ("amount", ScalarValue::Timestamp(5), "amount", Why::Type),
        ("urgent", 1_i64.into(), "urgent", Why::Type),
        ("photo", ScalarValue::Bytes(vec![0; 33]), "photo", Why::Length),
        ("items/a", true.into(), "items/*", Why::Type),
        ("items/a", "十一个字十一个字十一个".into(), "items/*", Why::Length),
        ("body", "整个换掉".into(), "body", Why::Action),
    ];
    for (key, value, path, why) in cases {
        not_allowed(store.ask(&li.clone().put(key, value)), path, why);
    }
    let long_name = format!("items/{}", "名".repeat(81));
    not_allowed(store.ask(&li.clone().put(&long_name, "x")), "?", Why::UnknownKey);
    let unknown = ScalarValue::Unknown { type_code: 12, bytes: vec![1] };
    not_allowed(store.ask(&li.clone().put("title", unknown)), "title", Why::Type);
}

#[test]
fn only_a_birth_makes_texts_and_writes_meta() {
    let (li, store) = born();
    for key in ["kind", "owner", "unit", "born"] {
        not_allowed(store.ask(&li.clone().put(key, "x")), key, Why::BirthOnly);
        not_allowed(store.ask(&li.clone().delete(key)), key, Why::BirthOnly);
    }
    let remake = li.clone().edit(|tx| drop(tx.put_object(ROOT, "body", ObjType::Text).expect("text")));
    not_allowed(store.ask(&remake), "body", Why::BirthOnly);
    not_allowed(store.ask(&li.clone().delete("body")), "body", Why::Action);
}

#[test]
fn a_birth_says_each_thing_once() {
    let twice = |write: fn(&mut automerge::transaction::Transaction<'_>)| {
        let raw = Phone::new(1).edit(|tx| {
            write_birth(tx);
            write(tx);
        });
        refused(Store::default().ask(&raw))
    };
    let no = |path: &str, why| Refused::NotAllowed { path: path.into(), why };
    assert_eq!(twice(|tx| tx.put(ROOT, "owner", "me").expect("put")), no("owner", Why::BirthOnly));
    assert_eq!(twice(|tx| tx.delete(ROOT, "owner").expect("delete")), no("owner", Why::Action));
    assert_eq!(
        twice(|tx| drop(tx.put_object(ROOT, "note", ObjType::Text).expect("text"))),
        no("note", Why::BirthOnly)
    );
    assert_eq!(twice(|tx| tx.put(ROOT, "strange", 1).expect("put")), no("?", Why::UnknownKey));
    let long = |tx: &mut automerge::transaction::Transaction<'_>| {
        tx.put(ROOT, "unit", "x".repeat(201)).expect("put")
    };
    let raw = Phone::new(1).edit(long);
    assert_eq!(refused(Store::default().ask(&raw)), no("unit", Why::Type));
}

#[test]
fn objects_marks_blocks_and_counters_do_not_exist() {
    let (li, store) = born();
    for kind in [ObjType::Map, ObjType::List, ObjType::Text] {
        for key in ["title", "body", "items/a"] {
            let raw = li.clone().edit(|tx| drop(tx.put_object(ROOT, key, kind).expect("object")));
            assert_eq!(refused(store.ask(&raw)).code(), "not_allowed", "{kind:?} {key}");
        }
    }
    let table = forge(&li.clone().put("title", "x"), |change| {
        change.operations[0].action = OpType::Make(ObjType::Table);
    });
    not_allowed(store.ask(&table), "title", Why::Action);
    let increment =
        forge(&li.clone().put("amount", 1), |change| change.operations[0].action = OpType::Increment(5));
    not_allowed(store.ask(&increment), "amount", Why::Action);
    let body = li.text_id("body");
    let mark = li.clone().edit(|tx| {
        tx.mark(&body, Mark::new("bold".into(), true, 0, 3), ExpandMark::Both).expect("mark");
    });
    not_allowed(store.ask(&mark), "body", Why::Action);
    let block = li.clone().edit(|tx| drop(tx.split_block(&body, 2).expect("block")));
    not_allowed(store.ask(&block), "body", Why::Action);
}

#[test]
fn deep_nests_end_at_the_first_level() {
    let (li, store) = born();
    for depth in [2, 200, 1_500] {
        let raw = li.clone().edit(|tx| {
            let mut at = ROOT;
            for _ in 0..depth {
                at = tx.put_object(&at, "title", ObjType::Map).expect("map");
            }
        });
        not_allowed(store.ask(&raw), "title", Why::Action);
    }
}

#[test]
fn text_takes_one_letter_at_a_time_where_its_author_saw_one() {
    let (mut li, store) = born();
    let raw = li.splice("body", 3, 0, "字");
    let note = li.text_id("note");
    let alter = |alter: &dyn Fn(&mut Op)| forge(&raw, |change| alter(&mut change.operations[0]));
    let letter = |text: &str| alter(&|op| op.action = OpType::Put(text.into()));
    for text in ["", "两字", "abc", &"e\u{301}".repeat(2), &format!("e{}", "\u{301}".repeat(40))] {
        not_allowed(store.ask(&letter(text)), "body", Why::Type);
    }
    not_allowed(store.ask(&alter(&|op| op.action = OpType::Put(5.into()))), "body", Why::Action);
    not_allowed(store.ask(&alter(&|op| op.insert = false)), "body", Why::Action);
    let nowhere = OpId(9_999, ActorId::from([1; 16]));
    not_allowed(
        store.ask(&alter(&|op| op.key = Key::Seq(ElementId::Id(nowhere.clone())))),
        "body",
        Why::Place,
    );
    let itself = OpId(18, ActorId::from([1; 16]));
    let first = li.doc.get_changes_meta(&[])[1].start_op;
    let own = OpId(first, ActorId::from([1; 16]));
    for id in [itself, own] {
        assert_eq!(
            refused(store.ask(&alter(&|op| op.key = Key::Seq(ElementId::Id(id.clone()))))).code(),
            "not_allowed"
        );
    }
    let automerge::ObjId::Id(counter, actor, _) = note else { panic!("an object") };
    let other_text = ObjectId::Id(OpId(counter, actor));
    not_allowed(store.ask(&alter(&|op| op.obj = other_text.clone())), "note", Why::Place);
    let no_object = ObjectId::Id(OpId(1, ActorId::from([1; 16])));
    not_allowed(store.ask(&alter(&|op| op.obj = no_object.clone())), "?", Why::Action);
}

#[test]
fn a_letter_is_taken_out_once_and_by_its_own_name() {
    let (li, store) = born();
    let raw = li.clone().splice("body", 3, 1, "");
    let twice = forge(&raw, |change| change.operations.push(change.operations[0].clone()));
    not_allowed(store.ask(&twice), "body", Why::Place);
    let for_nothing = forge(&raw, |change| change.operations[0].pred = Vec::new().into());
    not_allowed(store.ask(&for_nothing), "body", Why::Predecessors);
    let owner = OpId(2, ActorId::from([1; 16]));
    let swallowing = forge(&raw, |change| change.operations[0].pred = vec![owner.clone()].into());
    not_allowed(store.ask(&swallowing), "body", Why::Predecessors);
    let head = forge(&raw, |change| change.operations[0].key = Key::head());
    assert_eq!(refused(store.ask(&head)).code(), "not_allowed");
    let nothing =
        forge(&li.clone().put("items/a", "x"), |change| change.operations[0].action = OpType::Delete);
    not_allowed(store.ask(&nothing), "items/*", Why::Predecessors);
}
