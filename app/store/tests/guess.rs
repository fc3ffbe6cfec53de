//! A thief with a copy of the disk and all the time in the world, but without the passkey, the passphrase
//! or the server's share: every PIN there is, tried on a sensitive slot. The guesses are real; each is made
//! cheap (8 KiB instead of what phones pay), because what is shown is that no PIN opens it at any price.
//!
//! `LIANXIN_GUESSES=1000000 cargo test -p store --test guess -- --nocapture` tries all of six digits.

use futures_util::FutureExt;
use std::time::Instant;
use store::vault::{COST, Cost, Native, Secret, Slot, Strength, stretch};

const CHEAP: Cost = Cost { kib: 8, passes: 1 };

fn now<T>(work: impl Future<Output = T>) -> T {
    work.now_or_never().expect("nothing to wait for")
}

fn guesses() -> u32 {
    std::env::var("LIANXIN_GUESSES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

/// Locked in every way that an officer can choose; the PIN of the shared one is among the guesses.
fn target() -> Slot {
    let (mut slot, key) = Slot::new(b"officer", "002".into(), Strength::Sensitive, 0);
    let passkey = Secret::Passkey { credential: vec![1], input: [2; 32], secret: [3; 32] };
    let shared = Secret::Shared { pin: "000777".into(), share: [4; 32] };
    for way in [passkey, shared, Secret::Phrase("矿灯亮着回家路上平安".into())] {
        now(slot.lock::<Native>(&way, &key, CHEAP)).unwrap();
    }
    slot
}

#[test]
fn no_pin_opens_a_sensitive_vault_without_what_is_not_on_the_disk() {
    let slot = target();
    let (mut tried, mut opened) = (0u32, 0u32);
    for guess in 0..guesses() {
        let pin = format!("{guess:06}");
        let ways = [
            Secret::Shared { pin: pin.clone(), share: [0; 32] },
            Secret::Phrase(pin.clone()),
            Secret::Pin(pin),
        ];
        for way in ways {
            tried += 1;
            opened += u32::from(now(slot.unlock::<Native>(&way)).is_ok());
        }
    }
    println!("{tried} tries with {} PINs: {opened} opened", guesses());
    assert_eq!(opened, 0);
    // The target is a real one: what was missing opens it.
    let share = Secret::Shared { pin: "000777".into(), share: [4; 32] };
    assert!(now(slot.unlock::<Native>(&share)).is_ok());
}

/// An ordinary vault has nothing but the price of a guess. It is printed, so that the documents stay honest.
#[test]
fn one_guess_at_an_ordinary_vault_has_its_price() {
    let started = Instant::now();
    let rounds = 3;
    for i in 0..rounds {
        assert!(now(stretch::<Native>(b"271828", &[i; 16], COST)).is_some());
    }
    let one = started.elapsed() / u32::from(rounds);
    let all = one * 1_000_000;
    println!(
        "one guess on one core here: {one:?}; all of six digits: {:.1} hours",
        all.as_secs_f64() / 3600.0
    );
    // What it costs is the phone's memory and two walks through it, on any machine.
    const { assert!(COST.kib >= 32 * 1024 && COST.passes >= 2, "a guess must cost something") };
}

/// The lock of a real phone, out of a copied profile: `end2end/journeys/at-rest.spec.ts` leaves it where
/// `LIANXIN_SLOT` says. Every PIN is tried alone; at the full price only as many as there is patience for
/// (`LIANXIN_DEAR`), in the place of the passphrase and of the PIN beside a share.
#[test]
fn no_pin_opens_the_lock_of_a_copied_profile() {
    let Ok(file) = std::env::var("LIANXIN_SLOT") else { return };
    let slot: Slot = cbor4ii::serde::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(slot.strength, Strength::Sensitive);
    let dear: u32 = std::env::var("LIANXIN_DEAR").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let opens = |way: Secret| u32::from(now(slot.unlock::<Native>(&way)).is_ok());
    let pin = |guess: u32| format!("{guess:06}");
    let alone: u32 = (0..guesses()).map(|guess| opens(Secret::Pin(pin(guess)))).sum();
    let instead: u32 = (0..dear)
        .map(|guess| {
            let shared = Secret::Shared { pin: pin(guess), share: [0; 32] };
            opens(shared) + opens(Secret::Phrase(pin(guess)))
        })
        .sum();
    println!(
        "copied profile: {} PINs alone, {dear} at the full price twice: {} opened",
        guesses(),
        alone + instead
    );
    assert_eq!(alone + instead, 0);
    // It is a real lock: what the story's officer chose opens it.
    if let Ok(words) = std::env::var("LIANXIN_PHRASE") {
        assert_eq!(opens(Secret::Phrase(words)), 1);
    }
}
