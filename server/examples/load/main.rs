//! Loads a real server over real sockets on this machine and looks into its books afterwards:
//! `cargo soak load [--rate 510] [--seconds 60] [--phones 2000] [--writers 600]`, or
//! `cargo soak load --kills 100` or `--faults 300` `[--rate 200] [--writers 100] [--seed 1]`.
//!
//! First some people write, one push a request, at a steady rate; the time of a push counts from the moment when
//! it was due, so a server that falls behind cannot hide it. Then a shift comes up: many phones with twenty edits
//! each within a minute. In the end the server is killed and every acknowledged change is looked up in its
//! database: there, and there once. With `--kills` and `--faults` there is no shift: the writers go on while the
//! server is killed so often, or while so many of its system calls fail (by `strace`).

mod books;
mod calls;
mod crash;
mod line;
mod phone;
mod reconnect;
mod steady;
mod town;

use std::process::ExitCode;
use std::time::Duration;

/// What is asked for.
pub struct Wanted {
    /// Pushes a second.
    pub rate: f64,
    /// How long.
    pub time: Duration,
    /// Phones that come back at once; 0 leaves that out.
    pub phones: usize,
    /// People who write at a steady rate.
    pub writers: usize,
    /// For the moments of blows.
    pub seed: u64,
}

/// What is done to the server while people write.
#[derive(Clone, Copy)]
pub enum Hurt {
    /// SIGKILL, so many times.
    Kill(usize),
    /// Failing system calls, so many.
    Calls(usize),
}

/// Edits that wait on each phone that comes back.
pub const EDITS: usize = 20;
/// Within this time all of them come.
pub const SURFACING: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, default: usize| match args.iter().position(|arg| arg == name) {
        Some(at) => args.get(at + 1).and_then(|text| text.parse().ok()).unwrap_or(default),
        None => default,
    };
    let hurt = match (number("--kills", 0), number("--faults", 0)) {
        (0, 0) => None,
        (0, faults) => Some(Hurt::Calls(faults)),
        (kills, _) => Some(Hurt::Kill(kills)),
    };
    // A kill every two seconds at most; about one failing call a second.
    let (rate, seconds, writers) = match hurt {
        None => (510, 60, 600),
        Some(Hurt::Kill(times)) => (200, 2 * times, 100),
        Some(Hurt::Calls(times)) => (120, times, 100),
    };
    let wanted = Wanted {
        rate: number("--rate", rate) as f64,
        time: Duration::from_secs(number("--seconds", seconds) as u64),
        phones: number("--phones", 2_000),
        writers: number("--writers", writers),
        seed: number("--seed", 1) as u64,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime.expect("a runtime").block_on(run(&wanted, hurt)) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

async fn run(wanted: &Wanted, hurt: Option<Hurt>) -> bool {
    if let Some(hurt) = hurt {
        return crash::run(town::Town::found(wanted.writers).await, wanted, hurt).await;
    }
    let mut town = town::Town::found(wanted.writers + wanted.phones).await;
    let (writers, phones) = town.people.split_at(wanted.writers);
    let steady = steady::run(&town, writers, wanted).await;
    let back = reconnect::run(&town, phones).await;
    println!("{}", steady.line);
    println!("{}", back.line);
    town.server.kill();
    let acknowledged: Vec<books::Entry> = steady.acknowledged.into_iter().chain(back.acknowledged).collect();
    let (lost, doubled) = books::check(&town.data.join("log.db"), &acknowledged).await;
    println!("books after SIGKILL: {} acknowledged, {lost} lost, {doubled} doubled", acknowledged.len());
    lost + doubled == 0 && steady.refused + back.refused == 0
}
