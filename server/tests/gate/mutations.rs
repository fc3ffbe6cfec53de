//! Broken bytes with a right checksum, by the ten thousand. Nothing panics, nothing that is let in breaks
//! later, nothing forbidden becomes visible. `LIANXIN_MUTATIONS=1000000` runs more, `LIANXIN_SEED` others.

use crate::kit::*;
use automerge::ROOT;
use automerge::transaction::Transactable;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A number from the environment.
pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A document with history by three people, and one honest next change of every sort.
pub fn targets() -> Vec<(Store, Vec<u8>)> {
    let (mut li, mut store) = born();
    let mut targets = vec![(Store::default(), Phone::new(1).birth())];
    let mut wang = li.copy(2);
    for raw in [wang.splice("body", 3, 2, "检修完毕"), wang.put("items/手套", "两双")] {
        store.push(&raw).expect("let in");
        li.take(&raw);
    }
    let mut zhao = li.copy(3);
    let early = zhao.put("amount", 12_500);
    store.push(&li.put("title", "第二稿")).expect("let in");
    let body = li.text_id("body");
    let next: Vec<Vec<u8>> = vec![
        early,
        li.clone().put("title", "第三稿"),
        li.clone().delete("items/手套"),
        li.clone().splice("body", 2, 4, "改"),
        li.copy(9).splice("body", 0, 8, ""),
        li.clone().edit(|tx| {
            tx.put(ROOT, "urgent", true).expect("put");
            tx.splice_text(&body, 1, 3, "甲乙").expect("splice");
            tx.put(ROOT, "items/帽", "三顶").expect("put");
            tx.delete(ROOT, "title").expect("delete");
        }),
    ];
    targets.extend(next.into_iter().map(|raw| (store.clone(), raw)));
    targets
}

/// One to four small damages.
pub fn mutate(honest: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = body(honest).to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        match dice.below(9) {
            0..=3 => bytes[at] = dice.next() as u8,
            4 => bytes[at] ^= 1 << dice.below(8),
            5 => bytes[at] = bytes[at].wrapping_add([1, 0xff][dice.below(2)]),
            6 => bytes.insert(at, dice.next() as u8 & 0x7f),
            7 if bytes.len() > 1 => drop(bytes.remove(at)),
            _ => splice_in(&mut bytes, other, dice),
        }
    }
    chunk(1, &bytes)
}

/// Copies a few bytes of another change over this one.
fn splice_in(bytes: &mut [u8], other: &[u8], dice: &mut Dice) {
    let length = 1 + dice.below(8.min(bytes.len()).min(other.len()));
    let (from, to) =
        (dice.below(other.len() - length + 1), dice.below(bytes.len() - length.min(bytes.len()) + 1));
    let length = length.min(bytes.len() - to);
    bytes[to..to + length].copy_from_slice(&other[from..from + length]);
}

#[test]
fn twenty_thousand_damaged_changes() {
    let (count, seed) = (number("LIANXIN_MUTATIONS", 20_000), number("LIANXIN_SEED", 1));
    let targets = targets();
    for (store, raw) in &targets {
        store.ask(raw).expect("undamaged, each is let in");
    }
    let mut dice = Dice(seed);
    let mut verdicts: BTreeMap<String, u64> = BTreeMap::new();
    for turn in 0..count {
        let (store, honest) = &targets[dice.below(targets.len())];
        let other = &targets[dice.below(targets.len())].1;
        let raw = mutate(honest, other, &mut dice);
        let judged = catch_unwind(AssertUnwindSafe(|| store.ask(&raw)));
        let judged = judged.unwrap_or_else(|_| panic!("a panic got out at turn {turn}, seed {seed}"));
        let verdict = match judged {
            Ok(admitted) => {
                check_sound(store.snapshot.as_deref(), &admitted);
                "accepted".to_string()
            }
            Err(refused) => format!("{refused:?}").chars().take_while(|c| *c != '[').collect(),
        };
        *verdicts.entry(verdict).or_default() += 1;
    }
    verdicts.iter().for_each(|(verdict, times)| println!("{times:>8} {verdict}"));
    assert_eq!(verdicts.values().sum::<u64>(), count);
    let accepted = verdicts.get("accepted").copied().unwrap_or_default();
    assert!(accepted > 0, "some damages only change a letter or the clock and must be let in");
}
