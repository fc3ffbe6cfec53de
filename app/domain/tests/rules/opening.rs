//! The public answer, and matters of people who stay unknown.

use crate::bench::Bench;
use crate::cast::*;
use domain::modules::appeal::*;
use domain::*;

fn open(text: &str) -> MatterAct {
    MatterAct::OpenAnswer { title: "关于宿舍夜间供暖的答复".into(), text: text.into() }
}

/// A closed matter of M; of a stranger with the alias, when `alias` is set.
fn closed(body: MatterBody, alias: bool) -> (Bench, DocId, Who) {
    let mut bench = Bench::new();
    let mut author = who('M');
    let secret = DocId::derive(&[b"alias"]);
    author.aliases.push(secret);
    let owner = if alias { secret } else { author.person };
    let id = bench.found("appeal.matter", &author, owner, "LB04", body.write()).expect("begun");
    let handler = who('H');
    let to_h = MatterAct::Assign {
        unit: OrgCode::new("LB04"),
        handler: handler.person,
        handler_name: handler.name.clone(),
        co: vec![],
    };
    let steps = [
        (author.clone(), MatterAct::Submit),
        (who('R'), MatterAct::Register { note: String::new() }),
        (who('R'), MatterAct::Accept { words: String::new() }),
        (who('R'), to_h),
        (handler, MatterAct::Answer { text: "已更换循环泵".into() }),
        (author.clone(), MatterAct::Rate { grade: Grade::Very, words: String::new() }),
    ];
    for (who, act) in steps {
        bench.act(&who, id, &act).unwrap_or_else(|refusal| panic!("{act:?}: {}", refusal.zh()));
    }
    (bench, id, author)
}

fn named() -> MatterBody {
    MatterBody { named: true, ..Matter::sample() }
}

#[test]
fn the_open_answer_goes_to_all_staff_and_the_matter_does_not() {
    let (mut bench, id, _) = closed(named(), false);
    bench
        .act(&who('R'), id, &open("3 号宿舍楼已更换循环泵，夜间室温 18 度，咨询电话 0470-1234567。"))
        .expect("opened");
    let answer: Doc<Answer> = bench.doc(answer_id(id));
    assert_eq!(answer.status, AnswerStatus::Published);
    assert_eq!(Answer::readers(&answer).into_iter().next(), Some(Reader::Unit(OrgCode::new("LB"))));
    assert_eq!((answer.body.kind.as_str(), answer.body.answered_by.as_str()), ("claim", "LB04"));
    assert_eq!(answer.meta.owner, who('R').person, "who wrote the answer, never who raised the matter");
    let stays = Matter::readers(&bench.doc(id));
    assert!(!stays.iter().any(|reader| matches!(reader, Reader::Unit(_) | Reader::Members | Reader::Public)));
}

#[test]
fn a_withdrawn_answer_leaves_the_staffs_phones() {
    let (mut bench, id, _) = closed(named(), false);
    bench.act(&who('R'), id, &open("已更换循环泵。")).expect("opened");
    bench
        .act(&who('R'), answer_id(id), &AnswerAct::Withdraw { reason: "内容需更正".into() })
        .expect("withdrawn");
    let answer: Doc<Answer> = bench.doc(answer_id(id));
    assert!(!Answer::readers(&answer).contains(&Reader::Unit(OrgCode::new("LB"))));
}

#[test]
fn a_public_answer_names_nobody() {
    let cases = [
        ("感谢孟和同志反映", "姓名"),
        ("感谢孟 和同志反映", "姓名"),
        ("工号 0400008 的职工反映", "工号"),
        ("工号 ０４０００-08 的职工反映", "工号"),
        ("请联系 13904701234", "手机号"),
        ("请联系 139 0470 1234", "手机号"),
        ("请联系１３９０４７０１２３４", "手机号"),
        ("身份证 15079919930517795X", "身份证号"),
        ("身份证 150799199305177952", "身份证号"),
        ("老身份证 150799930517795", "身份证号"),
        ("卡号 6222 0200 1234 5678", "银行卡号"),
        ("卡号 6222020012345678901", "银行卡号"),
    ];
    let (bench, id, _) = closed(named(), false);
    for (text, want) in cases {
        let refusal = bench.clone().act(&who('R'), id, &open(text)).expect_err(text);
        assert!(refusal.zh().contains(want), "{text}: {}", refusal.zh());
        let by_title = MatterAct::OpenAnswer { title: text.into(), text: "已办结。".into() };
        let refusal = bench.clone().act(&who('R'), id, &by_title).expect_err(text);
        assert!(matches!(&refusal, Refusal::Invalid(field, ..) if field == "title"), "{text}");
    }
    let fine = [
        "电话 0470-1234567",
        "依据岭北工〔2026〕3号文",
        "2026-01-05 至 2026-03-02 共 12345678 元",
        "室温 18 度",
    ];
    for text in fine {
        bench
            .clone()
            .act(&who('R'), id, &open(text))
            .unwrap_or_else(|refusal| panic!("{text}: {}", refusal.zh()));
    }
}

#[test]
fn without_consent_or_while_the_person_may_still_rate_nothing_is_opened() {
    let (mut bench, id, _) = closed(MatterBody { openly: false, ..named() }, false);
    let refusal = bench.act(&who('R'), id, &open("已办结。")).expect_err("no consent");
    assert!(refusal.zh().contains("没有同意公开"), "{}", refusal.zh());
}

#[test]
fn an_answer_that_says_something_else_is_not_published() {
    let (mut bench, id, _) = closed(named(), false);
    bench.act(&who('R'), id, &open("已更换循环泵。")).expect("opened");
    let publish = AnswerAct::Publish { matter: id };
    let judge = |body: AnswerBody, who: &Who, docs: bool| {
        let meta = bench.docs[&answer_id(id)].meta.clone();
        let doc = placed::<Answer>(meta, &body, &[], AnswerStatus::Placing);
        let docs = docs.then(|| (id, bench.docs[&id].clone())).into_iter().collect();
        Answer::guard(&doc, &publish, who, &Facts { now_ms: bench.now_ms, docs, ..Facts::default() })
    };
    let body = bench.doc::<Answer>(answer_id(id)).body;
    assert_eq!(judge(body.clone(), &who('R'), true), Ok(()));
    assert_eq!(judge(body.clone(), &who('R'), false), Err(Refusal::Waits));
    assert!(judge(body.clone(), &who('Q'), true).is_err(), "somebody else opened it");
    assert!(judge(AnswerBody { text: "已更换循环泵，孟和。".into(), ..body }, &who('R'), true).is_err());
}

#[test]
fn a_confidential_matter_works_to_the_end_and_nobody_learns_the_name() {
    let (bench, id, author) = closed(Matter::sample(), true);
    let raw = &bench.docs[&id];
    assert!(raw.entries.iter().all(|entry| entry.by != author.person), "acts stand under the alias");
    assert!(raw.entries.iter().all(|entry| entry.receipt.as_ref().is_some_and(|r| r.by_name != author.name)));
    let readers = Matter::readers(&bench.doc(id));
    assert!(!readers.contains(&Reader::Person(author.person)), "no feed ties the matter to the person");
    assert!(!scopes_held(&author).is_disjoint(&scopes_of(&readers)), "yet the person reads it, by the alias");
    let row = Matter::row(&bench.doc(id));
    assert!(!row.search_text().contains("孟和"));
}

#[test]
fn who_asked_for_confidentiality_never_goes_out_under_the_own_name() {
    let mut bench = Bench::new();
    let author = who('M');
    let id = bench
        .found("appeal.matter", &author, author.person, "LB04", Matter::sample().write())
        .expect("begun");
    let refusal = bench.act(&author, id, &MatterAct::Submit).expect_err("would show the name");
    assert!(refusal.zh().contains("保密"), "{}", refusal.zh());
    let mut hidden = who('M');
    hidden.aliases.push(DocId::derive(&[b"alias"]));
    let deep = bench
        .found("appeal.matter", &hidden, hidden.aliases[0], "LB04.2.1", Matter::sample().write())
        .expect("begun");
    let refusal = bench.act(&hidden, deep, &MatterAct::Submit).expect_err("a group of ten people");
    assert!(refusal.zh().contains("二级单位或公司"), "{}", refusal.zh());
}

#[test]
fn an_officer_steps_aside_in_his_own_matter_also_behind_an_alias() {
    let mut bench = Bench::new();
    let mut rights = who('R');
    rights.aliases.push(DocId::derive(&[b"secret"]));
    let id = bench
        .found("appeal.matter", &rights, rights.aliases[0], "LB04", Matter::sample().write())
        .expect("begun");
    bench.act(&rights, id, &MatterAct::Submit).expect("submitted");
    let register = MatterAct::Register { note: String::new() };
    let refusal = bench.act(&rights, id, &register).expect_err("own matter");
    assert!(refusal.zh().contains("回避"), "{}", refusal.zh());
    bench.act(&who('Q'), id, &register).expect("the company's officer does it");
}

#[test]
fn a_complaint_never_goes_to_whom_it_is_about() {
    let mut bench = Bench::new();
    let author = who('M');
    let body =
        MatterBody { kind: "complaint".into(), involved: "LB04 红柳滩露天煤矿".into(), ..named() };
    let begin = |bench: &mut Bench, unit: &str| {
        bench.found("appeal.matter", &author, author.person, unit, body.write()).expect("begun")
    };
    let own = begin(&mut bench, "LB04");
    let refusal = bench.act(&author, own, &MatterAct::Submit).expect_err("the accused itself");
    assert!(refusal.zh().contains("被反映的单位"), "{}", refusal.zh());
    let id = begin(&mut bench, "LB");
    bench.act(&author, id, &MatterAct::Submit).expect("the company takes it");
    bench.act(&who('Q'), id, &MatterAct::Register { note: String::new() }).expect("registered");
    let down = MatterAct::Forward { to: OrgCode::new("LB04"), reason: "属地管理".into() };
    let refusal = bench.act(&who('Q'), id, &down).expect_err("not down to the accused");
    assert!(refusal.zh().contains("被反映的单位"), "{}", refusal.zh());
}
