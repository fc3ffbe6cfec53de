//! Files that broke Automerge in experiments: each panicked, poisoned a document or ate gigabytes.

use crate::kit::*;
use automerge::{ActorId, Change};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn files() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile");
    let entries = std::fs::read_dir(folder).expect("the samples");
    let read = |entry: std::fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).expect("readable"))
    };
    entries.map(|entry| read(entry.expect("entry"))).collect()
}

#[test]
fn every_sample_is_refused_and_costs_no_memory() {
    let (_, store) = born();
    let start = peak_kib();
    let files = files();
    assert!(files.len() >= 11, "the samples are there");
    for (name, bytes) in files {
        for store in [&store, &Store::default()] {
            let verdict = refused(store.ask(&bytes));
            println!("{name}: {verdict:?}");
        }
    }
    assert!(peak_kib() - start < 10 * 1024, "{} KiB", peak_kib() - start);
}

/// The samples name changes and actors that do not exist here, which alone would refuse them. So their
/// operations are also put into a change that fits the document in every other way.
#[test]
fn their_operations_are_refused_in_an_honest_envelope_too() {
    let (li, store) = born();
    let envelope = Change::try_from(li.copy(2).put("title", "x").as_slice()).expect("a change").decode();
    let mut tried = 0;
    for (name, bytes) in files() {
        if name.starts_with("rle_") {
            continue;
        }
        let made = catch_unwind(AssertUnwindSafe(|| {
            let mut change = Change::try_from(bytes.as_slice()).ok()?.decode();
            (change.deps, change.start_op) = (envelope.deps.clone(), envelope.start_op);
            (change.seq, change.actor_id) = (1, ActorId::from([2; 16]));
            change.extra_bytes.clear();
            Some(Change::from(change).raw_bytes().to_vec())
        }));
        if let Ok(Some(raw)) = made {
            tried += 1;
            println!("{name}: {:?}", refused(store.ask(&raw)));
        }
    }
    assert!(tried >= 3, "{tried} samples can be read at all");
}
