//! What the tables cannot say about a matter: written reasons, limits, no second second handling,
//! and a public answer that names nobody.

use super::*;
use crate::*;

type Check = Result<(), Refusal>;

pub(super) fn needs(doc: &Doc<Matter>, act: &MatterAct) -> Vec<DocId> {
    match act {
        MatterAct::Assign { handler, .. } => vec![*handler],
        MatterAct::OpenAnswer { .. } => vec![doc.meta.owner],
        _ => vec![],
    }
}

pub(super) fn judge(doc: &Doc<Matter>, act: &MatterAct, by: &Who, facts: &Facts) -> Check {
    at_most("words", &act.words(), WORDS_MAX)?;
    if doc.seal == Seal::Shut {
        return unseen(doc, act, by, facts);
    }
    match act {
        MatterAct::Submit => submit(doc, by),
        MatterAct::Decline { reason, where_to } => decline(reason, where_to),
        MatterAct::Forward { to, reason } => forward(doc, to, reason),
        MatterAct::Object { reason } => object(doc, reason, facts.now_ms),
        MatterAct::Assign { unit, handler, co, handler_name } => {
            written("handler_name", handler_name, "请选择承办人", "Please choose a handler")?;
            co.iter().chain([unit]).try_for_each(|unit| not_the_accused(doc, unit))?;
            assign(doc, unit, *handler, facts)
        }
        MatterAct::Answer { text } => written("text", text, "请填写答复内容", "Please write the answer"),
        MatterAct::ProposeExtend { reason, days } => propose(doc, reason, *days, facts.now_ms),
        MatterAct::Rate { grade: Grade::Dissatisfied, words } => written(
            "words",
            words,
            "请写明哪里不满意，承办人据此再办",
            "Please say what is wrong, so that it can be mended",
        ),
        MatterAct::OpenAnswer { title, text } => open_answer(doc, title, text, facts),
        MatterAct::Archive => after_answer(doc, facts.now_ms),
        _ => Ok(()),
    }
}

/// What can be judged of a sealed matter without its words: units, persons, days. The rest was judged by the
/// phone that acted, and every reader's phone shows what stands there.
fn unseen(doc: &Doc<Matter>, act: &MatterAct, by: &Who, facts: &Facts) -> Check {
    match act {
        MatterAct::Submit => goes_to(doc, by, false),
        MatterAct::Forward { to, .. } => forward_to(doc, to),
        MatterAct::Object { .. } => in_time_to_object(doc, facts.now_ms),
        MatterAct::Assign { unit, handler, .. } => assign(doc, unit, *handler, facts),
        MatterAct::ProposeExtend { days, .. } => days_left(doc, *days, facts.now_ms),
        MatterAct::OpenAnswer { .. } | MatterAct::Archive => after_answer(doc, facts.now_ms),
        _ => Ok(()),
    }
}

fn submit(doc: &Doc<Matter>, by: &Who) -> Check {
    let body = &doc.body;
    if Topic::parse(&body.kind).is_none() {
        return no("kind", "请选择类别", "Please choose the kind");
    }
    written("title", &body.title, "请填写标题", "Please give it a title")?;
    written("text", &body.text, "请写明要反映的情况和请求", "Please say what happened and what you ask for")?;
    // Who asked for confidentiality must not go out under the own name because an app mixed it up.
    if !body.named && doc.meta.owner == by.person {
        return no(
            "named",
            "您选择了对承办人保密，但这份材料带有您的身份，请用保密方式重新填写，或改为实名",
            "You asked for confidentiality, but this record carries your identity; begin a confidential one or use your name",
        );
    }
    goes_to(doc, by, body.named)?;
    not_the_accused(doc, &place(doc))
}

fn goes_to(doc: &Doc<Matter>, by: &Who, named: bool) -> Check {
    if doc.meta.unit.company() != by.unit.company() {
        return no("unit", "请选择本公司的单位来受理", "Please choose a unit of this company");
    }
    if !named && doc.meta.unit.level() > 2 {
        return no(
            "unit",
            "保密事项请交给二级单位或公司，不要写到分会、小组",
            "A confidential matter goes to a mine or the company",
        );
    }
    Ok(())
}

fn decline(reason: &str, where_to: &str) -> Check {
    written("reason", reason, "请写明不予受理的理由", "Please say why it is declined")?;
    written(
        "where_to",
        where_to,
        "请写明提出人可以向哪里反映，这是规定的告知内容",
        "Please say where the person can go instead",
    )
}

fn forward(doc: &Doc<Matter>, to: &OrgCode, reason: &str) -> Check {
    written("reason", reason, "请写明转交理由", "Please say why it is forwarded")?;
    forward_to(doc, to)?;
    not_the_accused(doc, to)
}

fn forward_to(doc: &Doc<Matter>, to: &OrgCode) -> Check {
    if to.level() > 2 || to.company() != doc.meta.unit.company() {
        return no("to", "只能转交给公司或二级单位", "It can be forwarded to the company or a mine only");
    }
    if *to == place(doc) {
        return no("to", "事项已经在这个单位，不用转交", "It lies with that unit already");
    }
    Ok(())
}

fn object(doc: &Doc<Matter>, reason: &str, now_ms: i64) -> Check {
    written(
        "reason",
        reason,
        "请详细说明为什么不属于本单位",
        "Please say in detail why it is not your unit's matter",
    )?;
    in_time_to_object(doc, now_ms)
}

fn in_time_to_object(doc: &Doc<Matter>, now_ms: i64) -> Check {
    let window =
        deadlines(doc).into_iter().rfind(|deadline| deadline.what == Duty::Object && deadline.is_open());
    if window.is_some_and(|window| window.due_ms < now_ms) {
        return Err(Refusal::rule(
            "已超过规定的退回期限，不能再退回，请受理办理",
            "The time for giving it back has passed; please take it on",
        ));
    }
    Ok(())
}

/// What somebody reports never goes to the unit it is about (条例 30).
fn not_the_accused(doc: &Doc<Matter>, unit: &OrgCode) -> Check {
    let accused = doc.body.involved_unit().filter(|code| code.level() >= 2);
    let complaint = Topic::parse(&doc.body.kind) == Some(Topic::Complaint);
    if complaint && accused.is_some_and(|accused| unit.is_within(&accused)) {
        return Err(Refusal::rule(
            "投诉举报不得交给被反映的单位，请交公司工会或其他单位",
            "A complaint must not go to the unit it is about; choose the company or another unit",
        ));
    }
    Ok(())
}

fn assign(doc: &Doc<Matter>, unit: &OrgCode, handler: DocId, facts: &Facts) -> Check {
    if handler == doc.meta.owner {
        return no("handler", "承办人不能是提出人本人", "The handler cannot be the person who raised it");
    }
    if !unit.is_within(&place(doc)) {
        return no(
            "unit",
            "交办单位不在本单位之内；其他单位的事项请先转交",
            "That unit is not below yours; forward it instead",
        );
    }
    match facts.seat(handler) {
        Some(seat) if !seat.is_within(unit) && !unit.is_within(seat) => {
            no("handler", "承办人不属于所选的承办单位", "The handler does not belong to that unit")
        }
        _ => Ok(()),
    }
}

fn propose(doc: &Doc<Matter>, reason: &str, days: i64, now_ms: i64) -> Check {
    written("reason", reason, "请写明延期理由，系统会告知提出人", "Please say why; the person will be told")?;
    days_left(doc, days, now_ms)
}

fn days_left(doc: &Doc<Matter>, days: i64, now_ms: i64) -> Check {
    let all = limit("extend", Rank::Law, now_ms).map_or(0, |limit| limit.days);
    let left = (all - extended_days(doc)).max(0);
    if days < 1 || days > left {
        let zh = format!("延期合计最多 {all} 天，现在最多还可申请 {left} 天");
        let en = format!("At most {all} days in all; {left} are left");
        return Err(Refusal::Invalid("days".into(), zh, en));
    }
    let late = |deadline: &Deadline| deadline.what == Duty::Finish && deadline.rank == Rank::Law;
    if overdue(doc, now_ms).iter().any(late) {
        return Err(Refusal::rule(
            "办理期限已过，不能再申请延期，请尽快答复并说明原因",
            "The time limit has passed; please answer as soon as possible and say why it took longer",
        ));
    }
    Ok(())
}

fn open_answer(doc: &Doc<Matter>, title: &str, text: &str, facts: &Facts) -> Check {
    if !doc.body.openly {
        return Err(Refusal::rule("提出人没有同意公开答复", "The person did not agree to an open answer"));
    }
    after_answer(doc, facts.now_ms)?;
    written("title", title, "请填写公开答复的标题", "Please give the open answer a title")?;
    at_most("title", title, TITLE_MAX)?;
    written("text", text, "请填写公开答复的内容", "Please write the open answer")?;
    let secrets = secrets(doc, facts);
    deidentified("title", title, &secrets)?;
    deidentified("text", text, &secrets)
}

/// What is known of who raised it. Of a confidential matter nothing is known here, by design.
fn secrets(doc: &Doc<Matter>, facts: &Facts) -> Secrets {
    let own = doc.acts.iter().filter(|done| done.by == doc.meta.owner);
    let mut names: Vec<String> =
        own.filter_map(|done| done.receipt.as_ref()).map(|receipt| receipt.by_name.clone()).collect();
    let person = facts.docs.get(&doc.meta.owner);
    let value = |key: &str| match person.and_then(|person| person.values.get(key)) {
        Some(Value::Str(text)) => text.clone(),
        _ => String::new(),
    };
    names.push(value("name"));
    Secrets { names, no: value("no") }
}

/// While the person may still rate the answer or ask for review, nothing is opened or filed over it.
fn after_answer(doc: &Doc<Matter>, now_ms: i64) -> Check {
    let window = open_deadlines(doc).into_iter().find(|deadline| deadline.what == Duty::Review);
    let waits = doc.status == MatterStatus::Answered && window.is_none_or(|window| now_ms <= window.due_ms);
    if waits {
        return Err(Refusal::rule(
            "提出人还可以评价或请求复查，请等评价后或期限过后再办",
            "The person may still rate the answer or ask for review; please wait until then",
        ));
    }
    Ok(())
}

/// Longest text of an act, in characters; the open answer's own fields hold as much.
const WORDS_MAX: usize = 10_000;
/// Longest title of an open answer, in characters.
const TITLE_MAX: usize = 60;

fn written(field: &str, text: &str, zh: &str, en: &str) -> Check {
    if text.trim().is_empty() { no(field, zh, en) } else { Ok(()) }
}

fn at_most(field: &str, text: &str, max: usize) -> Check {
    if text.chars().count() <= max {
        return Ok(());
    }
    let zh = format!("最多 {max} 字，请精简");
    let en = format!("At most {max} characters; please shorten it");
    Err(Refusal::Invalid(field.into(), zh, en))
}

fn no(field: &str, zh: &str, en: &str) -> Check {
    Err(Refusal::invalid(field, zh, en))
}
