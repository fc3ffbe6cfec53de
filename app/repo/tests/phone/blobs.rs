//! Claim: a picture is kept before anything else, goes up in pieces from where a cut left it, and never
//! holds a record up (reliability D12).

use crate::bench::*;
use domain::Hash;
use domain::bridge::{Answer, Ask, BlobState, Event};
use repo::{LinkTrouble, RoundTrouble};

fn put(bench: &Bench, bytes: &[u8]) -> Hash {
    match bench.ask(Ask::PutBlob { doc: None, bytes: bytes.to_vec().into(), mime: "image/jpeg".into() }) {
        Answer::Stored(hash) => hash,
        other => panic!("{other:?}"),
    }
}

fn state(bench: &Bench, hash: Hash) -> BlobState {
    match bench.ask(Ask::Blobs(vec![hash])) {
        Answer::Blobs(states) => states[0].clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_picture_goes_up_in_pieces_and_goes_on_where_it_was_cut() {
    let mut bench = Bench::new();
    let picture: Vec<u8> = (0..600_000u32).map(|i| (i % 251) as u8).collect();
    let hash = put(&bench, &picture);
    assert_eq!(state(&bench, hash), BlobState { hash, size: 600_000, sent: 0, here: true, delivered: false });
    assert_eq!(bench.phone.state().waiting, 1);
    bench.wire.blobs.borrow_mut().insert(hash, picture[..262_144].to_vec());
    *bench.wire.blob_trouble.borrow_mut() = Some(LinkTrouble::Offline);
    assert_eq!(bench.sync(), Err(RoundTrouble::Link(LinkTrouble::Offline)));
    bench.restart();
    bench.sync().unwrap();
    assert_eq!(*bench.wire.pieces.borrow(), [(262_144, 262_144), (524_288, 75_712)]);
    assert_eq!(
        state(&bench, hash),
        BlobState { hash, size: 600_000, sent: 600_000, here: true, delivered: true }
    );
    assert_eq!(bench.phone.state().waiting, 0);
    let moved = |event: &Event| matches!(event, Event::Blob(state) if state.sent == 524_288);
    assert!(bench.heard.borrow().iter().any(moved), "progress is told");
}

#[test]
fn the_same_picture_twice_is_one() {
    let bench = Bench::new();
    assert_eq!(put(&bench, b"same"), put(&bench, b"same"));
    assert_eq!(bench.outbox().len(), 1);
    bench.sync().unwrap();
    assert_eq!(bench.wire.pieces.borrow().len(), 1);
}

#[test]
fn a_record_does_not_wait_for_its_picture() {
    let bench = Bench::new();
    put(&bench, b"photo");
    bench.draft("有图", "");
    *bench.wire.blob_trouble.borrow_mut() = Some(LinkTrouble::Busy { retry_after_ms: 1 });
    assert!(bench.sync().is_err());
    assert_eq!(bench.outbox().len(), 1, "only the picture is left");
}

#[test]
fn a_picture_the_server_will_not_take_is_said_so_and_the_others_go_on() {
    let bench = Bench::new();
    let bad = put(&bench, b"<svg>");
    bench.clock.set(START_MS + 1);
    let good = put(&bench, b"jpeg");
    *bench.wire.blob_trouble.borrow_mut() = Some(LinkTrouble::Server(422));
    bench.sync().unwrap();
    assert!(!state(&bench, bad).delivered && state(&bench, bad).here);
    assert!(state(&bench, good).delivered);
    assert_eq!(bench.attention().len(), 1);
    assert!(bench.outbox().is_empty());
}

#[test]
fn bytes_that_are_not_what_they_claim_are_not_shown() {
    let bench = Bench::new();
    let hash = Hash::of(b"right");
    bench.wire.blobs.borrow_mut().insert(hash, b"wrong".to_vec());
    assert!(refused(bench.ask(Ask::GetBlob(hash))).zh().contains("等待上传"));
    bench.wire.blobs.borrow_mut().insert(hash, b"right".to_vec());
    assert_eq!(bench.ask(Ask::GetBlob(hash)), Answer::Bytes(b"right".to_vec().into()));
}

#[test]
fn a_restored_server_gets_the_pictures_again() {
    let bench = Bench::new();
    let photo = put(&bench, &[1, 2, 3]);
    bench.sync().unwrap();
    bench.wire.blobs.borrow_mut().clear();
    for _ in 0..8 {
        bench.next(|_| (vec![sync::Frame::End(sync::End { epoch: "e2".into(), ..end() })], Ok(())));
    }
    bench.sync().unwrap();
    assert!(bench.wire.blobs.borrow().contains_key(&photo), "sent again, by itself");
    assert!(bench.outbox().is_empty());
}
