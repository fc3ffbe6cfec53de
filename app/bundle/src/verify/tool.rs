//! One failure is Playwright's own: while it reads a message of its browser side it may not know an object that was
//! there a moment before, and whichever test runs then fails with it (1.65; microsoft/playwright#22210). A test that
//! failed by this and nothing else runs once more, alone, and that is said. Everything else that fails has failed.

use serde_json::Value;

use super::Outcome;
use super::count::Count;
use super::why::{failed, messages, place, results};

const LOST: &str = "was not bound in the connection";

/// `file:line` of the tests that failed by this alone.
pub fn lost(json: &str) -> Vec<String> {
    let report = serde_json::from_str::<Value>(json).unwrap_or_default();
    failed(&report).into_iter().filter(|spec| is_lost(spec)).map(place).collect()
}

fn is_lost(spec: &Value) -> bool {
    let said: Vec<&str> = results(spec)
        .filter(|run| run["status"] != "passed")
        .flat_map(|run| messages(&run["errors"]))
        .collect();
    !said.is_empty() && said.iter().all(|words| words.contains(LOST) && words.lines().count() == 1)
}

/// The outcome of all tests, after these few ran once more with this result.
pub fn after(first: Outcome, lost: usize, again: Option<Count>) -> Outcome {
    let lost = lost as u32;
    let good = again.is_some_and(|again| again.failed == 0 && again.passed >= lost);
    if !good || first.count.failed < lost {
        return first;
    }
    let Count { passed, failed, skipped } = first.count;
    let count = Count { passed: passed + lost, failed: failed - lost, skipped };
    if count.failed == 0 { Outcome { count, ..Outcome::default() } } else { Outcome { count, ..first } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(errors: &[&str]) -> String {
        let errors: Vec<Value> = errors.iter().map(|words| serde_json::json!({ "message": words })).collect();
        let test = serde_json::json!({ "results": [{ "status": "failed", "errors": errors }] });
        let spec = serde_json::json!({ "ok": false, "file": "journeys/shell.spec.ts", "line": 202, "tests": [test] });
        serde_json::json!({ "suites": [{ "suites": [{ "specs": [spec] }] }] }).to_string()
    }

    const OWN: &str = "Error: Object with guid response@ba02 was not bound in the connection";

    #[test]
    fn only_what_failed_by_the_tool_alone_runs_again() {
        assert_eq!(lost(&report(&[OWN])), ["journeys/shell.spec.ts:202"]);
        assert!(lost(&report(&[OWN, "Error: expect(received).toEqual(expected)"])).is_empty());
        assert!(lost(&report(&["Test timeout of 120000ms exceeded."])).is_empty());
        assert!(lost(&report(&[])).is_empty() && lost("").is_empty());
    }

    #[test]
    fn other_failures_stand() {
        let count = |passed, failed| Count { passed, failed, skipped: 0 };
        let first =
            |failed| Outcome { count: count(60, failed), trouble: Some("why".into()), why: "why".into() };
        let one = after(first(1), 1, Some(count(1, 0)));
        assert_eq!((one.count, one.trouble), (count(61, 0), None));
        let two = after(first(2), 1, Some(count(1, 0)));
        assert_eq!((two.count, two.trouble.as_deref()), (count(61, 1), Some("why")));
        assert_eq!(after(first(1), 1, Some(count(0, 1))).count, count(60, 1), "failed again");
        assert_eq!(after(first(1), 1, None).count, count(60, 1), "did not run");
    }
}
