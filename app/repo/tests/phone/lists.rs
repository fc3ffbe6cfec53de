//! Claim: a list over a company's whole roster is answered from rows alone, page by page, and opens no document.

use crate::bench::*;
use domain::bridge::{Query, Sort};
use domain::*;
use std::collections::{BTreeMap, BTreeSet};
use sync::{BodyFrame, DocFrame, End, Frame};

const PEOPLE: usize = 6_800;

fn row(i: usize) -> Row {
    let mine = format!("LB{:02}.{}.{}", 1 + i % 8, 1 + i % 9, 1 + i % 5);
    let facts =
        [("py", format!("l{}y", (b'a' + (i % 26) as u8) as char)), ("no", format!("{:07}", 200_000 + i))];
    let facts: BTreeMap<String, String> = facts.into_iter().map(|(key, value)| (key.into(), value)).collect();
    Row {
        id: DocId::derive(&[b"person", &i.to_be_bytes()]),
        kind: "org.person".into(),
        title: format!("李{}勇", char::from_u32(0x4e00 + (i as u32 * 7) % 20_000).unwrap()),
        note: format!("综采{}队", i % 12),
        status: Label { code: "staff".into(), zh: "在册".into(), en: "On staff".into(), tone: Tone::Ok },
        unit: OrgCode::new(mine),
        owner: DocId::default(),
        at_ms: START_MS + ((i * 7_919) % PEOPLE) as i64,
        due_ms: (i.is_multiple_of(3)).then_some(START_MS + i as i64),
        number: None,
        facts,
    }
}

fn roster() -> Bench {
    let bench = Bench::new();
    let frame = |i: usize| DocFrame {
        id: row(i).id,
        kind: "org.person".into(),
        scopes: BTreeSet::from([scope()]),
        body: BodyFrame::None,
        acts: vec![],
        row: row(i),
    };
    for page in (0..PEOPLE).collect::<Vec<_>>().chunks(300) {
        let more = *page.last().unwrap() + 1 < PEOPLE;
        let mut frames: Vec<Frame> = page.iter().map(|i| Frame::Doc(Box::new(frame(*i)))).collect();
        frames.push(Frame::Cursors([(scope(), page[0] as u64 + 1)].into()));
        frames.push(Frame::End(End { more, ..end() }));
        bench.next(move |_| (frames, Ok(())));
    }
    bench.sync().unwrap();
    bench
}

fn people(text: &str) -> Query {
    Query { kinds: vec!["org.person".into()], text: text.into(), limit: 50, ..Query::default() }
}

#[test]
fn the_whole_roster_is_listed_searched_and_paged_from_rows_alone() {
    let mut bench = roster();
    bench.restart();
    let mut seen = BTreeSet::new();
    for offset in (0..PEOPLE).step_by(400) {
        let (lines, total) = bench.list(Query { offset, limit: 400, sort: Sort::Due, ..people("") });
        assert_eq!((lines.len(), total), (400, PEOPLE), "from {offset}");
        seen.extend(lines.into_iter().map(|line| line.row.id));
    }
    assert_eq!(seen.len(), PEOPLE, "each once, on one page");
    let team = (0..PEOPLE).filter(|i| row(*i).note == "综采3队").count();
    assert_eq!(bench.list(people("综采3队")).1, team);
    let unit = OrgCode::new("LB02");
    let (lines, total) = bench.list(Query { unit: Some(unit.clone()), sort: Sort::Title, ..people("") });
    assert_eq!(total, (0..PEOPLE).filter(|i| row(*i).unit.is_within(&unit)).count());
    assert!(lines.iter().all(|line| line.row.unit.is_within(&unit)));
}

#[test]
fn people_are_found_by_name_initials_and_staff_number() {
    let bench = roster();
    let wanted = row(4_321);
    for text in [
        wanted.title.clone(),
        format!("{} {}", wanted.fact("no"), wanted.fact("py")),
        wanted.fact("no").into(),
    ] {
        let (lines, _) = bench.list(people(&text));
        assert!(lines.iter().any(|line| line.row.id == wanted.id), "{text}");
    }
    assert_eq!(bench.list(people("没有这个人")), (vec![], 0));
    assert_eq!(
        bench.list(people(&wanted.fact("py").to_uppercase())).1,
        bench.list(people(wanted.fact("py"))).1
    );
}

#[test]
fn pages_join_without_gaps_in_every_order() {
    let bench = roster();
    for sort in [Sort::Newest, Sort::Due, Sort::Title] {
        let mut seen = BTreeSet::new();
        for offset in (0..PEOPLE).step_by(500) {
            let (lines, total) = bench.list(Query { offset, limit: 500, sort, ..people("") });
            assert_eq!(total, PEOPLE);
            seen.extend(lines.into_iter().map(|line| line.row.id));
        }
        assert_eq!(seen.len(), PEOPLE, "{sort:?}");
    }
    let newest = bench.list(people("")).0;
    assert!(newest.windows(2).all(|two| two[0].row.at_ms >= two[1].row.at_ms));
    assert_eq!(bench.list(Query { limit: 0, ..people("") }), (vec![], PEOPLE), "a count costs no lines");
}

#[test]
fn filters_narrow_by_fact_status_unit_and_owner() {
    let bench = roster();
    let by = |query: Query| bench.list(query).1;
    assert_eq!(by(Query { facts: vec![("no".into(), "0200007".into())], ..people("") }), 1);
    assert_eq!(by(Query { statuses: vec!["left".into()], ..people("") }), 0);
    assert_eq!(by(Query { unit: Some(OrgCode::new("LB02")), ..people("") }), PEOPLE / 8);
    assert_eq!(by(Query { unit: Some(OrgCode::new("LB")), ..people("") }), PEOPLE);
    assert_eq!(by(Query { owner: Some(bench.who.person), ..people("") }), 0);
    assert_eq!(by(Query { kinds: vec![], ..people("") }), 0, "no kinds, no lines");
}
