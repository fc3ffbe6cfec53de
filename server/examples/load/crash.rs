//! Writers go on while the server is killed again and again, or while its system calls fail. In the end every
//! acknowledged change is looked up, and `verify-log` has its say.

use crate::books;
use crate::calls::Calls;
use crate::steady::{self, Part, at};
use crate::town::{Town, verify_log};
use crate::{Hurt, Wanted};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long the server is left alone between two blows; the shortest and the longest.
const QUIET_MS: (u64, u64) = (300, 1_700);

/// True when nothing was lost, doubled or untrue.
pub async fn run(mut town: Town, wanted: &Wanted, hurt: Hurt) -> bool {
    let people = town.people.clone();
    let writing = steady::begin(&town.server.address, &people, wanted).await;
    let begin = Instant::now();
    let told = match hurt {
        Hurt::Kill(times) => kills(&mut town, times, wanted).await,
        Hurt::Calls(times) => calls(&mut town, times, wanted).await,
    };
    println!("{told}; {:.0} s", begin.elapsed().as_secs_f64());
    let (written, part) = steady::finish(writing).await;
    println!("writers: {} pushes acknowledged; {written}", part.took);
    is_whole(&mut town, &part).await
}

async fn kills(town: &mut Town, times: usize, wanted: &Wanted) -> String {
    let (mut dice, mut starts) = (Dice(wanted.seed), vec![]);
    for _ in 0..times {
        sleep(dice.between(QUIET_MS)).await;
        starts.push(town.server.restart());
    }
    starts.sort_unstable();
    let (median, longest) = (at(&starts, 0.5), at(&starts, 1.0));
    format!("{times} kills; up again in {median} ms, longest {longest} ms")
}

/// One system call after another is made to fail, each kind in turn, until so many have.
async fn calls(town: &mut Town, times: usize, wanted: &Wanted) -> String {
    let (mut dice, mut calls, mut ends) = (Dice(wanted.seed), Calls::default(), 0);
    let begin = Instant::now();
    // When nobody writes any more, nothing can fail.
    while calls.failed() < times && begin.elapsed() < wanted.time {
        calls.let_one_fail(town.server.pid(), &mut dice).await;
        if town.server.is_down() {
            ends += 1;
            town.server.restart();
        }
    }
    format!("{}; the server ended {ends} times", calls.told())
}

async fn is_whole(town: &mut Town, part: &Part) -> bool {
    town.server.kill();
    let (lost, doubled) = books::check(&town.data.join("log.db"), &part.acknowledged).await;
    let all = part.acknowledged.len();
    println!("books: {all} acknowledged, {lost} lost, {doubled} doubled, {} refused", part.refused);
    let verdict = verify_log(&town.data);
    println!("verify-log: {}", verdict.as_ref().unwrap_or_else(|words| words));
    lost + doubled + part.refused == 0 && verdict.is_ok()
}

/// The same seed, the same blows (what they meet is up to the machine).
pub struct Dice(pub u64);

impl Dice {
    /// Below this number (splitmix64).
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
    fn between(&mut self, (from, to): (u64, u64)) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}
