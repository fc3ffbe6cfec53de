//! The cargo command for wasm32: which cargo, which flags, which folder.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use super::{TARGET, Toolchain};
use crate::places::Places;
use crate::run;

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
            Toolchain::Own | Toolchain::Prebuilt => run::cargo(),
            Toolchain::Debian => debian_cargo(),
        };
        command.arg(verb);
        if self.builds_std() {
            // What stable compilers otherwise keep for nightly ones; the flags are all in this file.
            command.args(SMALL_STD).env("RUSTC_BOOTSTRAP", "1");
        }
        command.args(["--target", TARGET, "--config", &flags(self.builds_std())]);
        command.env("CARGO_TARGET_DIR", &places.wasm_target);
        // RUSTFLAGS would replace the flags of .cargo/config.toml, not add to them.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        command.current_dir(&places.root);
        command
    }

    fn builds_std(self) -> bool {
        self != Toolchain::Prebuilt
    }

    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            Toolchain::Own => "rust's own compiler, building std",
            Toolchain::Debian => "Debian's rustc, building std",
            Toolchain::Prebuilt => {
                "std as delivered: a seventh larger than the budgets allow for (rustup component add rust-src)"
            }
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
    command.env("RUSTC", "/usr/bin/rustc");
    command
}

/// Keeps this machine's folders out of the texts that phones download, and places in the source and programmers'
/// texts (`{:?}`) altogether where std is built too. So no sentence for people may be made with `{:?}`.
fn flags(no_places: bool) -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let sources = home.unwrap_or_default().join("registry/src");
    let short = format!("--remap-path-prefix={}=crates", sources.display());
    let none = if no_places { ",\"-Zlocation-detail=none\",\"-Zfmt-debug=none\"" } else { "" };
    format!("target.{TARGET}.rustflags=[{short:?}{none}]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    fn value<'a>(command: &'a Command, name: &str) -> Option<Option<&'a OsStr>> {
        command.get_envs().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    #[test]
    fn wasm_builds_keep_to_their_own_folder_and_flags() {
        let places = Places::under("/checkout".into(), "/target".into());
        for toolchain in [Toolchain::Own, Toolchain::Debian, Toolchain::Prebuilt] {
            let command = toolchain.cargo(&places, "build");
            assert_eq!(value(&command, "CARGO_TARGET_DIR"), Some(Some(places.wasm_target.as_os_str())));
            assert_eq!(value(&command, "RUSTFLAGS"), Some(None), "removed");
        }
    }

    #[test]
    fn only_a_std_that_is_built_gets_flags_that_stable_compilers_refuse() {
        let places = Places::under("/checkout".into(), "/target".into());
        let unstable = |toolchain: Toolchain| {
            let command = toolchain.cargo(&places, "build");
            let flags = command.get_args().any(|argument| argument.to_string_lossy().contains("-Z"));
            (flags, value(&command, "RUSTC_BOOTSTRAP").is_some())
        };
        assert_eq!(unstable(Toolchain::Own), (true, true));
        assert_eq!(unstable(Toolchain::Debian), (true, true));
        assert_eq!(unstable(Toolchain::Prebuilt), (false, false));
    }
}
