//! What never stands in this repository: unfinished code, switched-off tests, paths of somebody's
//! machine, crates and packages from anywhere but the public registries.

use crate::tree::{File, files, none, read, root};

/// All files but these checks, which have to spell what they look for.
fn others() -> Vec<File> {
    files().into_iter().filter(|file| !file.within("app/domain/tests/tidy/")).collect()
}

fn hits(files: &[File], words: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            out.extend(
                words
                    .iter()
                    .filter(|word| line.contains(**word))
                    .map(|word| format!("{}:{}: {word}", file.path, number + 1)),
            );
        }
    }
    out
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    let code: Vec<File> = others().into_iter().filter(|file| !file.ends(".md")).collect();
    let words = [
        "todo!(",
        "unimplemented!(",
        "#[ignore",
        "FIXME",
        "test.skip(",
        "test.only(",
        "test.fixme(",
        "dbg!(",
    ];
    none(hits(&code, &words), "finish it, or say in docs/limits.md what is missing");
}

#[test]
fn no_machine_is_named() {
    let own = root().to_string_lossy().to_string();
    let home = std::env::var("HOME").unwrap_or_default();
    let mut words = vec!["/home/", "/root/", "/Users/", "C:\\Users"];
    // A checkout at `/` or a home like `/h` would forbid half of all text.
    words.extend([own.as_str(), home.as_str()].into_iter().filter(|path| path.len() > 5));
    none(hits(&others(), &words), "paths of one machine do not work on another");
}

#[test]
fn crates_and_packages_come_from_the_public_registries() {
    let crates = read("Cargo.lock");
    let sources: Vec<&str> = crates.lines().filter_map(|line| line.strip_prefix("source = ")).collect();
    assert!(sources.len() > 20, "the lock was understood");
    let foreign = sources
        .into_iter()
        .filter(|source| *source != "\"registry+https://github.com/rust-lang/crates.io-index\"");
    none(foreign.map(str::to_string).collect(), "Cargo.lock names another registry");
    let packages = files().into_iter().filter(|file| file.ends("package-lock.json"));
    let resolved = packages.flat_map(|file| file.text.lines().map(str::to_string).collect::<Vec<_>>());
    let foreign = resolved
        .filter(|line| line.contains("\"resolved\"") && !line.contains("\"https://registry.npmjs.org/"));
    none(foreign.collect(), "package-lock.json names another registry");
    let config: Vec<File> = others().into_iter().filter(|file| file.within(".cargo/")).collect();
    none(
        hits(&config, &["replace-with", "[source", "[registries"]),
        "mirrors belong into the own home, not into the repository",
    );
}
