//! From the names of branch and group to their codes. A numbered unit keeps its number (`9分会` → `.9`,
//! `9-4小组` → `.9.4`); any other name gets letters and a short hash of itself, so that the same name has
//! the same code in every file, whatever stands around it.

use super::super::column::is_padding;
use super::super::sheet::half_width;
use super::UnitRow;
use super::initials::initials;
use crate::OrgCode;
use sha2::{Digest, Sha256};

/// Branch and group of a line, upper one first. A group without a branch has no place.
pub fn units(unit: &OrgCode, branch: &str, group: &str) -> Vec<UnitRow> {
    let mut rows = Vec::new();
    if !branch.is_empty() {
        rows.push(below(unit, &branch_part(branch), branch));
    }
    if let (Some(above), false) = (rows.first().map(|row| row.code.clone()), group.is_empty()) {
        rows.push(below(&above, &group_part(branch, group), group));
    }
    rows
}

/// True when a group carries the number of another branch.
pub fn is_apart(branch: &str, group: &str) -> bool {
    let mine = branch_number(branch);
    match (mine, group_numbers(group)) {
        (Some(mine), Some((Some(other), _))) => mine != other,
        _ => false,
    }
}

fn below(parent: &OrgCode, part: &str, name: &str) -> UnitRow {
    let code = OrgCode::new(format!("{parent}.{part}"));
    UnitRow { level: code.level(), code, parent: parent.clone(), name: name.to_string() }
}

fn branch_part(branch: &str) -> String {
    branch_number(branch).map_or_else(|| named(branch), |n| n.to_string())
}

fn group_part(branch: &str, group: &str) -> String {
    match group_numbers(group) {
        Some((_, n)) if !is_apart(branch, group) => n.to_string(),
        _ => named(group),
    }
}

/// 9 of `9分会` or `第9分会`.
fn branch_number(branch: &str) -> Option<u32> {
    number(plain(branch).strip_suffix("分会")?.trim_start_matches('第'))
}

/// (9, 4) of `9-4小组`, (none, 4) of `第4小组`.
fn group_numbers(group: &str) -> Option<(Option<u32>, u32)> {
    let group = plain(group);
    let group = group.strip_suffix("小组")?.trim_start_matches('第');
    match group.split_once('-') {
        Some((branch, own)) => Some((Some(number(branch)?), number(own)?)),
        None => Some((None, number(group)?)),
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Half-width, without blanks, and any dash as `-`.
fn plain(text: &str) -> String {
    let dash = |c| if matches!(c, '–' | '—' | '―' | '−') { '-' } else { c };
    text.chars().filter(|c| !is_padding(*c)).map(half_width).map(dash).collect()
}

/// Code part of a unit without a number: `采煤一队分会` → `cmydfh` and 6 hex digits of its hash.
fn named(name: &str) -> String {
    let name = plain(name);
    let hash = Sha256::digest(name.as_bytes());
    let letters: String = initials(&name).chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    format!("{letters}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(branch: &str, group: &str) -> Vec<String> {
        units(&OrgCode::new("LB01"), branch, group).into_iter().map(|row| row.code.0).collect()
    }

    #[test]
    fn numbered_units_keep_their_numbers() {
        assert_eq!(codes("9分会", "9-4小组"), ["LB01.9", "LB01.9.4"]);
        assert_eq!(codes("第９分会", "９－４小组"), ["LB01.9", "LB01.9.4"]);
        assert_eq!(codes("12分会", "第3小组"), ["LB01.12", "LB01.12.3"]);
        assert_eq!(codes("9分会", ""), ["LB01.9"]);
        assert!(codes("", "9-4小组").is_empty());
    }

    #[test]
    fn named_units_have_codes_of_their_own_that_never_change() {
        let found = codes("采煤一队分会", "检修班");
        assert_eq!(found, codes(" 采煤一队 分会", "检修班"));
        assert!(found[0].starts_with("LB01.cmydfh"), "{}", found[0]);
        assert_ne!(found[0], codes("采煤义队分会", "")[0], "same letters, another name");
        assert_eq!(OrgCode::new(found[1].clone()).level(), 4);
    }

    #[test]
    fn a_group_of_another_branch_does_not_take_a_number_that_is_not_its_own() {
        assert!(
            is_apart("8分会", "9-4小组") && !is_apart("9分会", "9-4小组") && !is_apart("机关分会", "9-4小组")
        );
        assert_ne!(codes("8分会", "9-4小组")[1], "LB01.8.4");
    }
}
