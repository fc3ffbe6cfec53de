//! Which documents a plan makes: one for each unit, two for each person, so that private details lie apart.

use domain::modules::org::roster::{PersonRow, Plan, Unit, UnitRow, Units};
use domain::modules::org::{
    Person, PersonBody, Private, PrivateBody, Unit as UnitKind, UnitBody, person_id, private_id, unit_id,
};
use domain::{Body, DocId, Kind, Meta, OrgCode, Values, Word};

/// A document that is to begin.
#[derive(Clone, Debug)]
pub struct Birth {
    /// What never changes about it.
    pub meta: Meta,
    /// What stands in it at birth.
    pub values: Values,
}

/// Every document that units and plan make, the upper units first.
pub fn births(units: &Units, plan: &Plan, now_ms: i64) -> Vec<Birth> {
    let company = units.iter().next().map(|unit| unit.code.company()).unwrap_or_default();
    // Units belong to nobody; the company's own document stands for the union that keeps them.
    let keeper = unit_id(company.as_str());
    let top = units.iter().map(|unit| top_unit(unit, keeper, now_ms));
    let below = plan.units.iter().map(|unit| low_unit(unit, keeper, now_ms));
    let names = Names::of(plan);
    let people = plan.persons.iter().flat_map(|row| [person(row, &names, now_ms), private(row, now_ms)]);
    top.chain(below).chain(people).collect()
}

fn birth<K: Kind>(id: DocId, owner: DocId, unit: &OrgCode, now_ms: i64, body: &K::Body) -> Birth {
    let meta = Meta { id, kind: K::NAME.into(), owner, unit: unit.clone(), born_ms: now_ms };
    Birth { meta, values: body.write() }
}

fn top_unit(unit: &Unit, keeper: DocId, now_ms: i64) -> Birth {
    let (kind, network) = (unit.kind.zh().into(), unit.network.clone());
    let body = UnitBody { name: unit.name.clone(), kind, network, ..UnitBody::default() };
    birth::<UnitKind>(unit_id(unit.code.as_str()), keeper, &unit.code, now_ms, &body)
}

fn low_unit(unit: &UnitRow, keeper: DocId, now_ms: i64) -> Birth {
    let kind = if unit.level == 3 { "分会" } else { "工会小组" };
    let body = UnitBody { name: unit.name.clone(), kind: kind.into(), ..UnitBody::default() };
    birth::<UnitKind>(unit_id(unit.code.as_str()), keeper, &unit.code, now_ms, &body)
}

/// Names of branches and groups, which people know better than codes.
struct Names<'p>(std::collections::BTreeMap<&'p str, &'p str>);

impl<'p> Names<'p> {
    fn of(plan: &'p Plan) -> Self {
        Self(plan.units.iter().map(|unit| (unit.code.as_str(), unit.name.as_str())).collect())
    }
    fn at(&self, unit: &OrgCode, level: u8) -> String {
        let code = unit.at_level(level);
        let name = if code.level() == level { self.0.get(code.as_str()) } else { None };
        name.copied().unwrap_or_default().to_string()
    }
}

fn person(row: &PersonRow, names: &Names, now_ms: i64) -> Birth {
    let date = |date: Option<domain::modules::org::roster::Date>| {
        date.map(|date| date.to_string()).unwrap_or_default()
    };
    let body = PersonBody {
        no: row.no.clone(),
        name: row.name.clone(),
        initials: row.initials.clone(),
        sex: row.sex.zh().into(),
        job: row.post.clone(),
        job_kind: row.post_kind.zh().into(),
        employment: row.employment.zh().into(),
        joined: date(row.joined_company),
        member: row.member,
        member_since: date(row.joined_union),
        union_post: row.union_post.clone(),
        branch_name: names.at(&row.unit, 3),
        group_name: names.at(&row.unit, 4),
    };
    let id = person_id(&row.no);
    birth::<Person>(id, id, &row.unit, now_ms, &body)
}

fn private(row: &PersonRow, now_ms: i64) -> Birth {
    let body = PrivateBody {
        id_number: row.id_number.clone(),
        phone: row.phone.clone(),
        born: row.born.to_string(),
        ethnic: row.ethnic.clone(),
        rural: row.rural,
    };
    let person = person_id(&row.no);
    birth::<Private>(private_id(person), person, &row.unit, now_ms, &body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::judge;
    use domain::modules::org::roster::Units;
    use std::collections::BTreeSet;

    const NOW: i64 = 1_795_392_000_000; // 2026-11-23

    #[test]
    fn the_demo_company_makes_each_document_once_and_nothing_private_beside_its_place() {
        let units = Units::read(include_bytes!("../../demo/units.csv")).unwrap();
        let judged = judge(include_bytes!("../../demo/roster.csv"), &units, NOW).unwrap();
        assert_eq!((judged.plan.persons.len(), judged.plan.skipped.len()), (6800, 0));
        let births = births(&units, &judged.plan, NOW);
        let ids: BTreeSet<_> = births.iter().map(|birth| birth.meta.id).collect();
        assert_eq!(ids.len(), births.len());
        let id_number = &judged.plan.persons[0].id_number;
        let holders =
            births.iter().filter(|birth| birth.values.values().any(|v| *v == id_number.as_str().into()));
        assert_eq!(holders.map(|birth| birth.meta.kind.as_str()).collect::<Vec<_>>(), ["org.private"]);
    }

    #[test]
    fn a_person_carries_the_names_of_branch_and_group() {
        let units = Units::read(include_bytes!("../../demo/units.csv")).unwrap();
        let judged = judge(include_bytes!("../../demo/officers.csv"), &units, NOW).unwrap();
        assert!(judged.plan.skipped.is_empty(), "{:?}", judged.findings);
        let births = births(&units, &judged.plan, NOW);
        let miner = births.iter().find(|birth| birth.meta.id == person_id("0209002")).unwrap();
        assert_eq!(miner.meta.unit.as_str(), "LB02.3.4");
        let body = PersonBody::read(&miner.values);
        assert_eq!((body.branch_name.as_str(), body.group_name.as_str()), ("3分会", "3-4小组"));
        assert_eq!(body.initials, "ldy");
    }
}
