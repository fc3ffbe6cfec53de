//! The tree and the posts in it: dated, by receipts, nobody for himself.

use crate::bench::{Bench, START};
use crate::cast::*;
use crate::refusals::speaks;
use domain::modules::org::{
    Person, PersonAct, PersonBody, Unit, UnitAct, UnitBody, edges, name_at, person_id, posts, stays, unit_at,
    unit_id,
};
use domain::*;

fn organiser() -> Who {
    person("0800009", "高建业", "LB08.1.1", &[(Role::Organiser, "LB")])
}

/// A bench with the units that these stories walk through; they stand since before all records.
fn bench() -> Bench {
    let mut bench = Bench::new();
    for (code, name) in [
        ("LB", "岭北工会"),
        ("LB04", "红柳滩"),
        ("LB04.2", "二分会"),
        ("LB05", "杨树沟"),
        ("LB05.2", "机修分会"),
    ] {
        let (id, body) = (unit_id(code), UnitBody { name: name.into(), ..UnitBody::default() });
        let meta = Meta { id, kind: "org.unit".into(), owner: id, unit: OrgCode::new(code), born_ms: 0 };
        bench.docs.insert(id, Raw { meta, values: body.write(), entries: vec![] });
    }
    bench
}

fn s(text: &str) -> String {
    text.into()
}
fn at(code: &str) -> OrgCode {
    OrgCode::new(code)
}
fn appoint(role: Role, place: &str, from: &str, until: &str) -> PersonAct {
    PersonAct::Appoint {
        role, at: at(place), from: s(from), until: s(until), reason: s("岭北工〔2026〕3号")
    }
}
fn day(text: &str) -> i64 {
    parse_date(text).unwrap()
}
/// The person as the bench's server knows them now.
fn known(bench: &Bench, id: DocId) -> Who {
    Person::who(&bench.doc::<Person>(id)).unwrap().at(bench.now_ms)
}

#[test]
fn a_term_ends_by_its_date_and_nobody_has_to_do_anything() {
    let (mut bench, boss, h) = (bench(), organiser(), who('H').person);
    bench.act(&boss, h, &appoint(Role::Rights, "LB04", "2026-01-10", "2026-03-31")).unwrap();
    assert!(!known(&bench, h).holds(Role::Rights, &at("LB04.1")), "it begins on the tenth");
    bench.days(10);
    assert!(known(&bench, h).holds(Role::Rights, &at("LB04.1")));
    bench.now_ms = day("2026-04-01") - 1;
    assert!(known(&bench, h).holds(Role::Rights, &at("LB04.1")));
    bench.now_ms += 1;
    assert_eq!(known(&bench, h).posts, vec![]);
    let gone = bench.act(&boss, h, &PersonAct::dismiss(Role::Rights, at("LB04"), "届满")).unwrap_err();
    speaks(&gone, "没有这个职务");
    bench.act(&boss, h, &appoint(Role::Rights, "LB04", "", "2029-03-31")).unwrap();
    assert_eq!(posts(&bench.doc::<Person>(h)).len(), 1, "elected again: one post with a new term");
}

#[test]
fn posts_that_watch_each_other_are_never_in_one_hand() {
    let (mut bench, boss, h) = (bench(), organiser(), who('H').person);
    bench.act(&boss, h, &appoint(Role::Admin, "LB", "", "2026-01-31")).unwrap();
    let both = bench.act(&boss, h, &PersonAct::appoint(Role::Auditor, at("LB"))).unwrap_err();
    speaks(&both, "不能同时任");
    bench.now_ms = day("2026-02-01");
    bench.act(&boss, h, &PersonAct::appoint(Role::Auditor, at("LB"))).unwrap();
    let back = bench.act(&boss, h, &PersonAct::appoint(Role::Organiser, at("LB04"))).unwrap_err();
    speaks(&back, "三员分立");
}

#[test]
fn nobody_decides_about_his_own_posts_and_place() {
    let (mut bench, boss) = (bench(), organiser());
    bench.docs.insert(boss.person, person_doc(&boss));
    let transfer = PersonAct::Transfer { to: at("LB05.2"), on: s("2026-01-01"), reason: s("调令") };
    for act in [
        PersonAct::appoint(Role::Admin, at("LB")),
        PersonAct::dismiss(Role::Organiser, at("LB"), "辞"),
        transfer,
    ] {
        speaks(&bench.act(&boss, boss.person, &act).unwrap_err(), "不能任免、调动自己");
    }
}

#[test]
fn a_transfer_moves_the_person_and_leaves_last_year_as_it_was() {
    let (mut bench, boss, m) = (bench(), organiser(), who('M').person);
    let to = |to: &str, on: &str| PersonAct::Transfer { to: at(to), on: s(on), reason: s("调令 12 号") };
    bench.act(&boss, m, &to("LB05.2", "2026-01-02")).unwrap();
    let doc = bench.doc::<Person>(m);
    assert_eq!(Person::who(&doc).unwrap().unit, at("LB05.2"));
    assert_eq!(Person::row(&doc).unit, at("LB05.2"));
    assert_eq!(Person::readers(&doc), [Reader::Person(m), Reader::Officers(at("LB05.2"))].into());
    assert_eq!(unit_at(&doc, day("2026-01-02") - 1), at("LB04.2.1"));
    assert_eq!(unit_at(&doc, day("2026-01-02")), at("LB05.2"));
    assert_eq!(stays(&doc).len(), 2);
    for (act, want) in [
        (to("LB05.2", "2026-01-03"), "已在这个单位"),
        (to("LB04.2", "2025-12-31"), "早于上一次"),
        (to("LB04.2", "2026-01-06"), "还没到"),
        (to("LB09", "2026-01-03"), "没有这个单位"),
        (to("XY01", "2026-01-03"), "本公司"),
        (PersonAct::Transfer { to: at("LB04.2"), on: s("2026-01-03"), reason: s(" ") }, "调动原因"),
    ] {
        speaks(&bench.act(&boss, m, &act).unwrap_err(), want);
    }
    let new_boss = person("0500001", "杨工", "LB05.1.1", &[(Role::Organiser, "LB05")]);
    let old_boss = person("0400010", "红工", "LB04.1.1", &[(Role::Organiser, "LB04")]);
    assert!(doc.may_edit(&new_boss).is_ok() && doc.may_edit(&old_boss).is_err());
}

#[test]
fn a_unit_is_set_up_renamed_and_closed_with_day_and_paper() {
    let (mut bench, boss) = (bench(), organiser());
    let code = at("LB04.3");
    let set_up = UnitAct::Establish {
        code: code.clone(),
        name: s("三分会"),
        kind: s("分会"),
        on: s("2025-06-01"),
        reason: s("岭北工〔2025〕9号"),
    };
    bench.act(&boss, unit_id("LB04"), &set_up).unwrap();
    let unit = unit_id("LB04.3");
    assert_eq!(bench.doc::<Unit>(unit).acts.len(), 1, "founded in the same breath");
    speaks(&bench.act(&boss, unit_id("LB04"), &set_up).unwrap_err(), "用过");
    let rename =
        |name: &str, on: &str| UnitAct::Rename {
            name: s(name), on: s(on), reason: s("岭北工〔2026〕1号")
        };
    speaks(&bench.act(&boss, unit, &rename("综采队分会", "2025-05-31")).unwrap_err(), "早于");
    bench.act(&boss, unit, &rename("综采队分会", "2026-01-01")).unwrap();
    bench.act(&boss, unit, &UnitAct::Close { reason: s("岭北工〔2026〕2号"), on: s("2026-01-05") }).unwrap();
    let doc = bench.doc::<Unit>(unit);
    let name = |on: &str| name_at(&doc, day(on));
    assert_eq!(name("2025-05-31"), None);
    assert_eq!((name("2025-06-01"), name("2025-12-31")), (Some(s("三分会")), Some(s("三分会"))));
    assert_eq!((name("2026-01-04"), name("2026-01-05")), (Some(s("综采队分会")), None));
    assert_eq!(edges(&doc).len(), 2);
    let late = bench.act(&boss, unit, &rename("新名", "2026-01-05")).unwrap_err();
    assert!(matches!(late, Refusal::NotNow(label) if label.code == "closed"));
}

#[test]
fn a_unit_that_moves_gets_a_new_code_and_the_old_one_keeps_its_time() {
    let (mut bench, boss) = (bench(), organiser());
    let go =
        |to: &str| UnitAct::Move { to: at(to), on: s("2026-01-01"), reason: s("岭北工〔2026〕1号") };
    for (to, want) in [
        ("LB05.2", "用过"),
        ("LB04.2.9", "其他单位之下"),
        ("LB06.1", "没有这个单位"),
        ("XY05.1", "其他单位之下"),
        ("LB05.a b", "其他单位之下"),
    ] {
        speaks(&bench.act(&boss, unit_id("LB04.2"), &go(to)).unwrap_err(), want);
    }
    bench.act(&boss, unit_id("LB04.2"), &go("LB05.7")).unwrap();
    let (old, new) = (bench.doc::<Unit>(unit_id("LB04.2")), bench.doc::<Unit>(unit_id("LB05.7")));
    assert_eq!((old.status.code(), new.status.code()), ("moved", "live"));
    let (before, after) = (day("2025-12-31"), day("2026-01-01"));
    assert_eq!((name_at(&old, before), name_at(&new, before)), (Some(s("二分会")), None));
    assert_eq!((name_at(&old, after), name_at(&new, after)), (None, Some(s("二分会"))));
    let merge =
        UnitAct::Merge { into: at("LB05.2"), on: s("2026-01-02"), reason: s("岭北工〔2026〕2号") };
    bench.act(&boss, unit_id("LB05.7"), &merge).unwrap();
    assert_eq!(bench.doc::<Unit>(unit_id("LB05.7")).status.code(), "merged");
}

#[test]
fn no_unit_comes_from_nowhere_and_none_beside_another() {
    let (mut bench, boss) = (bench(), organiser());
    let values = UnitBody { name: s("影子分会"), ..UnitBody::default() }.write();
    let beside = bench.found("org.unit", &boss, boss.person, "LB04.2", values.clone());
    assert_eq!(beside, Err(Refusal::Unreadable(s("id"))));
    let meta = Meta {
        id: unit_id("LB04.9"),
        kind: s("org.unit"),
        owner: boss.person,
        unit: at("LB04.9"),
        born_ms: START,
    };
    bench.docs.insert(meta.id, Raw { meta, values, entries: vec![] });
    let found = UnitAct::Found { from: at("LB04"), on: s("2026-01-01"), reason: s("自批") };
    speaks(&bench.act(&boss, unit_id("LB04.9"), &found).unwrap_err(), "没有对应的设立");
}

#[test]
fn only_the_organisation_officer_of_the_company_changes_the_tree() {
    let (mut bench, admin) = (bench(), who('Z'));
    let close = UnitAct::Close { reason: s("x"), on: s("2026-01-01") };
    for by in [&admin, &who('T'), &who('U')] {
        assert!(matches!(bench.act(by, unit_id("LB04.2"), &close), Err(Refusal::NeedsRole(..))));
    }
    assert!(bench.act(&admin, who('H').person, &PersonAct::appoint(Role::Rights, at("LB04"))).is_ok());
    let values = PersonBody { no: s("9"), ..PersonBody::default() }.write();
    assert!(bench.found("org.person", &admin, person_id("9"), "LB04", values).is_err());
}
