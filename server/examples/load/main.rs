//! Loads a real server over real sockets on this machine and looks into its books afterwards:
//! `cargo soak load [--rate 550] [--seconds 60] [--phones 2000] [--writers 250]`.
//!
//! First some people write, one push a request, at a steady rate; the time of a push counts from the moment when
//! it was due, so a server that falls behind cannot hide it. Then a shift comes up: many phones with twenty edits
//! each within a minute. In the end the server is killed and every acknowledged change is looked up in its
//! database: there, and there once.

mod books;
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
    let wanted = Wanted {
        rate: number("--rate", 550) as f64,
        time: Duration::from_secs(number("--seconds", 60) as u64),
        phones: number("--phones", 2_000),
        writers: number("--writers", 250),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime.expect("a runtime").block_on(run(&wanted)) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

async fn run(wanted: &Wanted) -> bool {
    let town = town::Town::found(wanted.writers + wanted.phones).await;
    let (writers, phones) = town.people.split_at(wanted.writers);
    let steady = steady::run(&town, writers, wanted).await;
    let back = reconnect::run(&town, phones).await;
    println!("{}", steady.line);
    println!("{}", back.line);
    let mut town = town;
    town.server.kill();
    let acknowledged: Vec<books::Entry> = steady.acknowledged.into_iter().chain(back.acknowledged).collect();
    let (lost, doubled) = books::check(&town.log, &acknowledged).await;
    println!("books after SIGKILL: {} acknowledged, {lost} lost, {doubled} doubled", acknowledged.len());
    lost + doubled == 0 && steady.refused + back.refused == 0
}
