//! Claim: what came while somebody chose a lock lies behind that lock afterwards, whole and sealed, or not at all;
//! and it never takes the place of anything.

use crate::bench::*;
use repo::{RoundTrouble, move_in};
use std::rc::Rc;
use store::vault::{Native, OpenKey, Strength, Vaulted};
use store::{Col, Disk, Memory, Store, Trouble};
use sync::Frame;

type Vault = Vaulted<Memory, Native>;

fn vault(disk: &Rc<Disk>) -> Vault {
    let key = now(OpenKey::of(&[7; 32], Strength::Ordinary)).expect("a key");
    Vaulted::new(Memory(disk.clone()), Some(key))
}

/// A phone whose vault is empty, after a first round in memory.
fn ahead(titles: &[&str]) -> Bench {
    let bench = Bench::new();
    let one = |(n, title): (usize, &&str)| Theirs::draft(&format!("02000{n:02}"), title, "正文").whole();
    bench.brings(titles.iter().enumerate().map(one).collect());
    bench.sync().unwrap();
    now(bench.phone.close());
    bench
}

/// The phone on what lies behind the lock.
fn behind(bench: &Bench, vault: &Vault) -> Bench {
    let opened = Rc::new(Disk::default());
    now(move_in(vault, &Memory(opened.clone()))).unwrap();
    Bench::on(opened, bench.who.clone(), 50)
}

#[test]
fn what_came_ahead_lies_behind_the_lock_and_does_not_come_again() {
    let (bench, disk) = (ahead(&["升井时间", "食堂"]), Rc::new(Disk::default()));
    let vault = vault(&disk);
    assert_eq!(now(move_in(&Memory(bench.disk.clone()), &vault)), Ok(true));
    for col in Col::ALL {
        for (_, value) in disk.durable(col) {
            let shows = |words: &str| value.windows(words.len()).any(|bytes| bytes == words.as_bytes());
            assert!(!shows("升井时间") && !shows("正文") && !shows(&bench.who.no), "{col:?} is sealed");
        }
    }
    let phone = behind(&bench, &vault);
    assert_eq!(phone.drafts().len(), 2);
    phone.sync().unwrap();
    let (before, now) = (bench.last_request(), phone.last_request());
    assert_eq!(before.device, now.device, "the same installation");
    assert_eq!(now.cursors[&scope()], 7, "goes on where it stands");
}

#[test]
fn a_place_with_records_stays_as_it_is() {
    let (bench, taken) = (ahead(&["升井时间"]), Bench::new());
    let (draft, _) = taken.draft("我的稿子", "还没有送出");
    assert_eq!(now(move_in(&Memory(bench.disk.clone()), &Memory(taken.disk.clone()))), Ok(false));
    let mut taken = taken;
    taken.restart();
    assert_eq!(taken.drafts().len(), 1);
    assert_eq!(taken.text(draft), "还没有送出");
    assert!(!taken.outbox().is_empty());
}

#[test]
fn where_there_is_no_room_nothing_is_put_and_the_next_try_begins_anew() {
    let (bench, disk) = (ahead(&["升井时间"]), Rc::new(Disk::default()));
    let (from, vault) = (Memory(bench.disk.clone()), vault(&disk));
    for trouble in [Trouble::Full, Trouble::Lost] {
        disk.fail_next(trouble.clone());
        assert_eq!(now(move_in(&from, &vault)), Err(trouble));
        assert!(Col::ALL.into_iter().all(|col| disk.durable(col).is_empty()));
    }
    assert_eq!(now(move_in(&from, &vault)), Ok(true));
    assert_eq!(behind(&bench, &vault).drafts().len(), 1);
}

#[test]
fn a_lock_chosen_in_the_middle_keeps_whole_pages() {
    let bench = Bench::new();
    let first = Theirs::draft("0200099", "第一页", "").whole();
    let cut = Theirs::draft("0200098", "第二页", "").whole();
    bench.next(move |_| {
        let mut frames = vec![Frame::Doc(Box::new(first))];
        frames.push(Frame::Cursors([(scope(), 3)].into()));
        frames.push(Frame::Doc(Box::new(cut)));
        (frames, Err(repo::LinkTrouble::Offline))
    });
    assert!(bench.sync().is_err());
    now(bench.phone.close());
    assert_eq!(bench.sync(), Err(RoundTrouble::Closed), "takes nothing in any more");
    let disk = Rc::new(Disk::default());
    let vault = vault(&disk);
    assert_eq!(now(move_in(&Memory(bench.disk.clone()), &vault)), Ok(true));
    assert_eq!(now(vault.keys(Col::Docs)).unwrap().len(), 1);
    let phone = behind(&bench, &vault);
    phone.sync().unwrap();
    assert_eq!(phone.last_request().cursors[&scope()], 3);
    assert_eq!(phone.last_request().epoch, "", "still the first answer: its pages count as they come");
}
