//! `lianxin gate FILE… [--onto DOC]`: what the gate says about raw changes that lie in files. One line of JSON
//! for each, whatever the file is: this is for looking at hostile bytes, so nothing about them is an error.

use crate::desk::kinds_named_in;
use crate::gate::apart::{ADDRESS_SPACE, Memory, Validators};
use crate::gate::limits::MAX_CHANGE_BYTES;
use crate::gate::{self, Batch, Judge, Refused, Shape, StoredDoc};
use domain::modules::{kind, kinds};
use serde::Serialize;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write, stdout};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Bytes of a saved document that anything is judged onto; ours stay under a sixteenth.
const DOC_BYTES: usize = 4 * 1024 * 1024;

#[derive(Serialize)]
struct Line {
    file: String,
    verdict: &'static str,
    /// The gate's code and what is wrong; empty when it is let in.
    reason: String,
    /// From opening the file to the verdict.
    ms: f64,
    /// KiB by which the validator grew at most; all that it may have when it died. None: not known here.
    peak_kb: Option<u64>,
}

/// The document that the changes are judged onto.
enum Onto {
    /// None: each change must begin one.
    Nothing,
    Doc(Vec<u8>, Shape),
    /// It cannot be judged onto, and why.
    Unfit(String),
}

/// Judges and tells; never stops with an error.
pub async fn run(words: Vec<OsString>) {
    let (files, onto) = split(words);
    if files.is_empty() {
        eprintln!("请写明文件 / name the files: lianxin gate FILE… [--onto DOC]");
    }
    let judge = validator().await;
    let onto = find(&judge, onto).await;
    for file in files {
        let line = serde_json::to_string(&judged(&judge, &file, &onto).await).unwrap_or_default();
        // A reader that went away is no reason to fail.
        let _ = writeln!(stdout(), "{line}");
    }
}

/// Files, and the document behind `--onto`; everything behind `--` is a file.
fn split(words: Vec<OsString>) -> (Vec<PathBuf>, Option<PathBuf>) {
    let (mut files, mut onto, mut words) = (vec![], None, words.into_iter());
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--onto") => onto = words.next().map(PathBuf::from),
            Some("--") => files.extend(words.by_ref().map(PathBuf::from)),
            Some(text) if text.starts_with("--onto=") => onto = Some(PathBuf::from(&text["--onto=".len()..])),
            _ => files.push(PathBuf::from(word)),
        }
    }
    (files, onto)
}

/// One validator in a process of its own; where none can be made, this process, which says so.
async fn validator() -> Judge {
    match Validators::of_this_program(1) {
        Ok(validators) if validators.try_out().await.is_ok() => Judge::Apart(validators),
        _ => {
            eprintln!(
                "这里不能启动校验进程，改在本进程内校验 / no validator can be started here; judged in this process"
            );
            Judge::Here
        }
    }
}

async fn find(judge: &Judge, onto: Option<PathBuf>) -> Onto {
    let Some(path) = onto else { return Onto::Nothing };
    let snapshot = match read(&path, DOC_BYTES) {
        Ok(bytes) => bytes,
        Err(why) => return Onto::Unfit(format!("onto: {why}")),
    };
    match judge.read(&snapshot).await.and_then(|(meta, _)| kind(&meta.kind)) {
        Some(kind) => Onto::Doc(snapshot, Shape::of(kind.fields())),
        None => Onto::Unfit("onto: not a document of ours".into()),
    }
}

async fn judged(judge: &Judge, file: &Path, onto: &Onto) -> Line {
    let pid = pid(judge);
    let memory = pid.and_then(Memory::of);
    let begun = Instant::now();
    let verdict = match read(file, MAX_CHANGE_BYTES) {
        Err(why) => Err(why),
        Ok(raw) => verdict(judge, &raw, onto).await,
    };
    let ms = (begun.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let died = judge_changed(judge, pid);
    let peak_kb =
        if died { Some(ADDRESS_SPACE / 1024) } else { memory.and_then(|memory| memory.growth_kb()) };
    let (verdict, reason) = match verdict {
        Ok(reason) => ("accepted", reason),
        Err(reason) => ("refused", reason),
    };
    Line { file: file.to_string_lossy().into_owned(), verdict, reason, ms, peak_kb }
}

fn pid(judge: &Judge) -> Option<u32> {
    match judge {
        Judge::Here => Some(std::process::id()),
        Judge::Apart(validators) => validators.pids().first().copied(),
    }
}

fn judge_changed(judge: &Judge, before: Option<u32>) -> bool {
    before.is_some() && pid(judge) != before
}

/// The whole file; one byte beyond the limit is enough for the gate to say that it is too big.
fn read(path: &Path, limit: usize) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| format!("unreadable: {}", error.kind());
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    // A pipe would keep us waiting, a device would never end.
    if !meta.is_file() {
        return Err("unreadable: not a file".into());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

async fn verdict(judge: &Judge, raw: &[u8], onto: &Onto) -> Result<String, String> {
    gate::peek(raw).map_err(|refused| words(&refused))?;
    match onto {
        Onto::Unfit(why) => Err(why.clone()),
        Onto::Doc(snapshot, shape) => told(ask(judge, Some(snapshot), shape, raw).await),
        Onto::Nothing => birth(judge, raw).await,
    }
}

/// As the desk finds the kind of a birth: those whose names occur are tried.
async fn birth(judge: &Judge, raw: &[u8]) -> Result<String, String> {
    let mut first = None;
    for kind in kinds_named_in(raw, kinds()) {
        let batch = ask(judge, None, &Shape::of(kind.fields()), raw).await;
        let content = batch.after.as_ref().and_then(|after| after.content.as_ref());
        if content.is_some_and(|(meta, _)| meta.kind == kind.name()) {
            return told(batch);
        }
        first = first.or(Some(batch));
    }
    match first {
        Some(batch) if batch.after.is_some() => Err("not_allowed: @kind names another kind".into()),
        Some(batch) => told(batch),
        // No kind of ours: what is wrong with it besides is said first.
        None => told(ask(judge, None, &Shape::of(&[]), raw).await)
            .and_then(|_| Err("not_allowed: @kind names no kind of ours".into())),
    }
}

async fn ask(judge: &Judge, snapshot: Option<&[u8]>, shape: &Shape, raw: &[u8]) -> Batch {
    gate::admit_by(judge, &StoredDoc { snapshot }, shape, &[raw]).await
}

fn told(mut batch: Batch) -> Result<String, String> {
    match batch.verdicts.pop() {
        Some(Ok(_)) if batch.after.is_some_and(|after| after.content.is_none()) => {
            Err("not_allowed: without @kind, @owner, @unit and @born it is no document of ours".into())
        }
        Some(Ok(_)) => Ok(String::new()),
        Some(Err(Refused::Duplicate)) => Ok("duplicate: already in".into()),
        Some(Err(refused)) => Err(words(&refused)),
        None => Err("later: no verdict".into()),
    }
}

/// Code and detail, for machines and whoever looks at what a phone sent.
fn words(refused: &Refused) -> String {
    let detail = match refused {
        Refused::MissingDeps(missing) => format!("{} changes that it follows are not there", missing.len()),
        Refused::OutOfOrder(order) => format!("{order:?}"),
        Refused::NotAllowed { path, why } => format!("{why:?} at {path}"),
        Refused::TooBig(size) => format!("{size:?}"),
        Refused::Malformed(step) => format!("{step:?}"),
        Refused::Poison { step, at } => format!("{step:?} {at}").trim_end().to_string(),
        Refused::Later(trouble) => format!("{trouble:?}"),
        Refused::Duplicate
        | Refused::Equivocation
        | Refused::DependsOnRefused(_)
        | Refused::OldKey
        | Refused::OwnerLeftOut => refused.en().to_string(),
    };
    format!("{}: {detail}", refused.code())
}
