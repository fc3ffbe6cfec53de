//! A small signed log on disk with everything in it: notes that were shared, stamped, read and closed, a
//! confidential matter, cards, refused pushes.

use super::kinds::{self, NoteAct, SecretAct};
use super::phone::Phone;
use super::{MINERS, ORGANISER, RIGHTS, desk_on, phone, random_id};
use domain::{Entry, OrgCode, Reader, Values};
use server::desk::Desk;
use server::log::{Log, Sqlite};
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

/// Makes the log.
pub async fn signed_desk(path: &Path) -> Desk<Sqlite> {
    desk_on(Sqlite::open_signed(path, ours()).await.unwrap()).await
}

/// A stretch of everyday life; different each time.
pub async fn a_day<L: Log>(desk: &Desk<L>, day: u64) -> Vec<Phone> {
    let (mut li, mut wang) = (phone(MINERS[0]), phone(MINERS[1]));
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
    verify(&Wanted { log: path, key: Some(key.public()), seen, kinds: kinds::kinds }).await
}
