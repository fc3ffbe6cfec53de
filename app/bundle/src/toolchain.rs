//! Where the compiler for wasm32 comes from. Wanted is one that builds std with the program, because that makes a
//! phone's download a seventh smaller. What is already on the machine wins over anything that must be downloaded;
//! then rustup's server; then a Debian mirror. The choice is a pure function of what was found.

mod command;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::debian;
use crate::places::Places;
use crate::run;
use crate::say;
use crate::trouble::{Result, Trouble};

/// The target everything for phones is compiled to.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// What Debian needs: compiler, std's source (there is no wasm std package), and the linker.
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
/// Debian's compilers before this know neither our edition nor our syntax (`rust-version` in Cargo.toml).
const OLDEST: (u32, u32) = (1, 95);
/// Where std's source lies in a compiler's own folder.
const STD_SOURCE: &str = "lib/rustlib/src/rust/library/std/Cargo.toml";
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// A compiler that can build for wasm32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The rust in use with std's source (`rustup component add rust-src`).
    Own,
    /// Debian's rustc with std's source.
    Debian,
    /// The rust in use with std as it was delivered. Works; what phones load is larger.
    Prebuilt,
}

/// What was found on this machine.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    own_source: bool,
    own_target: bool,
    debian_ready: bool,
    rustup: bool,
    rustup_tried: bool,
    apt_tried: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Choice {
    Use(Toolchain),
    AskRustup,
    AskDebian,
    GiveUp,
}

fn choose(found: Found) -> Choice {
    match found {
        Found { own_source: true, .. } => Choice::Use(Toolchain::Own),
        Found { debian_ready: true, .. } => Choice::Use(Toolchain::Debian),
        Found { rustup: true, rustup_tried: false, .. } => Choice::AskRustup,
        Found { own_target: true, .. } => Choice::Use(Toolchain::Prebuilt),
        Found { apt_tried: false, .. } => Choice::AskDebian,
        _ => Choice::GiveUp,
    }
}

/// Finds or installs a compiler for wasm32.
pub fn find(places: &Places) -> Result<Toolchain> {
    let mut apt_tried = false;
    loop {
        match choose(look(places, apt_tried)) {
            Choice::Use(toolchain) => return Ok(toolchain),
            Choice::AskRustup => ask_rustup(places)?,
            Choice::AskDebian => {
                debian::install(places, &PACKAGES, "the compiler for wasm32")?;
                apt_tried = true;
            }
            Choice::GiveUp => return Err(nothing_works()),
        }
    }
}

fn look(places: &Places, apt_tried: bool) -> Found {
    Found {
        own_source: own(&["--print", "sysroot"])
            .is_some_and(|root| Path::new(&root).join(STD_SOURCE).exists()),
        own_target: own(&["--print", "target-libdir", "--target", TARGET])
            .is_some_and(|dir| Path::new(&dir).is_dir()),
        debian_ready: debian_ready(),
        rustup: run::on_path("rustup"),
        rustup_tried: tried_mark(places).exists(),
        apt_tried,
    }
}

/// What the rustc in use prints.
fn own(arguments: &[&str]) -> Option<String> {
    run::output_of(Command::new("rustc").args(arguments))
}

fn debian_ready() -> bool {
    let source = Path::new("/usr").join(STD_SOURCE);
    let files = [Path::new("/usr/bin/cargo"), Path::new("/usr/bin/lld-22"), &source];
    files.iter().all(|file| file.exists())
        && run::output_of(Command::new("/usr/bin/rustc").arg("-V"))
            .and_then(|text| version(&text))
            .is_some_and(|found| found >= OLDEST)
}

/// `rustc 1.96.0 (ac68faa20 2026-05-25) (…)` → `(1, 96)`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split_whitespace().nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Asks rustup once per target folder: where its server is out of reach, asking again only costs time.
fn ask_rustup(places: &Places) -> Result<()> {
    say::note(&format!("rustup component add rust-src (once, at most {} s)", RUSTUP_LIMIT.as_secs()));
    fs::create_dir_all(&places.target)
        .and_then(|()| {
            fs::write(tried_mark(places), "rustup was asked for rust-src here; delete to ask again\n")
        })
        .map_err(|e| Trouble::new(format!("writing {}: {e}", places.target.display())))?;
    if !run::within(RUSTUP_LIMIT, Command::new("rustup").args(["component", "add", "rust-src"])) {
        say::note("rustup's server does not answer; looking further");
    }
    Ok(())
}

fn tried_mark(places: &Places) -> PathBuf {
    places.target.join("rustup-tried")
}

fn nothing_works() -> Trouble {
    Trouble::new(format!("no compiler for {TARGET}")).remedy(format!(
        "with access to rustup's server: rustup component add rust-src\nwith a Debian mirror: {}",
        debian::line_to_type(&PACKAGES)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Found = Found {
        own_source: false,
        own_target: false,
        debian_ready: false,
        rustup: false,
        rustup_tried: false,
        apt_tried: false,
    };

    #[test]
    fn what_is_there_wins_over_downloads() {
        let all = Found { own_source: true, own_target: true, debian_ready: true, rustup: true, ..NOTHING };
        assert_eq!(choose(all), Choice::Use(Toolchain::Own));
        assert_eq!(choose(Found { own_source: false, ..all }), Choice::Use(Toolchain::Debian));
    }

    #[test]
    fn a_delivered_std_is_taken_only_when_rustup_cannot_give_its_source() {
        let target = Found { own_target: true, rustup: true, ..NOTHING };
        assert_eq!(choose(target), Choice::AskRustup);
        assert_eq!(choose(Found { rustup_tried: true, ..target }), Choice::Use(Toolchain::Prebuilt));
        assert_eq!(choose(Found { own_target: true, ..NOTHING }), Choice::Use(Toolchain::Prebuilt));
    }

    #[test]
    fn rustup_is_asked_once_then_debian_once_then_the_person() {
        let fresh = Found { rustup: true, ..NOTHING };
        assert_eq!(choose(fresh), Choice::AskRustup);
        let tried = Found { rustup_tried: true, ..fresh };
        assert_eq!(choose(tried), Choice::AskDebian);
        assert_eq!(choose(NOTHING), Choice::AskDebian);
        assert_eq!(choose(Found { apt_tried: true, ..tried }), Choice::GiveUp);
    }

    #[test]
    fn versions_are_read_from_rustc() {
        assert_eq!(version("rustc 1.96.0 (ac68faa20 2026-05-25)"), Some((1, 96)));
        assert!(version("rustc 1.63.0") < Some(OLDEST));
        assert_eq!(version("bash: rustc: not found"), None);
    }
}
