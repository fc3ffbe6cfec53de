//! The bombs, through the gate of this process and through `lianxin gate` with its validator. How long each
//! took is printed; docs/figures.md has the numbers of a quiet machine.

use crate::bomb_kinds::{Bomb, all, target};
use crate::kit::peak_kib;
use domain::modules::kind;
use serde_json::Value;
use server::gate::{self, Shape, StoredDoc};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lianxin");
/// KiB by which a bomb may make anybody grow.
const GROWTH_KB: u64 = 10 * 1024;

#[test]
fn at_least_forty_kinds_of_bombs_are_refused_and_cost_no_memory() {
    let ((doc, _), bombs) = (target(), all());
    let names: BTreeSet<&str> = bombs.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.len() >= 40 && names.len() == bombs.len(), "{} kinds", names.len());
    let shape = Shape::of(kind("appeal.matter").expect("a kind").fields());
    let before = peak_kib();
    for (name, raw) in &bombs {
        for snapshot in [Some(doc.as_slice()), None] {
            let after = gate::admit_all(&StoredDoc { snapshot }, &shape, &[raw]).after;
            assert!(after.is_none_or(|after| after.content.is_none()), "{name} got in");
        }
    }
    assert!(peak_kib() - before < GROWTH_KB, "{} KiB", peak_kib() - before);
}

fn gate(words: &[&Path]) -> Output {
    Command::new(PROGRAM).arg("gate").args(words).output().expect("the program runs")
}

fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn put_all(dir: &Path, bombs: &[Bomb]) -> Vec<PathBuf> {
    let put = |(name, raw): &Bomb| {
        let path = dir.join(name);
        std::fs::write(&path, raw).expect("written");
        path
    };
    bombs.iter().map(put).collect()
}

#[test]
fn the_command_refuses_all_bombs_and_all_samples_and_its_validator_lives() {
    let dir = tempfile::tempdir().expect("a folder");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut files = put_all(dir.path(), &all());
    files.extend(std::fs::read_dir(samples).expect("samples").map(|entry| entry.expect("entry").path()));
    let doc = dir.path().join("doc.automerge");
    std::fs::write(&doc, target().0).expect("written");
    for onto in [true, false] {
        let mut words: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
        if onto {
            words.extend([Path::new("--onto"), &doc]);
        }
        let lines = lines(&gate(&words));
        assert_eq!(lines.len(), files.len());
        for line in &lines {
            assert_eq!(line["verdict"], "refused", "{line}");
            assert!(!line["reason"].as_str().expect("a reason").is_empty(), "{line}");
            assert!(line["peak_kb"].as_u64().expect("measured") < GROWTH_KB, "{line}");
        }
        let ms = |line: &Value| line["ms"].as_f64().expect("measured");
        let slowest = lines.iter().max_by(|a, b| ms(a).total_cmp(&ms(b))).expect("some");
        let most = lines.iter().filter_map(|line| line["peak_kb"].as_u64()).max().unwrap_or_default();
        println!("{} files, onto {onto}: slowest {slowest}; most {most} KiB", lines.len());
    }
}

#[test]
fn the_command_lets_honest_changes_in_whatever_their_kind() {
    let dir = tempfile::tempdir().expect("a folder");
    let put = |name: String, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    };
    for kind in domain::modules::kinds() {
        let owner = domain::DocId([7; 16]);
        let unit = domain::OrgCode::new("LB02");
        let meta = domain::Meta { id: owner, kind: kind.name().into(), owner, unit, born_ms: 1 };
        let mut doc = domain::crdt::birth([1; 16], &meta, kind.fields(), &kind.sample()).expect("a birth");
        let birth = put(format!("{}.birth", kind.name()), doc.get_changes(&[])[0].raw_bytes());
        let saved = put(format!("{}.doc", kind.name()), &doc.save());
        let field = kind.fields().iter().find(|field| field.kind == domain::FieldKind::Str);
        let field = field.expect("every kind has a short text");
        let set = domain::Edit::Set { key: field.name.into(), value: "改".into() };
        let raw =
            domain::crdt::edit(&mut doc, [1; 16], kind.fields(), &[set]).expect("edits").expect("differs");
        let edit = put(format!("{}.edit", kind.name()), &raw);
        let born = lines(&gate(&[&birth]));
        assert_eq!((&born[0]["verdict"], &born[0]["reason"]), (&"accepted".into(), &"".into()), "{born:?}");
        let onto = lines(&gate(&[Path::new("--onto"), &saved, &edit, &birth]));
        assert_eq!(onto[0]["verdict"], "accepted", "{onto:?}");
        assert_eq!(onto[1]["reason"], "duplicate: already in", "{onto:?}");
        let alone = lines(&gate(&[&edit]));
        assert_eq!(alone[0]["verdict"], "refused", "{alone:?}");
    }
}

#[test]
fn whatever_is_named_the_command_says_so_and_ends_well() {
    let dir = tempfile::tempdir().expect("a folder");
    let (gone, strange) = (dir.path().join("gone"), dir.path().join("strange \u{1b}[31m\n\"name\""));
    std::fs::write(&strange, b"noise").expect("written");
    let huge = dir.path().join("huge");
    std::fs::File::create(&huge).and_then(|file| file.set_len(1 << 36)).expect("sparse");
    let onto = |path: &Path| lines(&gate(&[Path::new("--onto"), path, &strange]));
    let said = lines(&gate(&[&gone, dir.path(), Path::new("/dev/zero"), &strange, &huge, Path::new("--")]));
    assert_eq!(said.len(), 5);
    assert!(
        said.iter().all(|line| line["verdict"] == "refused" && !line["reason"].as_str().unwrap().is_empty())
    );
    assert_eq!(said[4]["reason"], "too_big: Change");
    for doc in [&gone, &strange, &huge] {
        assert_eq!(onto(doc)[0]["verdict"], "refused");
    }
    assert!(lines(&gate(&[])).is_empty());
    assert!(lines(&gate(&[Path::new("--onto")])).is_empty());
}

/// A saved document that inflates to more than a validator may hold. It ends; the command does not.
#[test]
fn a_document_that_needs_too_much_memory_ends_the_validator_only() {
    let dir = tempfile::tempdir().expect("a folder");
    let (doc, file) = (dir.path().join("doc"), dir.path().join("change"));
    std::fs::write(&doc, crate::apart::document_bomb()).expect("written");
    std::fs::write(&file, target().1.copy(2).put("title", "x")).expect("written");
    let said = lines(&gate(&[Path::new("--onto"), &doc, &file, &file]));
    assert!(said.iter().all(|line| line["reason"] == "onto: not a document of ours"), "{said:?}");
}
