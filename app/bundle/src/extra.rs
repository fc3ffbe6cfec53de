//! Long runs that are no part of `verify`: they measure or search, they do not answer yes or no.

use crate::browser;
use crate::demo;
use crate::places::Places;
use crate::run;
use crate::site;
use crate::trouble::{Doing, Result, Trouble};

/// Measures with a real browser and a real server: a script of `end2end/package.json`.
pub fn bench(places: &Places, script: &str, arguments: &[String]) -> Result<()> {
    site::build(places)?;
    demo::build_server(places)?;
    browser::npm_install(places)?;
    let mut command = browser::with_chromium(browser::npm(places), &browser::chromium(places)?);
    command.args(["run", script, "--"]).args(arguments);
    run_here(&mut command, script)
}

/// Long runs by name: `gate` and `load` are the server's; everything else goes to the harness, which plays many
/// seeds (`cargo soak --help` shows what it takes).
pub fn soak(places: &Places, arguments: &[String]) -> Result<()> {
    match arguments.split_first() {
        Some((first, rest)) if first == "gate" => return gate(places, rest),
        Some((first, rest)) if first == "load" => return load(places, rest),
        _ => {}
    }
    let mut command = run::cargo();
    command
        .args(["run", "-p", "harness", "--profile", "soak", "--", "soak"])
        .args(arguments)
        .current_dir(&places.root);
    run_here(&mut command, "the harness")
}

/// The gate's tests with their full numbers: `[--times N] [--seed S]`, N broken and N lying changes, a twentieth
/// of them through a validator of its own, a tenth as many forged envelopes at the desk, and all bombs.
fn gate(places: &Places, arguments: &[String]) -> Result<()> {
    let (mut times, mut seed) = (1_000_000, 1);
    for pair in arguments.chunks(2) {
        let number = pair.get(1).and_then(|text| text.parse::<u64>().ok());
        match (pair[0].as_str(), number) {
            ("--times", Some(number)) => times = number,
            ("--seed", Some(number)) => seed = number,
            _ => return Err(Trouble::new("not understood").remedy("cargo soak gate [--times N] [--seed S]")),
        }
    }
    let mut command = run::cargo();
    command.args(["test", "-p", "server", "--test", "gate", "--test", "it", "--", "--nocapture"]);
    command.args(["twenty_thousand", "it_says_what_this", "bombs", "samples", "forged_envelopes"]);
    for (name, number) in
        [("MUTATIONS", times), ("APART", times / 20), ("FORGED", times / 10), ("SEED", seed)]
    {
        command.env(format!("LIANXIN_{name}"), number.to_string());
    }
    run_here(command.current_dir(&places.root), "the gate's tests")
}

/// Pushes at a steady rate, then a whole shift at once, through sockets; arguments go to it.
fn load(places: &Places, arguments: &[String]) -> Result<()> {
    let mut build = run::cargo();
    build.args(["build", "-p", "server", "--bin", "lianxin"]).current_dir(&places.root);
    run_here(&mut build, "building the server")?;
    let mut command = run::cargo();
    command.args(["run", "-p", "server", "--example", "load", "--"]).args(arguments);
    run_here(command.current_dir(&places.root), "the load")
}

fn run_here(command: &mut std::process::Command, what: &str) -> Result<()> {
    let status = command.status().doing(|| format!("starting {what}"))?;
    if status.success() { Ok(()) } else { Err(Trouble::new(format!("{what} failed (see above)"))) }
}
