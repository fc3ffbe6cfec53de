//! The vault against whoever has the disk: nothing readable on it, nothing changed unnoticed, no key
//! without its secret, and a move into a vault that loses nothing wherever it is cut.

use futures_util::FutureExt;
use std::cell::Cell;
use store::vault::{
    COST, Cost, Key, Native, OpenKey, Origin, Secret, Slot, Strength, Vaulted, has_moved, move_all, stretch,
};
use store::{
    Col, Disk, Durability, Durability::*, Memory, Pair, Store, Trouble, Write, Write::*, conformance,
};

/// Nothing here waits: memory answers at once.
fn now<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().expect("nothing to wait for")
}

/// Guesses cost little in tests, but for the one that measures.
const CHEAP: Cost = Cost { kib: 64, passes: 1 };

fn vault(disk: &Memory, key: u8, strength: Strength) -> Vaulted<Memory, Native> {
    Vaulted::new(disk.clone(), now(OpenKey::of(&[key; 32], strength)).ok())
}

fn everything(disk: &impl Store) -> Vec<(Col, Pair)> {
    let of = |col| now(disk.all(col)).unwrap().into_iter().map(move |pair| (col, pair));
    Col::ALL.into_iter().flat_map(of).collect()
}

fn filled(store: &impl Store) {
    let value = |col: Col, n: u8| format!("金丝雀-{}-{n}", col.name()).into_bytes();
    let key = |col: Col, n: u8| match col {
        Col::Outbox | Col::Attention => u64::from(n).to_be_bytes().to_vec(),
        Col::Meta => format!("state{n}").into_bytes(),
        _ => format!("工号0200017{n:05}").into_bytes(),
    };
    let puts = Col::ALL.into_iter().flat_map(|col| (0..5).map(move |n| Put(col, key(col, n), value(col, n))));
    now(store.write(puts.collect(), Strict)).unwrap();
}

#[test]
fn a_vault_keeps_every_promise_of_a_store() {
    let checked = now(conformance::run(&vault(&Memory::default(), 1, Strength::Ordinary)));
    assert_eq!(checked, 6);
    assert_eq!(now(conformance::run(&Memory::default())), 6);
}

#[test]
fn nothing_on_the_disk_can_be_read() {
    let disk = Memory::default();
    let vault = vault(&disk, 1, Strength::Ordinary);
    filled(&vault);
    let holds = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).any(|window| window == needle);
    for (col, (key, value)) in everything(&disk) {
        for canary in ["金丝雀", "0200017"] {
            assert!(!holds(&value, canary.as_bytes()) && !holds(&key, canary.as_bytes()), "{col:?}");
        }
    }
    assert_eq!(everything(&vault).len(), 35, "and all of it can be read with the key");
    let twice: Vec<Pair> = now(disk.all(Col::Docs)).unwrap();
    filled(&vault);
    let again = now(disk.all(Col::Docs)).unwrap();
    assert!(twice.iter().zip(&again).all(|(a, b)| a.0 == b.0 && a.1 != b.1), "never the same nonce");
}

#[test]
fn every_bit_that_is_changed_is_noticed() {
    let disk = Memory::default();
    let vault = vault(&disk, 1, Strength::Ordinary);
    filled(&vault);
    let (place, sealed) = now(disk.all(Col::Rows)).unwrap().remove(0);
    for at in 0..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        now(disk.write(vec![Put(Col::Rows, place.clone(), bent)], Strict)).unwrap();
        assert_eq!(now(vault.all(Col::Rows)), Err(Trouble::Unreadable), "byte {at}");
    }
    for cut in [0, 5, 12, sealed.len() - 1] {
        now(disk.write(vec![Put(Col::Rows, place.clone(), sealed[..cut].to_vec())], Strict)).unwrap();
        assert_eq!(now(vault.all(Col::Rows)), Err(Trouble::Unreadable), "cut at {cut}");
    }
    now(disk.write(vec![Put(Col::Rows, place, sealed)], Strict)).unwrap();
    assert_eq!(now(vault.all(Col::Rows)).unwrap().len(), 5);
}

#[test]
fn a_value_opens_in_its_own_place_only() {
    let disk = Memory::default();
    let vault_ = vault(&disk, 1, Strength::Ordinary);
    filled(&vault_);
    let pairs = now(disk.all(Col::Outbox)).unwrap();
    let (a, b) = (pairs[0].clone(), pairs[1].clone());
    now(disk.write(vec![Put(Col::Outbox, a.0.clone(), b.1.clone())], Strict)).unwrap();
    assert_eq!(now(vault_.get(Col::Outbox, &a.0)), Err(Trouble::Unreadable), "another key");
    now(disk.write(vec![Put(Col::Attention, b.0.clone(), b.1.clone())], Strict)).unwrap();
    assert_eq!(now(vault_.get(Col::Attention, &b.0)), Err(Trouble::Unreadable), "another collection");
    let elsewhere = vault(&disk, 1, Strength::Sensitive);
    assert_eq!(now(elsewhere.get(Col::Outbox, &b.0)), Err(Trouble::Unreadable), "another strength");
    let stranger = vault(&disk, 2, Strength::Ordinary);
    assert_eq!(now(stranger.get(Col::Outbox, &b.0)), Err(Trouble::Unreadable), "another key");
    assert_eq!(now(stranger.get(Col::Docs, b"x")), Ok(None));
}

#[test]
fn lines_of_lists_lie_in_packs_and_many_small_packs_become_few() {
    let disk = Memory::default();
    let vault_ = vault(&disk, 1, Strength::Ordinary);
    let row = |n: u16| Put(Col::Rows, n.to_be_bytes().to_vec(), format!("行{n}").into_bytes());
    now(vault_.write((0..3_000).map(row).collect(), Strict)).unwrap();
    assert_eq!(now(disk.keys(Col::Rows)).unwrap().len(), 1, "one write, one pack");
    for n in 0..100 {
        let second = if n % 2 == 0 { Del(Col::Rows, (n + 1_000u16).to_be_bytes().to_vec()) } else { row(n) };
        now(vault_.write(vec![row(n), second], Strict)).unwrap();
    }
    assert_eq!(now(disk.keys(Col::Rows)).unwrap().len(), 101);
    // Another start: it writes before it has read anything, and does not overwrite a pack.
    let later = vault(&disk, 1, Strength::Ordinary);
    now(later.write(vec![row(5_000)], Strict)).unwrap();
    let rows = now(later.all(Col::Rows)).unwrap();
    assert_eq!(rows.len(), 3_000 - 50 + 1);
    assert!(now(disk.keys(Col::Rows)).unwrap().len() <= 3);
    disk.0.cut_power();
    now(later.write(vec![row(5_001)], Strict)).unwrap();
    let again = vault(&disk, 1, Strength::Ordinary);
    assert_eq!(now(again.all(Col::Rows)).unwrap()[..rows.len()], rows, "the same lines after that");
    assert_eq!(now(again.get(Col::Rows, &5_001u16.to_be_bytes())).unwrap(), Some("行5001".into()));
    assert_eq!(now(again.keys(Col::Rows)).unwrap().len(), rows.len() + 1);
    now(again.write(vec![row(1), Clear(Col::Rows), row(2)], Strict)).unwrap();
    assert_eq!(now(again.all(Col::Rows)).unwrap().len(), 1);
}

#[test]
fn without_a_key_everything_lies_as_it_is() {
    let disk = Memory::default();
    let plain = Vaulted::<_, Native>::new(disk.clone(), None);
    assert_eq!(now(conformance::run(&plain)), 6);
    filled(&plain);
    assert_eq!(everything(&plain), everything(&disk));
}

fn slot(strength: Strength) -> (Slot, Key) {
    Slot::new(b"person", "017".into(), strength, 0)
}
fn pin(digits: &str) -> Secret {
    Secret::Pin(digits.into())
}
fn passkey(secret: u8) -> Secret {
    Secret::Passkey { credential: vec![7], input: [9; 32], secret: [secret; 32] }
}

#[test]
fn only_the_right_secret_brings_the_key_back() {
    let (mut slot, key) = slot(Strength::Ordinary);
    now(slot.lock::<Native>(&pin("271828"), &key, CHEAP)).unwrap();
    assert_eq!(now(slot.unlock::<Native>(&pin("271828"))), Ok(key));
    for wrong in [pin("271829"), pin(""), Secret::Phrase("271828".into()), passkey(1)] {
        assert!(now(slot.unlock::<Native>(&wrong)).is_err());
    }
    now(slot.lock::<Native>(&pin("314159"), &key, CHEAP)).unwrap();
    assert!(now(slot.unlock::<Native>(&pin("271828"))).is_err(), "the old PIN went with the new one");
    assert_eq!(now(slot.unlock::<Native>(&pin("314159"))), Ok(key));
    assert!(slot.is_of(b"person") && !slot.is_of(b"somebody"));
}

#[test]
fn a_sensitive_vault_takes_no_pin_alone() {
    let (mut slot, key) = slot(Strength::Sensitive);
    assert!(now(slot.lock::<Native>(&pin("271828"), &key, CHEAP)).is_err());
    let shared = |pin: &str, share| Secret::Shared { pin: pin.into(), share: [share; 32] };
    let ways = [Secret::Phrase("井口第三班早上好啊啊".into()), passkey(1), shared("271828", 3)];
    for way in &ways {
        now(slot.lock::<Native>(way, &key, CHEAP)).unwrap();
    }
    for way in &ways {
        assert_eq!(now(slot.unlock::<Native>(way)), Ok(key));
    }
    for wrong in [pin("271828"), passkey(2), shared("271828", 4), shared("271829", 3)] {
        assert!(now(slot.unlock::<Native>(&wrong)).is_err());
    }
    assert_eq!(slot.ways.len(), 3);
    let proof = |pin: &str| now(slot.proof::<Native>(pin));
    assert_eq!(proof("271828"), proof("271828"));
    assert_ne!(proof("271828"), proof("271829"));
}

#[test]
fn a_slot_that_was_bent_opens_nothing() {
    let (mut ours, key) = slot(Strength::Sensitive);
    now(ours.lock::<Native>(&passkey(1), &key, CHEAP)).unwrap();
    let weaker = Slot { strength: Strength::Ordinary, ..ours.clone() };
    assert!(now(weaker.unlock::<Native>(&passkey(1))).is_err(), "its strength is authenticated");
    let (theirs, _) = slot(Strength::Sensitive);
    let moved = Slot { ways: ours.ways.clone(), ..theirs };
    assert!(now(moved.unlock::<Native>(&passkey(1))).is_err(), "so is its name");
}

/// Fails from the n-th write on, as a phone does whose battery is out.
struct Dying<'d>(&'d Vaulted<Memory, Native>, Cell<usize>);
impl Store for Dying<'_> {
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
        self.0.get(col, key).await
    }
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble> {
        self.0.all(col).await
    }
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble> {
        self.0.keys(col).await
    }
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble> {
        match self.1.get().checked_sub(1) {
            Some(left) => self.1.set(left),
            None => return Err(Trouble::Lost),
        }
        self.0.write(batch, durability).await
    }
}

/// What is new in the new place.
fn home() -> Vec<Write> {
    vec![Put(Col::Meta, b"state0".to_vec(), b"new".to_vec())]
}

#[test]
fn a_move_that_is_cut_at_any_write_is_done_again_and_loses_nothing() {
    for cut in 0..40 {
        let (old, disk) = (Memory::default(), Memory::default());
        filled(&old);
        let (before, new) = (everything(&old), vault(&disk, 1, Strength::Ordinary));
        let whole = now(move_all(&old, &Dying(&new, Cell::new(cut)), home())).is_ok();
        disk.0.cut_power();
        let begun = now(new.get(Col::Meta, b"state0")).unwrap().is_some();
        assert_eq!(begun, cut > 0, "what is new is there from the first write on");
        assert_eq!(now(has_moved(&new)), Ok(whole), "the mark is the last write");
        now(move_all(&old, &new, home())).unwrap();
        let mark = |(col, (key, _)): &(Col, Pair)| *col == Col::Meta && key == b"moved";
        assert_eq!(now(new.get(Col::Meta, b"state0")).unwrap(), Some(b"new".to_vec()));
        let other = |(_, (key, _)): &(Col, Pair)| key != b"state0";
        let after: Vec<_> = everything(&new).into_iter().filter(|one| !mark(one) && other(one)).collect();
        let expected: Vec<_> = before.iter().filter(|one| other(one)).cloned().collect();
        assert_eq!(after, expected, "cut before write {cut}");
        assert_eq!(everything(&old), before);
        if whole {
            assert!(cut > 7);
            return;
        }
    }
    panic!("a move takes fewer writes");
}

#[test]
fn from_an_ordinary_vault_into_a_sensitive_one() {
    let (disk, (mut weak, old)) = (Memory::default(), slot(Strength::Ordinary));
    now(weak.lock::<Native>(&pin("271828"), &old, CHEAP)).unwrap();
    let first = Vaulted::new(disk, now(OpenKey::<Native>::of(&old, weak.strength)).ok());
    filled(&first);
    let (mut strong, key) = slot(Strength::Sensitive);
    now(strong.lock::<Native>(&passkey(1), &key, CHEAP)).unwrap();
    let sealed = now(strong.seal_old::<Native>(&key, &old)).unwrap();
    strong.from = Some(Origin {
        database: weak.database(),
        key: Some((sealed.clone(), weak.strength)),
        slot: Some(weak.id),
    });
    assert_eq!(now(strong.open_old::<Native>(&key, &sealed)), Ok(old));
    assert!(now(strong.open_old::<Native>(&old, &sealed)).is_err());
    let second = Vaulted::new(
        Memory(std::rc::Rc::new(Disk::default())),
        now(OpenKey::<Native>::of(&key, strong.strength)).ok(),
    );
    now(move_all(&first, &second, vec![])).unwrap();
    assert_eq!(everything(&second).len(), everything(&first).len() + 1);
    assert_ne!(weak.database(), strong.database());
}

/// Prints what one guess costs here; `cargo test -p store --release -- --nocapture one_guess`.
#[test]
fn one_guess_costs_what_it_should() {
    let started = std::time::Instant::now();
    assert!(now(stretch::<Native>(b"271828", &[1; 16], COST)).is_some());
    println!("one guess at {} MiB x {}: {:?}", COST.kib / 1024, COST.passes, started.elapsed());
    let absurd = Cost { kib: u32::MAX, passes: 1 };
    assert_eq!(
        now(stretch::<Native>(b"271828", &[1; 16], absurd)),
        None,
        "a bent record cannot hang a phone"
    );
}
