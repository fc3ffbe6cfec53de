//! Steps for what runs on phones: wasm code, the site, and the browser tests.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Outcome;
use super::count;
use super::native::{judge, logged};
use super::{tool, why};
use crate::browser;
use crate::debian;
use crate::places::Places;
use crate::run::Ran;
use crate::say;
use crate::toolchain::{self, Toolchain};
use crate::trouble::{Result, Trouble};

/// Debian's clippy, of the same version as its compiler.
const DEBIAN_CLIPPY: &str = "/usr/bin/clippy-driver";

/// A browser that hangs must not hang CI: 25 minutes for all journeys.
const GLOBAL_LIMIT: &str = "--global-timeout=1500000";

/// Clippy on the code that only exists for wasm. Apart for the two programs, as they are built.
pub fn clippy(places: &Places) -> Outcome {
    let result = toolchain::find(places).and_then(|toolchain| {
        prepare_clippy(places, toolchain)?;
        ["app", "worker", "locks", "stretch"]
            .iter()
            .try_for_each(|package| clippy_on(places, toolchain, package))
    });
    Outcome::check(result)
}

fn prepare_clippy(places: &Places, toolchain: Toolchain) -> Result<()> {
    if toolchain != Toolchain::Debian || Path::new(DEBIAN_CLIPPY).exists() {
        return Ok(());
    }
    debian::install(places, &["rust-web-clippy"], "clippy for wasm")
}

fn clippy_on(places: &Places, toolchain: Toolchain, package: &str) -> Result<()> {
    let mut command = match toolchain {
        Toolchain::Debian => debian_clippy(places),
        Toolchain::Own | Toolchain::Prebuilt => toolchain.cargo(places, "clippy"),
    };
    command.args(["--profile", "wasm", "-p", package]).env("CARGO_TERM_COLOR", "never");
    if toolchain != Toolchain::Debian {
        command.args(["--", "-D", "warnings"]);
    }
    let ran = logged(places, &format!("clippy-wasm-{package}"), command)?;
    ran.or_trouble(&format!("clippy on {package}")).map(drop)
}

/// `cargo clippy` would find rustup's driver, of another version than the compiler; so the driver is named, and
/// its arguments are given the way `cargo clippy` gives them.
fn debian_clippy(places: &Places) -> Command {
    let mut command = Toolchain::Debian.cargo(places, "check");
    command.env("RUSTC_WORKSPACE_WRAPPER", DEBIAN_CLIPPY);
    command.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    command
}

/// Builds the site that the following steps weigh and open.
pub fn site(places: &Places) -> Outcome {
    Outcome::check(crate::site::build(places).map(drop))
}

/// Budgets, and nothing from another origin.
pub fn sizes(places: &Places) -> Outcome {
    Outcome::check(crate::sizes::report(&places.site, true))
}

/// Chromium, a Chinese font, and what `npm ci` brings.
pub fn browser(places: &Places) -> Outcome {
    Outcome::check(browser::chromium(places).and_then(|_| browser::npm_install(places)))
}

/// The store's promises, kept by a real IndexedDB.
pub fn store(places: &Places) -> Outcome {
    playwright(places, "store", &["--grep", "@store", "--project", "phone"])
}

/// People's ways through the program, from the tap to the server and back.
pub fn journeys(places: &Places) -> Outcome {
    playwright(places, "journeys", &["--grep-invert", "@store"])
}

fn playwright(places: &Places, id: &str, arguments: &[&str]) -> Outcome {
    playwright_run(places, id, arguments).unwrap_or_else(|trouble| Outcome::failed(trouble.to_string()))
}

fn playwright_run(places: &Places, id: &str, arguments: &[&str]) -> Result<Outcome> {
    let (ran, json) = played(places, id, arguments)?;
    let outcome = Outcome { why: why::playwright(&json), ..judge(&ran, count::playwright(&json)) };
    let lost = tool::lost(&json);
    if lost.is_empty() {
        return Ok(outcome);
    }
    let again: Vec<&str> = lost.iter().map(String::as_str).collect();
    say::note(&format!("Playwright lost an object of its own; once more: {}", again.join(" ")));
    let (_, json) = played(places, &format!("{id}-again"), &again)?;
    Ok(tool::after(outcome, lost.len(), count::playwright(&json)))
}

/// Runs tests; what they printed, and their report.
fn played(places: &Places, id: &str, arguments: &[&str]) -> Result<(Ran, String)> {
    let report = places.logs.join(format!("{id}.json"));
    // The report of an earlier run must not be taken for this one's.
    if report.exists() {
        fs::remove_file(&report).map_err(|e| Trouble::new(format!("removing {}: {e}", report.display())))?;
    }
    let program = browser::in_end2end(places, "npx");
    let mut command = browser::with_chromium(program, &browser::chromium(places)?);
    command
        .args(["--no-install", "playwright", "test", "--reporter=line,json"])
        .arg(GLOBAL_LIMIT)
        .args(arguments);
    command.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report).env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let ran = logged(places, id, command)?;
    let json = fs::read_to_string(&report).unwrap_or_default();
    Ok((ran, json))
}
