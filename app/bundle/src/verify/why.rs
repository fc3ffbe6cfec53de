//! Why journeys failed, out of Playwright's JSON report: a few lines for each, for whoever sees only the end of a long
//! run. The journeys' people are those of the demo company.

use serde_json::Value;

/// Lines of a journey's error that are shown.
const LINES: usize = 12;

/// Each failed test with the first lines of its errors; empty when none failed.
pub fn playwright(json: &str) -> String {
    let Ok(report) = serde_json::from_str::<Value>(json) else { return String::new() };
    let mut out: String = errors(&report["errors"]).into_iter().take(LINES).map(|line| line + "\n").collect();
    for spec in failed(&report) {
        out.push_str(&format!("✗ {} {}\n", place(spec), spec["title"].as_str().unwrap_or_default()));
        let lines = results(spec).flat_map(|result| errors(&result["errors"]));
        lines.take(LINES).for_each(|line| out.push_str(&format!("    {line}\n")));
    }
    out
}

/// The tests that failed, out of all suites in suites.
pub fn failed(report: &Value) -> Vec<&Value> {
    let own = all(&report["specs"]).filter(|spec| spec["ok"] == false);
    own.chain(all(&report["suites"]).flat_map(failed)).collect()
}

/// `file:line` of a test.
pub fn place(spec: &Value) -> String {
    format!("{}:{}", spec["file"].as_str().unwrap_or_default(), spec["line"])
}

/// All runs of a test.
pub fn results(spec: &Value) -> impl Iterator<Item = &Value> {
    all(&spec["tests"]).flat_map(|test| all(&test["results"]))
}

/// The members of a JSON list.
fn all(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// What each of these errors says.
pub fn messages(errors: &Value) -> impl Iterator<Item = &str> {
    all(errors).filter_map(|error| error["message"].as_str())
}

/// The same in lines, without colours and empty ones.
fn errors(list: &Value) -> Vec<String> {
    let texts = messages(list).map(plain);
    let lines =
        texts.flat_map(|text| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>());
    lines.filter(|line| !line.is_empty()).collect()
}

/// A text without the colours of a terminal: `ESC [ … m`.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(message: &str) -> String {
        let result = serde_json::json!({ "status": "failed", "errors": [{ "message": message }] });
        let spec = |title: &str, ok: bool| {
            serde_json::json!({ "title": title, "ok": ok, "file": "journeys/axe.spec.ts", "line": 31,
                "tests": [{ "results": [result.clone()] }] })
        };
        let suite = serde_json::json!({ "specs": [spec("an administrator", true)],
            "suites": [{ "specs": [spec("a member", false)] }] });
        serde_json::json!({ "suites": [suite], "errors": [] }).to_string()
    }

    #[test]
    fn a_failed_journey_is_named_with_what_went_wrong() {
        let said = playwright(&report("Error: \u{1b}[2mexpect(\u{1b}[22mpage) failed\n\nReceived: 1"));
        assert_eq!(
            said,
            "✗ journeys/axe.spec.ts:31 a member\n    Error: expect(page) failed\n    Received: 1\n"
        );
    }

    #[test]
    fn long_errors_are_cut() {
        assert_eq!(playwright(&report(&"line\n".repeat(99))).lines().count(), 1 + LINES);
    }

    #[test]
    fn without_a_report_nothing_is_said() {
        assert_eq!((playwright(""), playwright("{}")), (String::new(), String::new()));
    }
}
