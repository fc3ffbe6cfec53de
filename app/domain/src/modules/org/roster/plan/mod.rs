//! Planning: which branches and groups, and which persons, the accepted lines make. The result depends
//! on the cells only, not on the order of columns or lines, so importing a corrected file again gives
//! the same codes.

mod initials;
pub(super) mod place;

use super::column::{Column, is_padding};
use super::date::Date;
use super::finding::{Finding, Severity};
use super::id_number::IdNumber;
use super::sheet::{Row, Sheet};
use super::words::{Employment, PostKind, Sex, word, yes_no};
use crate::OrgCode;
pub use initials::initials;
use std::collections::{BTreeMap, HashSet};
use std::fmt;

/// A branch or group that the roster mentions. Mines and the company come from the units file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// `LB01.9` for a branch, `LB01.9.4` for a group.
    pub code: OrgCode,
    /// Code of the unit above.
    pub parent: OrgCode,
    /// Name as in the roster.
    pub name: String,
    /// 3 branch, 4 group.
    pub level: u8,
}

/// A person as the roster states them, ready to be written down.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Staff number.
    pub no: String,
    /// Name, without the blanks that lists use to align two-character names.
    pub name: String,
    /// First letters of the name in pinyin, lower case, for search.
    pub initials: String,
    /// Sex.
    pub sex: Sex,
    /// Ethnic group as written; may be empty.
    pub ethnic: String,
    /// Date of birth, from the ID number.
    pub born: Date,
    /// ID number, 18 characters. Sensitive.
    pub id_number: String,
    /// Mobile number, 11 digits, or empty. Personal.
    pub phone: String,
    /// Lowest unit that the line names.
    pub unit: OrgCode,
    /// Post as written; may be empty.
    pub post: String,
    /// Kind of post.
    pub post_kind: PostKind,
    /// Kind of employment.
    pub employment: Employment,
    /// Rural worker (农民工).
    pub rural: bool,
    /// Date of joining the company, when given.
    pub joined_company: Option<Date>,
    /// Union member (会员) or only staff (职工).
    pub member: bool,
    /// Date of joining the union; `None` for non-members.
    pub joined_union: Option<Date>,
    /// Post in the union as written; may be empty. It appoints nobody: posts are given by acts.
    pub union_post: String,
}

/// Shows the staff number only: everything else is personal data.
impl fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonRow({})", self.no)
    }
}

/// What importing a sheet would make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Branches and groups, the upper ones first, numbers in their natural order.
    pub units: Vec<UnitRow>,
    /// Persons in the order of the file.
    pub persons: Vec<PersonRow>,
    /// Lines left out because something in them was refused.
    pub skipped: Vec<u32>,
}

/// Plans the import of all lines that no finding refuses. `findings` are those of
/// [`check`](super::check()) for the same sheet.
pub fn plan(sheet: &Sheet, findings: &[Finding]) -> Plan {
    let refused: HashSet<u32> =
        findings.iter().filter(|f| f.severity == Severity::Refuse).map(|f| f.line).collect();
    let mut plan = Plan::default();
    let mut units = BTreeMap::new();
    for row in sheet.rows() {
        match (!refused.contains(&row.line)).then(|| person(&row)).flatten() {
            Some((person, place)) => {
                place.into_iter().for_each(|unit| keep(&mut units, unit));
                plan.persons.push(person);
            }
            None => plan.skipped.push(row.line),
        }
    }
    plan.units = units.into_values().collect();
    plan
}

/// Two spellings of one unit (`9分会`, `第9分会`) are one unit; the smaller name stays, in whatever order
/// they come.
fn keep(units: &mut BTreeMap<Vec<(usize, String)>, UnitRow>, unit: UnitRow) {
    let kept = units.entry(natural(&unit.code)).or_insert_with(|| unit.clone());
    if unit.name < kept.name {
        *kept = unit;
    }
}

/// The person of a line and the units it names; `None` when a cell that must be readable is not.
fn person(row: &Row<'_>) -> Option<(PersonRow, Vec<UnitRow>)> {
    let id = IdNumber::parse(&row.number(Column::IdNumber)).ok()?;
    let unit = OrgCode::new(row.text(Column::Unit));
    let place = place::units(&unit, row.text(Column::Branch), row.text(Column::Group));
    let name = name(row.text(Column::Name));
    let member = yes_no(row.text(Column::Member))?;
    let date = |column| Date::parse(row.text(column));
    let text = |column| row.text(column).to_string();
    let person = PersonRow {
        no: row.number(Column::No),
        initials: initials(&name),
        name,
        sex: word(row.text(Column::Sex))?,
        ethnic: text(Column::Ethnic),
        born: id.born(),
        id_number: id.as_str().to_string(),
        phone: row.number(Column::Phone),
        unit: place.last().map_or(unit, |lowest| lowest.code.clone()),
        post: text(Column::Post),
        post_kind: word(row.text(Column::PostKind))?,
        employment: word(row.text(Column::Employment))?,
        rural: yes_no(row.text(Column::Rural)).unwrap_or_default(),
        joined_company: date(Column::JoinedCompany),
        member,
        joined_union: date(Column::JoinedUnion).filter(|_| member),
        union_post: text(Column::UnionPost),
    };
    (!person.no.is_empty() && !person.name.is_empty()).then_some((person, place))
}

/// `张　三` is 张三, and the dot in a Mongolian or Uygur name is always `·`.
fn name(text: &str) -> String {
    let han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || c >= '\u{20000}';
    if !text.chars().any(han) {
        return text.to_string();
    }
    let dot = |c| if matches!(c, '•' | '・' | '．' | '.' | '‧') { '·' } else { c };
    text.chars().filter(|c| !is_padding(*c)).map(dot).collect()
}

/// Sorts `LB01.2` before `LB01.10`, and a unit before what lies below it.
fn natural(code: &OrgCode) -> Vec<(usize, String)> {
    code.as_str().split('.').map(|part| (part.len(), part.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_as_people_say_them() {
        assert_eq!(name("张　三"), "张三");
        assert_eq!(name("阿依古丽.买买提"), "阿依古丽·买买提");
        assert_eq!(name("John Smith"), "John Smith");
    }
}
