//! Where the compiler for wasm32 comes from. What is already on the machine wins over anything that must be
//! downloaded; then rustup's server; then a Debian mirror. The choice is a pure function of what was found.

use std::env;
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
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

/// A compiler that can build for wasm32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The rust in use has the target.
    Own,
    /// Debian's rustc, which builds std with the program.
    Debian,
}

/// What was found on this machine.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
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
        Found { own_target: true, .. } => Choice::Use(Toolchain::Own),
        Found { debian_ready: true, .. } => Choice::Use(Toolchain::Debian),
        Found { rustup: true, rustup_tried: false, .. } => Choice::AskRustup,
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
        own_target: own_target(),
        debian_ready: debian_ready(),
        rustup: run::on_path("rustup"),
        rustup_tried: tried_mark(places).exists(),
        apt_tried,
    }
}

fn own_target() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    run::output_of(&mut rustc).is_some_and(|dir| Path::new(&dir).is_dir())
}

fn debian_ready() -> bool {
    let files = ["/usr/bin/cargo", "/usr/lib/rustlib/src/rust/library/std/Cargo.toml", "/usr/bin/lld-22"];
    files.iter().all(|file| Path::new(file).exists())
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
    say::note(&format!("rustup target add {TARGET} (once, at most {} s)", RUSTUP_LIMIT.as_secs()));
    fs::create_dir_all(&places.target)
        .and_then(|()| {
            fs::write(tried_mark(places), "rustup target add was tried here; delete to try again\n")
        })
        .map_err(|e| Trouble::new(format!("writing {}: {e}", places.target.display())))?;
    if !run::within(RUSTUP_LIMIT, Command::new("rustup").args(["target", "add", TARGET])) {
        say::note("rustup's server does not answer; looking at Debian's packages");
    }
    Ok(())
}

fn tried_mark(places: &Places) -> PathBuf {
    places.target.join("rustup-target-tried")
}

fn nothing_works() -> Trouble {
    Trouble::new(format!("no compiler for {TARGET}")).remedy(format!(
        "with access to rustup's server: rustup target add {TARGET}\nwith a Debian mirror: {}",
        debian::line_to_type(&PACKAGES)
    ))
}

/// std built with the program can be small: it traps at a panic without carrying words and places for it, and sorts
/// with short code. A seventh of the size. The page starts a trapped worker again and says so; what it was opening
/// is known from the store.
const SMALL_STD: [&str; 5] = [
    "-Zbuild-std=std",
    "-Zbuild-std-features=optimize_for_size",
    "-Zpanic-immediate-abort",
    "--config",
    "profile.wasm.panic=\"immediate-abort\"",
];

impl Toolchain {
    /// `cargo <verb>` for wasm32, into its own target folder. Add packages and profile.
    pub fn cargo(self, places: &Places, verb: &str) -> Command {
        let mut command = match self {
            Toolchain::Own => run::cargo(),
            Toolchain::Debian => debian_cargo(),
        };
        command.arg(verb);
        if self == Toolchain::Debian {
            command.args(SMALL_STD);
        }
        command.args(["--target", TARGET, "--config", &flags(self == Toolchain::Debian)]);
        command.env("CARGO_TARGET_DIR", &places.wasm_target);
        // RUSTFLAGS would replace the flags of .cargo/config.toml, not add to them.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command.current_dir(&places.root);
        command
    }

    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            Toolchain::Own => "rust's own wasm32 target",
            Toolchain::Debian => "Debian's rustc, building std",
        }
    }
}

/// Debian's cargo with Debian's rustc, shielded from the rustup toolchain that `cargo run` put around us.
fn debian_cargo() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    run::forget_package(&mut command);
    for name in ["CARGO", "RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"] {
        command.env_remove(name);
    }
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Keeps this machine's folders out of the texts that phones download, and places in the source altogether where
/// the compiler can.
fn flags(no_places: bool) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let sources = home.unwrap_or_default().join("registry/src");
    let short = format!("--remap-path-prefix={}=crates", sources.display());
    let none = if no_places { ",\"-Zlocation-detail=none\"" } else { "" };
    format!("target.{TARGET}.rustflags=[{short:?}{none}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Found = Found {
        own_target: false,
        debian_ready: false,
        rustup: false,
        rustup_tried: false,
        apt_tried: false,
    };

    #[test]
    fn what_is_there_wins_over_downloads() {
        let both = Found { own_target: true, debian_ready: true, rustup: true, ..NOTHING };
        assert_eq!(choose(both), Choice::Use(Toolchain::Own));
        let debian = Found { debian_ready: true, rustup: true, ..NOTHING };
        assert_eq!(choose(debian), Choice::Use(Toolchain::Debian));
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
        assert_eq!(version("rustc 1.63.0"), Some((1, 63)));
        assert!(version("rustc 1.63.0") < Some(OLDEST));
        assert_eq!(version("bash: rustc: not found"), None);
    }

    #[test]
    fn wasm_builds_keep_to_their_own_folder_and_flags() {
        let places = Places::under("/checkout".into(), "/target".into());
        let command = Toolchain::Debian.cargo(&places, "build");
        let folder = command.get_envs().find(|(name, _)| *name == "CARGO_TARGET_DIR").unwrap().1;
        assert_eq!(folder, Some(places.wasm_target.as_os_str()));
        assert!(command.get_envs().any(|(name, value)| name == "RUSTFLAGS" && value.is_none()));
        assert!(command.get_args().any(|argument| argument == "-Zbuild-std=std"));
    }
}
