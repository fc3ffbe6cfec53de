//! A shift comes up: every phone has twenty edits and a network again, all within a minute.

use crate::phone::Phone;
use crate::steady::{Part, at};
use crate::town::{Person, Town};
use crate::{EDITS, SURFACING};
use std::time::Instant;
use tokio::time::sleep_until;

pub async fn run(town: &Town, people: &[Person]) -> Part {
    let phones: Vec<Phone> = underground(town, people).await;
    let begin = Instant::now();
    let mut coming = vec![];
    for (i, mut phone) in phones.into_iter().enumerate() {
        let up = begin + SURFACING.mul_f64(i as f64 / people.len().max(1) as f64);
        coming.push(tokio::spawn(async move {
            sleep_until(up.into()).await;
            phone.send(EDITS).await;
            (phone, up.elapsed(), begin.elapsed())
        }));
    }
    let (mut took, mut acknowledged, mut refused, mut put_off) = (vec![], vec![], 0, 0);
    let mut last = std::time::Duration::ZERO;
    for phone in coming {
        let (phone, own, since) = phone.await.expect("a phone");
        took.push(own);
        last = last.max(since);
        (refused, put_off) = (refused + phone.refused, put_off + phone.put_off);
        acknowledged.extend(phone.acknowledged);
    }
    took.sort_unstable();
    let (own, validators) = town.server.peak_mb();
    let line = format!(
        "reconnect: {} phones with {EDITS} edits each within {} s, all in after {:.1} s; a phone waited p50 {} ms, \
         p99 {} ms, longest {} ms; {refused} refused, {put_off} put off; server {own} MB + validators {validators} MB",
        took.len(),
        SURFACING.as_secs(),
        last.as_secs_f64(),
        at(&took, 0.5),
        at(&took, 0.99),
        at(&took, 1.0),
    );
    Part { line, took: took.len(), acknowledged, refused }
}

/// They were at the server once, began their matter, and went down.
async fn underground(town: &Town, people: &[Person]) -> Vec<Phone> {
    let mut phones = vec![];
    for some in people.chunks(50) {
        let begin = |person: &Person| {
            let (address, person) = (town.server.address.clone(), person.clone());
            tokio::spawn(async move {
                let mut phone = Phone::new(&address, &person, EDITS);
                phone.send(1).await;
                phone.go_down();
                phone
            })
        };
        for phone in some.iter().map(begin).collect::<Vec<_>>() {
            phones.push(phone.await.expect("a phone"));
        }
    }
    phones
}
