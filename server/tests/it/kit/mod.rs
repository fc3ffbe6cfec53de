//! What the desk's tests are made of: a small company on a log, phones, kinds.

pub mod dice;
pub mod house;
pub mod kinds;
pub mod phone;
pub mod sealed;

use domain::modules::org::{PersonAct, PersonBody, person_id};
use domain::{Body, DocId, Meta, OrgCode, Role, to_cbor};
use phone::{NOW, Phone};
use server::desk::{Desk, Founding};
use server::log::{Log, Memory, Sqlite};
use sync::Fate;

/// System administrator of the company; so is 0002, because nobody appoints himself.
pub const ADMIN: &str = "0001";
/// Rights officer of LB01.
pub const RIGHTS: &str = "0101";
/// Organiser of LB01.
pub const ORGANISER: &str = "0102";
/// Workers of LB01.1.1 and of LB02.1.1.
pub const MINERS: [&str; 6] = ["1001", "1002", "1003", "2001", "2002", "2003"];

/// A person to found.
pub fn person(no: &str, unit: &str, posts: &[(Role, &str)]) -> Founding {
    let id = person_id(no);
    let body = PersonBody { no: no.into(), name: format!("人{no}"), member: true, ..PersonBody::default() };
    let post = |(role, at): &(Role, &str)| to_cbor(&PersonAct::appoint(*role, OrgCode::new(*at)));
    Founding {
        meta: Meta { id, kind: "org.person".into(), owner: id, unit: OrgCode::new(unit), born_ms: NOW },
        values: body.write(),
        acts: posts.iter().map(post).collect(),
    }
}

/// Everybody of the small company.
pub fn company() -> Vec<Founding> {
    let mut people = vec![
        person(ADMIN, "LB", &[(Role::Admin, "LB"), (Role::Organiser, "LB")]),
        person("0002", "LB", &[(Role::Admin, "LB")]),
        person(RIGHTS, "LB01", &[(Role::Rights, "LB01")]),
        person(ORGANISER, "LB01", &[(Role::Organiser, "LB01")]),
    ];
    people.extend(MINERS.iter().map(|no| person(no, &format!("LB0{}.1.1", &no[..1]), &[])));
    people
}

/// A desk on a log with the small company in it.
pub async fn desk_on<L: Log>(log: L) -> Desk<L> {
    let desk =
        Desk::with_kinds(log, kinds::kinds).await.unwrap().with_signing(server::desk::Signing::Optional);
    let founded = desk.found_many(company(), NOW).await.unwrap();
    assert_eq!((founded.made, founded.refused), (company().len(), vec![]));
    desk
}

pub async fn desk() -> Desk<Memory> {
    desk_on(Memory::new("first")).await
}

/// A desk on a file, and the folder that must outlive it.
pub async fn desk_on_disk() -> (Desk<Sqlite>, tempfile::TempDir) {
    let home = tempfile::tempdir().unwrap();
    let log = Sqlite::open(&home.path().join("log.sqlite")).await.unwrap();
    (desk_on(log).await, home)
}

/// The phone of the person with this number.
pub fn phone(no: &str) -> Phone {
    Phone::new(person_id(no), &format!("phone of {no}"))
}

/// A random-looking id that is not a person's.
pub fn random_id(n: u64) -> DocId {
    DocId::from_random(DocId::derive(&[b"random", &n.to_le_bytes()]).0)
}

/// True when all of these stand.
pub fn all_accepted(fates: &[Fate]) -> bool {
    !fates.is_empty() && fates.iter().all(|fate| matches!(fate, Fate::Accepted(_)))
}
