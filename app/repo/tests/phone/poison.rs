//! Claim: a document that does not open harms nobody else, is listed, and heals when a fresh copy comes
//! (reliability D27, tech-facts §2).

use crate::bench::*;
use domain::bridge::{Answer, Ask};
use domain::{Refusal, to_cbor};
use store::{Col, Durability, Memory, Store, Write};
use sync::BodyFrame;

fn quarantined() -> Refusal {
    Refusal::Unreadable("quarantine".into())
}

#[test]
fn garbage_from_the_server_is_put_aside_and_fetched_again() {
    let bench = Bench::new();
    let theirs = Theirs::draft("0200099", "别人的", "好正文");
    let (mine, _) = bench.draft("我的", "");
    bench.brings(vec![theirs.frame(BodyFrame::Snapshot(vec![0x85, 1, 2, 3].into()))]);
    bench.sync().unwrap();
    assert_eq!(refused(bench.ask(Ask::Open(theirs.meta.id))), quarantined());
    assert_eq!(bench.attention().len(), 1);
    assert_eq!(bench.open(mine).row.title, "我的", "the others open");
    let whole = theirs.whole();
    bench.next(move |request| {
        assert_eq!(request.want, [whole.id]);
        let mut frames = vec![sync::Frame::Doc(Box::new(whole))];
        frames.extend(plain_end());
        (frames, Ok(()))
    });
    bench.sync().unwrap();
    assert_eq!(bench.text(theirs.meta.id), "好正文");
}

/// Leaves the mark of a worker that died while it opened these.
fn died_opening(bench: &Bench, docs: &[domain::DocId]) {
    let put = Write::Put(Col::Meta, b"opening".to_vec(), to_cbor(&docs));
    now(Memory(bench.disk.clone()).write(vec![put], Durability::Relaxed)).unwrap();
}

#[test]
fn a_worker_killed_twice_by_one_document_skips_it_the_third_time() {
    let mut bench = Bench::new();
    let (doc, _) = bench.draft("毒稿", "");
    died_opening(&bench, &[doc]);
    bench.restart();
    assert!(bench.attention().is_empty(), "once may be a flat battery");
    died_opening(&bench, &[doc]);
    bench.restart();
    assert_eq!(bench.attention().len(), 1);
    assert_eq!(refused(bench.ask(Ask::Open(doc))), quarantined());
    assert_eq!(bench.outbox().len(), 1, "what waits still goes up");
    bench.sync().unwrap();
    assert!(bench.outbox().is_empty());
}

#[test]
fn a_document_that_opened_in_between_is_no_suspect_any_more() {
    let mut bench = Bench::new();
    let (doc, _) = bench.draft("好稿", "");
    let (other, _) = bench.draft("另一篇", "");
    died_opening(&bench, &[doc, other]);
    bench.restart();
    bench.open(doc);
    kept(bench.title(doc, "好稿二"));
    died_opening(&bench, &[doc]);
    bench.restart();
    assert!(bench.attention().is_empty());
    assert_eq!(bench.open(doc).row.title, "好稿二");
}

#[test]
fn a_broken_document_keeps_what_the_server_took_until_the_fresh_copy_comes() {
    let mut bench = Bench::new();
    let (doc, _) = bench.draft("我的", "一。");
    died_opening(&bench, &[doc]);
    bench.restart();
    died_opening(&bench, &[doc]);
    bench.restart();
    let server = std::rc::Rc::new(std::cell::RefCell::new(None));
    let seen = server.clone();
    bench.next(move |request| {
        *seen.borrow_mut() = Some(request.clone());
        (accept(request), Ok(()))
    });
    bench.sync().unwrap();
    let sync::Item::Change(birth) = server.borrow().as_ref().unwrap().push[0].item.clone() else {
        panic!("birth")
    };
    let mut whole = automerge::Automerge::new();
    whole.apply_changes([automerge::Change::from_bytes(birth.into_vec()).unwrap()]).unwrap();
    let theirs = Theirs { meta: domain::crdt::read(&whole, doc).unwrap().0, doc: whole, actor: [9; 16] };
    bench.brings(vec![theirs.whole()]);
    bench.sync().unwrap();
    assert_eq!(bench.text(doc), "一。");
    assert!(matches!(bench.title(doc, "我的二"), Answer::Kept { .. }));
}
