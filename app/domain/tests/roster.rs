//! Roster import on whole files: the demo company's roster, one with known faults, and arbitrary bytes.
#![cfg(feature = "import")]

use domain::modules::org::PersonBody;
use domain::modules::org::roster::{
    Code, Column, Date, Finding, IdFault, IdNumber, Plan, PostKind, Severity, Sex, Sheet, Units, check, plan,
    read,
};
use domain::{Body, Word};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::{Duration, Instant};

const UNITS: &[u8] = include_bytes!("../../../server/demo/units.csv");
const ROSTER: &[u8] = include_bytes!("../../../server/demo/roster.csv");
const TEMPLATE: &[u8] = include_bytes!("../../../server/demo/roster-template.csv");
const FAULTS: &[u8] = include_bytes!("data/roster-with-faults.csv");
const EXPECTED: &str = include_str!("data/roster-with-faults.expected.csv");
const MANUAL: &str = include_str!("../../../docs/import.md");

fn units() -> Units {
    Units::read(UNITS).expect("the demo's units")
}

fn today() -> Date {
    Date::new(2026, 11, 23).expect("a day")
}

fn sheet(bytes: &[u8]) -> Sheet {
    read(bytes).unwrap_or_else(|why| panic!("{}", why.en()))
}

fn checked(bytes: &[u8]) -> (Vec<Finding>, Plan) {
    let sheet = sheet(bytes);
    let findings = check(&sheet, &units(), today());
    let plan = plan(&sheet, &findings);
    (findings, plan)
}

#[test]
fn the_faulty_roster_gives_exactly_the_expected_findings() {
    let expected: Vec<(u32, &str)> = EXPECTED
        .trim_start_matches('\u{feff}')
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').expect("two cells"))
        .map(|(line, what)| (line.parse().expect("a line number"), what))
        .collect();
    let (findings, plan) = checked(FAULTS);
    let found: Vec<_> = findings.iter().map(|f| (f.line, f.zh.as_str())).collect();
    assert_eq!(expected.len(), 24);
    assert_eq!(found, expected);

    let refused = findings.iter().filter(|f| f.severity == Severity::Refuse).count();
    assert_eq!((plan.persons.len(), plan.skipped.len()), (900 - refused, refused));
}

#[test]
fn a_duplicate_says_which_line_had_the_number_first() {
    let (findings, _) = checked(FAULTS);
    let seen = |code| findings.iter().filter(|f| f.code == code).map(|f| f.see).collect::<Vec<_>>();
    assert_eq!(seen(Code::IdTwice), [Some(3), Some(3)]);
    assert_eq!(seen(Code::NoTwice), [Some(2), Some(2)]);
}

#[test]
fn findings_repeat_nothing_from_the_cells() {
    let text = std::str::from_utf8(FAULTS).expect("UTF-8");
    let (findings, _) = checked(FAULTS);
    for finding in findings {
        let line = text.lines().nth(finding.line as usize - 1).expect("a line");
        let said = format!("{} {}", finding.zh, finding.en);
        let told = line.split(',').filter(|cell| cell.chars().count() > 1).find(|cell| said.contains(cell));
        assert_eq!(told.filter(|cell| *cell != "井下"), None, "line {}", finding.line);
    }
}

#[test]
fn the_demo_company_is_imported_whole_and_at_once() {
    let start = Instant::now();
    let (findings, plan) = checked(ROSTER);
    let took = start.elapsed();
    assert_eq!(findings, []);
    assert_eq!((plan.persons.len(), plan.skipped.len()), (6_800, 0));
    assert!(took < Duration::from_secs(1), "{took:?}");

    let level = |level| plan.units.iter().filter(|unit| unit.level == level).count();
    assert_eq!((level(3), level(4)), (64, 397), "every branch; every group that somebody is in");
    assert_eq!(plan.persons.iter().filter(|person| person.member).count(), 6_623);
    let below = plan.persons.iter().any(|p| p.sex == Sex::Female && p.post_kind == PostKind::Underground);
    assert!(!below);
}

#[test]
fn everybody_has_a_place_in_the_tree() {
    let (_, plan) = checked(ROSTER);
    let mut known: HashSet<_> = units().iter().map(|unit| unit.code.clone()).collect();
    for unit in &plan.units {
        assert!(known.contains(&unit.parent), "{} hangs on nothing", unit.code);
        assert!(known.insert(unit.code.clone()), "{} twice", unit.code);
    }
    assert!(plan.persons.iter().all(|person| known.contains(&person.unit)));

    let first = &plan.persons[0];
    assert_eq!((first.no.as_str(), first.unit.as_str()), ("0100001", "LB01.9.4"));
    let names: BTreeMap<_, _> = plan.units.iter().map(|u| (u.code.as_str(), u.name.as_str())).collect();
    assert_eq!((names["LB01.9"], names["LB01.9.4"]), ("9分会", "9-4小组"));
    assert!(plan.persons.iter().all(|person| person.initials.len() >= 2));
}

#[test]
fn the_demos_units_are_the_company_its_departments_and_eight_mines_and_plants() {
    let units = units();
    let level = |level| units.iter().filter(|unit| unit.code.level() == level).count();
    assert_eq!((level(1), level(2)), (1, 6 + 8));
    assert_eq!(units.get("LB02").map(|unit| unit.name.as_str()), Some("青石岭煤矿工会"));
}

#[test]
fn the_template_is_a_file_that_could_be_imported() {
    let (findings, plan) = checked(TEMPLATE);
    assert_eq!(findings, []);
    assert_eq!((plan.persons.len(), plan.units.len()), (1, 2));
    assert!(sheet(TEMPLATE).ignored().is_empty());
}

#[test]
fn the_manual_explains_every_finding_and_every_column() {
    let missing: Vec<_> = Code::ALL
        .iter()
        .flat_map(|code| [code.code(), code.zh(), code.remedy_zh(), code.en(), code.remedy_en()])
        .chain(Column::ALL.iter().flat_map(|column| column.names().iter().copied()))
        .filter(|text| !MANUAL.contains(text))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn no_accepted_cell_is_longer_than_the_field_it_goes_to() {
    let room = |name: &str| PersonBody::FIELDS.iter().find(|field| field.name == name).map(|field| field.max);
    for (column, field) in [
        (Column::No, "no"),
        (Column::Name, "name"),
        (Column::Post, "job"),
        (Column::UnionPost, "union_post"),
        (Column::Branch, "branch_name"),
        (Column::Group, "group_name"),
    ] {
        assert!(room(field) >= Some(column.max_chars()), "{field}");
    }
    let (_, plan) = checked(ROSTER);
    assert!(plan.persons.iter().all(|person| Some(person.initials.len()) <= room("initials")));
}

/// One line of a small roster: the template's person with some cells changed.
fn with(changes: &[(Column, &str)]) -> Vec<Finding> {
    let template = std::str::from_utf8(TEMPLATE).expect("UTF-8");
    let (header, line) = template.trim_end().split_once("\r\n").expect("two lines");
    let mut cells: Vec<String> = line.split(',').map(str::to_string).collect();
    for (column, text) in changes {
        cells[*column as usize] = format!("\"{}\"", text.replace('"', "\"\""));
    }
    checked(format!("{header}\n{}\n", cells.join(",")).as_bytes()).0
}

#[test]
fn each_rule_finds_its_own_fault_and_nothing_else() {
    use Column::*;
    let cases: &[(Code, &[(Column, &str)])] = &[
        (Code::CellBreak, &[(Name, "张\n三")]),
        (Code::CellLong, &[(Name, &"长".repeat(41))]),
        (Code::CellFormula, &[(Post, "＝1+1")]),
        (Code::CellFormula, &[(Phone, "@1")]),
        (Code::NoEmpty, &[(No, "")]),
        (Code::NoShape, &[(No, "1E+05")]),
        (Code::NameEmpty, &[(Name, "　")]),
        (Code::IdShape, &[(IdNumber, "1.50799E+17")]),
        (Code::IdShape, &[(IdNumber, "150799900501002")]),
        (Code::IdChecksum, &[(IdNumber, "150799199005010000")]),
        (Code::BornDiffers, &[(Born, "1990-05-02")]),
        (Code::SexDiffers, &[(Sex, "男")]),
        (Code::PhoneShape, &[(Phone, "0470-1234567")]),
        (Code::PhoneMissing, &[(Phone, "")]),
        (Code::UnitUnknown, &[(Unit, "")]),
        (Code::UnitName, &[(UnitName, "青石岭煤矿")]),
        (Code::BranchMissing, &[(Branch, "")]),
        (Code::GroupApart, &[(Group, "2-1小组")]),
        (Code::WordUnknown, &[(PostKind, "井上")]),
        (Code::WordUnknown, &[(Member, "")]),
        (Code::DateShape, &[(JoinedCompany, "2015-02-30")]),
        (Code::DateFuture, &[(JoinedUnion, "2026-11-24")]),
        (Code::JoinedEarly, &[(JoinedUnion, "2015-06-30")]),
        (Code::JoinedMissing, &[(JoinedUnion, "")]),
        (Code::JoinedIdle, &[(Member, "否")]),
        (Code::WomanUnderground, &[(PostKind, "井下")]),
    ];
    for (code, changes) in cases {
        let found: Vec<_> = with(changes).into_iter().map(|f| f.code).collect();
        assert_eq!(found, [*code], "{}", code.zh());
    }
}

#[test]
fn what_people_and_spreadsheets_do_to_good_data_is_not_a_fault() {
    use Column::*;
    let idle: &[&[(Column, &str)]] = &[
        &[(Born, "1990/5/1"), (JoinedCompany, "2015年7月1日"), (JoinedUnion, "20150901")],
        &[(Born, "")],
        &[(Phone, "+86 199-0000-9999")],
        &[(IdNumber, "\t150799199005010026"), (Phone, "'19900009999")],
        &[(Rural, ""), (UnionPost, "—"), (Ethnic, "")],
        &[(Name, "张　三"), (Group, "第1小组")],
    ];
    for changes in idle {
        assert_eq!(with(changes), [], "{changes:?}");
    }
}

#[test]
fn cells_beyond_the_header_matter_only_when_something_stands_in_them() {
    let template = std::str::from_utf8(TEMPLATE).expect("UTF-8").trim_end();
    assert_eq!(checked(format!("{template},,\n").as_bytes()).0, []);
    let found: Vec<_> =
        checked(format!("{template},,x\n").as_bytes()).0.into_iter().map(|f| f.code).collect();
    assert_eq!(found, [Code::CellsMany]);
}

#[test]
fn a_column_we_do_not_know_is_named_and_left_out() {
    let template = std::str::from_utf8(TEMPLATE).expect("UTF-8").replace("民族", "婚姻状况");
    let (findings, plan) = checked(template.as_bytes());
    let found: Vec<_> = findings.iter().map(|f| (f.line, f.code, f.zh.as_str())).collect();
    assert_eq!(found, [(1, Code::ColumnIgnored, "“婚姻状况”列不会导入")]);
    assert_eq!(plan.persons[0].ethnic, "");
}

/// The first `lines` lines of the demo's roster with the columns in another order.
fn permuted(lines: usize, order: &[usize]) -> String {
    let text = std::str::from_utf8(ROSTER).expect("UTF-8").trim_start_matches('\u{feff}');
    let mut out = String::new();
    for line in text.lines().take(lines + 1) {
        let cells: Vec<_> = line.split(',').collect();
        let moved: Vec<_> = order.iter().map(|place| cells[*place]).collect();
        out += &format!("{}\r\n", moved.join(","));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn arbitrary_bytes_are_answered_and_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
        at in 0usize..4_000,
    ) {
        let mut holed = FAULTS[..8_000].to_vec();
        let end = (at + bytes.len()).min(holed.len());
        holed.splice(at..end, bytes.iter().copied().map(|byte| byte & 0x7f).filter(|byte| *byte != 0));
        for bytes in [&bytes, &holed] {
            if let Ok(sheet) = read(bytes) {
                let findings = check(&sheet, &units(), today());
                plan(&sheet, &findings);
            }
            let _ = Units::read(bytes);
        }
    }

    #[test]
    fn arbitrary_cells_under_a_true_header_never_panic(
        rows in proptest::collection::vec("([0-9XLB=\t\"',年月/.第分会小组女井下是-]|\\PC){0,80}", 1..12),
    ) {
        let header = Column::ALL.map(Column::zh).join(",");
        let text = format!("{header}\n{}", rows.join("\n"));
        let sheet = sheet_or_empty(&text)?;
        let findings = check(&sheet, &units(), today());
        let plan = plan(&sheet, &findings);
        prop_assert_eq!(plan.persons.len() + plan.skipped.len(), sheet.len());
        let refused: BTreeSet<_> =
            findings.iter().filter(|f| f.severity == Severity::Refuse).map(|f| f.line).collect();
        prop_assert_eq!(refused, plan.skipped.into_iter().collect::<BTreeSet<_>>(), "only refused lines are skipped");
    }

    #[test]
    fn reading_does_not_depend_on_the_order_of_columns(order in Just((0..19).collect::<Vec<_>>()).prop_shuffle()) {
        let usual: Vec<_> = (0..19).collect();
        let (findings, moved) = checked(permuted(60, &order).as_bytes());
        prop_assert_eq!(findings, vec![]);
        prop_assert_eq!(moved, checked(permuted(60, &usual).as_bytes()).1);
    }

    #[test]
    fn one_check_character_in_eleven_is_right(
        region in 110_000u32..820_000, year in 1950u32..2006, month in 1u32..=12, day in 1u32..=28, order in 0u32..1000,
    ) {
        let number = format!("{region}{year}{month:02}{day:02}{order:03}");
        let right = "0123456789X".chars().filter(|last| IdNumber::parse(&format!("{number}{last}")).is_ok());
        prop_assert_eq!(right.count(), 1);
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(place in 0usize..17, by in 1u8..10) {
        let mut number = *b"11010519491231002X";
        number[place] = b'0' + (number[place] - b'0' + by) % 10;
        let wrong = IdNumber::parse(std::str::from_utf8(&number).expect("digits"));
        prop_assert!(matches!(wrong.err(), Some(IdFault::Checksum | IdFault::Shape)));
    }
}

/// Rows that hold nothing but blanks make no sheet; there is nothing to claim about them.
fn sheet_or_empty(text: &str) -> Result<Sheet, TestCaseError> {
    read(text.as_bytes()).map_err(|why| TestCaseError::reject(why.en()))
}
