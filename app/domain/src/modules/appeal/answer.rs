//! The public answer: what was asked and what was done, for all staff, naming nobody. A document of its
//! own, because the matter itself must not travel with it.

use super::{Matter, MatterAct, MatterStatus, MatterStep, Topic, answer_id};
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

body! {
    /// Body of `appeal.answer`, written once, when it is made.
    pub struct AnswerBody {
        kind: Str(20), "类别", "Kind";
        title: Str(60), "标题", "Title";
        text: Text(10000), "答复内容", "Answer";
        answered_by: Str(20), "答复单位", "Answered by";
    }
}

/// What is decided about a public answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerAct {
    /// Puts it before all staff; made together with the matter's open answer.
    Publish {
        /// The matter. Only its id: nobody without access can open it.
        matter: DocId,
    },
    /// Takes it away.
    Withdraw {
        /// Why.
        reason: String,
    },
}

words! {
    /// Steps of a public answer.
    pub enum AnswerStep {
        Publish = "publish", "公开", "Publish", Ok;
        Withdraw = "withdraw", "撤回", "Withdraw", Danger;
    }
}
words! {
    /// States of a public answer.
    pub enum AnswerStatus {
        Placing = "placing", "待公开", "About to be published", Info;
        Published = "published", "已公开", "Published", Ok;
        Withdrawn = "withdrawn", "已撤回", "Withdrawn", Off;
    }
}

/// Kind `appeal.answer`.
#[derive(Clone, Debug)]
pub struct Answer;

impl Kind for Answer {
    const NAME: &'static str = "appeal.answer";
    const ZH: &'static str = "公开答复";
    const EN: &'static str = "Open answer";
    const CARRY: Carry = Carry::Ahead;
    const RULES: &'static [Rule<Self>] = &[
        Rule {
            from: &[AnswerStatus::Placing],
            step: AnswerStep::Publish,
            by: &[By::Owner],
            when: None,
            to: Some(AnswerStatus::Published),
        },
        Rule {
            from: &[AnswerStatus::Published],
            step: AnswerStep::Withdraw,
            by: &[By::Role(Role::Rights)],
            when: None,
            to: Some(AnswerStatus::Withdrawn),
        },
    ];
    const EDITORS: &'static [By<Self>] = &[];
    const FOUNDERS: &'static [By<Self>] = &[By::Role(Role::Rights)];
    type Body = AnswerBody;
    type Act = AnswerAct;
    type Step = AnswerStep;
    type Status = AnswerStatus;

    fn step(act: &AnswerAct) -> AnswerStep {
        match act {
            AnswerAct::Publish { .. } => AnswerStep::Publish,
            AnswerAct::Withdraw { .. } => AnswerStep::Withdraw,
        }
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let mut readers = BTreeSet::from([Reader::Role(Role::Rights, doc.meta.unit.clone())]);
        if doc.status == AnswerStatus::Published {
            readers.insert(Reader::Unit(doc.meta.unit.company()));
        }
        readers
    }
    fn needs(_: &Doc<Self>, act: &AnswerAct) -> Vec<DocId> {
        match act {
            AnswerAct::Publish { matter } => vec![*matter],
            AnswerAct::Withdraw { .. } => vec![],
        }
    }
    fn guard(doc: &Doc<Self>, act: &AnswerAct, by: &Who, facts: &Facts) -> Result<(), Refusal> {
        match act {
            AnswerAct::Publish { matter } => may_publish(doc, *matter, by, facts),
            AnswerAct::Withdraw { reason } if reason.trim().is_empty() => {
                Err(Refusal::invalid("reason", "请写明撤回原因", "Please say why it is withdrawn"))
            }
            AnswerAct::Withdraw { .. } => Ok(()),
        }
    }
    fn said(field: &str, code: &str) -> Option<(String, String)> {
        super::body::said(field, code)
    }
    fn row(doc: &Doc<Self>) -> Row {
        let topic = Topic::parse(&doc.body.kind);
        let mut row = doc.plain_row(&doc.body.title, topic.map_or("", Word::zh));
        row.facts.insert("kind".into(), doc.body.kind.clone());
        row.facts.insert("answered_by".into(), doc.body.answered_by.clone());
        row
    }
    fn words(act: &AnswerAct) -> String {
        match act {
            AnswerAct::Publish { .. } => String::new(),
            AnswerAct::Withdraw { reason } => reason.clone(),
        }
    }
    fn sample() -> AnswerBody {
        AnswerBody {
            kind: "claim".into(),
            title: "关于宿舍夜间供暖的答复".into(),
            text: "经与后勤部门协调，3 号宿舍楼已更换循环泵，夜间室温达到 18 度。".into(),
            answered_by: "LB04".into(),
        }
    }
}

/// What goes out is word for word what was checked when the matter was answered openly.
fn may_publish(doc: &Doc<Answer>, matter: DocId, by: &Who, facts: &Facts) -> Result<(), Refusal> {
    let Some(source) = facts.doc::<Matter>(matter) else { return Err(Refusal::Waits) };
    let opened = source.last(MatterStep::OpenAnswer).filter(|done| by.is(done.by));
    let same = opened.is_some_and(|done| match &done.act {
        // Of a sealed matter the server has no words to compare; the phone compared them.
        MatterAct::OpenAnswer { .. } if source.seal == Seal::Shut => true,
        MatterAct::OpenAnswer { title, text } => *title == doc.body.title && *text == doc.body.text,
        _ => false,
    });
    let fits = doc.meta.id == answer_id(matter) && source.status == MatterStatus::Opened && same;
    if !fits {
        return Err(Refusal::rule(
            "公开答复与事项的办理记录不符，没有公开。请打开事项查看",
            "The open answer does not match the matter's record; open the matter to look",
        ));
    }
    Ok(())
}
