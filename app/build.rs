//! Turns the Chinese texts into one static table, so that the screens carry no JSON parser. The English ones become a
//! file beside the program (app/bundle/src/words.rs).
//!
//! Sources: `locales/zh-CN.json` and `locales/en.json`, and the same two names in each
//! `src/modules/<name>/locales/` (there every key begins with `<name>.`).
//! The build fails when the languages differ in keys or placeholders, or when a key stands twice:
//! a screen must never show a hole in one language.

#[path = "src/i18n/hash.rs"]
mod hash;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs};

/// One JSON object with string values, in the order of the file, double keys kept so that they can be refused.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(de: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object from text keys to texts")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        de.deserialize_map(All)
    }
}

type Texts = BTreeMap<String, String>;

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=src/modules");
    println!("cargo::rerun-if-changed=src/i18n/hash.rs");
    let mut faults = Vec::new();
    let zh = collect("zh-CN.json", &mut faults);
    let en = collect("en.json", &mut faults);
    compare(&zh, &en, &mut faults);
    let rows = by_hash(&zh, &mut faults);
    for fault in &faults {
        println!("cargo::error=texts: {fault}");
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("texts.rs");
    fs::write(out, table(&rows)).expect("the build folder can be written");
}

/// All texts of one language, from the common file and from the modules' own folders.
fn collect(name: &str, faults: &mut Vec<String>) -> Texts {
    let mut texts = Texts::new();
    for (prefix, dir) in areas() {
        let path = dir.join(name);
        let pairs = match fs::read_to_string(&path).map(|s| serde_json::from_str::<Pairs>(&s)) {
            Ok(Ok(pairs)) => pairs.0,
            Ok(Err(e)) => {
                faults.push(format!("{}: {e}", path.display()));
                continue;
            }
            Err(e) => {
                faults.push(format!("{}: {e}", path.display()));
                continue;
            }
        };
        for (key, text) in pairs {
            if !key.starts_with(&prefix) {
                faults.push(format!("{}: key {key} must begin with {prefix}", path.display()));
            }
            if text.contains(['\t', '\n']) {
                faults.push(format!("{}: {key} must be one line without tabs", path.display()));
            }
            if texts.insert(key.clone(), text).is_some() {
                faults.push(format!("{}: key {key} stands twice", path.display()));
            }
        }
    }
    texts
}

/// Folders that hold texts, with the prefix that their keys must have.
fn areas() -> Vec<(String, PathBuf)> {
    let mut areas = vec![(String::new(), PathBuf::from("locales"))];
    let modules = fs::read_dir("src/modules").into_iter().flatten().flatten();
    let mut named: Vec<_> = modules
        .filter(|m| m.path().join("locales").is_dir())
        .map(|m| (format!("{}.", m.file_name().to_string_lossy()), m.path().join("locales")))
        .collect();
    named.sort();
    areas.extend(named);
    areas
}

fn compare(zh: &Texts, en: &Texts, faults: &mut Vec<String>) {
    for (key, text) in zh {
        match en.get(key) {
            None => faults.push(format!("en lacks {key}")),
            Some(other) if holes(text) != holes(other) => {
                faults.push(format!("{key}: zh and en differ in {{0}} {{1}} …"));
            }
            Some(_) => {}
        }
    }
    faults.extend(en.keys().filter(|key| !zh.contains_key(*key)).map(|key| format!("zh lacks {key}")));
}

/// Which placeholders a text has; of `one|many` only the many count.
fn holes(text: &str) -> Vec<usize> {
    let many = text.rsplit('|').next().unwrap_or(text);
    (0..4).filter(|i| many.contains(&format!("{{{i}}}"))).collect()
}

/// Rows sorted by hash, for the binary search in `i18n.rs`.
fn by_hash<'a>(zh: &'a Texts, faults: &mut Vec<String>) -> BTreeMap<u32, &'a str> {
    let mut rows = BTreeMap::new();
    for (key, text) in zh {
        if rows.insert(hash::key_hash(key), text.as_str()).is_some() {
            faults.push(format!("{key} has the hash of another key: give it another name"));
        }
    }
    rows
}

/// One long string with the places where each text begins: 8 bytes a text instead of two pointers.
fn table(rows: &BTreeMap<u32, &str>) -> String {
    let n = rows.len();
    let mut out = String::from("// Written by build.rs from the locale files.\n");
    let hashes: Vec<String> = rows.keys().map(u32::to_string).collect();
    let _ = writeln!(out, "pub static HASHES: [u32; {n}] = [{}];", hashes.join(","));
    let mut all = String::new();
    let mut at = vec!["0".to_string()];
    for text in rows.values() {
        all.push_str(text);
        at.push(all.len().to_string());
    }
    let _ = writeln!(out, "pub static ZH_AT: [u32; {}] = [{}];", n + 1, at.join(","));
    let _ = writeln!(out, "pub static ZH: &str = {all:?};");
    out
}
