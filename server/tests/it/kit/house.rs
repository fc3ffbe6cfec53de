//! A small signed log on disk with everything in it: notes that were shared, stamped, read and closed, a
//! confidential matter, cards, refused pushes.

use super::kinds::{self, NoteAct, SecretAct};
use super::phone::{NOW, Phone};
use super::{MINERS, ORGANISER, RIGHTS, desk_on, phone, random_id};
use domain::{Entry, OrgCode, Reader, Values};
use server::desk::Desk;
use server::log::{Kinds, Log, Sqlite};
use server::proof::Signer;
use server::verify::{Report, Wanted, verify};
use std::path::Path;
use sync::Checkpoint;

/// The key of the sample's server.
pub fn ours() -> Signer {
    Signer::from_seed([1; 32])
}

/// Opens a signed log with the test's kinds.
pub async fn reopen(path: &Path) -> Desk<Sqlite> {
    let log = Sqlite::open_signed(path, ours()).await.unwrap();
    Desk::with_kinds(log, kinds::kinds).await.unwrap().with_signing(server::desk::Signing::Optional)
}

/// The same by another version of the program, which starts and computes anew what it computes otherwise.
pub async fn update(desk: Desk<Sqlite>, path: &Path, kinds: Kinds, rules: &str) -> Desk<Sqlite> {
    desk.into_log().close().await;
    let log = Sqlite::open_signed(path, ours()).await.unwrap();
    let desk = Desk::with_kinds(log, kinds).await.unwrap().with_signing(server::desk::Signing::Optional);
    desk.renew(rules, NOW).await.unwrap();
    desk
}

/// Makes the log.
pub async fn signed_desk(path: &Path) -> Desk<Sqlite> {
    desk_on(Sqlite::open_signed(path, ours()).await.unwrap()).await
}

/// A stretch of everyday life; different each time.
pub async fn a_day<L: Log>(desk: &Desk<L>, day: u64) -> Vec<Phone> {
    a_day_among(desk, day, MINERS[1]).await
}

/// The same; `other` reads what is shared with LB01.
pub async fn a_day_among<L: Log>(desk: &Desk<L>, day: u64, other: &str) -> Vec<Phone> {
    let (mut li, mut wang) = (phone(MINERS[0]), phone(other));
    for (i, phone) in [&mut li, &mut wang].into_iter().enumerate() {
        phone.device = format!("phone {day} of {i}");
        phone.sync(desk).await;
    }
    for i in 0..4 {
        let note = li.note("LB01", &format!("第 {day} 天第 {i} 张"));
        li.act(note, &NoteAct::Share(Reader::Unit(OrgCode::new("LB01"))));
        li.act(note, &NoteAct::Stamp);
        li.sync(desk).await;
        li.title(note, &format!("改过的 {i}"));
        li.sync(desk).await;
        wang.sync(desk).await;
        wang.act(note, &NoteAct::Seen);
        wang.title(note, &format!("王的 {i}"));
        wang.act(note, &NoteAct::Stamp);
        wang.sync(desk).await;
        li.sync(desk).await;
        li.act(
            note,
            &if i == 0 || i == 2 {
                NoteAct::Close
            } else {
                NoteAct::Unshare(Reader::Unit(OrgCode::new("LB01")))
            },
        );
        li.sync(desk).await;
    }
    let alias = random_id(100 + day);
    let text = Values::from([("text".into(), "保密的话".into())]);
    let doc = li.begin("test.secret", alias, "LB01", text);
    let hand = Entry { by: alias, ..li.entry(doc, &SecretAct::Hand) };
    li.act_entry(hand);
    li.sync(desk).await;
    // Somebody who may not: a line in the audit.
    let mut organiser = phone(ORGANISER);
    organiser.sync(desk).await;
    organiser.begin("test.card", organiser.me, "LB01", Values::from([("name".into(), "卡".into())]));
    organiser.note("LB02", "不是他的单位");
    organiser.sync(desk).await;
    let mut rights = phone(RIGHTS);
    rights.sync(desk).await;
    let mut stranger = phone(MINERS[3]);
    stranger.sync(desk).await;
    let lost = random_id(day);
    let entry = Entry { doc: lost, ..stranger.entry(lost, &NoteAct::Close) };
    stranger.act_entry(entry);
    stranger.sync(desk).await;
    vec![li, wang, organiser, rights, stranger]
}

/// The log's last word.
pub async fn word<L: Log>(desk: &Desk<L>) -> Checkpoint {
    desk.log().prove(0).await.unwrap().unwrap().proof.checkpoint
}

/// What `verify-log` says about a file.
pub async fn report(path: &Path, key: &Signer, seen: &[Checkpoint]) -> Report {
    report_by(path, key, seen, kinds::kinds).await
}

/// The same by a program with these kinds.
pub async fn report_by(path: &Path, key: &Signer, seen: &[Checkpoint], kinds: Kinds) -> Report {
    verify(&Wanted { log: path, key: Some(key.public()), seen, kinds }).await
}
