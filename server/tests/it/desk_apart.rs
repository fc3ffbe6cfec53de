//! The desk with its gate in processes of their own, which somebody ends with SIGKILL all the time: nothing
//! that was acknowledged is lost, and what had to wait gets in when it is sent again.

use crate::kit::phone::{NOW, Phone};
use crate::kit::{all_accepted, desk_on_disk, person};
use domain::modules::org::person_id;
use rustix::process::{Pid, Signal, kill_process};
use server::gate::Judge;
use server::gate::apart::Validators;
use server::log::Log;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use sync::Fate;

const PROGRAM: &str = env!("CARGO_BIN_EXE_lianxin");
const PHONES: usize = 12;
const EDITS: usize = 25;

/// Validators that this test program has started.
fn validators() -> Vec<Pid> {
    let own = std::process::id();
    let is_ours = |pid: &i32| {
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{pid}/{name}")).unwrap_or_default();
        read("status").contains(&format!("PPid:\t{own}\n")) && read("cmdline").contains("gate-child")
    };
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(is_ours).filter_map(Pid::from_raw).collect()
}

async fn kill_on_and_on(stop: Arc<AtomicBool>, killed: Arc<AtomicU64>) {
    while !stop.load(Ordering::Relaxed) {
        for pid in validators() {
            killed.fetch_add(u64::from(kill_process(pid, Signal::KILL).is_ok()), Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_killed_under_pushes_lose_nothing() {
    let (desk, _home) = desk_on_disk().await;
    let desk = Arc::new(desk.with_judge(Judge::Apart(Validators::new(PROGRAM, 2))));
    let numbers: Vec<String> = (0..PHONES).map(|i| format!("7{i:05}")).collect();
    desk.found_many(numbers.iter().map(|no| person(no, "LB01.1.1", &[])).collect(), NOW).await.unwrap();
    let (stop, killed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let killer = tokio::spawn(kill_on_and_on(stop.clone(), killed.clone()));

    let mut working = vec![];
    for no in numbers {
        let desk = desk.clone();
        working.push(tokio::spawn(async move {
            let mut phone = Phone::new(person_id(&no), &no);
            let note = phone.note("LB01.1.1", "一");
            let mut waited = 0;
            for i in 0..EDITS {
                phone.title(note, &format!("第{i}稿"));
                // Until everything is acknowledged, as a phone does.
                while !phone.outbox.is_empty() {
                    let fates = phone.sync(&desk).await;
                    let fine =
                        |fate: &Fate| matches!(fate, Fate::Accepted(_) | Fate::Duplicate(_) | Fate::Retry);
                    assert!(fates.iter().all(fine), "{fates:?}");
                    waited += usize::from(!all_accepted(&fates));
                }
            }
            (note, phone.heads(note), waited)
        }));
    }
    let mut waited = 0;
    for work in working {
        let (note, heads, times) = work.await.unwrap();
        waited += times;
        let stored = desk.log().load(note).await.unwrap().expect("acknowledged");
        assert_eq!((stored.heads, stored.row.title), (heads, format!("第{}稿", EDITS - 1)));
        assert_eq!(desk.log().changes_since(note, 0).await.unwrap().len(), EDITS + 1);
    }
    stop.store(true, Ordering::Relaxed);
    killer.await.unwrap();
    println!("{} validators killed, {waited} pushes had to wait", killed.load(Ordering::Relaxed));
    assert!(killed.load(Ordering::Relaxed) > 0);
}
