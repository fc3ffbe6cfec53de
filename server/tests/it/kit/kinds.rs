//! Kinds that no module has, so that the desk is tested for what it promises and not for what a module
//! happens to do: a note that is shared and unshared, a confidential matter, a card that is carried on ask.

use domain::{
    AnyKind, By, Carry, Doc, Erased, Facts, Kind, OrgCode, Reader, Refusal, Role, Row, Rule, Series, Who,
    body, words,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Org kinds and the three below.
pub fn kinds() -> &'static [&'static dyn AnyKind] {
    use domain::modules::org;
    static KINDS: &[&dyn AnyKind] = &[
        &Erased::<org::Unit>::new(),
        &Erased::<org::Person>::new(),
        &Erased::<org::Private>::new(),
        &Erased::<Note>::new(),
        &Erased::<Secret>::new(),
        &Erased::<Card>::new(),
    ];
    KINDS
}

/// Those of a later version of the program: what was shared with LB01 goes to LB02, and lines say more.
pub fn later_kinds() -> &'static [&'static dyn AnyKind] {
    use domain::modules::org;
    static KINDS: &[&dyn AnyKind] = &[
        &Erased::<org::Unit>::new(),
        &Erased::<org::Person>::new(),
        &Erased::<org::Private>::new(),
        &Erased::<Note<true>>::new(),
        &Erased::<Secret>::new(),
        &Erased::<Card<true>>::new(),
    ];
    KINDS
}

body! {
    pub struct NoteBody {
        title: Str(200), "标题", "Title";
        text: Text(20_000), "正文", "Text";
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NoteAct {
    Share(Reader),
    Unshare(Reader),
    Close,
    Open,
    /// Only who saw it and the owner learn of it; nobody sees a note twice.
    Seen,
    Stamp,
    /// Closes this note if the other one is still open.
    CloseUnless(domain::DocId),
}

words! {
    pub enum NoteStep {
        Share = "share", "共享", "Share", Info;
        Unshare = "unshare", "取消共享", "Unshare", Info;
        Close = "close", "关闭", "Close", Ok;
        Open = "open", "打开", "Open", Ok;
        Seen = "seen", "已读", "Seen", Ok;
        Stamp = "stamp", "编号", "Stamp", Ok;
    }
}
words! {
    pub enum NoteStatus {
        Live = "live", "在办", "Live", Info;
        Closed = "closed", "已关闭", "Closed", Ok;
    }
}

#[derive(Clone, Debug)]
pub struct Note<const LATER: bool = false>;

const LIVE: &[NoteStatus] = &[NoteStatus::Live];
const BOTH: &[NoteStatus] = &[NoteStatus::Live, NoteStatus::Closed];
const fn note<const LATER: bool>(
    step: NoteStep,
    from: &'static [NoteStatus],
    to: Option<NoteStatus>,
) -> Rule<Note<LATER>> {
    Rule { from, step, by: &[By::Reader], when: None, to }
}

impl<const LATER: bool> Kind for Note<LATER> {
    const NARROWS: bool = true;
    const NAME: &'static str = "test.note";
    const ZH: &'static str = "便条";
    const EN: &'static str = "Note";
    const CARRY: Carry = Carry::Ahead;
    const RULES: &'static [Rule<Self>] = &[
        note(NoteStep::Share, BOTH, None),
        note(NoteStep::Unshare, BOTH, None),
        note(NoteStep::Close, LIVE, Some(NoteStatus::Closed)),
        note(NoteStep::Open, &[NoteStatus::Closed], Some(NoteStatus::Live)),
        note(NoteStep::Seen, BOTH, None),
        note(NoteStep::Stamp, LIVE, None),
    ];
    const EDITORS: &'static [By<Self>] = &[By::Reader];
    const FOUNDERS: &'static [By<Self>] = &[By::Owner];
    type Body = NoteBody;
    type Act = NoteAct;
    type Step = NoteStep;
    type Status = NoteStatus;

    fn step(act: &NoteAct) -> NoteStep {
        match act {
            NoteAct::Share(_) => NoteStep::Share,
            NoteAct::Unshare(_) => NoteStep::Unshare,
            NoteAct::Close | NoteAct::CloseUnless(_) => NoteStep::Close,
            NoteAct::Open => NoteStep::Open,
            NoteAct::Seen => NoteStep::Seen,
            NoteAct::Stamp => NoteStep::Stamp,
        }
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let mut readers = BTreeSet::new();
        for done in &doc.acts {
            match &done.act {
                NoteAct::Share(reader) => readers.insert(reader.clone()),
                NoteAct::Unshare(reader) => readers.remove(reader),
                _ => false,
            };
        }
        let [here, there] = ["LB01", "LB02"].map(|at| Reader::Unit(OrgCode::new(at)));
        if LATER && readers.remove(&here) {
            readers.insert(there);
        }
        readers.insert(Reader::Person(doc.meta.owner));
        readers
    }
    fn narrow(doc: &Doc<Self>, act: &NoteAct, by: &Who) -> Option<BTreeSet<Reader>> {
        let to = BTreeSet::from([Reader::Person(by.person), Reader::Person(doc.meta.owner)]);
        (*act == NoteAct::Seen).then_some(to)
    }
    fn needs(_: &Doc<Self>, act: &NoteAct) -> Vec<domain::DocId> {
        if let NoteAct::CloseUnless(other) = act { vec![*other] } else { vec![] }
    }
    fn guard(doc: &Doc<Self>, act: &NoteAct, by: &Who, facts: &Facts) -> Result<(), Refusal> {
        let refused = Err(Refusal::rule("不行", "No"));
        match act {
            NoteAct::Seen if doc.steps(NoteStep::Seen).any(|done| by.is(done.by)) => refused,
            NoteAct::CloseUnless(other) => match facts.doc::<Self>(*other) {
                Some(other) if other.status == NoteStatus::Live => Ok(()),
                _ => refused,
            },
            _ => Ok(()),
        }
    }
    fn series(doc: &Doc<Self>, act: &NoteAct, _: i64) -> Option<Series> {
        let key = format!("note/{}", doc.meta.unit);
        let (prefix, suffix) = ("便字第".to_string(), "号".to_string());
        (*act == NoteAct::Stamp).then_some(Series { key, prefix, suffix })
    }
    fn row(doc: &Doc<Self>) -> Row {
        let more = if LATER { "步" } else { "" };
        doc.plain_row(&doc.body.title, &format!("{}{more}", doc.acts.len()))
    }
    fn sample() -> NoteBody {
        NoteBody { title: "便条".into(), ..NoteBody::default() }
    }
}

body! {
    pub struct SecretBody {
        text: Text(5_000), "内容", "Text";
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SecretAct {
    Hand,
    Reply(String),
}

words! {
    pub enum SecretStep {
        Hand = "hand", "提交", "Hand in", Info;
        Reply = "reply", "答复", "Reply", Ok;
    }
}
words! {
    pub enum SecretStatus {
        Draft = "draft", "草稿", "Draft", Off;
        Handed = "handed", "已提交", "Handed in", Info;
    }
}

/// Begun under an alias; the owner and the rights officers read it.
#[derive(Clone, Debug)]
pub struct Secret;

impl Kind for Secret {
    const NAME: &'static str = "test.secret";
    const ZH: &'static str = "保密事项";
    const EN: &'static str = "Confidential matter";
    const CARRY: Carry = Carry::Ahead;
    const ALIAS: bool = true;
    const WATCHED: bool = true;
    const RULES: &'static [Rule<Self>] = &[
        Rule {
            from: &[SecretStatus::Draft],
            step: SecretStep::Hand,
            by: &[By::Owner],
            when: None,
            to: Some(SecretStatus::Handed),
        },
        Rule {
            from: &[SecretStatus::Handed],
            step: SecretStep::Reply,
            by: &[By::Owner, By::Role(Role::Rights)],
            when: None,
            to: None,
        },
    ];
    const EDITORS: &'static [By<Self>] = &[By::Owner];
    const FOUNDERS: &'static [By<Self>] = &[By::Owner];
    type Body = SecretBody;
    type Act = SecretAct;
    type Step = SecretStep;
    type Status = SecretStatus;

    fn step(act: &SecretAct) -> SecretStep {
        if *act == SecretAct::Hand { SecretStep::Hand } else { SecretStep::Reply }
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let officers = Reader::Role(Role::Rights, doc.meta.unit.clone());
        BTreeSet::from([Reader::Person(doc.meta.owner), officers])
    }
    fn row(doc: &Doc<Self>) -> Row {
        doc.plain_row("保密事项", "")
    }
    fn sample() -> SecretBody {
        SecretBody { text: "反映".into() }
    }
}

body! {
    pub struct CardBody {
        name: Str(60), "名称", "Name";
    }
}

/// Carried on ask; officers of the unit read it.
#[derive(Clone, Debug)]
pub struct Card<const LATER: bool = false>;

impl<const LATER: bool> Kind for Card<LATER> {
    const NAME: &'static str = "test.card";
    const ZH: &'static str = "卡片";
    const EN: &'static str = "Card";
    const CARRY: Carry = Carry::OnAsk;
    const FOR_OTHERS: bool = true;
    const RULES: &'static [Rule<Self>] = &[Rule {
        from: &[SecretStatus::Draft],
        step: SecretStep::Hand,
        by: &[By::Reader],
        when: None,
        to: Some(SecretStatus::Handed),
    }];
    const EDITORS: &'static [By<Self>] = &[By::Role(Role::Organiser)];
    const FOUNDERS: &'static [By<Self>] = &[By::Role(Role::Organiser)];
    type Body = CardBody;
    type Act = SecretAct;
    type Step = SecretStep;
    type Status = SecretStatus;

    fn step(_: &SecretAct) -> SecretStep {
        SecretStep::Hand
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        BTreeSet::from([Reader::Officers(doc.meta.unit.clone())])
    }
    fn row(doc: &Doc<Self>) -> Row {
        doc.plain_row(&doc.body.name, if LATER { "新" } else { "" })
    }
    fn sample() -> CardBody {
        CardBody { name: "卡片".into() }
    }
}
