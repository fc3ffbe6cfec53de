//! Long runs that are no part of `verify`: they measure or search, they do not answer yes or no.

use crate::browser;
use crate::demo;
use crate::places::Places;
use crate::run;
use crate::site;
use crate::trouble::{Doing, Result, Trouble};

/// Measures sync with a real browser and a real server (`end2end`, script `bench-sync`).
pub fn bench_sync(places: &Places, arguments: &[String]) -> Result<()> {
    site::build(places)?;
    demo::build_server(places)?;
    browser::npm_install(places)?;
    let mut command = browser::with_chromium(browser::npm(places), &browser::chromium(places)?);
    command.args(["run", "bench-sync", "--"]).args(arguments);
    run_here(&mut command, "npm run bench-sync")
}

/// Plays the harness with many seeds; arguments go to it (`cargo soak -- --help` shows them).
pub fn soak(places: &Places, arguments: &[String]) -> Result<()> {
    let mut command = run::cargo();
    command.args(["run", "-p", "harness", "--", "soak"]).args(arguments).current_dir(&places.root);
    run_here(&mut command, "the harness")
}

fn run_here(command: &mut std::process::Command, what: &str) -> Result<()> {
    let status = command.status().doing(|| format!("starting {what}"))?;
    if status.success() { Ok(()) } else { Err(Trouble::new(format!("{what} failed (see above)"))) }
}
