//! The limits, from the honest side of the border and from the other.

use crate::kit::*;
use automerge::transaction::Transactable;
use automerge::{ReadDoc, ScalarValue};
use server::gate::{FieldShape, Refused, Shape, ShapeKind, Size, StoredDoc, admit, admit_all};

#[test]
fn two_thousand_letters_in_one_change_and_not_one_more() {
    let (li, mut store) = born();
    let mut phone = li.clone();
    store.push(&phone.splice("body", 0, 0, &"字".repeat(2_000))).expect("let in");
    let raw = li.clone().splice("body", 0, 0, &"字".repeat(2_001));
    assert_eq!(refused(store.ask(&raw)), Refused::TooBig(Size::Ops));
    store.push(&phone.splice("body", 0, 2_000, "")).expect("and out again");
    let wide = li.clone().put("photo", ScalarValue::Bytes(vec![0; 64 * 1024]));
    assert_eq!(refused(store.ask(&wide)), Refused::TooBig(Size::Change));
}

#[test]
fn a_text_ends_at_its_fields_length_but_can_always_be_shortened() {
    let (mut li, mut store) = born();
    store.push(&li.splice("note", 0, 0, "十二个字十二个字十二个字")).expect("exactly twelve");
    assert_eq!(refused(store.ask(&li.clone().splice("note", 0, 0, "字"))), Refused::TooBig(Size::Text));
    store.push(&li.splice("note", 0, 1, "换")).expect("same length");
    let mut tight = shape();
    tight.fields.iter_mut().find(|field| field.name == "note").expect("note").max_len = 5;
    let shorter = li.splice("note", 0, 2, "");
    admit(&StoredDoc { snapshot: store.snapshot.as_deref() }, &tight, &shorter)
        .expect("over, but getting better");
    let longer = li.copy(2).splice("note", 0, 0, "字");
    let stored = StoredDoc { snapshot: store.snapshot.as_deref() };
    assert!(admit(&stored, &tight, &longer).is_err());
}

/// The next honest edit names every head. One head too many and nobody could ever edit again.
#[test]
fn a_document_never_gets_more_heads_than_an_edit_can_name() {
    let (li, mut store) = born();
    let edits: Vec<Vec<u8>> = (0..65_u8).map(|i| li.copy(100 + i).put("title", format!("{i}"))).collect();
    edits[..64].iter().for_each(|raw| drop(store.push(raw).expect("let in")));
    assert_eq!(refused(store.ask(&edits[64])), Refused::TooBig(Size::Heads));
    let mut merged = li;
    edits[..64].iter().for_each(|raw| merged.take(raw));
    assert_eq!(merged.doc.get_heads().len(), 64);
    store.push(&merged.put("title", "合并")).expect("one edit settles all 64");
    assert_eq!(store.doc().get_heads().len(), 1);
}

/// A paragraph to which a hundred sessions contributed can be deleted in one go.
#[test]
fn many_hands_in_one_text_can_be_undone_at_once() {
    let (li, mut store) = born();
    let mut phone = li;
    for name in 50..150 {
        phone = phone.copy(name);
        store.push(&phone.splice("body", 0, 0, "手")).expect("let in");
    }
    let raw = phone.splice("body", 0, 100, "");
    store.push(&raw).expect("names a hundred actors");
    assert_eq!(store.text("body"), "井下通风检查");
}

/// Typing and deleting the same letters compresses to almost nothing, but its history still costs.
#[test]
fn history_ends_before_it_hurts() {
    let (mut li, store) = born();
    let mut stored = store.snapshot.clone();
    let mut verdict = Ok(());
    for _ in 0..12 {
        let raws: Vec<Vec<u8>> = (0..16)
            .map(|turn| {
                if turn % 2 == 0 {
                    li.splice("body", 0, 0, &"a".repeat(2_000))
                } else {
                    li.splice("body", 0, 2_000, "")
                }
            })
            .collect();
        let slices: Vec<&[u8]> = raws.iter().map(Vec::as_slice).collect();
        let batch = admit_all(&StoredDoc { snapshot: stored.as_deref() }, &shape(), &slices);
        stored = batch.after.map(|after| after.snapshot).or(stored);
        if let Some(refused) = batch.verdicts.into_iter().find_map(Result::err) {
            verdict = Err(refused);
            break;
        }
    }
    assert_eq!(verdict, Err(Refused::TooBig(Size::History)));
    let doc = automerge::Automerge::load(&stored.expect("stored")).expect("loads");
    assert!(doc.stats().num_ops <= 300_000);
}

#[test]
fn a_document_ends_at_256_kib() {
    let photo = FieldShape { name: "photo".into(), kind: ShapeKind::Bytes, max_len: 60_000 };
    let shape = Shape { fields: vec![photo], ..shape() };
    let (mut dice, mut phone) = (Dice(5), Phone::new(1));
    let mut snapshot: Option<Vec<u8>> = None;
    let mut verdicts = vec![];
    for _ in 0..6 {
        let noise: Vec<u8> = (0..60_000).map(|_| dice.next() as u8).collect();
        let raw = phone.put("photo", ScalarValue::Bytes(noise));
        match admit(&StoredDoc { snapshot: snapshot.as_deref() }, &shape, &raw) {
            Ok(admitted) => snapshot = Some(admitted.snapshot),
            Err(refused) => verdicts.push(refused),
        }
    }
    assert_eq!(verdicts[0], Refused::TooBig(Size::Document), "the fifth does not fit");
    assert!(snapshot.expect("four fit").len() <= 256 * 1024);
}

#[test]
fn all_texts_together_stay_under_200_kb() {
    let texts =
        ["a", "b"].map(|name| FieldShape { name: name.into(), kind: ShapeKind::Text, max_len: 1_000_000 });
    let shape = Shape { meta_keys: vec![], fields: texts.to_vec() };
    let mut phone = Phone::new(1);
    let birth = phone.edit(|tx| {
        for key in ["a", "b"] {
            tx.put_object(automerge::ROOT, key, automerge::ObjType::Text).expect("text");
        }
    });
    let mut raws = vec![birth];
    (0..34).for_each(|i| raws.push(phone.splice(["a", "b"][i % 2], 0, 0, &"字".repeat(2_000))));
    let slices: Vec<&[u8]> = raws.iter().map(Vec::as_slice).collect();
    let batch = admit_all(&StoredDoc::default(), &shape, &slices);
    assert_eq!(batch.verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 34, "33 times 6 KB");
    assert_eq!(batch.verdicts[34], Err(Refused::TooBig(Size::Text)));
}
