//! Claim: a backup opens again, byte for byte and verified, with the right key only; a damaged one is refused; it
//! is made while others write; what came back says so (reliability A5, A6).

use crate::kit::{company, phone::NOW};
use domain::DocId;
use server::audit::RESTORED;
use server::backup::{Identity, MANIFEST, daily, make, restore, standing};
use server::cli::Stop;
use server::house::Data;
use server::log::{AuditLine, Log};
use server::start;
use std::path::Path;

/// A data folder with the small company, a picture and a line in the audit.
async fn house(dir: &Path) -> Data {
    let data = start::data(dir).unwrap();
    let desk = start::desk(&data).await.unwrap();
    desk.found_many(company(), NOW).await.unwrap();
    let line = AuditLine {
        at_ms: NOW,
        person: DocId([1; 16]),
        device: "d".into(),
        doc: DocId([2; 16]),
        code: "E".into(),
    };
    desk.log().audit(vec![line]).await.unwrap();
    desk.into_log().close().await;
    std::fs::create_dir_all(dir.join("blobs/ab")).unwrap();
    std::fs::write(dir.join("blobs/ab/picture"), vec![7; 200_000]).unwrap();
    std::fs::create_dir_all(dir.join("uploads")).unwrap();
    std::fs::write(dir.join("uploads/half"), "half").unwrap();
    data
}

fn words(stop: &Stop) -> String {
    stop.to_string()
}

#[tokio::test]
async fn a_backup_comes_back_whole_verified_and_under_a_new_name() {
    let home = tempfile::tempdir().unwrap();
    let data = house(&home.path().join("data")).await;
    let identity = Identity::random().unwrap();
    let file = home.path().join("shelf/one.tar.age");
    let made = make(&data, &file, identity.recipient(), NOW).await.unwrap();
    assert_eq!(std::fs::read_dir(home.path().join("shelf")).unwrap().count(), 1, "no copies left about");
    assert!(!made.manifest.parts.iter().any(|part| part.name.contains("half") || part.name == MANIFEST));

    let to = home.path().join("back");
    let restored = restore(&file, identity.clone(), &to, NOW + 1).await.unwrap();
    assert_eq!(restored.manifest, made.manifest);
    assert_ne!(restored.epoch, made.manifest.epoch);
    for same in ["blobs/ab/picture", "log.key"] {
        assert_eq!(std::fs::read(to.join(same)).unwrap(), std::fs::read(data.dir().join(same)).unwrap());
    }
    let (old, new) =
        (start::desk(&data).await.unwrap(), start::desk(&start::existing(&to).unwrap()).await.unwrap());
    assert_eq!(new.epoch(), restored.epoch);
    assert_eq!(new.log().everybody().await.unwrap(), old.log().everybody().await.unwrap());
    assert_eq!(new.log().heads().await.unwrap(), old.log().heads().await.unwrap());
    let word = async |desk: &server::desk::Desk<server::log::Sqlite>| {
        desk.log().prove(0).await.unwrap().unwrap().proof.checkpoint
    };
    assert_eq!(word(&new).await.root, word(&old).await.root, "the same tree under a new name");
    assert_eq!(word(&new).await.key, word(&old).await.key);
    assert_eq!(new.log().audit_tail(1).await.unwrap()[0].code, RESTORED);
}

#[tokio::test]
async fn another_key_a_bent_byte_a_cut_and_a_full_folder_are_refused() {
    let home = tempfile::tempdir().unwrap();
    let data = house(&home.path().join("data")).await;
    let identity = Identity::random().unwrap();
    let file = home.path().join("one.tar.age");
    make(&data, &file, identity.recipient(), NOW).await.unwrap();
    let to = home.path().join("back");
    let refused = restore(&file, Identity::random().unwrap(), &to, NOW).await.unwrap_err();
    assert!(words(&refused).contains("密钥"), "{refused}");
    let whole = std::fs::read(&file).unwrap();
    let bent = home.path().join("bent.tar.age");
    for i in 0..40 {
        let mut bytes = whole.clone();
        let at = i * (whole.len() - 1) / 39;
        bytes[at] ^= 0x10;
        std::fs::write(&bent, &bytes).unwrap();
        assert!(restore(&bent, identity.clone(), &to, NOW).await.is_err(), "byte {at}");
        assert!(!to.exists(), "nothing half restored");
        bytes.truncate(at);
        std::fs::write(&bent, &bytes).unwrap();
        assert!(restore(&bent, identity.clone(), &to, NOW).await.is_err(), "cut at {at}");
    }
    let refused = restore(&file, identity, data.dir(), NOW).await.unwrap_err();
    assert!(words(&refused).contains("空文件夹"), "{refused}");
    let again = make(&data, &file, Identity::random().unwrap().recipient(), NOW).await.unwrap_err();
    assert!(words(&again).contains("已经存在"), "{again}");
}

#[tokio::test]
async fn it_is_made_while_others_write_and_is_of_one_moment() {
    let home = tempfile::tempdir().unwrap();
    let data = house(&home.path().join("data")).await;
    let desk = std::sync::Arc::new(start::desk(&data).await.unwrap());
    let writing = {
        let desk = desk.clone();
        tokio::spawn(async move {
            let mut lines = 0u64;
            loop {
                let line = AuditLine {
                    at_ms: NOW,
                    person: DocId([1; 16]),
                    device: "d".into(),
                    doc: DocId([2; 16]),
                    code: "E".into(),
                };
                desk.log().audit(vec![line]).await.unwrap();
                lines += 1;
                if lines.is_multiple_of(50) {
                    tokio::task::yield_now().await;
                }
            }
        })
    };
    let identity = Identity::random().unwrap();
    for i in 0..5 {
        let file = home.path().join(format!("{i}.tar.age"));
        make(&data, &file, identity.recipient(), NOW).await.unwrap();
        restore(&file, identity.clone(), &home.path().join(format!("back{i}")), NOW).await.unwrap();
    }
    writing.abort();
}

#[tokio::test]
async fn once_a_day_and_an_old_one_is_called_old() {
    let home = tempfile::tempdir().unwrap();
    let data = house(&home.path().join("data")).await;
    let (shelf, to) = (home.path().join("shelf"), Identity::random().unwrap().recipient());
    assert_eq!(standing(&data), None);
    let hour = 3_600_000;
    assert!(daily(&data, &shelf, to, NOW).await.unwrap().is_some());
    assert!(daily(&data, &shelf, to, NOW + 23 * hour).await.unwrap().is_none());
    let last = standing(&data).unwrap();
    assert!(!last.is_stale(NOW + 26 * hour) && last.is_stale(NOW + 27 * hour));
    assert!(daily(&data, &shelf, to, NOW + 24 * hour).await.unwrap().is_some());
    assert_eq!(std::fs::read_dir(&shelf).unwrap().count(), 2);
}
