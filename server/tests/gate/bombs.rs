//! Small bytes that mean enormous work. All are refused before anything grows.

use crate::kit::*;
use automerge::Change;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Author, Automerge, ObjType, ROOT, ReadDoc};
use server::gate::{Refused, Size, Step};

/// A birth-like body: no predecessors, actor 1, with these columns.
fn with_columns(columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut body = vec![0, 16];
    body.extend([1; 16]);
    body.extend([1, 1, 0, 0, 0]);
    body.extend(uleb(columns.len() as u64));
    for (spec, data) in columns {
        body.extend(uleb(*spec));
        body.extend(uleb(data.len() as u64));
    }
    columns.iter().for_each(|(_, data)| body.extend(data));
    chunk(1, &body)
}

fn run(rows: i64, value: &[u8]) -> Vec<u8> {
    [sleb(rows), value.to_vec()].concat()
}

#[test]
fn a_hundred_bytes_do_not_become_a_million_operations() {
    let start = peak_kib();
    for rows in [2_001, 1_000_000, 10_000_000, i64::MAX] {
        let bombs = [
            with_columns(&[(0x42, run(rows, &[1]))]),
            with_columns(&[(0x42, [vec![0], uleb(rows as u64)].concat())]),
            with_columns(&[(0x34, uleb(rows as u64)), (0x42, run(1, &[1]))]),
            with_columns(&[(0x15, run(rows, &[1, b'k'])), (0x42, run(1, &[1]))]),
            with_columns(&[(0x13, run(rows, &[1])), (0x42, run(1, &[1]))]),
            with_columns(&[(0x42, run(1, &[1])), (0x56, run(rows, &[0]))]),
            with_columns(&[(0x42, run(1, &[1])), (0x70, run(rows, &[0]))]),
            with_columns(&[(0x42, run(1, &[1])), (0x71, run(rows.max(4_001), &[0]))]),
        ];
        for bomb in &bombs {
            assert!(bomb.len() < 110);
            assert_eq!(refused(Store::default().ask(bomb)), Refused::TooBig(Size::Ops), "{rows}");
        }
    }
    let preds = with_columns(&[(0x42, run(2, &[1])), (0x70, run(2, &uleb(1 << 40)))]);
    assert_eq!(refused(Store::default().ask(&preds)), Refused::TooBig(Size::Ops));
    assert!(peak_kib() - start < 8 * 1024, "refusing costs no memory");
}

#[test]
fn a_real_bomb_made_by_automerge_itself_is_refused() {
    let raw = Phone::new(1).edit(|tx| {
        let list = tx.put_object(ROOT, "body", ObjType::List).expect("list");
        (0..50_000).for_each(|_| tx.insert(&list, 0, ()).expect("insert"));
    });
    assert_eq!(refused(Store::default().ask(&raw)), Refused::TooBig(Size::Ops), "{} bytes", raw.len());
}

#[test]
fn only_plain_change_chunks_pass() {
    let (mut li, store) = born();
    let raw = li.splice("body", 0, 0, &"长文本".repeat(100));
    let deflated = Change::try_from(raw.as_slice()).expect("a change").bytes().to_vec();
    assert_eq!(deflated[8], 2, "Automerge deflates it");
    assert_eq!(refused(store.ask(&deflated)), Refused::Malformed(Step::ChunkType));
    assert_eq!(refused(store.ask(&li.doc.save())), Refused::Malformed(Step::ChunkType), "a whole document");
    let history: Vec<_> = li.doc.get_changes(&[]).iter().map(Change::hash).collect();
    let bundle = li.doc.bundle(history).expect("bundle");
    assert_eq!(refused(store.ask(bundle.bytes())), Refused::Malformed(Step::ChunkType));
    for kind in [0, 2, 3, 4, 0x81, 0xff] {
        assert_eq!(
            refused(store.ask(&chunk(kind, body(&raw)))),
            Refused::Malformed(Step::ChunkType),
            "{kind}"
        );
    }
    store.ask(&raw).expect("the plain one");
}

#[test]
fn deflated_and_unknown_columns_do_not_pass() {
    for spec in [0x4a, 0x5f, 0x42 | 8, 0x43, 0x99, 0x80, u64::from(u32::MAX), u64::MAX] {
        let columns = vec![(spec, run(1, &[1]))];
        assert_eq!(
            refused(Store::default().ask(&with_columns(&columns))),
            Refused::Malformed(Step::Columns),
            "{spec}"
        );
    }
    let twice = with_columns(&[(0x42, run(1, &[1])), (0x42, run(1, &[1]))]);
    assert_eq!(refused(Store::default().ask(&twice)), Refused::Malformed(Step::Columns));
    let many: Vec<(u64, Vec<u8>)> = (0..21).map(|i| (0x42 + 16 * i, vec![])).collect();
    assert_eq!(refused(Store::default().ask(&with_columns(&many))), Refused::Malformed(Step::Columns));
}

#[test]
fn headers_that_promise_more_than_they_hold() {
    let body = |parts: &[&[u8]]| chunk(1, &parts.concat());
    let huge = uleb(u64::MAX);
    let actor = [&[16_u8][..], &[1; 16]].concat();
    let cases: [(Vec<u8>, Refused); 9] = [
        (body(&[&huge]), Refused::TooBig(Size::Heads)),
        (body(&[&[2], &[7; 32]]), Refused::Malformed(Step::Deps)),
        (body(&[&[2], &[7; 64]]), Refused::Malformed(Step::Deps)),
        (body(&[&[0], &huge]), Refused::Malformed(Step::Actor)),
        (body(&[&[0, 15], &[1; 15], &[1, 1, 0, 0, 0, 0]]), Refused::Malformed(Step::Actor)),
        (body(&[&[0], &actor, &[0, 1]]), Refused::Malformed(Step::Number)),
        (body(&[&[0], &actor, &[1, 1, 0], &huge]), Refused::Malformed(Step::Message)),
        (body(&[&[0], &actor, &[1, 1, 0, 0], &huge]), Refused::Malformed(Step::OtherActors)),
        (body(&[&[0], &actor, &[1, 1, 0, 0, 0], &huge]), Refused::Malformed(Step::Columns)),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refused(Store::default().ask(&bytes)), expected);
    }
    let (mut li, store) = born();
    let raw = li.put("title", "x");
    for end in 0..raw.len() {
        assert_eq!(refused(store.ask(&raw[..end])).code(), "malformed", "cut at {end}");
        let shorter = chunk(1, &body_of(&raw)[..body_of(&raw).len().min(end)]);
        if shorter != raw {
            assert!(store.ask(&shorter).is_err(), "cut at {end} with a true checksum");
        }
    }
    let mut longer = raw.clone();
    longer.push(0);
    assert_eq!(refused(store.ask(&longer)), Refused::Malformed(Step::ChunkLength));
    let mut wrong = raw;
    wrong[5] ^= 1;
    assert_eq!(refused(store.ask(&wrong)), Refused::Malformed(Step::Checksum));
}

fn body_of(raw: &[u8]) -> &[u8] {
    crate::kit::body(raw)
}

#[test]
fn nothing_can_be_stored_beside_the_operations() {
    let (li, store) = born();
    let raw = li.clone().put("title", "x");
    let with_tail = forge(&raw, |change| change.extra_bytes = vec![1; 10]);
    assert_eq!(refused(store.ask(&with_tail)), Refused::Malformed(Step::Extra));
    let mut doc =
        Automerge::new().with_actor(ActorId::from([5; 16])).with_author(Some(Author::from(&b"me"[..])));
    doc.transact(|tx| tx.put(ROOT, "title", "x")).expect("edit");
    let signed = doc.get_changes(&[])[0].raw_bytes().to_vec();
    assert_eq!(
        refused(Store::default().ask(&signed)),
        Refused::Malformed(Step::Extra),
        "authors are free text"
    );
    let chatty = forge(&raw, |change| change.message = Some("话".repeat(67)));
    assert_eq!(refused(store.ask(&chatty)), Refused::Malformed(Step::Message));
    let long_actor = forge(&raw, |change| change.actor_id = ActorId::from(vec![1; 17]));
    assert_eq!(refused(store.ask(&long_actor)), Refused::Malformed(Step::Actor));
    let mut phone = li.clone();
    let with_message = phone.doc.transact_with::<_, _, automerge::AutomergeError, _>(
        |()| CommitOptions::default().with_message("ok").with_time(i64::MAX),
        |tx| tx.put(ROOT, "title", "y"),
    );
    let hash = with_message.expect("edit").hash.expect("a change");
    let timeless = phone.doc.get_change_by_hash(&hash).expect("there").raw_bytes().to_vec();
    assert_eq!(refused(store.ask(&timeless)), Refused::Malformed(Step::Time));
}

/// Differences of neighbouring times are stored; within the bound they never overflow.
#[test]
fn the_wildest_allowed_clocks_still_save_and_load() {
    let (li, mut store) = born();
    let mut phone = li;
    for time in [1 << 53, -(1 << 53), 0, 1 << 53, -(1 << 53)] {
        let raw = forge(&phone.clone().put("amount", time), |change| change.time = time);
        store.push(&raw).expect("a claim is only a claim");
        phone.take(&raw);
    }
}

#[test]
fn an_empty_change_is_not_history() {
    let mut li = Phone::new(1);
    let hash = li.doc.empty_commit(CommitOptions::default());
    let raw = li.doc.get_change_by_hash(&hash).expect("there").raw_bytes().to_vec();
    assert_eq!(refused(Store::default().ask(&raw)), Refused::Malformed(Step::Empty));
}
