//! Brings the tables up to date: numbered files, each once, each in a transaction of its own. Steps only add,
//! so that the program before them still runs; a file from a newer program is refused.

use super::{Answer, Trouble, trouble};
use sqlx::SqliteConnection;

/// THE LIST: name and text, in order. Never change one that was released.
pub(crate) const STEPS: &[(&str, &str)] = &[
    ("0001_log", include_str!("../../../migrations/log/0001_log.sql")),
    ("0002_proof", include_str!("../../../migrations/log/0002_proof.sql")),
    ("0003_devices", include_str!("../../../migrations/log/0003_devices.sql")),
    ("0004_recovery_key", include_str!("../../../migrations/log/0004_recovery_key.sql")),
    ("0005_renewals", include_str!("../../../migrations/log/0005_renewals.sql")),
];

pub(crate) async fn run(conn: &mut SqliteConnection) -> Answer<()> {
    let table = "CREATE TABLE IF NOT EXISTS migrations (no INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)";
    sqlx::query(table).execute(&mut *conn).await.map_err(trouble)?;
    let done: Vec<String> = sqlx::query_scalar("SELECT name FROM migrations ORDER BY no")
        .fetch_all(&mut *conn)
        .await
        .map_err(trouble)?;
    let known = STEPS.iter().map(|(name, _)| *name);
    if done.len() > STEPS.len() || !done.iter().map(String::as_str).eq(known.take(done.len())) {
        return Err(Trouble::Store("the log was written by another version of this program".into()));
    }
    for (no, (name, sql)) in STEPS.iter().enumerate().skip(done.len()) {
        step(conn, no as i64 + 1, name, sql).await.map_err(trouble)?;
    }
    Ok(())
}

async fn step(
    conn: &mut SqliteConnection,
    no: i64,
    name: &'static str,
    sql: &'static str,
) -> sqlx::Result<()> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await?;
    sqlx::raw_sql(sql).execute(&mut *conn).await?;
    sqlx::query("INSERT INTO migrations (no, name) VALUES (?, ?)")
        .bind(no)
        .bind(name)
        .execute(&mut *conn)
        .await?;
    sqlx::query("COMMIT").execute(&mut *conn).await?;
    Ok(())
}
