//! Which crate may know which. From the design: rules know nobody, screens know the rules, only the worker and the
//! server know storage, and nobody knows the server but its harness.

use serde_json::Value;

/// Crate, and the crates of this workspace that it may depend on.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("bundle", &[]),
    ("sync", &["domain"]),
    ("store", &["domain"]),
    ("api", &["domain"]),
    ("repo", &["domain", "sync", "store"]),
    ("app", &["domain", "api"]),
    ("worker", &["domain", "sync", "store", "repo"]),
    ("server", &["domain", "sync", "api"]),
    ("harness", &["domain", "sync", "store", "repo", "server"]),
];

/// Faults in the dependencies between our crates, from `cargo metadata --no-deps`. Tests of a crate may use more.
pub fn crates(metadata: &str) -> Vec<String> {
    let parsed: Value = serde_json::from_str(metadata).unwrap_or_default();
    let packages = parsed["packages"].as_array().cloned().unwrap_or_default();
    if packages.is_empty() {
        return vec!["cargo metadata names no packages".into()];
    }
    packages.iter().flat_map(faults_of).collect()
}

fn faults_of(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
        return vec![format!(
            "crate {name} is not in the list of arrows (app/bundle/src/verify/rules/arrows.rs)"
        )];
    };
    let used = package["dependencies"].as_array().into_iter().flatten();
    let ours = used.filter(|dep| dep["path"].is_string() && dep["kind"] != "dev");
    ours.filter_map(|dep| dep["name"].as_str())
        .filter(|dep| !allowed.contains(dep))
        .map(|dep| format!("forbidden arrow: {name} → {dep}"))
        .collect()
}

/// Whether a crate is in the output of `cargo tree --prefix none`.
pub fn reaches(tree: &str, name: &str) -> bool {
    tree.lines().any(|line| line.split_whitespace().next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(name: &str, dependency: &str, kind: &str) -> String {
        format!(
            r#"{{"packages":[{{"name":"{name}","dependencies":[
                {{"name":"{dependency}","path":"/x","kind":{kind}}},{{"name":"serde","path":null,"kind":null}}]}}]}}"#
        )
    }

    #[test]
    fn an_allowed_arrow_passes_and_a_forbidden_one_is_named() {
        assert_eq!(crates(&metadata("app", "domain", "null")), Vec::<String>::new());
        assert_eq!(crates(&metadata("app", "store", "null")), ["forbidden arrow: app → store"]);
        assert_eq!(crates(&metadata("domain", "store", "\"dev\"")), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_arrows_is_asked_for() {
        assert!(crates(&metadata("extra", "domain", "null"))[0].contains("not in the list"));
        assert_eq!(crates("").len(), 1);
    }

    #[test]
    fn the_allowed_arrows_make_no_circle() {
        fn reach(name: &str, depth: usize) -> bool {
            let (_, allowed) = MAY_USE.iter().find(|(known, _)| *known == name).unwrap();
            depth < MAY_USE.len() && allowed.iter().all(|next| reach(next, depth + 1))
        }
        assert!(MAY_USE.iter().all(|(name, _)| reach(name, 0)));
    }

    #[test]
    fn a_tree_is_read_by_whole_names() {
        assert!(reaches("app v0.1.0\nautomerge v0.12.0\n", "automerge"));
        assert!(!reaches("automerge-test v0.1.0", "automerge"));
    }
}
