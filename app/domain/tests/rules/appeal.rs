//! A matter from the person to the archive: who may do what, and when it has to be done.

use crate::bench::{Bench, START};
use crate::cast::*;
use domain::modules::appeal::*;
use domain::*;

fn named() -> MatterBody {
    MatterBody { named: true, ..Matter::sample() }
}

fn to_h() -> MatterAct {
    let (handler, handler_name) = (who('H').person, who('H').name);
    MatterAct::Assign { unit: OrgCode::new("LB04"), handler, handler_name, co: vec![] }
}
fn answer() -> MatterAct {
    MatterAct::Answer { text: "已更换循环泵，夜间室温达到 18 度".into() }
}
fn register() -> MatterAct {
    MatterAct::Register { note: String::new() }
}
fn accept() -> MatterAct {
    MatterAct::Accept { words: String::new() }
}
fn forward(to: &str) -> MatterAct {
    MatterAct::Forward { to: OrgCode::new(to), reason: "供暖由公司统一管理".into() }
}
fn rate(grade: Grade) -> MatterAct {
    MatterAct::Rate { grade, words: "温度还是不够".into() }
}
fn propose(days: i64) -> MatterAct {
    MatterAct::ProposeExtend { reason: "等待配件到货".into(), days }
}
fn grant() -> MatterAct {
    MatterAct::GrantExtend { words: String::new() }
}

fn at(more: Vec<(Who, MatterAct)>) -> impl Fn(MatterStatus) -> Doc<Matter> {
    move |status| {
        let (id, kind) = (DocId::derive(&[b"matter"]), Matter::NAME.into());
        let meta = Meta { id, kind, owner: who('M').person, unit: OrgCode::new("LB04"), born_ms: 0 };
        let mut acts = match status {
            MatterStatus::Draft => vec![],
            _ => vec![(who('M'), MatterAct::Submit), (who('R'), to_h())],
        };
        acts.extend(more.iter().filter(|_| status != MatterStatus::Draft).cloned());
        placed(meta, &named(), &acts, status)
    }
}

#[test]
fn who_may_do_what_with_a_matter() {
    let want = "
        draft: submit M · withdraw M
        submitted: register RQ · withdraw M
        registered: accept RQ · decline RQ · forward RQ · withdraw M
        declined: archive RQ
        forwarded: accept RQ · object RQ · withdraw M
        accepted: assign RQ · withdraw M
        assigned: assign RQ · start H · answer H · propose_extend H · withdraw M
        working: assign RQ · answer H · propose_extend H · withdraw M
        answered: rate M · rate_bad M · open_answer RQ · archive RQ · withdraw M
        second: assign RQ · answer H · withdraw M
        closed: open_answer RQ · archive RQ
        opened: archive RQ
        archived:
        withdrawn: archive RQ
    ";
    same(&verdicts(at(vec![]), &cast()), want);
}

#[test]
fn while_more_time_is_asked_for_only_the_chair_of_the_level_grants_it() {
    let table = verdicts(at(vec![(who('H'), propose(10))]), &cast());
    let lines: Vec<&str> =
        table.lines().filter(|line| line.starts_with("assigned") || line.starts_with("working")).collect();
    assert_eq!(lines[0], "assigned: assign RQ · start H · answer H · grant_extend U · withdraw M");
    assert_eq!(lines[1], "working: assign RQ · answer H · grant_extend U · withdraw M");
}

#[test]
fn what_was_forwarded_to_the_company_is_the_companys() {
    let table = verdicts(at(vec![(who('R'), forward("LB")), (who('H'), propose(10))]), &cast());
    let line =
        |state: &str| table.lines().find(|line| line.starts_with(state)).unwrap_or_default().to_string();
    assert_eq!(line("forwarded"), "forwarded: accept Q · object Q · withdraw M");
    assert_eq!(line("working"), "working: assign Q · answer H · grant_extend T · withdraw M");
}

fn reads(doc: &Doc<Matter>) -> String {
    let lies_in = scopes_of(&Matter::readers(doc));
    cast().iter().filter(|(_, who)| !scopes_held(who).is_disjoint(&lies_in)).map(|(l, _)| *l).collect()
}

#[test]
fn only_those_in_charge_read_a_matter() {
    let matter = |acts: Vec<(Who, MatterAct)>, status| {
        let (id, kind) = (DocId::derive(&[b"matter"]), Matter::NAME.into());
        let meta = Meta { id, kind, owner: who('M').person, unit: OrgCode::new("LB04"), born_ms: 0 };
        placed::<Matter>(meta, &named(), &acts, status)
    };
    let submit = (who('M'), MatterAct::Submit);
    assert_eq!(reads(&matter(vec![], MatterStatus::Draft)), "M", "a draft is its author's alone");
    assert_eq!(reads(&matter(vec![submit.clone()], MatterStatus::Submitted)), "URMQ");
    assert_eq!(reads(&matter(vec![submit.clone(), (who('R'), to_h())], MatterStatus::Assigned)), "URHMQ");
    let up = vec![submit.clone(), (who('R'), forward("LB"))];
    assert_eq!(reads(&matter(up, MatterStatus::Forwarded)), "RMTQ", "the company's chair, not the mine's");
    let helped = MatterAct::Assign {
        unit: OrgCode::new("LB04"),
        handler: who('H').person,
        handler_name: "韩工".into(),
        co: vec![OrgCode::new("LB03")],
    };
    assert_eq!(reads(&matter(vec![submit, (who('R'), helped)], MatterStatus::Assigned)), "URHMQX");
}

/// A bench with a submitted matter of M at LB04.
fn submitted(body: MatterBody) -> (Bench, DocId) {
    let mut bench = Bench::new();
    let author = who('M');
    let id = bench.found("appeal.matter", &author, author.person, "LB04", body.write()).expect("begun");
    bench.act(&author, id, &MatterAct::Submit).expect("submitted");
    (bench, id)
}

/// Plays acts; each must lead to the state, or be refused with the word.
#[track_caller]
fn play(bench: &mut Bench, id: DocId, steps: &[(char, MatterAct, &str)]) {
    for (letter, act, want) in steps {
        match bench.act(&who(*letter), id, act) {
            Ok(accepted) => assert_eq!(accepted.receipt.to, *want, "{letter} {act:?}"),
            Err(refusal) => assert!(refusal.zh().contains(want), "{letter} {act:?}: {}", refusal.zh()),
        }
    }
}

fn assigned() -> (Bench, DocId) {
    let (mut bench, id) = submitted(named());
    play(
        &mut bench,
        id,
        &[('R', register(), "registered"), ('R', accept(), "accepted"), ('R', to_h(), "assigned")],
    );
    (bench, id)
}

#[test]
fn the_receipt_gives_the_number_of_the_official_year() {
    let (mut bench, first) = submitted(named());
    assert_eq!(bench.doc::<Matter>(first).number(), Some("LB诉〔2026〕1号"));
    bench.now_ms = start_of(2027, 1, 1) - 1;
    let next = |bench: &mut Bench| {
        let author = who('H');
        let id = bench.found("appeal.matter", &author, author.person, "LB", named().write()).expect("begun");
        bench.act(&author, id, &MatterAct::Submit).expect("submitted").receipt.stamped
    };
    assert_eq!(next(&mut bench).as_deref(), Some("LB诉〔2026〕2号"), "one series for the whole company");
    bench.now_ms += 1;
    assert_eq!(next(&mut bench).as_deref(), Some("LB诉〔2027〕1号"), "midnight in Beijing");
}

#[test]
fn satisfied_at_once_or_handled_a_second_time_and_no_third() {
    let (mut bench, id) = assigned();
    let steps = [
        ('H', MatterAct::Start { words: String::new() }, "working"),
        ('H', answer(), "answered"),
        ('M', rate(Grade::Dissatisfied), "second"),
        ('R', to_h(), "second"),
        ('H', answer(), "answered"),
        ('M', rate(Grade::Dissatisfied), "closed"),
        ('M', rate(Grade::Very), "已办结"),
    ];
    play(&mut bench, id, &steps);
    let (mut bench, id) = assigned();
    play(&mut bench, id, &[('H', answer(), "answered"), ('M', rate(Grade::Basically), "closed")]);
}

#[test]
fn forwarding_goes_there_and_back_within_five_working_days() {
    let object = MatterAct::Object { reason: "设备属于红柳滩矿产权".into() };
    let (mut bench, id) = submitted(named());
    play(
        &mut bench,
        id,
        &[
            ('R', register(), "registered"),
            ('R', forward("LB04"), "已经在这个单位"),
            ('R', forward("LB"), "forwarded"),
        ],
    );
    bench.now_ms = end_of_workday_after(bench.now_ms, 5);
    let mut late = bench.clone();
    play(&mut bench, id, &[('Q', object.clone(), "registered"), ('R', accept(), "accepted")]);
    late.now_ms += 1;
    play(&mut late, id, &[('Q', object, "退回期限"), ('Q', accept(), "accepted")]);
}

#[test]
fn of_two_decisions_on_one_matter_exactly_one_stands() {
    let (mut bench, id) = submitted(named());
    play(&mut bench, id, &[('R', register(), "registered"), ('R', accept(), "accepted")]);
    let decline = MatterAct::Decline { reason: "已在仲裁".into(), where_to: "仲裁委员会".into() };
    let late = bench.act(&who('Q'), id, &decline).expect_err("decided already");
    assert!(matches!(&late, Refusal::NotNow(status) if status.code == "accepted"), "{late:?}");
}

fn due(bench: &Bench, id: DocId, what: Duty, rank: Rank) -> Option<String> {
    let doc = bench.doc::<Matter>(id);
    let line = deadlines(&doc).into_iter().rfind(|line| line.what == what && line.rank == rank);
    line.map(|line| format!("{}{}", date_text(line.due_ms), if line.is_open() { "" } else { " ✓" }))
}

#[test]
fn legal_limits_run_from_receipts() {
    let (mut bench, id) = submitted(named());
    let at = |bench: &Bench, what, rank| due(bench, id, what, rank).unwrap_or_default();
    assert_eq!(at(&bench, Duty::Register, Rank::Law), "2026-01-20", "15 days from Monday the 5th");
    assert_eq!(at(&bench, Duty::Register, Rank::Inner), "2026-01-08", "3 working days");
    assert_eq!(at(&bench, Duty::Tell, Rank::Law), "2026-01-20");
    bench.days(2);
    play(&mut bench, id, &[('R', register(), "registered")]);
    assert_eq!(at(&bench, Duty::Register, Rank::Law), "2026-01-20 ✓");
    assert_eq!(at(&bench, Duty::Tell, Rank::Law), "2026-01-20", "registered is not told");
    bench.days(1);
    play(&mut bench, id, &[('R', accept(), "accepted")]);
    assert_eq!(at(&bench, Duty::Tell, Rank::Law), "2026-01-20 ✓");
    assert_eq!(at(&bench, Duty::Finish, Rank::Law), "2026-03-09", "60 days from the 8th");
    assert_eq!(at(&bench, Duty::Assign, Rank::Inner), "2026-01-13", "Thursday + 3 working days");
    play(&mut bench, id, &[('R', to_h(), "assigned"), ('H', propose(20), "assigned")]);
    assert_eq!(at(&bench, Duty::Finish, Rank::Law), "2026-03-09", "asked is not granted");
    play(&mut bench, id, &[('U', grant(), "assigned")]);
    assert_eq!(at(&bench, Duty::Finish, Rank::Law), "2026-03-29");
    play(&mut bench, id, &[('H', propose(11), "现在最多还可申请 10 天"), ('H', answer(), "answered")]);
    assert_eq!(at(&bench, Duty::Finish, Rank::Law), "2026-03-29 ✓");
    assert_eq!(at(&bench, Duty::Review, Rank::Law), "2026-02-07", "30 days to ask for review");
    play(&mut bench, id, &[('M', rate(Grade::Dissatisfied), "second")]);
    assert_eq!(at(&bench, Duty::Review, Rank::Law), "2026-02-07 ✓");
    assert_eq!(at(&bench, Duty::Second, Rank::Law), "2026-02-07");
}

#[test]
fn the_list_of_late_matters_names_what_the_union_owes_and_only_that() {
    let (mut bench, id) = submitted(MatterBody { urgent: true, ..named() });
    let late = |bench: &Bench| -> Vec<(Duty, Rank)> {
        overdue(&bench.doc(id), bench.now_ms).into_iter().map(|line| (line.what, line.rank)).collect()
    };
    assert_eq!(late(&bench), []);
    bench.now_ms = end_of_day_after(START, 1) + 1;
    assert_eq!(late(&bench), [(Duty::Register, Rank::Inner)], "urgent: the next day at the latest");
    bench.now_ms = end_of_day_after(START, 15);
    assert_eq!(
        late(&bench).iter().filter(|(_, rank)| *rank == Rank::Law).count(),
        0,
        "the last day is in time"
    );
    bench.now_ms += 1;
    assert!(late(&bench).contains(&(Duty::Tell, Rank::Law)));
    play(
        &mut bench,
        id,
        &[
            ('R', register(), "registered"),
            ('R', accept(), "accepted"),
            ('R', to_h(), "assigned"),
            ('H', answer(), "answered"),
        ],
    );
    bench.days(365);
    assert_eq!(late(&bench), [], "that the person never rated it is nobody's fault");
    let row = Matter::row(&bench.doc(id));
    assert_eq!(row.fact("owed"), "");
}

#[test]
fn a_row_shows_the_nearest_open_deadline() {
    let (mut bench, id) = submitted(named());
    let row = |bench: &Bench| Matter::row(&bench.doc(id));
    assert_eq!(row(&bench).due_ms.map(date_text).as_deref(), Some("2026-01-08"));
    assert_eq!(row(&bench).fact("owed"), "1");
    play(&mut bench, id, &[('R', register(), "registered")]);
    assert_eq!(row(&bench).due_ms.map(date_text).as_deref(), Some("2026-01-20"));
    play(&mut bench, id, &[('M', MatterAct::Withdraw { reason: String::new() }, "withdrawn")]);
    assert_eq!(row(&bench).due_ms, None, "nothing is owed any more");
}

#[test]
fn nothing_is_filed_while_the_person_may_still_object() {
    let (mut bench, id) = assigned();
    play(&mut bench, id, &[('H', answer(), "answered"), ('R', MatterAct::Archive, "请等评价后")]);
    bench.now_ms = end_of_day_after(bench.now_ms, 30);
    play(&mut bench, id, &[('R', MatterAct::Archive, "请等评价后")]);
    bench.now_ms += 1;
    play(&mut bench, id, &[('R', MatterAct::Archive, "archived")]);
    assert_eq!(open_deadlines(&bench.doc(id)), []);
}

#[test]
fn limits_come_from_the_table_of_their_day() {
    let before = limit("finish", Rank::Law, start_of(2022, 4, 30));
    assert_eq!(before, None, "the regulation was not in force");
    let now = limit("finish", Rank::Law, START).expect("in force");
    assert_eq!((now.days, now.workdays), (60, false));
    assert!(now.source.contains("第三十四条"));
    for limit in limits() {
        assert!(
            limit.rank == Rank::Law || limit.source.starts_with("公司"),
            "{limit:?} says that it is the company's"
        );
    }
    let table = include_str!("../../src/modules/appeal/limits.tsv");
    let lines = table.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(limits().len(), lines, "every line of the table was understood");
}

#[test]
fn working_days_skip_the_weekend() {
    let friday = start_of(2026, 1, 9) + 1;
    assert_eq!(date_text(end_of_workday_after(friday, 1)), "2026-01-12");
    assert_eq!(date_text(end_of_workday_after(friday, 5)), "2026-01-16");
    let sunday = start_of(2026, 1, 11);
    assert_eq!(date_text(end_of_workday_after(sunday, 1)), "2026-01-12");
    assert_eq!(date_text(end_of_workday_after(sunday, 6)), "2026-01-19");
}
