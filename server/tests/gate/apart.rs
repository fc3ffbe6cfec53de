//! The validator as a process: it answers what this process would answer, it has nothing but its pipes, and
//! whatever becomes of it the server goes on.

use crate::bomb_kinds;
use crate::kit::*;
use crate::mutations::{mutate, number, targets};
use server::gate::apart::Validators;
use server::gate::{Batch, Judge, Permit, Refused, StoredDoc, Trouble, admit_all, admit_by};
use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_lianxin");

fn judge() -> Judge {
    Judge::Apart(Validators::new(PROGRAM, 2))
}

async fn ask(judge: &Judge, store: &Store, raws: &[Vec<u8>]) -> Batch {
    let slices: Vec<&[u8]> = raws.iter().map(Vec::as_slice).collect();
    admit_by(judge, &StoredDoc { snapshot: store.snapshot.as_deref() }, &shape(), &slices).await
}

fn said(batch: &Batch) -> Vec<String> {
    let one = |verdict: &Result<Permit, Refused>| match verdict {
        Ok(permit) => format!("in {}", permit.hash()),
        Err(refused) => format!("{refused:?}"),
    };
    batch.verdicts.iter().map(one).collect()
}

/// Damaged changes, some of them several in one push: both gates say the same. More with `LIANXIN_APART`.
#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_this_process_would_say_and_stays_alive() {
    let (count, seed) = (number("LIANXIN_APART", 1_500), number("LIANXIN_SEED", 1));
    let (targets, judge) = (targets(), judge());
    let mut dice = Dice(seed ^ 0xa9a7);
    for _ in 0..count {
        let (store, honest) = &targets[dice.below(targets.len())];
        let raws: Vec<Vec<u8>> = (0..=dice.below(3)).map(|_| mutate(honest, honest, &mut dice)).collect();
        let slices: Vec<&[u8]> = raws.iter().map(Vec::as_slice).collect();
        let here = admit_all(&StoredDoc { snapshot: store.snapshot.as_deref() }, &shape(), &slices);
        let apart = ask(&judge, store, &raws).await;
        assert_eq!((said(&apart), &apart.after), (said(&here), &here.after));
    }
    for (name, raw) in bomb_kinds::all() {
        let apart = ask(&judge, &targets[1].0, &[raw]).await;
        assert!(apart.verdicts[0].is_err(), "{name}");
    }
    let Judge::Apart(validators) = judge else { unreachable!() };
    assert_eq!(validators.ended(), 0, "no hostile byte ended one");
}

/// Started with a lock and a socket that somebody left open, as a service manager or a shell may.
#[test]
fn it_has_its_pipes_and_its_limits_and_nothing_else() {
    let mut child = Command::new("/bin/sh")
        .args(["-c", "exec 7</dev/null 9>/dev/null; exec \"$0\" gate-child", PROGRAM])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut ready = [0; 4 + 19];
    child.stdout.as_mut().expect("piped").read_exact(&mut ready).expect("it says that it is ready");
    assert_eq!(&ready[4..], b"lianxin validator 1");
    let proc = PathBuf::from(format!("/proc/{}", child.id()));
    let mut files: Vec<String> = fs::read_dir(proc.join("fd"))
        .expect("Linux")
        .map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(files, ["0", "1", "2"]);
    let limits = fs::read_to_string(proc.join("limits")).expect("Linux");
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).expect("a limit");
        line[26..].split_whitespace().next().map(str::to_string).expect("a number")
    };
    assert_eq!(limit("Max address space"), (512 * 1024 * 1024).to_string());
    assert_eq!(limit("Max cpu time"), "100");
    assert_eq!(limit("Max open files"), "3");
    assert_eq!((limit("Max file size"), limit("Max core file size")), ("0".into(), "0".into()));
    let status = fs::read_to_string(proc.join("status")).expect("Linux");
    assert!(status.contains("NoNewPrivs:\t1"));
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(0), "it ends with its server");
}

#[test]
fn it_does_not_talk_to_strangers() {
    let mut child = Command::new(PROGRAM)
        .arg("gate-child")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("piped").write_all(b"\0\0\0\x04what").expect("written");
    assert_eq!(child.wait().expect("it ends").code(), Some(3));
}

/// A program in the place of the validator. `$n` counts its starts.
fn impostor(dir: &Path, script: &str) -> Judge {
    let (path, count) = (dir.join("impostor"), dir.join("count"));
    let head = format!(
        "#!/bin/sh\necho x >> {count}\nn=0; while read -r _; do n=$((n+1)); done < {count}\n\
         real() {{ exec {PROGRAM} gate-child; }}\n\
         ready() {{ printf '\\000\\000\\000\\023lianxin validator 1'; }}\n",
        count = count.display()
    );
    fs::write(&path, format!("{head}{script}\n")).expect("written");
    fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("executable");
    Judge::Apart(Validators::new(path, 1))
}

/// Three people's changes onto one document.
fn three() -> (Store, Vec<Vec<u8>>) {
    let (li, store) = born();
    (store, (2..5).map(|name| li.copy(name).put("amount", i64::from(name))).collect())
}

fn codes(batch: &Batch) -> Vec<&'static str> {
    batch.verdicts.iter().map(|verdict| verdict.as_ref().map_or_else(Refused::code, |_| "in")).collect()
}

#[tokio::test]
async fn a_crash_that_does_not_come_again_costs_nobody_anything() {
    let (dir, (store, raws)) = (tempfile::tempdir().expect("a folder"), three());
    let judge = impostor(dir.path(), "[ $n = 1 ] || real; ready; head -c 4 >/dev/null; exit 1");
    assert_eq!(codes(&ask(&judge, &store, &raws).await), ["in", "in", "in"]);
}

#[tokio::test]
async fn a_change_that_ends_two_validators_is_refused_and_the_others_go_on() {
    let (dir, (store, raws)) = (tempfile::tempdir().expect("a folder"), three());
    let judge = impostor(dir.path(), "[ $n -gt 2 ] && real; ready; head -c 4 >/dev/null; exit 1");
    let batch = ask(&judge, &store, &raws).await;
    assert_eq!(codes(&batch), ["poison", "in", "in"]);
    assert_eq!(batch.after.expect("two").heads.len(), 2);
}

#[tokio::test]
async fn what_follows_a_change_that_ends_validators_is_refused_with_it() {
    let (mut li, store) = born();
    let dir = tempfile::tempdir().expect("a folder");
    let mut raws = vec![li.put("title", "一"), li.put("title", "二")];
    raws.push(li.copy(9).put("amount", 1));
    raws.push(li.copy(8).put("amount", 1));
    let judge = impostor(dir.path(), "[ $n -gt 2 ] && real; ready; head -c 4 >/dev/null; exit 1");
    let codes = codes(&ask(&judge, &store, &raws).await);
    assert_eq!(codes[..2], ["poison", "depends_on_refused"], "{codes:?}");
}

#[tokio::test]
async fn nonsense_endless_work_and_crashes_are_refused_with_a_sentence() {
    let (store, raws) = three();
    for script in [
        "ready; head -c 4 >/dev/null; printf '\\000\\000\\000\\004what'; cat >/dev/null",
        "ready; head -c 4 >/dev/null; printf '\\377\\377\\377\\377'; cat >/dev/null",
        "ready; head -c 4 >/dev/null; kill -SEGV $$",
        "ready; head -c 4 >/dev/null; while :; do :; done",
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let judge = impostor(dir.path(), script);
        let mut refused = Refused::Later(Trouble::Away);
        // On a machine that has no time for an endless loop, the loop is not to blame.
        for _ in 0..10 {
            refused = ask(&judge, &store, &raws[..1]).await.verdicts.remove(0).expect_err(script);
            if refused.is_final() {
                break;
            }
        }
        assert_eq!(refused.code(), "poison", "{script}");
        assert!(refused.zh().contains("已保留") && refused.is_final());
    }
}

/// Nobody's words are refused because somebody ended a validator, because none starts, or because the
/// machine has no time for it.
#[tokio::test]
async fn what_is_not_the_fault_of_a_change_only_makes_it_wait() {
    let (store, raws) = three();
    for script in ["ready; head -c 4 >/dev/null; kill -KILL $$", "exit 1", "ready; exec sleep 30"] {
        let dir = tempfile::tempdir().expect("a folder");
        let batch = ask(&impostor(dir.path(), script), &store, &raws[..1]).await;
        assert_eq!(batch.verdicts[0], Err(Refused::Later(Trouble::Away)), "{script}");
    }
    let nowhere = Judge::Apart(Validators::new("/nowhere/lianxin", 1));
    assert_eq!(codes(&ask(&nowhere, &store, &raws).await), ["later", "later", "later"]);
}

/// 600 MB of zeros as one deflated change: Automerge inflates without a limit of its own when it loads.
pub fn document_bomb() -> Vec<u8> {
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..600).for_each(|_| deflated.write_all(&zeros).expect("in memory"));
    let body = deflated.finish().expect("in memory");
    assert!(body.len() < 4 << 20, "{} bytes", body.len());
    chunk(2, &body)
}

#[tokio::test]
async fn too_much_memory_is_the_validators_trouble_and_not_ours() {
    let bomb = document_bomb();
    let (before, validators) = (peak_kib(), Validators::new(PROGRAM, 1));
    assert_eq!(validators.read(&bomb).await, None);
    // Some reservations of memory fail as an error, others end the process; it may have been either.
    assert!(validators.ended() <= 1);
    assert!(peak_kib() - before < 64 * 1024, "{} KiB", peak_kib() - before);
    let (mut li, store) = born();
    let judge = Judge::Apart(validators);
    assert_eq!(codes(&ask(&judge, &store, &[li.put("title", "好")]).await), ["in"]);
}

/// Ended from outside all the time, it is started again and again, and what is asked again gets in.
#[tokio::test(flavor = "multi_thread")]
async fn ended_from_outside_again_and_again_everything_gets_in_at_last() {
    let validators = std::sync::Arc::new(Validators::new(PROGRAM, 2));
    let killed = validators.clone();
    let killer = tokio::spawn(async move {
        loop {
            for pid in killed.pids().iter().filter_map(|pid| rustix::process::Pid::from_raw(*pid as i32)) {
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    });
    let (mut li, mut store) = born();
    let mut put_off = 0;
    for i in 0..150 {
        let raw = li.put("title", format!("{i}"));
        loop {
            let question = server::gate::wire::Question {
                snapshot: store.snapshot.clone().map(|bytes| server::gate::wire::Raw(bytes.into())),
                shape: std::borrow::Cow::Owned(shape()),
                changes: vec![server::gate::wire::Raw(raw.clone().into())],
            };
            let answer = validators.answer(question).await;
            match &answer.verdicts[0] {
                server::gate::wire::Verdict::Accepted(_) => {
                    store.snapshot = answer.after.map(|after| after.snapshot);
                    break;
                }
                server::gate::wire::Verdict::Refused(refused) => assert!(!refused.is_final(), "{refused:?}"),
            }
            put_off += 1;
        }
    }
    killer.abort();
    println!("{put_off} questions were put off");
    assert_eq!(store.doc().get_changes(&[]).len(), 151);
}
