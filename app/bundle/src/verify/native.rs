//! Steps on this machine's own processor: format, clippy, tests, the server.

use std::process::Command;

use super::Outcome;
use super::count::{self, Count};
use crate::places::Places;
use crate::run::{self, Ran};
use crate::trouble::Result;

/// Everything that is compiled natively. The screens are apart: their feature set of Leptos (csr) and the
/// server's (ssr) exclude each other, and one cargo run would unify them.
const PACKAGES: [&str; 9] =
    ["domain", "sync", "store", "stretch", "repo", "api", "bundle", "server", "harness"];

/// `cargo fmt --check`.
pub fn format(places: &Places) -> Outcome {
    check(places, "fmt", cargo(places, &["fmt", "--all", "--check", "--", "-l", "--color", "never"]))
}

/// `cargo clippy` on all native code, warnings are errors.
pub fn clippy(places: &Places) -> Outcome {
    let mut command = cargo(places, &["clippy", "--all-targets", "--all-features"]);
    packages(&mut command).args(["--", "-D", "warnings"]);
    check(places, "clippy", command)
}

/// Unit, story and HTTP tests.
pub fn tests(places: &Places) -> Outcome {
    let mut command = test_runner(places);
    packages(command.arg("--all-features"));
    counted(places, "tests", command)
}

/// The tests of the screens' code that need no browser: words, numbers, routes.
pub fn app_tests(places: &Places) -> Outcome {
    let mut command = test_runner(places);
    command.args(["-p", "app"]);
    counted(places, "app-tests", command)
}

/// Examples in doc comments, which nextest does not run. None at all is no mistake.
pub fn doctests(places: &Places) -> Outcome {
    let mut command = cargo(places, &["test", "--doc", "--all-features", "--no-fail-fast"]);
    for name in ["domain", "sync", "store", "repo", "api"] {
        command.args(["-p", name]);
    }
    match logged(places, "doctests", command) {
        Ok(ran) => {
            let count = count::libtest(&ran.text).unwrap_or_default();
            judge(&ran, Some(Count { passed: count.passed + u32::from(ran.ok), ..count }))
        }
        Err(trouble) => Outcome::failed(trouble.to_string()),
    }
}

/// Builds the server for the browser tests.
pub fn server(places: &Places) -> Outcome {
    check(places, "server", cargo(places, &["build", "-p", "server", "--bin", "lianxin"]))
}

/// nextest where it is installed, else cargo's own.
fn test_runner(places: &Places) -> Command {
    let nextest = run::output_of(run::cargo().args(["nextest", "--version"])).is_some();
    let arguments: &[&str] = if nextest {
        &["nextest", "run", "--no-fail-fast"]
    } else {
        &["test", "--lib", "--bins", "--tests", "--no-fail-fast"]
    };
    cargo(places, arguments)
}

fn cargo(places: &Places, arguments: &[&str]) -> Command {
    let mut command = run::cargo();
    command.args(arguments).current_dir(&places.root).env("CARGO_TARGET_DIR", &places.target);
    command.env("CARGO_TERM_COLOR", "never");
    command
}

fn packages(command: &mut Command) -> &mut Command {
    for name in PACKAGES {
        command.args(["-p", name]);
    }
    command
}

/// Runs a step's program into its log.
pub fn logged(places: &Places, id: &str, mut command: Command) -> Result<Ran> {
    run::logged(&mut command, &places.logs.join(format!("{id}.log")))
}

/// A step that is good when its program ends well.
pub fn check(places: &Places, id: &str, command: Command) -> Outcome {
    Outcome::check(logged(places, id, command).and_then(|ran| ran.or_trouble(id).map(drop)))
}

fn counted(places: &Places, id: &str, command: Command) -> Outcome {
    match logged(places, id, command) {
        Ok(ran) => judge(&ran, count::nextest(&ran.text).or_else(|| count::libtest(&ran.text))),
        Err(trouble) => Outcome::failed(trouble.to_string()),
    }
}

/// Joins what a test program printed with how it ended. No count, no test, or a bad end without a failed test
/// is one failure.
pub fn judge(ran: &Ran, count: Option<Count>) -> Outcome {
    let mut count = count.unwrap_or_default();
    let silent = count.passed + count.failed == 0;
    if count.failed == 0 && (silent || !ran.ok) {
        count.failed = 1;
    }
    let why = if silent && ran.ok { "no test ran\n" } else { "" };
    let trouble = (count.failed > 0).then(|| format!("{why}{}", ran.tail(60)));
    Outcome { count, trouble, ..Outcome::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(ok: bool) -> Ran {
        Ran { ok, text: "the last words\n".into() }
    }

    #[test]
    fn a_good_end_with_tests_is_good() {
        let outcome = judge(&ran(true), Some(Count { passed: 3, ..Count::default() }));
        assert_eq!((outcome.count.passed, outcome.count.failed, outcome.trouble), (3, 0, None));
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        let outcome = judge(&ran(true), Some(Count::default()));
        assert_eq!(outcome.count.failed, 1);
        assert!(outcome.trouble.unwrap().starts_with("no test ran"));
    }

    #[test]
    fn a_bad_end_without_a_failed_test_is_a_failure() {
        let crashed = judge(&ran(false), Some(Count { passed: 3, ..Count::default() }));
        assert_eq!((crashed.count.passed, crashed.count.failed), (3, 1));
        let not_compiled = judge(&ran(false), None);
        assert_eq!(not_compiled.count.failed, 1);
        assert_eq!(not_compiled.trouble.unwrap(), "the last words");
    }
}
