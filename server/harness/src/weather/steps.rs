//! A filled-in act for each button.

use crate::Dice;
use crate::cast::{BATEER, WULIJI};
use domain::modules::appeal::{Grade, MatterAct};
use domain::modules::news::{ArticleAct, DraftAct};
use domain::{OrgCode, to_cbor};

/// The act behind a button, with words that tell which deed it was.
pub(super) fn act(kind: &str, step: &str, deed: u64, dice: &Dice) -> Option<Vec<u8>> {
    let words = format!("意见{deed}");
    match kind {
        "news.draft" => draft(step, words).map(|act| to_cbor(&act)),
        "news.article" => article(step, words, dice).map(|act| to_cbor(&act)),
        "appeal.matter" => matter(step, words, dice).map(|act| to_cbor(&act)),
        _ => None,
    }
}

fn draft(step: &str, opinion: String) -> Option<DraftAct> {
    Some(match step {
        "submit" => DraftAct::Submit,
        "approve" => DraftAct::Approve { opinion },
        "return" => DraftAct::Return { opinion },
        "pull_back" => DraftAct::PullBack { reason: opinion },
        _ => return None,
    })
}

fn article(step: &str, reason: String, dice: &Dice) -> Option<ArticleAct> {
    Some(match step {
        "withdraw" => ArticleAct::Withdraw { reason },
        "pin" => ArticleAct::Pin { on: dice.chance(500) },
        "extend" => ArticleAct::Extend { until: "2026-12-31".into() },
        "archive" => ArticleAct::Archive,
        "confirm" => ArticleAct::Confirm { unit: OrgCode::new(["LB04.3", "LB04", "LB"][dice.below(3)]) },
        "remind" => ArticleAct::Remind { to: vec![dice.pick(&crate::cast::EVERYBODY)?.id()] },
        _ => return None,
    })
}

fn matter(step: &str, words: String, dice: &Dice) -> Option<MatterAct> {
    let handler = if dice.chance(500) { BATEER } else { WULIJI };
    Some(match step {
        "submit" => MatterAct::Submit,
        "register" => MatterAct::Register { note: words },
        "accept" => MatterAct::Accept { words },
        "decline" => MatterAct::Decline { reason: words, where_to: "劳动监察".into() },
        "forward" => {
            let to = if dice.chance(500) { "LB" } else { "LB04" };
            MatterAct::Forward { to: OrgCode::new(to), reason: words }
        }
        "object" => MatterAct::Object { reason: words },
        "assign" => MatterAct::Assign {
            unit: OrgCode::new("LB04"),
            handler: handler.id(),
            handler_name: handler.name.into(),
            co: vec![],
        },
        "start" => MatterAct::Start { words },
        "answer" => MatterAct::Answer { text: words },
        "propose_extend" => MatterAct::ProposeExtend { reason: words, days: 5 },
        "grant_extend" => MatterAct::GrantExtend { words },
        "rate" => MatterAct::Rate { grade: Grade::Satisfied, words },
        "rate_bad" => MatterAct::Rate { grade: Grade::Dissatisfied, words },
        "open_answer" => MatterAct::OpenAnswer { title: "答复".into(), text: words },
        "archive" => MatterAct::Archive,
        "withdraw" => MatterAct::Withdraw { reason: words },
        _ => return None,
    })
}
