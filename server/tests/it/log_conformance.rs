//! One contract, every home.

use server::log::{Log, Memory, Sqlite, conformance};

#[tokio::test]
async fn memory_keeps_the_contract() {
    assert_eq!(conformance::run(&Memory::new("first")).await, 11);
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let home = tempfile::tempdir().unwrap();
    let log = Sqlite::open(&home.path().join("log.sqlite")).await.unwrap();
    assert_eq!(conformance::run(&log).await, 11);
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
async fn a_copy_of_memory_is_a_backup() {
    let log = Memory::new("first");
    conformance::run(&log).await;
    let copy = log.copy().await;
    copy.renew_epoch("second".into()).await.unwrap();
    assert_eq!(copy.heads().await.unwrap(), log.heads().await.unwrap());
    assert_ne!(copy.epoch().await.unwrap(), log.epoch().await.unwrap());
}
