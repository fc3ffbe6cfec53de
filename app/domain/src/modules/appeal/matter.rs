//! A matter that a person brings to the union. Who raised it may stay unknown to everybody but the
//! server (an alias); officers other than those in charge never see it.

use super::*;
use crate::*;
use std::collections::BTreeSet;

/// Kind `appeal.matter`.
#[derive(Clone, Debug)]
pub struct Matter;

impl Kind for Matter {
    const NAME: &'static str = "appeal.matter";
    const ZH: &'static str = "意见诉求";
    const EN: &'static str = "Appeal";
    const CARRY: Carry = Carry::Ahead;
    const ALIAS: bool = true;
    const SEALS_ALIAS: bool = true;
    const WATCHED: bool = true;
    const RULES: &'static [Rule<Self>] = super::rules::RULES;
    const APART: &'static [Apart<Self>] = super::rules::APART;
    const EDITORS: &'static [By<Self>] = &[By::Owner];
    const FOUNDERS: &'static [By<Self>] = &[By::Owner];
    type Body = MatterBody;
    type Act = MatterAct;
    type Step = MatterStep;
    type Status = MatterStatus;

    fn step(act: &MatterAct) -> MatterStep {
        act.step()
    }
    /// Until it is handed in nobody but its owner reads it. From then on: the rights officers of the unit
    /// it was written to and of the unit where it lies, that unit's chair, the handler, helping units.
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let mut readers = BTreeSet::from([Reader::Person(doc.meta.owner)]);
        if doc.last(MatterStep::Submit).is_none() {
            return readers;
        }
        let place = place(doc);
        readers.insert(Reader::Role(Role::Rights, doc.meta.unit.at_level(2)));
        readers.insert(Reader::Role(Role::Rights, place.clone()));
        let chair = if place.level() == 1 { Role::CompanyChair } else { Role::UnitChair };
        readers.insert(Reader::Role(chair, place));
        if let Some(charge) = charge(doc) {
            readers.insert(Reader::Person(charge.handler));
            readers.extend(charge.co.into_iter().map(|unit| Reader::Role(Role::Rights, unit)));
        }
        readers
    }
    fn needs(doc: &Doc<Self>, act: &MatterAct) -> Vec<DocId> {
        guard::needs(doc, act)
    }
    fn guard(doc: &Doc<Self>, act: &MatterAct, by: &Who, facts: &Facts) -> Result<(), Refusal> {
        guard::judge(doc, act, by, facts)
    }
    /// `LB诉〔2026〕12号`: one series a company a year, by official time, at the first submission.
    fn series(doc: &Doc<Self>, act: &MatterAct, at_ms: i64) -> Option<Series> {
        let first = *act == MatterAct::Submit && doc.number().is_none();
        first.then(|| {
            let (company, year) = (doc.meta.unit.company(), date_of(at_ms).0);
            Series {
                key: format!("appeal/{company}/{year}"),
                prefix: format!("{company}诉〔{year}〕"),
                suffix: "号".into(),
            }
        })
    }
    fn hush(act: &MatterAct) -> MatterAct {
        act.hushed()
    }
    fn offspring(doc: &Doc<Self>, act: &MatterAct) -> Vec<Offspring> {
        let MatterAct::OpenAnswer { title, text } = act else { return vec![] };
        let body = AnswerBody {
            kind: doc.body.kind.clone(),
            title: title.clone(),
            text: text.clone(),
            answered_by: place(doc).0,
        };
        vec![Offspring {
            kind: Answer::NAME,
            id: answer_id(doc.meta.id),
            unit: place(doc),
            values: body.write(),
            acts: vec![to_cbor(&AnswerAct::Publish { matter: doc.meta.id })],
        }]
    }
    fn said(field: &str, code: &str) -> Option<(String, String)> {
        super::body::said(field, code)
    }
    fn row(doc: &Doc<Self>) -> Row {
        let topic = Topic::parse(&doc.body.kind);
        let title = match (doc.seal, doc.body.title.as_str()) {
            (Seal::Shut, _) => "保密诉求（已加密）",
            (_, "") => "（未写标题）",
            (_, title) => title,
        };
        let mut row = doc.plain_row(title, topic.map_or("", Word::zh));
        let open = open_deadlines(doc);
        let owed = open.iter().find(|deadline| deadline.binds_union());
        row.due_ms = owed.or(open.first()).map(|deadline| deadline.due_ms);
        let flag = |on: bool| if on { "1".to_string() } else { String::new() };
        let charge = charge(doc);
        let facts = [
            ("kind", doc.body.kind.clone()),
            ("urgent", flag(doc.body.urgent)),
            ("openly", flag(doc.body.openly)),
            ("named", flag(doc.body.named)),
            ("second", flag(handled_twice(doc))),
            ("extended", flag(extended_days(doc) > 0)),
            ("extension_waits", flag(extension_waits(doc))),
            ("place", place(doc).0),
            ("handler", charge.as_ref().map(|charge| charge.handler.to_string()).unwrap_or_default()),
            ("handler_name", charge.map(|charge| charge.name).unwrap_or_default()),
            ("grade", grade(doc).map_or("", Word::code).to_string()),
            // Overdue lists must not count the person's own time to rate.
            ("owed", flag(owed.is_some())),
        ];
        row.facts.extend(
            facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(key, value)| (key.into(), value)),
        );
        row
    }
    fn figures(doc: &Doc<Self>, out: &mut Figures) {
        let Some(topic) = Topic::parse(&doc.body.kind).filter(|_| doc.settled != MatterStatus::Draft) else {
            return;
        };
        let mut add = |what: &str| {
            *out.entry(format!("appeal.{what}/{}/{}", place(doc), topic.code())).or_default() += 1
        };
        add("received");
        if doc.last(MatterStep::Answer).is_some_and(|done| done.receipt.is_some()) {
            add("answered");
        }
        if let Some(grade) = grade(doc) {
            add(&format!("rated_{}", grade.code()));
        }
        if handled_twice(doc) {
            add("second");
        }
    }
    fn words(act: &MatterAct) -> String {
        act.words()
    }
    fn sample() -> MatterBody {
        MatterBody {
            kind: "claim".into(),
            title: "红柳滩宿舍夜间供暖不足".into(),
            text: "3 号宿舍楼夜间 12 点后暖气不热，室内不到 12 度，请协调解决。".into(),
            involved: "LB04".into(),
            place: "红柳滩 3 号宿舍楼".into(),
            openly: true,
            ..MatterBody::default()
        }
    }
}
