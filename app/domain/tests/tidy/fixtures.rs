//! Old documents open for ever: what a program of long ago wrote says today what it said then.

use crate::tree::{folders, none, read, root};
use domain::{DocId, Entry, Raw, crdt, from_cbor, modules};
use std::collections::BTreeSet;

const FOLDER: &str = "app/domain/tests/fixtures";

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap_or_else(|_| panic!("{path} is missing"))
}

/// Versions frozen of a kind: `v1`, `v2` …
fn versions(kind: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root().join(FOLDER).join(kind));
    let names = entries.into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut versions: Vec<String> =
        names.filter_map(|name| Some(name.strip_suffix(".am")?.to_string())).collect();
    versions.sort();
    versions
}

fn open(kind: &str, version: &str) -> Raw {
    let path = |end: &str| format!("{FOLDER}/{kind}/{version}.{end}");
    let body =
        automerge::Automerge::load(&bytes(&path("am"))).unwrap_or_else(|_| panic!("{} loads", path("am")));
    let (meta, values) = crdt::read(&body, DocId::default()).expect("it has its meta keys");
    let entries: Vec<Entry> = from_cbor(&bytes(&path("acts.cbor"))).expect("acts are CBOR");
    Raw { meta, values, entries }
}

/// What a document says, line by line; `examples/freeze.rs` writes the same.
fn meaning(raw: &Raw) -> String {
    let kind = modules::kind(&raw.meta.kind).expect("a kind is never taken away");
    let values = kind.values(raw).into_iter().map(|(key, value)| format!("{key} = {value:?}\n"));
    let acts = kind.timeline(raw).into_iter().map(|moment| {
        let number = moment.stamped.unwrap_or_default();
        format!("{} | {} | {number}\n", moment.step.code, moment.words)
    });
    values.chain(acts).collect()
}

#[test]
fn every_kind_ever_frozen_opens_and_says_what_it_said() {
    let kinds = folders(FOLDER);
    for kind in &kinds {
        for version in versions(kind) {
            let raw = open(kind, &version);
            assert_eq!(raw.meta.kind, *kind);
            let said = read(&format!("{FOLDER}/{kind}/{version}.txt"));
            assert_eq!(
                meaning(&raw),
                said,
                "{kind} {version}: write an Upgrade, never a new fixture over the old one"
            );
            let acts = said.lines().filter(|line| line.contains(" | ")).count();
            assert_eq!(acts, raw.entries.len(), "{kind} {version}: every old act is still understood");
        }
    }
}

#[test]
fn every_kind_field_and_step_is_frozen() {
    let mut findings = Vec::new();
    for kind in modules::kinds() {
        let raws: Vec<Raw> = versions(kind.name()).iter().map(|version| open(kind.name(), version)).collect();
        if raws.is_empty() {
            findings.push(format!("{}: no fixture", kind.name()));
            continue;
        }
        let fields: BTreeSet<String> = raws
            .iter()
            .flat_map(|raw| raw.values.keys())
            .filter_map(|key| Some(key.split('/').next()?.to_string()))
            .collect();
        let steps: BTreeSet<String> =
            raws.iter().flat_map(|raw| kind.timeline(raw)).map(|moment| moment.step.code).collect();
        let all =
            kind.fields().iter().map(|field| field.name.to_string()).filter(|name| !fields.contains(name));
        findings.extend(all.map(|field| format!("{}: field {field}", kind.name())));
        let nobody = domain::Who {
            person: DocId::default(),
            no: String::new(),
            name: String::new(),
            unit: domain::OrgCode::default(),
            member: false,
            posts: vec![],
            aliases: vec![],
        };
        let all = kind
            .steps(&raws[0], &nobody)
            .into_iter()
            .map(|view| view.step.code)
            .filter(|code| !steps.contains(code));
        findings.extend(all.map(|step| format!("{}: step {step}", kind.name())));
    }
    none(findings, "freeze the new version: `cargo run -p domain --example freeze` (see its head)");
}
