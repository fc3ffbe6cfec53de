//! Every guard says in two languages what is wrong and what to do.

use crate::bench::START;
use crate::cast::*;
use domain::modules::{appeal, news};
use domain::*;

/// The sentence in Chinese contains `want`; the English one is English; both are there.
#[track_caller]
pub fn speaks(refusal: &Refusal, want: &str) {
    let (zh, en) = (refusal.zh(), refusal.en());
    assert!(zh.contains(want), "{want}: {zh}");
    assert!(zh.chars().count() >= 5 && zh.chars().any(|c| ('一'..='龥').contains(&c)), "{zh}");
    let han = en.chars().filter(|c| ('一'..='龥').contains(c)).count();
    assert!(en.len() >= 12 && han * 3 < en.len(), "English for {zh}: {en}");
    assert!(!zh.contains(['!', '！']) && !zh.contains("系统异常"), "calm words: {zh}");
    assert!(refusal.code().starts_with("E-"));
}

type Spoil = fn(&mut news::NewsBody);

fn honour() -> news::NewsBody {
    news::NewsBody {
        column: "honour".into(),
        honour_name: "模范职工之家".into(),
        honour_level: "province".into(),
        honour_by: "自治区总工会".into(),
        honour_who: "红柳滩露天煤矿工会".into(),
        honour_doc_no: "内工发〔2025〕18号".into(),
        honour_date: "2025-12-20".into(),
        ..news::Article::sample()
    }
}

#[test]
fn what_a_draft_lacks_is_named_before_review() {
    let cases: [(Spoil, &str, &str); 21] = [
        (|b| b.column.clear(), "column", "栏目"),
        (|b| b.column = "gossip".into(), "column", "栏目"),
        (|b| b.title = " ".into(), "title", "标题"),
        (|b| b.text.clear(), "text", "正文"),
        (|b| b.audience.clear(), "audience", "发布范围"),
        (|b| b.audience = "everyone".into(), "audience", "发布范围"),
        (|b| b.audience = "unit:".into(), "audience", "发布范围"),
        (|b| b.audience = "unit:XY02".into(), "audience", "本公司"),
        (|b| b.expires = "2026-02-30".into(), "expires", "日期"),
        (|b| b.confirm_by = "明天".into(), "confirm_by", "日期"),
        (|b| b.expires = "2026-01-01".into(), "confirm_by", "晚于有效期"),
        (|b| b.cover = "abc".into(), "cover", "封面图"),
        (|b| drop(b.pics.insert("x".into(), "井口".into())), "pics", "图片"),
        (|b| b.text.push_str("机密★"), "text", "密级"),
        (|b| b.honour_level.clear(), "honour_level", "级别"),
        (|b| b.honour_name.clear(), "honour_name", "荣誉名称"),
        (|b| b.honour_by.clear(), "honour_by", "授予单位"),
        (|b| b.honour_who.clear(), "honour_who", "获奖"),
        (|b| b.honour_doc_no.clear(), "honour_doc_no", "文号"),
        (|b| b.honour_date.clear(), "honour_date", "授予日期"),
        (|b| b.honour_doc_no = "内工发[2025]18号".into(), "honour_doc_no", "六角括号"),
    ];
    let unit = OrgCode::new("LB04.2");
    assert_eq!(news::ready(&honour(), &unit), Ok(()), "whole, it is ready");
    for (spoil, field, want) in cases {
        let mut body = honour();
        spoil(&mut body);
        let refusal = news::ready(&body, &unit).expect_err(want);
        assert!(matches!(&refusal, Refusal::Invalid(key, ..) if key == field), "{field}: {refusal:?}");
        speaks(&refusal, want);
    }
}

#[test]
fn a_document_number_is_written_as_the_standard_says() {
    for good in ["岭北工〔2026〕3号", "华原能工〔2026〕27号", "皖工发〔2025〕180号", " 岭北工函〔2026〕1号 "]
    {
        assert_eq!(news::document_number("n", good), Ok(()), "{good}");
    }
    let bad = [
        ("岭北工[2026]3号", "六角括号"),
        ("岭北工(2026)3号", "六角括号"),
        ("岭北工（2026）3号", "六角括号"),
        ("岭北工【2026】3号", "六角括号"),
        ("岭北工2026年3号", "六角括号"),
        ("岭北工〔2026〕第3号", "不加“第”"),
        ("岭北工〔2026〕03号", "不加 0"),
        ("岭北工〔2026〕0号", "不加 0"),
        ("岭北工〔26〕3号", "四位"),
        ("岭北工〔二〇二六〕3号", "四位"),
        ("岭北工〔2026〕3", "以“号”结尾"),
        ("岭北工〔2026〕三号", "只用数字"),
        ("岭北工〔2026〕号", "只用数字"),
        ("〔2026〕3号", "机关代字"),
        ("待编号", "六角括号"),
    ];
    for (text, want) in bad {
        speaks(&news::document_number("n", text).expect_err(text), want);
    }
}

fn matter(body: appeal::MatterBody) -> Doc<appeal::Matter> {
    let (id, kind) = (DocId::derive(&[b"matter"]), "appeal.matter".into());
    let meta = Meta { id, kind, owner: who('M').person, unit: OrgCode::new("LB04"), born_ms: 0 };
    let acts = [(who('M'), appeal::MatterAct::Submit)];
    placed(meta, &body, &acts, appeal::MatterStatus::Submitted)
}

#[test]
fn what_an_act_on_a_matter_lacks_is_named() {
    use appeal::MatterAct::*;
    let s = String::new;
    let assign = |unit: &str, handler: char| Assign {
        unit: OrgCode::new(unit),
        handler: who(handler).person,
        handler_name: "韩工".into(),
        co: vec![],
    };
    let cases: Vec<(appeal::MatterAct, char, &str)> = vec![
        (Decline { reason: s(), where_to: "仲裁委".into() }, 'R', "理由"),
        (Decline { reason: "涉诉".into(), where_to: s() }, 'R', "可以向哪里反映"),
        (Forward { to: OrgCode::new("LB"), reason: s() }, 'R', "转交理由"),
        (Forward { to: OrgCode::new("LB04.2"), reason: "属地".into() }, 'R', "公司或二级单位"),
        (Forward { to: OrgCode::new("XY01"), reason: "属地".into() }, 'R', "公司或二级单位"),
        (Object { reason: s() }, 'R', "详细说明"),
        (
            Assign { unit: OrgCode::new("LB04"), handler: who('H').person, handler_name: s(), co: vec![] },
            'R',
            "承办人",
        ),
        (assign("LB04", 'M'), 'R', "提出人本人"),
        (assign("LB03", 'X'), 'R', "请先转交"),
        (assign("LB04.9", 'H'), 'R', "不属于所选"),
        (Answer { text: s() }, 'H', "答复内容"),
        (Answer { text: "暖".repeat(10_001) }, 'H', "最多 10000 字"),
        (ProposeExtend { reason: s(), days: 5 }, 'H', "延期理由"),
        (ProposeExtend { reason: "等配件".into(), days: 31 }, 'H', "最多 30 天"),
        (ProposeExtend { reason: "等配件".into(), days: 0 }, 'H', "最多 30 天"),
        (Rate { grade: appeal::Grade::Dissatisfied, words: s() }, 'M', "哪里不满意"),
        (OpenAnswer { title: s(), text: "已办结".into() }, 'R', "标题"),
        (OpenAnswer { title: "答复".into(), text: s() }, 'R', "内容"),
        (OpenAnswer { title: "长".repeat(61), text: "已办结".into() }, 'R', "最多 60 字"),
    ];
    let doc = matter(appeal::MatterBody { named: true, ..appeal::Matter::sample() });
    for (act, letter, want) in cases {
        let handler = who('H');
        let docs = [(handler.person, person_doc(&handler))].into();
        let facts = Facts { now_ms: START, docs, ..Facts::default() };
        let refusal = appeal::Matter::guard(&doc, &act, &who(letter), &facts).expect_err(want);
        speaks(&refusal, want);
    }
}

/// Whoever would otherwise decide hears why not now: from the table, so the button says it too.
#[test]
fn who_is_kept_apart_hears_why() {
    use appeal::{MatterAct::*, MatterStatus, MatterStep};
    let rights = who('R');
    let meta = |owner: DocId| Meta {
        id: DocId::derive(&[b"matter"]),
        kind: "appeal.matter".into(),
        owner,
        unit: OrgCode::new("LB04"),
        born_ms: 0,
    };
    let body = appeal::MatterBody { named: true, ..appeal::Matter::sample() };
    let own = placed::<appeal::Matter>(
        meta(rights.person),
        &body,
        &[(rights.clone(), Submit)],
        MatterStatus::Submitted,
    );
    speaks(&own.may(MatterStep::Register, &rights).unwrap_err(), "回避");
    assert!(own.may(MatterStep::Withdraw, &rights).is_ok(), "what the owner does stays his");
    let chair = who('U');
    let assign =
        Assign {
            unit: OrgCode::new("LB04"), handler: chair.person, handler_name: "吴海".into(), co: vec![]
        };
    let ask = ProposeExtend { reason: "等配件".into(), days: 5 };
    let acts = [(who('M'), Submit), (rights, assign), (chair.clone(), ask)];
    let asked = placed::<appeal::Matter>(meta(who('M').person), &body, &acts, MatterStatus::Working);
    speaks(&asked.may(MatterStep::GrantExtend, &chair).unwrap_err(), "不能批准自己");
}

#[test]
fn what_a_matter_lacks_is_named_before_it_is_handed_in() {
    type Spoil = fn(&mut appeal::MatterBody);
    let cases: [(Spoil, &str); 4] = [
        (|b| b.kind = "gossip".into(), "类别"),
        (|b| b.title.clear(), "标题"),
        (|b| b.text = "\n".into(), "情况和请求"),
        (|b| b.named = false, "保密"),
    ];
    for (spoil, want) in cases {
        let mut body = appeal::MatterBody { named: true, ..appeal::Matter::sample() };
        spoil(&mut body);
        let refusal =
            appeal::Matter::guard(&matter(body), &appeal::MatterAct::Submit, &who('M'), &Facts::default());
        speaks(&refusal.expect_err(want), want);
    }
    let elsewhere = person("9", "外单位", "XY01", &[]);
    let doc = matter(appeal::MatterBody { named: true, ..appeal::Matter::sample() });
    let refusal = appeal::Matter::guard(&doc, &appeal::MatterAct::Submit, &elsewhere, &Facts::default());
    speaks(&refusal.expect_err("another company"), "本公司");
}
