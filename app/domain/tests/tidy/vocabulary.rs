//! One word for one thing: what modules call their states and steps stands in the glossary, with its code.

use crate::tree::{none, read};
use domain::{AnyKind, DocId, Meta, OrgCode, Raw, Values, Who, modules::kinds};
use std::collections::BTreeMap;

/// Codes and Chinese words of the steps of a kind.
fn steps(kind: &dyn AnyKind) -> Vec<(String, String)> {
    let id = DocId::default();
    let meta = Meta { id, kind: kind.name().into(), owner: id, unit: OrgCode::new("LB"), born_ms: 0 };
    let raw = Raw { meta, values: Values::new(), entries: vec![] };
    let (unit, posts, aliases) = (OrgCode::new("LB"), vec![], vec![]);
    let who = Who { person: id, no: String::new(), name: String::new(), unit, member: false, posts, aliases };
    kind.steps(&raw, &who).into_iter().map(|view| (view.step.code, view.step.zh)).collect()
}

/// Codes and Chinese words of the states of a kind, as its picture names them.
fn states(kind: &dyn AnyKind) -> Vec<(String, String)> {
    let picture = kind.picture();
    let named = picture.lines().filter(|line| !line.contains("-->"));
    named.filter_map(|line| line.trim().split_once(": ")).map(|(code, zh)| (code.into(), zh.into())).collect()
}

#[test]
fn the_glossary_has_every_state_and_step() {
    let glossary = read("docs/glossary.md");
    let rows: Vec<&str> = glossary.lines().filter(|line| line.starts_with('|')).collect();
    let mut findings = Vec::new();
    for kind in kinds() {
        for (code, zh) in steps(*kind).into_iter().chain(states(*kind)) {
            let said = rows.iter().any(|row| {
                let word = row.split('|').nth(1).unwrap_or_default();
                word.split([' ', '/', '、']).any(|part| part == zh) && row.contains(&format!("`{code}`"))
            });
            if !said {
                findings.push(format!("{}: {zh} `{code}`", kind.name()));
            }
        }
    }
    none(findings, "add the word with its code to docs/glossary.md");
}

#[test]
fn a_code_has_one_word_within_a_kind() {
    for kind in kinds() {
        for words in [steps(*kind), states(*kind)] {
            let by_code: BTreeMap<&String, &String> = words.iter().map(|(code, zh)| (code, zh)).collect();
            let by_word: BTreeMap<&String, &String> = words.iter().map(|(code, zh)| (zh, code)).collect();
            assert_eq!(
                (by_code.len(), by_word.len()),
                (words.len(), words.len()),
                "{}: {words:?}",
                kind.name()
            );
            let short = words.iter().all(|(code, zh)| {
                !zh.is_empty()
                    && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            });
            assert!(short, "{}: codes are small Latin letters: {words:?}", kind.name());
        }
    }
}
