//! One contract, every home.

use server::log::{Log, Memory, Sqlite, conformance};

#[tokio::test]
async fn memory_keeps_the_contract() {
    assert_eq!(conformance::run(&Memory::new("first")).await, 17);
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let home = tempfile::tempdir().unwrap();
    let log = Sqlite::open(&home.path().join("log.sqlite")).await.unwrap();
    assert_eq!(conformance::run(&log).await, 17);
}

#[tokio::test]
async fn sqlite_is_the_same_after_closing_and_opening() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.sqlite");
    let log = Sqlite::open(&path).await.unwrap();
    conformance::run(&log).await;
    let (heads, everybody) = (log.heads().await.unwrap(), log.everybody().await.unwrap());
    log.close().await;
    let log = Sqlite::open(&path).await.unwrap();
    assert_eq!(log.heads().await.unwrap(), heads);
    assert_eq!(log.everybody().await.unwrap(), everybody);
    assert_eq!(log.epoch().await.unwrap(), "another history");
}

#[tokio::test]
async fn a_log_of_a_newer_program_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.sqlite");
    Sqlite::open(&path).await.unwrap().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("INSERT INTO migrations (no, name) VALUES (99, '0099_future')").execute(&pool).await.unwrap();
    pool.close().await;
    assert!(Sqlite::open(&path).await.is_err());
}

#[tokio::test]
async fn a_log_from_before_proofs_gets_its_tree_at_the_start() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.sqlite");
    let log = Sqlite::open(&path).await.unwrap();
    conformance::run_without_renewals(&log).await;
    log.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for undo in [
        "DROP TABLE tree",
        "DROP TABLE batches",
        "DROP TABLE devices",
        "DROP TABLE parcels",
        "DROP TABLE recovery_key",
        "DROP TABLE renewals",
        "DROP TABLE feed_base",
        "DROP INDEX audit_doc",
        "ALTER TABLE audit DROP COLUMN link",
        "ALTER TABLE acts DROP COLUMN series",
        "DELETE FROM meta WHERE key <> 'epoch'",
        "DELETE FROM migrations WHERE no > 1",
    ] {
        sqlx::query(undo).execute(&pool).await.unwrap();
    }
    pool.close().await;
    let log = Sqlite::open(&path).await.unwrap();
    let built = log.prove(0).await.unwrap().unwrap().proof.checkpoint;
    assert_eq!((built.size, built.audit), (log.last().await.unwrap(), 6));
    log.close().await;
    let again = Sqlite::open(&path).await.unwrap().prove(0).await.unwrap().unwrap().proof.checkpoint;
    assert_eq!((again.root, again.audit_end), (built.root, built.audit_end));
}

#[tokio::test]
async fn a_signed_log_wants_its_key_and_its_own_words() {
    use server::proof::{Signer, is_signed};
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("log.sqlite");
    let (ours, other) = (Signer::from_seed([1; 32]), Signer::from_seed([2; 32]));
    let log = Sqlite::open_signed(&path, ours.clone()).await.unwrap();
    conformance::run(&log).await;
    assert!(is_signed(&log.prove(0).await.unwrap().unwrap().proof.checkpoint));
    log.close().await;
    assert!(Sqlite::open(&path).await.is_err(), "not without the key");
    assert!(Sqlite::open_signed(&path, other).await.is_err(), "not with another key");
    Sqlite::open_signed(&path, ours.clone()).await.unwrap().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("UPDATE counters SET n = n - 1 WHERE key = 'n'").execute(&pool).await.unwrap();
    pool.close().await;
    assert!(Sqlite::open_signed(&path, ours).await.is_err(), "not when its last word is not true any more");
}

#[tokio::test]
async fn a_copy_of_memory_is_a_backup() {
    let log = Memory::new("first");
    conformance::run(&log).await;
    let copy = log.copy().await;
    copy.renew_epoch("second".into()).await.unwrap();
    assert_eq!(copy.heads().await.unwrap(), log.heads().await.unwrap());
    assert_ne!(copy.epoch().await.unwrap(), log.epoch().await.unwrap());
}
