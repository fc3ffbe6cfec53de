//! Debian packages as the way out on machines that reach a package mirror but not the tools' own servers.
//! Installs only as root, only what is named, says so first, and never asks anything.

use std::process::Command;

use crate::places::Places;
use crate::run;
use crate::say;
use crate::trouble::{Result, Trouble};

/// The line a person types to get these packages.
pub fn line_to_type(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install -y --no-install-recommends {}", packages.join(" "))
}

/// Whether we may install without asking anybody: root, with apt.
pub fn may_install() -> bool {
    run::on_path("apt-get") && is_root()
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Installs the packages, or says what to type.
pub fn install(places: &Places, packages: &[&str], what_for: &str) -> Result<()> {
    if !may_install() {
        return Err(Trouble::new(format!("{what_for}: missing {}", packages.join(", "))).remedy(format!(
            "type this once (Debian, Ubuntu), then start again:\n{}",
            line_to_type(packages)
        )));
    }
    say::note(&format!("{what_for}: apt-get install {}", packages.join(" ")));
    // An outdated list is no reason to stop: the packages may be in it.
    run::logged(&mut apt(&["update"]), &places.logs.join("apt-update.log"))?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    let ran = run::logged(&mut apt(&arguments), &places.logs.join("apt-install.log"))?;
    if ran.ok { Ok(()) } else { Err(no_candidate(packages, &ran)) }
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn no_candidate(packages: &[&str], ran: &run::Ran) -> Trouble {
    Trouble::new(format!("apt-get could not install {}:\n{}", packages.join(" "), ran.tail(20)))
        .remedy("see app/bundle/README.md, “Where the wasm compiler comes from”")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_to_type_is_complete() {
        let line = line_to_type(&["chromium", "fonts-wqy-microhei"]);
        assert_eq!(
            line,
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium fonts-wqy-microhei"
        );
    }
}
