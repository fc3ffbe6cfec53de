//! The hash chain over the audit.

use super::file::Said;
use super::{Finding, Report, Wanted};
use crate::log::Trouble;
use crate::log::leaf::{CHAIN_START, link};
use crate::log::sqlite::{audit_line, trouble};
use domain::Hash;
use futures_util::TryStreamExt;
use sqlx::{Row, SqliteConnection};
use std::collections::BTreeMap;

pub(super) async fn check(
    conn: &mut SqliteConnection,
    said: &Said,
    wanted: &Wanted<'_>,
    report: &mut Report,
) -> Result<(), Trouble> {
    let seen: BTreeMap<u64, Hash> = wanted.seen.iter().map(|old| (old.audit, old.audit_end)).collect();
    let (mut end, mut count, mut is_torn) = (CHAIN_START, 0u64, false);
    let sql = "SELECT at_ms, person, device, doc, code, link FROM audit ORDER BY rowid";
    let mut lines = sqlx::query(sql).fetch(conn);
    while let Some(row) = lines.try_next().await.map_err(trouble)? {
        end = link(&end, &audit_line(&row)?);
        count += 1;
        let kept: &[u8] = row.try_get("link").map_err(trouble)?;
        if kept != end.0 && !is_torn {
            is_torn = true;
            report.add(Finding::new(
                format!("审计记录第 {count} 条起被改动、删除或插入过"),
                format!("the audit was changed, cut or added to at line {count}"),
            ));
        }
        report.say(
            seen.get(&count).is_some_and(|old| *old != end),
            format!("审计记录前 {count} 条与外部保存的凭证不同"),
            format!("the first {count} audit lines are not those of a checkpoint kept elsewhere"),
        );
    }
    report.audit = count;
    report.say(
        (count, end) != (said.checkpoint.audit, said.checkpoint.audit_end),
        format!("审计记录有 {count} 条，凭证上是 {} 条", said.checkpoint.audit),
        format!("{count} audit lines, the checkpoint says {}", said.checkpoint.audit),
    );
    report.say(
        seen.keys().next_back().is_some_and(|most| *most > count),
        "审计记录比外部保存的凭证少：有记录被删除，或数据库被换回旧的",
        "fewer audit lines than a checkpoint kept elsewhere: some were deleted, or an old file was put back",
    );
    Ok(())
}
