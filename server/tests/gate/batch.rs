//! A whole push at once: the bad change and its followers stay out, the others stay in.

use crate::kit::*;
use server::gate::{Batch, Permit, Refused, StoredDoc, Trouble, admit_all, peek};

fn push(store: &Store, raws: &[Vec<u8>]) -> Batch {
    let slices: Vec<&[u8]> = raws.iter().map(Vec::as_slice).collect();
    admit_all(&StoredDoc { snapshot: store.snapshot.as_deref() }, &shape(), &slices)
}

fn codes(batch: &Batch) -> Vec<&'static str> {
    batch.verdicts.iter().map(|verdict| verdict.as_ref().map_or_else(Refused::code, |_| "ok")).collect()
}

#[test]
fn a_push_gives_what_its_changes_give_one_by_one() {
    let (mut li, mut store) = born();
    let raws: Vec<Vec<u8>> =
        (0..40)
            .map(|i| {
                if i % 3 == 0 {
                    li.put("title", format!("{i}"))
                } else {
                    li.splice("body", i % 6, 1, "换字")
                }
            })
            .collect();
    let batch = push(&store, &raws);
    assert!(codes(&batch).iter().all(|code| *code == "ok"));
    raws.iter().for_each(|raw| drop(store.push(raw).expect("let in")));
    let after = batch.after.expect("accepted");
    assert_eq!(Some(&after.snapshot), store.snapshot.as_ref());
    assert_eq!(after.actors, vec![([1; 16], 41)]);
    assert_eq!(after.heads, vec![peek(&raws[39]).expect("a change").0]);
    assert_eq!(batch.verdicts[7].as_ref().map(Permit::bytes), Ok(raws[7].as_slice()));
}

#[test]
fn a_refused_change_takes_its_followers_with_it_and_no_one_else() {
    let (mut li, store) = born();
    let mut wang = li.copy(2);
    let good = li.put("title", "好");
    let bad = li.put("owner", "me");
    let follower = li.put("title", "跟着");
    let second_follower = li.splice("body", 0, 0, "也跟着");
    let other = wang.put("amount", 7);
    let raws = [good, bad.clone(), follower, second_follower, other.clone(), other];
    let batch = push(&store, &raws);
    let expected = ["ok", "not_allowed", "depends_on_refused", "depends_on_refused", "ok", "duplicate"];
    assert_eq!(codes(&batch), expected);
    assert_eq!(batch.verdicts[2], Err(Refused::DependsOnRefused(peek(&bad).expect("a change").0)));
    let doc = automerge::Automerge::load(&batch.after.expect("two accepted").snapshot).expect("loads");
    assert_eq!(doc.get_heads().len(), 2);
}

#[test]
fn what_comes_before_its_own_past_waits_and_is_not_refused() {
    let (mut li, store) = born();
    let (first, second, third) = (li.put("title", "一"), li.put("title", "二"), li.put("title", "三"));
    let batch = push(&store, &[second, third, first]);
    assert_eq!(codes(&batch), ["missing_deps", "missing_deps", "ok"]);
}

#[test]
fn a_birth_that_was_refused_leaves_no_texts_behind() {
    let refused_birth = Phone::new(1).edit(|tx| {
        write_birth(tx);
        automerge::transaction::Transactable::put(tx, automerge::ROOT, "strange", 1).expect("put");
    });
    let mut li = Phone::new(2);
    let (birth, edit) = (li.birth(), li.splice("body", 0, 0, "好"));
    let batch = push(&Store::default(), &[refused_birth, birth, edit]);
    assert_eq!(codes(&batch), ["not_allowed", "ok", "ok"]);
}

#[test]
fn a_refused_text_edit_leaves_the_next_one_unharmed() {
    let (li, store) = born();
    let mut raws = vec![];
    for i in 0..5_u8 {
        raws.push(li.copy(10 + i).splice("note", 0, 0, "十三个字十三个字十三个字多"));
        raws.push(li.copy(20 + i).splice("note", 0, 0, "字"));
        raws.push(li.copy(30 + i).put("owner", "me"));
    }
    let batch = push(&store, &raws);
    assert_eq!(codes(&batch), ["too_big", "ok", "not_allowed"].repeat(5));
}

#[test]
fn a_damaged_store_is_nobodys_fault_and_nothing_is_refused_for_good() {
    let (mut li, mut store) = born();
    let raws = [li.put("title", "一"), li.put("title", "二")];
    let good = store.snapshot.clone().expect("born");
    for damage in [vec![], good[..good.len() - 3].to_vec(), b"not a document".to_vec()] {
        store.snapshot = Some(damage);
        let batch = push(&store, &raws);
        assert!(batch.after.is_none());
        let first = batch.verdicts[0].as_ref().expect_err("cannot judge");
        let waits = matches!(first, Refused::Later(Trouble::Unreadable) | Refused::MissingDeps(_));
        assert!(waits && !first.is_final(), "{first:?}");
    }
}

#[test]
fn an_empty_push_is_no_push() {
    let (_, store) = born();
    let batch = push(&store, &[]);
    assert!(batch.verdicts.is_empty() && batch.after.is_none());
}
