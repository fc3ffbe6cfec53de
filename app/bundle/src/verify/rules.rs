//! What only cargo's own resolution can say about the tree; all other rules are tests that read the sources
//! (`app/domain/tests/tidy`).

use super::Outcome;
use super::native::logged;
use crate::places::Places;
use crate::run;
use crate::trouble::{Result, Trouble};

/// Cargo.lock belongs to the manifests, and Automerge does not reach the screens.
pub fn check(places: &Places) -> Outcome {
    Outcome::check(screens_without_automerge(places))
}

/// Automerge in the screens costs a quarter of a megabyte on every phone, it comes in through a feature three crates
/// away, and nobody sees it in a review. `--locked` finds a Cargo.lock that was not committed with its manifest.
fn screens_without_automerge(places: &Places) -> Result<()> {
    let mut command = run::cargo();
    command.args(["tree", "--locked", "-p", "app", "-e", "normal", "--prefix", "none", "--no-dedupe"]);
    command.args(["--target", crate::toolchain::TARGET]).current_dir(&places.root);
    let tree = logged(places, "rules", command)?.or_trouble("cargo tree --locked")?;
    if !reaches(&tree, "automerge") {
        return Ok(());
    }
    Err(Trouble::new("the screens reach automerge").remedy("cargo tree -p app -i automerge"))
}

/// Whether a crate is in the output of `cargo tree --prefix none`.
fn reaches(tree: &str, name: &str) -> bool {
    tree.lines().any(|line| line.split_whitespace().next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_by_whole_names() {
        assert!(reaches("app v0.1.0\nautomerge v0.12.0\n", "automerge"));
        assert!(!reaches("automerge-test v0.1.0", "automerge"));
    }
}
