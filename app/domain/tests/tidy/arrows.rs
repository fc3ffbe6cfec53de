//! Who may know whom (docs/architecture.md): crates, and inside `domain` kernel and modules.

use crate::tree::{crates, files, folders, none, read};

/// Which of our own crates each crate may name.
const ARROWS: [(&str, &[&str]); 12] = [
    ("domain", &[]),
    ("sync", &["domain"]),
    ("store", &["stretch"]),
    ("stretch", &[]),
    ("locks", &["domain", "store"]),
    ("repo", &["domain", "store", "sync"]),
    ("worker", &["domain", "repo", "store", "sync"]),
    ("api", &["domain"]),
    ("app", &["api", "domain"]),
    ("bundle", &[]),
    ("server", &["api", "domain", "sync"]),
    ("harness", &["domain", "repo", "server", "store", "sync"]),
];

/// Outside crates that would break what a crate promises: no clock, no browser, no Automerge in the screens.
const OUTSIDE: [(&str, &[&str]); 4] = [
    ("domain", &["tokio", "leptos", "getrandom", "gloo", "web-sys", "js-sys", "axum", "sqlx"]),
    ("sync", &["tokio", "leptos", "getrandom", "gloo", "web-sys", "js-sys", "axum", "automerge"]),
    ("repo", &["tokio", "leptos", "gloo", "web-sys", "js-sys", "indexed_db_futures"]),
    ("app", &["automerge", "tokio", "indexed_db_futures"]),
];

/// Names in `[dependencies]` of a manifest, for any target; tests may know more.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && !line.contains("dev-") && !line.contains("build-");
        } else if inside && line.contains('=') && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.push(name.to_string());
        }
    }
    names
}

#[test]
fn crates_know_only_whom_they_may() {
    let mut findings = Vec::new();
    let all = crates();
    for (folder, name) in &all {
        let Some((_, allowed)) = ARROWS.iter().find(|(own, _)| own == name) else {
            findings.push(format!("{folder}: the crate `{name}` has no line in ARROWS"));
            continue;
        };
        let known = dependencies(&read(&format!("{folder}/Cargo.toml")));
        assert!(!known.is_empty() || name == "store", "the manifest of {name} was understood");
        let own = known.iter().filter(|dep| all.iter().any(|(_, other)| other == *dep));
        let wrong = own.filter(|dep| !allowed.contains(&dep.as_str()));
        findings.extend(wrong.map(|dep| format!("{folder}: {name} -> {dep}")));
        let outside = OUTSIDE.iter().find(|(own, _)| own == name).map_or(&[][..], |(_, outside)| outside);
        let wrong = known.iter().filter(|dep| outside.contains(&dep.as_str()));
        findings.extend(wrong.map(|dep| format!("{folder}: {name} -> {dep} (outside)")));
    }
    none(findings, "an arrow that the design does not have; turn it round or move the code");
}

#[test]
fn the_rulebook_knows_no_clock_no_chance_and_no_disk() {
    let banned =
        ["SystemTime", "Instant::", "std::fs", "std::net", "std::env", "thread::", "rand::", "getrandom"];
    let sources = files().into_iter().filter(|file| file.within("app/domain/src/") && file.ends(".rs"));
    let mut hits = Vec::new();
    for file in sources {
        let code: Vec<&str> = file.text.lines().filter(|line| !line.trim().starts_with("//")).collect();
        let found = banned.iter().filter(|word| code.iter().any(|line| line.contains(**word)));
        hits.extend(found.map(|word| format!("{}: {word}", file.path)));
    }
    none(hits, "domain is pure: whoever calls brings time and chance along");
}

#[test]
fn the_kernel_knows_no_module_and_modules_do_not_know_each_other() {
    let modules = folders("app/domain/src/modules");
    let mut findings = Vec::new();
    for file in files().iter().filter(|file| file.within("app/domain/src/") && file.ends(".rs")) {
        let own = file.path.strip_prefix("app/domain/src/modules/").and_then(|rest| rest.split_once('/'));
        let forbidden: Vec<String> = match own {
            Some((own, _)) => modules.iter().filter(|other| *other != own).cloned().collect(),
            None if file.within("app/domain/src/kernel/") => modules.clone(),
            None => continue,
        };
        let climb = if file.ends("/mod.rs") { "super::" } else { "super::super::" };
        let names = |line: &str, module: &String| {
            line.contains(&format!("modules::{module}")) || line.contains(&format!("{climb}{module}"))
        };
        for (number, line) in file.text.lines().enumerate() {
            if forbidden.iter().any(|module| names(line, module)) {
                findings.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    none(findings, "modules point at each other by document id only; what both need belongs into the kernel");
}

#[test]
fn who_carries_documents_knows_no_module_by_name() {
    // People and units are how one signs in; everything else is only a kind in a list.
    let modules: Vec<String> =
        folders("app/domain/src/modules").into_iter().filter(|module| module != "org").collect();
    let carriers = [
        "server/src/",
        "app/repo/src/",
        "app/sync/src/",
        "app/store/src/",
        "app/worker/src/",
        "app/api/src/",
    ];
    let mut findings = Vec::new();
    for file in
        files().iter().filter(|file| file.ends(".rs") && carriers.iter().any(|place| file.within(place)))
    {
        // The demo company is content, not machinery.
        if file.within("server/src/demo/") {
            continue;
        }
        let hit = |line: &&str| modules.iter().any(|module| line.contains(&format!("modules::{module}")));
        findings.extend(file.text.lines().filter(hit).map(|line| format!("{}: {}", file.path, line.trim())));
    }
    none(findings, "reach kinds through domain::modules::kind(name) only");
}
