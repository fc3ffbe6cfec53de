//! What the person sees while the tool works: one line per step with its seconds, on stderr,
//! so that stdout stays free for results (`verify` ends with a line that other programs read).

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use crate::trouble::Result;

/// Says that a step begins, does it, and says how long it took.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {title}");
    let started = Instant::now();
    let result = work();
    match &result {
        Ok(_) => eprintln!("  ✓ {}", seconds(started.elapsed())),
        Err(_) => eprintln!("  ✗ {title} ({})", seconds(started.elapsed())),
    }
    result
}

/// A plain line between steps.
pub fn note(line: &str) {
    eprintln!("  {line}");
}

/// Whether somebody is watching: then cargo may draw its own progress bar.
pub fn watched() -> bool {
    stderr().is_terminal()
}

/// `0.4 s`, `12.3 s`, `3 min 05 s`.
pub fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

/// `347.2 KB`; 1 KB is 1,000 bytes, the stricter reading of a budget.
pub fn kilobytes(bytes: u64) -> String {
    format!("{}.{} KB", bytes / 1_024, bytes % 1_024 * 10 / 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_well() {
        assert_eq!(seconds(Duration::from_millis(400)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
        assert_eq!(kilobytes(347_260), "339.1 KB");
        assert_eq!(kilobytes(999), "0.9 KB");
    }
}
