//! The repository checks itself: who may depend on whom, what must not reach the screens, how long a file may be,
//! which holes may not stay. Rules that only live in a document are broken by the second month.

mod arrows;
mod texts;

use super::Outcome;
use super::native::logged;
use crate::places::Places;
use crate::run;
use crate::trouble::{Result, Trouble};

/// All rules; every fault is shown, not only the first.
pub fn check(places: &Places) -> Outcome {
    match faults(places) {
        Ok(faults) if faults.is_empty() => Outcome::check(Ok(())),
        Ok(faults) => Outcome::failed(faults.join("\n")),
        Err(trouble) => Outcome::failed(trouble.to_string()),
    }
}

fn faults(places: &Places) -> Result<Vec<String>> {
    let mut faults = arrows::crates(&metadata(places)?);
    faults.extend(no_automerge_in_the_screens(places)?);
    faults.extend(texts::check(&places.root)?);
    Ok(faults)
}

fn metadata(places: &Places) -> Result<String> {
    let mut command = run::cargo();
    command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&places.root);
    run::output_of(&mut command).ok_or_else(|| Trouble::new("cargo metadata failed"))
}

/// Automerge in the screens costs a quarter of a megabyte on every phone, and nobody sees it in a review.
/// `--locked` also finds a Cargo.lock that was not committed with its Cargo.toml.
fn no_automerge_in_the_screens(places: &Places) -> Result<Option<String>> {
    let mut command = run::cargo();
    command.args(["tree", "--locked", "-p", "app", "-e", "normal", "--prefix", "none", "--no-dedupe"]);
    command.args(["--target", crate::toolchain::TARGET]).current_dir(&places.root);
    let tree = logged(places, "rules-tree", command)?.or_trouble("cargo tree --locked")?;
    Ok(arrows::reaches(&tree, "automerge")
        .then(|| "app reaches automerge: see `cargo tree -p app -i automerge`".into()))
}
