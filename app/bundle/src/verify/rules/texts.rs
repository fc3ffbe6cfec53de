//! Rules about the text of the sources: no holes, no long files, no module that names another, nothing at the top
//! that nobody expects.

use std::fs;
use std::path::{Path, PathBuf};

use crate::trouble::{Doing, Result};

/// A file longer than this holds more than one idea.
const LONGEST: usize = 500;
/// Written in two halves, so that this file does not find itself.
const HOLES: [&str; 7] = [
    concat!("to", "do!("),
    concat!("unimplement", "ed!("),
    concat!("#[", "ignore"),
    concat!("test", ".skip"),
    concat!("it", ".skip"),
    concat!(".on", "ly("),
    concat!("FIX", "ME"),
];
const CODE: [&str; 6] = ["rs", "ts", "js", "mjs", "scss", "css"];
/// Never read: built or downloaded.
const NOT_OURS: [&str; 7] =
    ["target", "node_modules", ".git", "dist", "out", "test-results", "playwright-report"];
const TOP: [&str; 20] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "README.zh-CN.md",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "app",
    "server",
    "style",
    "public",
    "end2end",
    "docs",
    "data",
    "clippy.toml",
    "rustfmt.toml",
    "Dockerfile",
];

/// All faults in the checkout's texts.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let mut faults = top_level(root)?;
    for path in sources(root)? {
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        let text = fs::read_to_string(&path).doing(|| format!("reading {name}"))?;
        faults.extend(holes(&name, &text));
        faults.extend(too_long(&name, &text));
        faults.extend(module_arrows(&name, &text));
    }
    Ok(faults)
}

fn top_level(root: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(root).doing(|| format!("reading {}", root.display()))?.flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let strange = names.filter(|name| {
        !name.starts_with('.') && !TOP.contains(&name.as_str()) && !NOT_OURS.contains(&name.as_str())
    });
    Ok(strange
        .map(|name| format!("{name}: not expected at the top; is there a home for it further in?"))
        .collect())
}

fn sources(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).doing(|| format!("reading {}", dir.display()))?.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            if name.to_str().is_some_and(|name| !NOT_OURS.contains(&name)) {
                found.extend(sources(&path)?);
            }
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|ending| CODE.contains(&ending)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn holes(name: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate();
    let found =
        lines.filter_map(|(at, line)| Some((at + 1, HOLES.iter().find(|hole| line.contains(**hole))?)));
    found.map(|(line, hole)| format!("{name}:{line}: {hole} is a hole; finish it")).collect()
}

fn too_long(name: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LONGEST)
        .then(|| format!("{name}: {lines} lines, more than {LONGEST}: probably more than one idea"))
}

/// In `domain`, a module knows the kernel and no other module.
fn module_arrows(name: &str, text: &str) -> Vec<String> {
    let Some(rest) = name.strip_prefix("app/domain/src/modules/") else { return Vec::new() };
    let own = rest.split(['/', '.']).next().unwrap_or_default();
    let named = text.match_indices("modules::").map(|(at, word)| &text[at + word.len()..]);
    let named =
        named.map(|after| after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default());
    let others = named.filter(|other| !other.is_empty() && *other != own);
    others
        .map(|other| format!("{name}: module {own} names module {other}; point across with a DocRef"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_found_with_its_line() {
        let text = format!("fn a() {{\n    {})\n}}", HOLES[0]);
        assert_eq!(holes("a.rs", &text).len(), 1);
        assert!(holes("a.rs", &text)[0].starts_with("a.rs:2:"));
        assert_eq!(holes("a.rs", "fn a() {}"), Vec::<String>::new());
    }

    #[test]
    fn five_hundred_lines_are_the_limit() {
        assert_eq!(too_long("a.rs", &"x\n".repeat(500)), None);
        assert!(too_long("a.rs", &"x\n".repeat(501)).is_some());
    }

    #[test]
    fn a_module_may_name_itself_and_the_kernel_only() {
        let name = "app/domain/src/modules/dues/mod.rs";
        assert_eq!(
            module_arrows(name, "use crate::kernel::Kind; use crate::modules::dues::Rate;"),
            Vec::<String>::new()
        );
        assert_eq!(module_arrows(name, "use crate::modules::votes::Ballot;").len(), 1);
        assert_eq!(module_arrows("app/domain/src/modules.rs", "modules::votes"), Vec::<String>::new());
    }

    #[test]
    fn this_very_checkout_is_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let found = sources(&root).unwrap();
        assert!(found.iter().any(|path| path.ends_with("app/bundle/src/main.rs")));
        assert!(found.iter().all(|path| !path.to_string_lossy().contains("node_modules")));
    }
}
