//! After an update of the program everybody sees what the new rules make of older records, and the log is sound.

use crate::kit::house::*;
use crate::kit::kinds::{NoteAct, kinds, later_kinds};
use crate::kit::phone::{NOW, Phone};
use crate::kit::{MINERS, all_accepted, company, desk, phone};
use domain::{DocId, OrgCode, Reader};
use server::desk::Desk;
use server::log::{Kinds, Log, Memory, Sqlite};
use server::proof::Signer;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// More than is read in one go.
const NOTES: usize = 450;

async fn shared_notes<L: Log>(desk: &Desk<L>, count: usize) -> (Phone, Vec<DocId>) {
    let mut li = phone(MINERS[0]);
    let mut notes = vec![];
    for i in 0..count {
        let note = li.note("LB01", &format!("通知 {i}"));
        li.act(note, &NoteAct::Share(Reader::Unit(OrgCode::new("LB01"))));
        notes.push(note);
        if i % 100 == 99 || i + 1 == count {
            assert!(all_accepted(&li.sync(desk).await));
        }
    }
    (li, notes)
}

fn lines(phone: &Phone) -> Vec<(DocId, String)> {
    let all = phone.docs.iter().filter(|(_, held)| held.kind == "test.note");
    all.map(|(id, held)| (*id, held.row.as_ref().map(|row| row.note.clone()).unwrap_or_default())).collect()
}

/// What a phone of this person shows that knows nothing yet.
async fn afresh<L: Log>(desk: &Desk<L>, no: &str) -> Phone {
    let mut fresh = phone(no);
    fresh.device = format!("fresh phone of {no}");
    fresh.sync(desk).await;
    fresh
}

async fn an_update_is_heard_of<L: Log>(desk: Desk<L>, reopen: impl AsyncFnOnce(L, Kinds) -> Desk<L>) -> L {
    let (mut li, mut notes) = shared_notes(&desk, 5).await;
    notes.sort();
    let (mut wang, mut sun) = (phone(MINERS[1]), phone(MINERS[5]));
    for phone in [&mut li, &mut wang, &mut sun] {
        phone.sync(&desk).await;
    }
    assert_eq!((lines(&wang).len(), lines(&sun).len()), (5, 0));
    assert_eq!(lines(&li)[0].1, "1");

    let desk = reopen(desk.into_log(), later_kinds).await;
    assert_eq!(desk.renew("later", NOW).await.unwrap(), 5, "the notes and nothing else");
    assert_eq!(desk.renew("later", NOW).await.unwrap(), 0);
    for (no, phone) in [(MINERS[0], &mut li), (MINERS[1], &mut wang), (MINERS[5], &mut sun)] {
        phone.sync(&desk).await;
        assert_eq!(lines(phone), lines(&afresh(&desk, no).await), "{no}");
    }
    assert_eq!((lines(&wang).len(), lines(&sun).len()), (0, 5));
    assert_eq!(lines(&li)[0].1, "1步");
    sun.act(notes[0], &NoteAct::Close);
    assert!(all_accepted(&sun.sync(&desk).await), "who came in may act");
    li.sync(&desk).await;
    assert_eq!(lines(&li), lines(&sun));
    desk.into_log()
}

async fn on<L: Log>(log: L, kinds: Kinds) -> Desk<L> {
    Desk::with_kinds(log, kinds).await.unwrap().with_signing(server::desk::Signing::Optional)
}

#[tokio::test]
async fn phones_hear_what_new_rules_compute_otherwise() {
    an_update_is_heard_of(desk().await, on::<Memory>).await;
}

#[tokio::test]
async fn the_same_on_disk_and_the_log_is_sound() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.db");
    let log = an_update_is_heard_of(signed_desk(&path).await, on::<Sqlite>).await;
    let found = report_by(&path, &ours(), &[], later_kinds).await;
    assert!(found.is_sound(), "{:#?}", found.findings);
    let last = log.last().await.unwrap();
    assert_eq!(found.entries, last, "renewals have places in the tree");
    log.close().await;
}

#[tokio::test]
async fn the_log_stays_sound_through_updates_back_and_forth_with_life_between() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.db");
    let mut desk = signed_desk(&path).await;
    let versions: [(Kinds, &str); 4] =
        [(later_kinds, "1"), (kinds, "2"), (kinds, "the same rules by another name"), (later_kinds, "3")];
    let mut reader = MINERS[1];
    for (day, (version, rules)) in versions.into_iter().enumerate() {
        a_day_among(&desk, day as u64, reader).await;
        reader = if version().as_ptr() == kinds().as_ptr() { MINERS[1] } else { MINERS[5] };
        desk = update(desk, &path, version, rules).await;
        let found = report_by(&path, &ours(), &[], version).await;
        assert!(found.is_sound(), "{rules}: {:#?}", found.findings);
    }
    a_day_among(&desk, 9, reader).await;
    desk.into_log().close().await;
    let found = report_by(&path, &ours(), &[], later_kinds).await;
    assert!(found.is_sound(), "{:#?}", found.findings);
    let stale = report_by(&path, &ours(), &[], kinds).await;
    assert!(!stale.is_sound(), "another version's rules are told from these");
}

/// Begins the renewal and breaks it off after so many steps; true when it came to its end.
async fn break_off(path: &Path, steps: usize) -> bool {
    let desk = on(Sqlite::open_signed(path, ours()).await.unwrap(), later_kinds).await;
    let is_done = {
        let mut renewing = pin!(desk.renew("later", NOW));
        let mut done = false;
        for _ in 0..steps {
            if let Poll::Ready(result) = renewing.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                result.unwrap();
                done = true;
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        done
    };
    desk.into_log().close().await;
    is_done
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_is_broken_off_goes_on_at_the_next_start() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.db");
    let desk = signed_desk(&path).await;
    let (_, notes) = shared_notes(&desk, NOTES).await;
    desk.into_log().close().await;
    let mut broken_off = 0;
    for steps in 1.. {
        if break_off(&path, steps).await {
            break;
        }
        broken_off += 1;
    }
    assert!(broken_off > 0);
    let desk = on(Sqlite::open_signed(&path, ours()).await.unwrap(), later_kinds).await;
    assert_eq!(desk.renew("later", NOW).await.unwrap(), 0);
    let sun = afresh(&desk, MINERS[5]).await;
    assert_eq!(lines(&sun).len(), notes.len());
    assert!(lines(&sun).iter().all(|(_, note)| note == "1步"));
    let founded = (company().len() + 3 * NOTES) as u64;
    // Each person has one change and an act for each post; each note is renewed once, however often it was begun.
    let posts = company().iter().map(|person| person.acts.len() as u64).sum::<u64>();
    assert_eq!(desk.log().last().await.unwrap(), founded + posts);
    desk.into_log().close().await;
    let found = report_by(&path, &ours(), &[], later_kinds).await;
    assert!(found.is_sound(), "{:#?}", found.findings);
}

#[tokio::test]
async fn a_feed_that_somebody_changed_behind_an_update_is_found() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.db");
    let desk = signed_desk(&path).await;
    shared_notes(&desk, 3).await;
    let desk = update(desk, &path, later_kinds, "later").await;
    desk.into_log().close().await;
    let key: Signer = ours();
    for sql in [
        "UPDATE feed SET entered = entered - 1 WHERE scope = 'unit:LB02'",
        "UPDATE feed_base SET first_n = first_n - 1 WHERE scope = 'unit:LB02'",
        "UPDATE feed SET first_n = n WHERE scope = 'unit:LB01'",
        "DELETE FROM feed WHERE here = 0",
        "DELETE FROM renewals WHERE n = (SELECT max(n) FROM renewals)",
    ] {
        let copy = home.path().join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        let pool = sqlx::SqlitePool::connect(copy.to_str().unwrap()).await.unwrap();
        assert!(sqlx::query(sql).execute(&pool).await.unwrap().rows_affected() > 0, "{sql}");
        pool.close().await;
        assert!(!report_by(&copy, &key, &[], later_kinds).await.is_sound(), "{sql}");
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", copy.display()));
        }
    }
}
