//! `cargo verify`: everything that must hold before a change is shared, in one order, with one answer.
//! A failed step does not stop the others, except those that need its result. At the end stands why journeys failed,
//! once more for whoever sees only that, then a line for each step, and the last line is `N passed, N failed`:
//! tests of all layers, and one for each step that is a check of its own.

mod count;
mod native;
mod phone;
mod rules;
mod tool;
mod why;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::places::Places;
use crate::say;
use crate::trouble::{Result, Trouble};

pub use count::Count;

/// One step: what it is called, what it needs, what it does.
struct Step {
    id: &'static str,
    title: &'static str,
    needs: &'static [&'static str],
    work: fn(&Places) -> Outcome,
}

const fn step(
    id: &'static str,
    title: &'static str,
    needs: &'static [&'static str],
    work: fn(&Places) -> Outcome,
) -> Step {
    Step { id, title, needs, work }
}

/// Cheap answers first. Titles: Chinese, then English.
const STEPS: &[Step] = &[
    step("fmt", "格式 format", &[], native::format),
    step("rules", "依赖 lock file, and what reaches the screens", &[], rules::check),
    step("clippy", "检查 clippy, native", &[], native::clippy),
    step("clippy-wasm", "检查 clippy, wasm", &[], phone::clippy),
    step("tests", "测试 tests, native", &[], native::tests),
    step("doctests", "文档示例 examples in the docs", &[], native::doctests),
    step("app-tests", "界面测试 tests of the screens' code", &[], native::app_tests),
    step("site", "构建 build the site", &[], phone::site),
    step("sizes", "大小 sizes and origins", &["site"], phone::sizes),
    step("server", "服务器 build the server", &[], native::server),
    step("browser", "浏览器 Chromium and Playwright", &[], phone::browser),
    step("store", "存储 store conformance in Chromium", &["site", "browser"], phone::store),
    step("journeys", "全程 journeys in Chromium", &["site", "server", "browser"], phone::journeys),
];

/// What a step found out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Tests, or 1 for a check.
    pub count: Count,
    /// What to show when something failed.
    pub trouble: Option<String>,
    /// The same in few lines, shown again at the end.
    pub why: String,
}

impl Outcome {
    /// A step that is one check.
    pub fn check(result: Result<()>) -> Self {
        match result {
            Ok(()) => {
                Self { count: Count { passed: 1, ..Count::default() }, trouble: None, ..Self::default() }
            }
            Err(trouble) => Self::failed(trouble.to_string()),
        }
    }

    /// A failed step without tests that could be counted.
    pub fn failed(trouble: String) -> Self {
        let count = Count { failed: 1, ..Count::default() };
        Self { count, trouble: Some(trouble), ..Self::default() }
    }

    fn ok(&self) -> bool {
        self.count.failed == 0
    }
}

/// Runs the steps and prints the answer.
pub fn verify(places: &Places, arguments: &[String]) -> Result<ExitCode> {
    if arguments == ["--list"] {
        STEPS.iter().for_each(|step| println!("{:<12} {}", step.id, step.title));
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = chosen(arguments)?;
    let mut done: Vec<(&Step, Outcome, Duration)> = Vec::new();
    for step in chosen {
        println!("▸ {:<12} {}", step.id, step.title);
        let started = Instant::now();
        let missing = step.needs.iter().find(|need| done.iter().any(|(s, o, _)| s.id == **need && !o.ok()));
        let outcome = match missing {
            Some(need) => Outcome::failed(format!("not run, because “{need}” failed")),
            None => (step.work)(places),
        };
        tell(&outcome, started.elapsed());
        done.push((step, outcome, started.elapsed()));
    }
    Ok(summary(&done))
}

fn tell(outcome: &Outcome, time: Duration) {
    let mark = if outcome.ok() { "✓" } else { "✗" };
    println!("  {mark} {}, {}", outcome.count, say::seconds(time));
    if let Some(trouble) = &outcome.trouble {
        println!("{trouble}\n");
    }
}

fn summary(done: &[(&Step, Outcome, Duration)]) -> ExitCode {
    let total = done.iter().fold(Count::default(), |sum, (_, outcome, _)| sum + outcome.count);
    println!();
    done.iter().for_each(|(_, outcome, _)| print!("{}", outcome.why));
    for (step, outcome, time) in done {
        let mark = if outcome.ok() { "✓" } else { "✗" };
        println!("{mark} {:<12} {:>12}  {}", step.id, say::seconds(*time), outcome.count);
    }
    if total.skipped > 0 {
        println!("{} skipped", total.skipped);
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// All steps, or those named after `--only` with what they need, in our order.
fn chosen(arguments: &[String]) -> Result<Vec<&'static Step>> {
    let named = crate::value(arguments, "--only")?;
    let Some(named) = named else { return Ok(STEPS.iter().collect()) };
    let mut ids: Vec<&str> = named.split(',').collect();
    if let Some(unknown) = ids.iter().find(|id| STEPS.iter().all(|step| step.id != **id)) {
        return Err(Trouble::new(format!("no step “{unknown}”")).remedy("cargo verify --list"));
    }
    // Backwards: what a step needs stands before it.
    for step in STEPS.iter().rev().filter(|step| !step.needs.is_empty()) {
        if ids.contains(&step.id) {
            ids.extend(step.needs);
        }
    }
    Ok(STEPS.iter().filter(|step| ids.contains(&step.id)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(list: &str) -> Result<Vec<&'static str>> {
        let steps = chosen(&["--only".to_owned(), list.to_owned()])?;
        Ok(steps.into_iter().map(|step| step.id).collect())
    }

    #[test]
    fn named_steps_run_in_our_order() {
        assert_eq!(only("tests,fmt").unwrap(), ["fmt", "tests"]);
        assert_eq!(only("sizes").unwrap(), ["site", "sizes"], "with what they need");
        assert!(only("tset").unwrap_err().to_string().contains("no step “tset”"));
    }

    #[test]
    fn a_step_needs_only_steps_before_it() {
        for (at, step) in STEPS.iter().enumerate() {
            for need in step.needs {
                assert!(STEPS[..at].iter().any(|before| before.id == *need), "{} needs {need}", step.id);
            }
        }
    }

    #[test]
    fn a_failed_check_counts_as_one() {
        let outcome = Outcome::check(Err(Trouble::new("too large")));
        assert_eq!((outcome.count.passed, outcome.count.failed), (0, 1));
        assert_eq!(outcome.trouble.as_deref(), Some("too large"));
    }
}
