//! `cargo run -p harness -- soak --seeds 1000 --from 0`: many random days, one line for each seed that did
//! not end well, a count at the end.

use harness::weather::{MOST_PHONES, Size, play_many};
use std::process::ExitCode;

const HELP: &str = "soak [--seeds N] [--from S] [--short] [--days D] [--phones P] [--twice]
  --seeds N  seeds to play (default 200)
  --from S   first seed (default 0); `--seeds 1 --from S` replays one
  --short    four phones, five busy days; otherwise eight phones and thirty days
  --days D   simulated days of each
  --phones P phones, at most 8
  --clones C copies of phones, at most (default 2)
  --restores the server is restored from older copies too
  --upgrades a later version of the program comes too
  --twice    each seed twice, to see that it replays
  --verbose  a line for good seeds too";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().map(String::as_str) != Some("soak") || args.iter().any(|arg| arg == "--help") {
        println!("{HELP}");
        return ExitCode::from(2);
    }
    let number = |name: &str, default: u64| match args.iter().position(|arg| arg == name) {
        Some(at) => args.get(at + 1).and_then(|text| text.parse().ok()).unwrap_or(default),
        None => default,
    };
    let usual = if args.iter().any(|arg| arg == "--short") { Size::SHORT } else { Size::MONTH };
    let (seeds, from) = (number("--seeds", 200), number("--from", 0));
    let days = number("--days", usual.days as u64) as i64;
    let phones = (number("--phones", usual.phones as u64) as usize).min(MOST_PHONES);
    let clones = number("--clones", usual.clones as u64) as usize;
    let [restores, upgrades] = ["--restores", "--upgrades"].map(|flag| args.iter().any(|arg| arg == flag));
    let size = Size { phones, days, clones, restores, upgrades, ..usual };
    let verbose = args.iter().any(|arg| arg == "--verbose");
    let twice = args.iter().any(|arg| arg == "--twice");
    let failures = play_many(from, seeds, size, twice, |seed, result| match result {
        Err(failure) => println!("seed {seed}: {}", failure.why.join(" | ")),
        Ok(outcome) if verbose => {
            println!("seed {seed}: {} kept, {} requests, {}", outcome.kept, outcome.requests, outcome.trace)
        }
        Ok(_) => {}
    });
    println!(
        "{} passed, {} failed ({phones} phones, {days} days, seeds {from}..{})",
        seeds - failures.len() as u64,
        failures.len(),
        from + seeds
    );
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
