//! Nothing is forgotten: modules in both lists, kinds in THE LIST, samples, READMEs.

use crate::tree::{File, crates, files, folders, none, read, root};
use domain::{FILE_KEYS, FieldKind, SAID, field_of, fits, modules::kinds};
use std::collections::BTreeSet;

/// The folder of screens for a module of the rulebook, where it has another name.
fn screens_of(module: &str) -> &str {
    if module == "org" { "people" } else { module }
}

#[test]
fn every_module_is_in_the_list_and_has_kinds() {
    let list = read("app/domain/src/modules/mod.rs");
    let mut findings = Vec::new();
    for module in folders("app/domain/src/modules") {
        if !list.contains(&format!("pub mod {module};")) {
            findings.push(format!("{module}: no `pub mod {module};` in modules/mod.rs"));
        }
        let declared = declared(&module);
        let listed: BTreeSet<String> = kinds().iter().map(|kind| kind.name().to_string()).collect();
        findings.extend(declared.difference(&listed).map(|kind| format!("{kind}: not in kinds()")));
        if !declared.iter().all(|kind| kind.starts_with(&format!("{module}."))) || declared.is_empty() {
            findings.push(format!("{module}: its kinds must be named {module}.…, found {declared:?}"));
        }
    }
    none(findings, "add the module's two lines to app/domain/src/modules/mod.rs");
}

/// Kind names that the sources of a module declare.
fn declared(module: &str) -> BTreeSet<String> {
    let folder = format!("app/domain/src/modules/{module}/");
    let sources = files().into_iter().filter(|file| file.within(&folder) && file.ends(".rs"));
    let mark = "const NAME: &'static str = \"";
    let names = |text: String| -> Vec<String> {
        text.split(mark).skip(1).filter_map(|rest| Some(rest.split('"').next()?.to_string())).collect()
    };
    sources.flat_map(|file| names(file.text)).collect()
}

#[test]
fn kinds_have_names_of_their_own() {
    let names: BTreeSet<&str> = kinds().iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), kinds().len(), "a name is for ever and for one kind");
}

#[test]
fn every_module_has_its_screens_in_the_list() {
    let list = read("app/src/modules/mod.rs");
    let mut findings = Vec::new();
    for folder in folders("app/src/modules") {
        if !list.contains(&format!("pub mod {folder};")) || !list.contains(&format!("{folder}::MODULE")) {
            findings.push(format!("{folder}: not in app/src/modules/mod.rs"));
        }
    }
    let screens = folders("app/src/modules");
    let missing =
        folders("app/domain/src/modules").into_iter().filter(|m| !screens.iter().any(|s| s == screens_of(m)));
    findings.extend(missing.map(|module| format!("{module}: no folder in app/src/modules")));
    none(findings, "every module is one folder and two lines on each side");
}

#[test]
fn both_languages_say_the_same_things() {
    let keys = |path: String| -> BTreeSet<String> {
        let text = read(&path);
        let key = |line: &str| Some(line.trim().strip_prefix('"')?.split_once("\":")?.0.to_string());
        text.lines().filter_map(key).collect()
    };
    let texts = |file: &File| {
        file.path.strip_suffix("/zh-CN.json").filter(|f| f.ends_with("/locales")).map(str::to_string)
    };
    let homes: Vec<String> = files().iter().filter_map(texts).collect();
    assert!(homes.len() > 1, "the texts were found: {homes:?}");
    let mut findings = Vec::new();
    for home in homes {
        let (zh, en) = (keys(format!("{home}/zh-CN.json")), keys(format!("{home}/en.json")));
        findings
            .extend(zh.symmetric_difference(&en).map(|key| format!("{home}: {key} in one language only")));
    }
    none(findings, "say it in Chinese and in English");
}

#[test]
fn every_sample_fits_its_fields() {
    let mut findings = Vec::new();
    for kind in kinds() {
        let sample = kind.sample();
        if sample.is_empty() {
            findings.push(format!("{}: sample() is empty", kind.name()));
        }
        for (key, value) in &sample {
            if !field_of(kind.fields(), key).is_some_and(|field| fits(field, value)) {
                findings.push(format!("{}: {key} = {value:?}", kind.name()));
            }
        }
        let names: BTreeSet<&str> = kind.fields().iter().map(|field| field.name).collect();
        if names.len() != kind.fields().len()
            || names.iter().any(|name| name.starts_with('@') || name.contains('/'))
        {
            findings.push(format!("{}: a field is doubled or named like a meta key or an item", kind.name()));
        }
    }
    none(findings, "a sample is a filled example that the gate lets in");
}

#[test]
fn every_crate_has_a_readme() {
    let lacking = crates().into_iter().filter(|(folder, _)| {
        let path = root().join(folder).join("README.md");
        std::fs::read_to_string(path).map_or(0, |text| text.len()) < 200
    });
    none(
        lacking.map(|(folder, _)| format!("{folder}/README.md")).collect(),
        "write what the crate is for and what does not belong there",
    );
}

/// Words of acts and keys of files have their place in the body of whatever may be sealed (docs/decisions/sealed.md).
#[test]
fn every_kind_that_seals_has_room_for_words_of_steps_and_keys_of_files() {
    let mut findings = Vec::new();
    for kind in kinds().iter().filter(|kind| kind.seals(true)) {
        for (name, least) in [(SAID, 45_000), (FILE_KEYS, 43)] {
            let found = kind.fields().iter().find(|field| field.name == name);
            if found.is_none_or(|field| field.kind != FieldKind::Items || field.max < least) {
                findings.push(format!("{}: no field `{name}: Items({least})`", kind.name()));
            }
        }
    }
    none(findings, "a sealed record keeps them in its own body");
}
