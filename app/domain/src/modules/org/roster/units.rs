//! The units that exist before people come: the company, its departments, its second-level units.
//! They come from a file of their own (`code,parent,name,kind,network`), because a roster must not be
//! able to invent a mine by a typing mistake.

use super::column::is_padding;
use super::sheet::records;
use super::unreadable::Unreadable;
use super::words::word;
use crate::{OrgCode, Word};
use std::collections::HashMap;

crate::words! {
    /// What a unit does for a living.
    pub enum UnitKind {
        Company = "company", "公司", "Company", Info;
        OpenPit = "open_pit", "露天煤矿", "Open pit mine", Info;
        Underground = "underground", "井工煤矿", "Underground mine", Info;
        Washing = "washing", "选煤", "Washing plant", Info;
        Rail = "rail", "铁路运输", "Railway", Info;
        Repair = "repair", "机电维修", "Repair works", Info;
        Headquarters = "headquarters", "机关及直属", "Headquarters", Info;
        Department = "department", "部门", "Department", Info;
        Other = "other", "其他", "Other", Info;
    }
}

/// One line of the units file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Code, for ever.
    pub code: OrgCode,
    /// Code of the unit above; `None` for the company.
    pub parent: Option<OrgCode>,
    /// Full name of its union.
    pub name: String,
    /// What it does.
    pub kind: UnitKind,
    /// How it is connected, in words for people.
    pub network: String,
}

/// All known units, the upper ones first.
#[derive(Clone, Debug, Default)]
pub struct Units {
    list: Vec<Unit>,
    by_code: HashMap<String, usize>,
}

impl Units {
    /// Reads the units file. Each unit must stand below the one it belongs to, and its code must say the
    /// same as its `parent` column.
    ///
    /// # Errors
    /// [`Unreadable`] with the line when the file contradicts itself.
    pub fn read(bytes: &[u8]) -> Result<Units, Unreadable> {
        let mut units = Units::default();
        for (line, record) in records(bytes)?.into_iter().skip(1) {
            let cell = |n: usize| record.get(n).unwrap_or_default().trim_matches(is_padding);
            let unit = unit(cell).ok_or(Unreadable::BadUnits(line))?;
            if !units.takes(&unit) {
                return Err(Unreadable::BadUnits(line));
            }
            units.by_code.insert(unit.code.as_str().to_string(), units.list.len());
            units.list.push(unit);
        }
        if units.list.is_empty() { Err(Unreadable::Empty) } else { Ok(units) }
    }

    /// The unit with this code.
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).map(|place| &self.list[*place])
    }

    /// All units, the upper ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.list.iter()
    }

    fn takes(&self, unit: &Unit) -> bool {
        let above = unit.parent.as_ref();
        self.get(unit.code.as_str()).is_none()
            && unit.code.parent().as_ref() == above
            && above.is_none_or(|code| self.get(code.as_str()).is_some())
    }
}

fn unit<'a>(cell: impl Fn(usize) -> &'a str) -> Option<Unit> {
    let full = !cell(0).is_empty() && !cell(2).is_empty();
    let kind = UnitKind::parse(cell(3)).or_else(|| word(cell(3)))?;
    full.then(|| Unit {
        code: OrgCode::new(cell(0)),
        parent: (!cell(1).is_empty()).then(|| OrgCode::new(cell(1))),
        name: cell(2).to_string(),
        kind,
        network: cell(4).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_contradicts_itself_is_refused_with_its_line() {
        let top = "code,parent,name,kind,network\nLB,,公司工会,company,\n";
        for (rest, line) in [
            ("LB01,XX,矿工会,open_pit,", 3),
            ("LB01.1,LB01,分会,other,", 3),
            ("LB01,LB,甲,open_pit,\nLB01,LB,乙,open_pit,", 4),
            ("LB01,LB,,open_pit,", 3),
            ("LB01,LB,甲,moon_base,", 3),
        ] {
            let found = Units::read(format!("{top}{rest}").as_bytes()).err();
            assert_eq!(found, Some(Unreadable::BadUnits(line)), "{rest}");
        }
    }
}
