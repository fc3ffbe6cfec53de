//! Reads how many tests passed from what the test programs print. Each has its own words; a program that ran no
//! test at all counts as failed, or a wrong filter would look like success.

use std::fmt;
use std::ops::Add;

use serde_json::Value;

/// Tests by result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Ended well.
    pub passed: u32,
    /// Ended badly, or passed only when tried again.
    pub failed: u32,
    /// Not run on purpose.
    pub skipped: u32,
}

impl Add for Count {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed", self.passed)?;
        for (number, word) in [(self.failed, "failed"), (self.skipped, "skipped")] {
            if number > 0 {
                write!(f, ", {number} {word}")?;
            }
        }
        Ok(())
    }
}

/// `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 2 failed, 3 skipped`.
pub fn nextest(text: &str) -> Option<Count> {
    let line = text.lines().rev().find(|line| line.contains("Summary [") && line.contains(" run: "))?;
    let results = line.split_once(" run: ")?.1;
    let failed = ["failed", "exec failed", "timed out"].iter().map(|word| before(results, word)).sum();
    Some(Count { passed: before(results, "passed"), failed, skipped: before(results, "skipped") })
}

/// The sum of all `test result: ok. 3 passed; 0 failed; 1 ignored; …`: cargo test and wasm-bindgen-test.
pub fn libtest(text: &str) -> Option<Count> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
    lines
        .map(|line| {
            let results = line.split_once(". ").map_or(line, |(_, results)| results);
            let number = |word| before(results, word);
            Count { passed: number("passed"), failed: number("failed"), skipped: number("ignored") }
        })
        .reduce(Add::add)
}

/// Playwright's JSON report. A test that passed only at the second try is a failure that hides.
pub fn playwright(json: &str) -> Option<Count> {
    let stats = &serde_json::from_str::<Value>(json).ok()?["stats"];
    let number = |name: &str| stats[name].as_u64().and_then(|n| u32::try_from(n).ok());
    Some(Count {
        passed: number("expected")?,
        failed: number("unexpected")? + number("flaky")?,
        skipped: number("skipped")?,
    })
}

/// The number in front of a word in a list separated by `,` or `;`: `before("2 failed, 3 skipped", "failed")`.
fn before(results: &str, word: &str) -> u32 {
    let parts = results.split([',', ';']).map(str::trim);
    let numbers = parts.filter_map(|part| {
        let (number, rest) = part.split_once(' ')?;
        let matches = rest == word || rest.strip_prefix(word).is_some_and(|more| more.starts_with(" ("));
        matches.then(|| number.parse::<u32>().ok()).flatten()
    });
    numbers.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u32, failed: u32, skipped: u32) -> Option<Count> {
        Some(Count { passed, failed, skipped })
    }

    #[test]
    fn nextest_in_its_forms() {
        assert_eq!(nextest("     Summary [   0.005s] 1 test run: 1 passed, 0 skipped"), count(1, 0, 0));
        let mixed = "  FAIL x\n     Summary [ 1.2s] 15 tests run: 10 passed (1 slow), 4 failed, 1 timed out, 3 skipped\n";
        assert_eq!(nextest(mixed), count(10, 5, 3));
        assert_eq!(nextest("error: could not compile"), None);
    }

    #[test]
    fn cargo_test_is_summed_over_its_programs() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.0s\n\
                    noise\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(libtest(text), count(5, 1, 1));
        assert_eq!(libtest("nothing"), None);
    }

    #[test]
    fn playwright_counts_a_second_try_as_failed() {
        let json = r#"{"stats":{"expected":7,"unexpected":1,"flaky":2,"skipped":3,"duration":1.5}}"#;
        assert_eq!(playwright(json), count(7, 3, 3));
        assert_eq!(playwright("{}"), None);
        assert_eq!(playwright("no json"), None);
    }

    #[test]
    fn counts_read_as_people_write_them() {
        assert_eq!(count(5, 0, 0).unwrap().to_string(), "5 passed");
        assert_eq!(count(5, 1, 2).unwrap().to_string(), "5 passed, 1 failed, 2 skipped");
    }
}
