//! `cargo verify`: everything that must hold before a change is shared, in one order, with one answer.
//! A failed step does not stop the others, except those that need its result. The last line is
//! `N passed, N failed`: tests of all layers, and one for each step that is a check of its own.

mod count;
mod native;
mod phone;
mod rules;

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

/// Cheap answers first. Titles: Chinese, then English.
const STEPS: [Step; 14] = [
    Step { id: "fmt", title: "格式 format", needs: &[], work: native::format },
    Step { id: "rules", title: "规矩 rules of the tree", needs: &[], work: rules::check },
    Step { id: "clippy", title: "检查 clippy, native", needs: &[], work: native::clippy },
    Step { id: "clippy-wasm", title: "检查 clippy, wasm", needs: &[], work: phone::clippy },
    Step { id: "tests", title: "测试 tests, native", needs: &[], work: native::tests },
    Step { id: "doctests", title: "文档示例 examples in the docs", needs: &[], work: native::doctests },
    Step {
        id: "app-tests",
        title: "界面测试 tests of the screens' code",
        needs: &[],
        work: native::app_tests,
    },
    Step { id: "site", title: "构建 build the site", needs: &[], work: phone::site },
    Step { id: "sizes", title: "大小 sizes and origins", needs: &["site"], work: phone::sizes },
    Step { id: "server", title: "服务器 build the server", needs: &[], work: native::server },
    Step { id: "browser", title: "浏览器 Chromium and Playwright", needs: &[], work: phone::browser },
    Step {
        id: "test-page", title: "存储测试页 the store's wasm tests", needs: &[], work: phone::test_page
    },
    Step {
        id: "store",
        title: "存储 store conformance in Chromium",
        needs: &["browser", "test-page"],
        work: phone::store,
    },
    Step {
        id: "journeys",
        title: "全程 journeys in Chromium",
        needs: &["site", "server", "browser"],
        work: phone::journeys,
    },
];

/// What a step found out.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Tests, or 1 for a check.
    pub count: Count,
    /// What to show when something failed.
    pub trouble: Option<String>,
}

impl Outcome {
    /// A step that is one check.
    pub fn check(result: Result<()>) -> Self {
        match result {
            Ok(()) => Self { count: Count { passed: 1, ..Count::default() }, trouble: None },
            Err(trouble) => Self::failed(trouble.to_string()),
        }
    }

    /// A failed step without tests that could be counted.
    pub fn failed(trouble: String) -> Self {
        Self { count: Count { failed: 1, ..Count::default() }, trouble: Some(trouble) }
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

/// All steps, or those named after `--only`, in our order.
fn chosen(arguments: &[String]) -> Result<Vec<&'static Step>> {
    let named = crate::value(arguments, "--only")?;
    let Some(named) = named else { return Ok(STEPS.iter().collect()) };
    let ids: Vec<&str> = named.split(',').collect();
    if let Some(unknown) = ids.iter().find(|id| STEPS.iter().all(|step| step.id != **id)) {
        return Err(Trouble::new(format!("no step “{unknown}”")).remedy("cargo verify --list"));
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
