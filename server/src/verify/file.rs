//! The file itself: pages, tables as this program makes them, the type of every value, the names in `meta`
//! and the signature under the checkpoint.

use super::{Finding, Report, Wanted};
use crate::log::Trouble;
use crate::log::sqlite::{migrate, trouble};
use crate::proof::is_signed;
use domain::Hash;
use sqlx::{Connection, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use sync::Checkpoint;

/// What the log says about itself.
pub(super) struct Said {
    pub checkpoint: Checkpoint,
    pub secret: [u8; 32],
}

/// Types of the columns that a lookup compares; a text that reads like the bytes is not found by them.
const TYPES: &[(&str, &str)] = &[
    (
        "docs",
        "id:blob kind:text owner:blob unit:text born_ms:integer n:integer line:blob heads:blob body:blob snapshot:blob",
    ),
    (
        "changes",
        "n:integer doc:blob hash:blob actor:blob seq:integer person:blob device:text received_ms:integer bytes:blob",
    ),
    (
        "acts",
        "n:integer doc:blob id:blob actor:blob narrow:integer person:blob device:text received_ms:integer entry:blob",
    ),
    ("narrow_acts", "doc:blob scope:text n:integer"),
    ("renewals", "n:integer doc:blob person:blob device:text received_ms:integer"),
    ("feed", "scope:text doc:blob n:integer entered:integer here:integer"),
    ("feed_base", "scope:text doc:blob n:integer entered:integer here:integer"),
    ("people", "id:blob no:text who:blob"),
    ("devices", "id:blob device:blob"),
    ("parcels", "id:blob device:blob at_ms:integer parcel:blob"),
    ("aliases", "alias:blob person:blob"),
    ("actors", "doc:blob actor:blob person:blob device:text"),
    ("audit", "at_ms:integer person:blob device:text doc:blob code:text link:blob"),
    ("tree", "key:integer hash:blob"),
    ("batches", "first:integer last:integer"),
    ("counters", "key:text n:integer"),
    ("meta", "key:text value:text"),
];

/// What values may be, where a query is stricter than a reader: `here = 5` reads as true and is found by nobody.
const VALUES: &[(&str, &str)] = &[
    ("feed", "here IN (0, 1) AND (first_n IS NULL OR first_n > 0) AND entered >= 0 AND n > 0"),
    ("feed_base", "here IN (0, 1) AND (first_n IS NULL OR first_n > 0) AND entered >= 0 AND n > 0"),
    ("acts", "narrow IN (0, 1)"),
    ("batches", "first > 0"),
    ("parcels", "settled IS NULL OR settled IN (0, 1)"),
];

/// Pages, schema, types.
pub(super) async fn check(conn: &mut SqliteConnection, report: &mut Report) -> Result<(), Trouble> {
    let sick: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check(5)").fetch_all(&mut *conn).await.map_err(trouble)?;
    for line in sick.iter().filter(|line| *line != "ok") {
        report.add(Finding::new(
            format!("数据库文件本身损坏：{line}"),
            format!("the database file is damaged: {line}"),
        ));
    }
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut *conn).await.map_err(trouble)?.len();
    report.say(
        orphans > 0,
        format!("有 {orphans} 行指向不存在的材料"),
        format!("{orphans} lines point to documents that are not there"),
    );
    let (is, ought) = (schema(conn).await?, fresh_schema().await?);
    for name in is.symmetric_difference(&ought).map(|(name, _)| name).collect::<BTreeSet<_>>() {
        report.add(Finding::new(
            format!("表结构 {name} 与本程序建立的不同"),
            format!("the table or index {name} is not as this program makes it"),
        ));
    }
    let steps: Vec<(i64, String)> = sqlx::query_as("SELECT no, name FROM migrations ORDER BY no")
        .fetch_all(&mut *conn)
        .await
        .map_err(trouble)?;
    let ought = migrate::STEPS.iter().enumerate().map(|(i, (name, _))| (i as i64 + 1, (*name).to_string()));
    report.say(
        !steps.into_iter().eq(ought),
        "数据库版本记录不对",
        "the list of migrations is not that of this program",
    );
    for (table, columns) in TYPES {
        let wrong: Vec<String> = columns
            .split(' ')
            .filter_map(|column| column.split_once(':'))
            .map(|(name, kind)| format!("typeof({name}) <> '{kind}'"))
            .collect();
        strange(conn, table, &wrong.join(" OR "), report).await?;
    }
    for (table, right) in VALUES {
        strange(conn, table, &format!("NOT ({right})"), report).await?;
    }
    Ok(())
}

async fn schema(conn: &mut SqliteConnection) -> Result<BTreeSet<(String, String)>, Trouble> {
    let sql = "SELECT name, coalesce(sql, '') FROM sqlite_schema";
    let all: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(conn).await.map_err(trouble)?;
    Ok(all.into_iter().collect())
}

async fn fresh_schema() -> Result<BTreeSet<(String, String)>, Trouble> {
    let mut fresh = SqliteConnection::connect("sqlite::memory:").await.map_err(trouble)?;
    migrate::run(&mut fresh).await?;
    let made = schema(&mut fresh).await?;
    fresh.close().await.map_err(trouble)?;
    Ok(made)
}

/// Lines for which this holds are not ours.
async fn strange(
    conn: &mut SqliteConnection,
    table: &str,
    wrong: &str,
    report: &mut Report,
) -> Result<(), Trouble> {
    let sql = format!("SELECT count(*) FROM {table} WHERE {wrong}");
    let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(conn).await.map_err(trouble)?;
    report.say(
        count > 0,
        format!("表 {table} 有 {count} 行的值不是本程序写的样子"),
        format!("{count} lines of {table} hold values that this program never writes"),
    );
    Ok(())
}

/// Names, secret and checkpoint; `None` when there is nothing to go by.
pub(super) async fn said(
    conn: &mut SqliteConnection,
    wanted: &Wanted<'_>,
    report: &mut Report,
) -> Result<Option<Said>, Trouble> {
    let all: Vec<(String, String)> =
        sqlx::query_as("SELECT key, value FROM meta").fetch_all(&mut *conn).await.map_err(trouble)?;
    let meta: BTreeMap<&str, &str> = all.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    report.say(
        !meta.keys().copied().eq(["checkpoint", "epoch", "origin", "secret"]),
        "总表 meta 缺项或多项",
        "meta lacks an entry or has one too many",
    );
    let note = meta.get("checkpoint").and_then(|note| Checkpoint::parse(note));
    let secret = meta.get("secret").and_then(|hex| Hash::parse(hex));
    let (Some(checkpoint), Some(secret)) = (note, secret) else {
        report.add(Finding::new(
            "没有可读的凭证（checkpoint）。首次启动服务后再核对",
            "there is no readable checkpoint; start the server once, then verify",
        ));
        return Ok(None);
    };
    let named = meta.get("epoch") == Some(&checkpoint.epoch.as_str())
        && meta.get("origin") == Some(&checkpoint.origin.as_str())
        && meta.get("secret") == Some(&secret.to_string().as_str());
    report.say(!named, "历史名称与凭证上写的不同", "the history is not called what the checkpoint says");
    let signed = match wanted.key {
        Some(key) => checkpoint.key == key && is_signed(&checkpoint),
        None => checkpoint.key.is_empty(),
    };
    report.say(
        !signed,
        "凭证的签名不是本服务器密钥签的：历史被人改写后重新签过，或密钥被换过",
        "the checkpoint is not signed with this server's key: somebody rewrote and re-signed it, or changed the key",
    );
    Ok(Some(Said { checkpoint, secret: secret.0 }))
}
