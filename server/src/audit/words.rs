//! Audit lines in words: who, what, about which record. Never what a record says.

use super::{DECIDED, NEW_PASSWORD, RECOVERED, RESTORED, SIGNED_IN, VIEWED, WRONG_PASSWORD};
use crate::desk::{Desk, Trouble};
use crate::log::rules::RENEWED;
use crate::log::{AuditLine, Log};
use api::AuditRow;
use domain::{AnyKind, DocId};
use std::collections::BTreeMap;

/// Lines on one answer.
const MOST: u32 = 500;

type Pair = (String, String);

/// Lines of a stretch of time, newest first.
///
/// # Errors
/// What the log says.
pub async fn rows<L: Log>(desk: &Desk<L>, from_ms: i64, until_ms: i64) -> Result<Vec<AuditRow>, Trouble> {
    let lines = desk.log().audit_between(from_ms, until_ms, MOST).await?;
    let mut about: BTreeMap<DocId, Pair> = BTreeMap::new();
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let record = match about.get(&line.doc) {
            Some(known) => known.clone(),
            None => record(desk, line.doc).await?,
        };
        rows.push(row(desk, &line, record.clone()));
        about.insert(line.doc, record);
    }
    Ok(rows)
}

/// Kind and official number of a record, or the person it describes.
async fn record<L: Log>(desk: &Desk<L>, doc: DocId) -> Result<Pair, Trouble> {
    if let Some(who) = desk.described(doc) {
        let name = format!("{} {}", who.name, who.no);
        return Ok((name.clone(), name));
    }
    let Some(stored) = desk.log().load(doc).await? else { return Ok(Pair::default()) };
    let (zh, en) = kind(&stored.meta.kind).map_or(("材料", "Record"), |kind| kind.labels());
    let number = stored.row.number.map(|number| format!(" {number}")).unwrap_or_default();
    Ok((format!("{zh}{number}"), format!("{en}{number}")))
}

fn kind(name: &str) -> Option<&'static dyn AnyKind> {
    domain::modules::kinds().iter().copied().find(|kind| kind.name() == name)
}

fn row<L: Log>(desk: &Desk<L>, line: &AuditLine, about: Pair) -> AuditRow {
    let who = desk.described(line.person).map(|who| format!("{} {}", who.name, who.no)).unwrap_or_default();
    let (sort, zh, en) = what(&line.code);
    AuditRow { at_ms: line.at_ms, sort: sort.into(), who, what: (zh, en), about }
}

fn what(code: &str) -> (&'static str, String, String) {
    let own = |sort, zh: &str, en: &str| (sort, zh.into(), en.into());
    if let Some(done) = code.strip_prefix(DECIDED) {
        let (name, step) = done.split_once('/').unwrap_or((done, ""));
        let (zh, en) = kind(name).map_or(("材料", "Record"), |kind| kind.labels());
        let (step_zh, step_en) = kind(name).and_then(|kind| kind.step_words(step)).unwrap_or((step, step));
        return ("decided", format!("{zh}：{step_zh}"), format!("{en}: {step_en}"));
    }
    if code.starts_with(RENEWED) {
        return own(
            "updated",
            "程序更新，按新规则重新整理了列表",
            "The program was updated; lists were computed anew",
        );
    }
    match code {
        RECOVERED => {
            own("viewed", "用恢复钥匙打开了加密材料", "Opened a sealed record with the recovery key")
        }
        RESTORED => own("restored", "从备份恢复了数据", "Data were restored from a backup"),
        VIEWED => own("viewed", "收到或打开了保密材料", "Was handed a confidential record"),
        SIGNED_IN => own("sign-in", "登录", "Signed in"),
        WRONG_PASSWORD => own("sign-in", "密码输错", "Wrong password"),
        NEW_PASSWORD => own("sign-in", "修改了密码", "Set a new password"),
        other => {
            let (zh, en) = refusal(other);
            ("refused", format!("上传被拒绝：{zh}（{other}）"), format!("A push was refused: {en} ({other})"))
        }
    }
}

/// Why a push was refused, by the code that a finer check gave.
fn refusal(code: &str) -> (&'static str, &'static str) {
    match code {
        "E-ROLE" => ("没有这个职务", "not in this post"),
        "E-OWNER" => ("不是本人", "not the owner"),
        "E-STATE" => ("状态不允许", "not in this state"),
        "E-FIELD" => ("内容不符合要求", "a field does not fit"),
        "E-RULE" => ("制度不允许", "a rule forbids it"),
        "E-EDITOR" => ("无权修改", "may not write this"),
        "old_key" => ("用旧密钥加密，已要求重新加密", "sealed with an older key; it is to be sealed anew"),
        "owner_left_out" => ("换新密钥没有给提交人", "a new key of which the owner gets none"),
        "E-UNKNOWN" => ("没有这份材料或无权查看", "no such record, or not theirs to read"),
        _ => ("数据没有通过校验，可能是程序被改动", "the bytes failed a check; perhaps a changed program"),
    }
}
