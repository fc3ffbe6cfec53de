//! What many stories begin with.

use domain::modules::appeal::MatterAct;
use domain::modules::news::DraftAct;
use domain::{DocId, Values};
use harness::{Phone, Town, cast};

/// A town with everybody in it.
pub fn town() -> Town {
    Town::new(1, &cast::EVERYBODY)
}

/// Begins a draft of the far branch.
pub fn draft(phone: &Phone, title: &str, text: &str) -> DocId {
    let values = Values::from([
        ("title".into(), title.into()),
        ("text".into(), text.into()),
        ("column".into(), "news".into()),
        ("audience".into(), "members".into()),
    ]);
    phone.create("news.draft", "LB04.3", values, false).0
}

/// Begins a matter for the far mine.
pub fn matter_begun(phone: &Phone, title: &str, alias: bool) -> DocId {
    let values = Values::from([
        ("kind".into(), "claim".into()),
        ("title".into(), title.into()),
        ("text".into(), "3 号宿舍楼夜间暖气不热。".into()),
        ("openly".into(), true.into()),
        ("named".into(), (!alias).into()),
    ]);
    phone.create("appeal.matter", "LB04", values, alias).0
}

/// The same, and it is handed in.
pub fn matter(phone: &Phone, title: &str, alias: bool) -> DocId {
    let doc = matter_begun(phone, title, alias);
    does(phone, doc, &MatterAct::Submit);
    doc
}

/// Decides; it must be allowed.
pub fn does<A: serde::Serialize + std::fmt::Debug>(phone: &Phone, doc: DocId, act: &A) {
    let answer = phone.act(doc, act);
    assert!(matches!(answer, domain::bridge::Answer::Kept { .. }), "{act:?}: {answer:?}");
}

/// Syncs these phones, in this order, under whatever network they have.
pub fn sync(phones: &[&Phone]) {
    for phone in phones {
        phone.sync().expect("a network");
    }
}

pub fn approve(words: &str) -> DraftAct {
    DraftAct::Approve { opinion: words.into() }
}

pub fn accept(words: &str) -> MatterAct {
    MatterAct::Accept { words: words.into() }
}

pub fn decline(words: &str) -> MatterAct {
    MatterAct::Decline { reason: words.into(), where_to: "劳动监察大队".into() }
}

/// The words of one entry in "needs attention", all in a row.
pub fn words(entry: &domain::bridge::Attention) -> String {
    entry.words.iter().map(|(_, text)| text.as_str()).collect()
}
