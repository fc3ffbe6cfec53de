//! The store in memory keeps every promise of the conformance suite, and loses in a power cut exactly what
//! was not strict.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use store::{Col, Durability::*, Memory, Store, Trouble, Write::*, conformance};

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("memory never waits"),
    }
}

fn put(key: &[u8], value: &[u8]) -> Vec<store::Write> {
    vec![Put(Col::Meta, key.to_vec(), value.to_vec())]
}

#[test]
fn memory_keeps_the_promises_of_a_store() {
    assert_eq!(now(conformance::run(&Memory::default())), 6);
}

#[test]
fn a_power_cut_takes_what_was_relaxed_and_leaves_what_was_strict() {
    let store = Memory::default();
    now(store.write(put(b"a", b"1"), Relaxed)).unwrap();
    now(store.write(put(b"b", b"2"), Strict)).unwrap();
    now(store.write(put(b"b", b"3"), Relaxed)).unwrap();
    now(store.write(vec![Del(Col::Meta, b"a".to_vec())], Relaxed)).unwrap();
    store.0.cut_power();
    assert_eq!(
        now(store.all(Col::Meta)).unwrap(),
        [(b"a".to_vec(), b"1".to_vec()), (b"b".to_vec(), b"2".to_vec())]
    );
    now(store.write(vec![Clear(Col::Meta)], Strict)).unwrap();
    store.0.cut_power();
    assert_eq!(now(store.keys(Col::Meta)).unwrap(), Vec::<Vec<u8>>::new());
}

#[test]
fn a_failing_write_writes_nothing_and_the_next_one_works() {
    let store = Memory::default();
    store.0.fail_next(Trouble::Full);
    assert_eq!(now(store.write(put(b"a", b"1"), Strict)), Err(Trouble::Full));
    assert_eq!(now(store.get(Col::Meta, b"a")), Ok(None));
    now(store.write(put(b"a", b"1"), Strict)).unwrap();
    assert_eq!(now(store.get(Col::Meta, b"a")), Ok(Some(b"1".to_vec())));
}

#[test]
fn a_copied_disk_goes_its_own_way() {
    let store = Memory::default();
    now(store.write(put(b"a", b"1"), Strict)).unwrap();
    now(store.write(put(b"b", b"loose"), Relaxed)).unwrap();
    let copy = Memory(store.0.copy());
    now(store.write(put(b"a", b"2"), Strict)).unwrap();
    assert_eq!(now(copy.all(Col::Meta)).unwrap(), [(b"a".to_vec(), b"1".to_vec())], "only what was durable");
}
