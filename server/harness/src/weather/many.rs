//! Many seeds, on all cores; a seed that panics is a failure like any other.

use super::day::{Outcome, Size, play};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// A seed that did not end well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Replays it.
    pub seed: u64,
    /// What was wrong.
    pub why: Vec<String>,
}

/// Plays `count` seeds from `from` on, each twice if `twice`, and tells each result as it comes.
pub fn play_many(
    from: u64,
    count: u64,
    size: Size,
    twice: bool,
    tell: impl Fn(u64, &Result<Outcome, Failure>) + Sync,
) -> Vec<Failure> {
    let (next, failures) = (AtomicU64::new(from), Mutex::new(vec![]));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= from + count {
                return;
            }
            let result = judged(seed, size, twice);
            tell(seed, &result);
            failures.lock().unwrap_or_else(PoisonError::into_inner).extend(result.err());
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let mut failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    failures.sort_by_key(|failure| failure.seed);
    failures
}

fn judged(seed: u64, size: Size, twice: bool) -> Result<Outcome, Failure> {
    let fail = |why| Err(Failure { seed, why });
    let run = || catch_unwind(AssertUnwindSafe(|| play(seed, size)));
    let outcome = match run() {
        Ok(outcome) => outcome,
        Err(panic) => return fail(vec![words_of(&*panic)]),
    };
    if !outcome.complaints.is_empty() {
        return fail(outcome.complaints);
    }
    if twice && run().ok().as_ref() != Some(&outcome) {
        return fail(vec!["a second run of the same seed went another way".into()]);
    }
    Ok(outcome)
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).into()))
        .unwrap_or_else(|| "panicked".into())
}
