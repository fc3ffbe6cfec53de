//! What the table cannot say about an article: it comes from its approved draft, one confirmation a
//! person, one reminder a person a day.

use super::{
    Article, ArticleAct, ArticleStep as T, Draft, DraftAct, DraftStatus, DraftStep, REMIND_MAX, article_id,
    check, has_confirmed, reading_posts,
};
use crate::*;

/// Who gave the last approval publishes; what is published is fit to be read. Which text was approved
/// stands in the approval's `about`: the draft may have been written on since, so that its words of now
/// are no proof.
pub(super) fn may_publish(doc: &Doc<Article>, draft: DocId, by: &Who, facts: &Facts) -> Result<(), Refusal> {
    if doc.meta.id != article_id(draft) {
        return Err(Refusal::rule(
            "这条信息与所说的稿件不符，没有发布",
            "This article does not belong to that draft",
        ));
    }
    let Some(source) = facts.doc::<Draft>(draft) else { return Err(Refusal::Waits) };
    let approved = source.last(DraftStep::Approve).filter(|_| source.status == DraftStatus::Published);
    match approved {
        Some(done) if by.is(done.by) && matches!(done.act, DraftAct::Approve { .. }) => {}
        _ => {
            return Err(Refusal::rule(
                "稿件没有由您终审通过，不能发布。请打开稿件查看审核进度",
                "You did not give this draft its final approval; open the draft to see where it stands",
            ));
        }
    }
    if doc.meta.unit != source.meta.unit {
        return Err(Refusal::rule(
            "信息的所属单位与稿件不符，没有发布",
            "Article and draft name different units",
        ));
    }
    check::ready(&doc.body, &doc.meta.unit)
}

pub(super) fn may_confirm(doc: &Doc<Article>, unit: &OrgCode, by: &Who) -> Result<(), Refusal> {
    if *unit != by.unit {
        return Err(Refusal::rule(
            "您的所属单位有变动，请刷新后再确认",
            "Your unit has changed; refresh and confirm again",
        ));
    }
    if has_confirmed(doc, by) {
        return Err(Refusal::rule("您已经确认过了，不用重复确认", "You have confirmed this already"));
    }
    Ok(())
}

pub(super) fn may_remind(doc: &Doc<Article>, to: &[DocId], by: &Who, facts: &Facts) -> Result<(), Refusal> {
    if to.is_empty() || to.len() > REMIND_MAX {
        return Err(Refusal::invalid(
            "to",
            "每次催办 1 至 100 人，请分次办理",
            "Remind 1 to 100 people at a time",
        ));
    }
    let mine = |unit: &OrgCode| reading_posts(by).into_iter().any(|post| unit.is_within(post));
    let strangers = to.iter().filter_map(|person| facts.seat(*person)).any(|unit| !mine(unit));
    if strangers {
        return Err(Refusal::rule(
            "名单中有不属于您单位的人，请去掉后再催办",
            "Someone on the list is not in your unit",
        ));
    }
    let day = date_of(facts.now_ms);
    let told = |done: &Done<ArticleAct>| matches!(&done.act, ArticleAct::Remind { to: earlier } if earlier.iter().any(|person| to.contains(person)));
    if doc.steps(T::Remind).any(|done| by.is(done.by) && date_of(done.time()) == day && told(done)) {
        return Err(Refusal::rule(
            "名单中有人今天已经催办过，每人每天最多一次",
            "Someone on the list was reminded today; once a day is enough",
        ));
    }
    Ok(())
}
