//! The people of the tables: for each role one who holds it where the records lie, and those who look as if
//! they did: elsewhere, before, later, no longer.

use crate::kit::person;
use crate::kit::phone::NOW;
use domain::modules::org::{PersonAct, person_id};
use domain::{DAY_MS, DocId, OrgCode, Role, Who, date_text, to_cbor};
use server::desk::{Desk, Founding};
use server::log::Memory;

/// Name in the tables, unit, posts.
type Line = (&'static str, &'static str, &'static [(Role, &'static str)]);

/// Records lie at LB04.2 or LB04.
const CAST: [Line; 20] = [
    ("owner", "LB04.2.1", &[]),
    ("mate", "LB04.2.1", &[]),
    ("leader", "LB04.2.1", &[(Role::GroupLeader, "LB04.2.1")]),
    ("officer", "LB04.2.1", &[(Role::BranchOfficer, "LB04.2")]),
    ("chair", "LB04.2.1", &[(Role::BranchChair, "LB04.2")]),
    ("mine_chair", "LB04.1.1", &[(Role::UnitChair, "LB04")]),
    ("mine_news", "LB04.1.1", &[(Role::Publicity, "LB04")]),
    ("mine_rights", "LB04.1.1", &[(Role::Rights, "LB04")]),
    ("mine_org", "LB04.1.1", &[(Role::Organiser, "LB04")]),
    ("boss", "LB08.1.1", &[(Role::CompanyChair, "LB")]),
    ("news", "LB08.1.1", &[(Role::Publicity, "LB")]),
    ("rights", "LB08.1.1", &[(Role::Rights, "LB")]),
    ("org", "LB08.1.1", &[(Role::Organiser, "LB")]),
    ("admin", "LB08.1.1", &[(Role::Admin, "LB")]),
    ("auditor", "LB08.1.1", &[(Role::Auditor, "LB")]),
    ("handler", "LB04.1.2", &[]),
    ("far", "LB03.1.1", ELSEWHERE),
    ("far_mate", "LB03.1.1", &[]),
    ("subject", "LB04.2.1", &[(Role::Rights, "LB04.2")]),
    ("other_handler", "LB04.1.2", &[]),
];

const ELSEWHERE: &[(Role, &str)] = &[
    (Role::BranchOfficer, "LB03.1"),
    (Role::BranchChair, "LB03.1"),
    (Role::UnitChair, "LB03"),
    (Role::Publicity, "LB03"),
    (Role::Rights, "LB03"),
    (Role::Organiser, "LB03"),
];

/// Roles of those whose time is over, has not come, or was cut short: everything but what no one may hold
/// together.
const ALL: [Role; 9] = [
    Role::GroupLeader,
    Role::BranchOfficer,
    Role::BranchChair,
    Role::UnitChair,
    Role::Publicity,
    Role::Rights,
    Role::Organiser,
    Role::CompanyChair,
    Role::Admin,
];

/// Their names in the tables.
pub fn names() -> Vec<&'static str> {
    CAST.iter().map(|row| row.0).chain(["expired", "early", "dismissed"]).collect()
}

/// Id of somebody of the tables.
pub fn id(name: &str) -> DocId {
    person_id(&number(name))
}

/// Who they are at the moment of the tables.
pub fn who(desk: &Desk<Memory>, name: &str) -> Who {
    desk.who(id(name), NOW).unwrap()
}

fn number(name: &str) -> String {
    let at = names().iter().position(|known| *known == name).unwrap();
    format!("77{at:02}")
}

fn with_terms(name: &str, unit: &str, from_ms: i64, until_ms: i64) -> Founding {
    let day = |ms: i64| date_text(ms);
    let act = |role: &Role| PersonAct::Appoint {
        role: *role,
        at: OrgCode::new("LB"),
        from: day(from_ms),
        until: day(until_ms),
        reason: String::new(),
    };
    let acts = ALL.iter().map(act).map(|act| to_cbor(&act)).collect();
    Founding { acts, ..person(&number(name), unit, &[]) }
}

fn dismissed() -> Founding {
    let at = OrgCode::new("LB");
    let act = |role: &Role| {
        [PersonAct::appoint(*role, at.clone()), PersonAct::dismiss(*role, at.clone(), "轮岗")]
            .map(|act| to_cbor(&act))
    };
    Founding { acts: ALL.iter().flat_map(act).collect(), ..person(&number("dismissed"), "LB08.1.1", &[]) }
}

/// Everybody, founded a year ago.
pub async fn found(desk: &Desk<Memory>) {
    let mut people: Vec<Founding> =
        CAST.iter().map(|(name, unit, posts)| person(&number(name), unit, posts)).collect();
    let year = NOW - 365 * DAY_MS;
    people.push(with_terms("expired", "LB08.1.1", year, NOW - DAY_MS));
    people.push(with_terms("early", "LB08.1.1", NOW + DAY_MS, NOW + 365 * DAY_MS));
    people.push(dismissed());
    let count = people.len();
    let founded = desk.found_many(people, year).await.unwrap();
    assert_eq!((founded.made, founded.refused), (count, vec![]));
}
