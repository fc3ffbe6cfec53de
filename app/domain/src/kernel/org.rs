//! The union's tree and who stands where in it: unit codes, roles, posts, the person who acts.

use crate::DocId;
use serde::{Deserialize, Serialize};

/// Place in the tree as a path: `LB` company, `LB02` mine, `LB02.9` branch, `LB02.9.4` group.
/// The path is the identity: a unit that moves gets a new code, so old statistics keep their meaning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgCode(pub String);

impl OrgCode {
    /// From text as it stands in a roster or on the wire.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }
    /// The unit above; `None` at the company.
    pub fn parent(&self) -> Option<OrgCode> {
        if let Some(dot) = self.0.rfind('.') {
            return Some(Self(self.0[..dot].to_string()));
        }
        let company = self.company();
        (company != *self).then_some(company)
    }
    /// The company at the top: the letters in front (`LB` of `LB02.9`).
    pub fn company(&self) -> OrgCode {
        let end = self.0.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.0.len());
        Self(self.0[..end].to_string())
    }
    /// This unit and all above it, lowest first.
    pub fn upward(&self) -> Vec<OrgCode> {
        std::iter::successors(Some(self.clone()), OrgCode::parent).collect()
    }
    /// True for `other` itself and everything below it.
    pub fn is_within(&self, other: &OrgCode) -> bool {
        self.upward().contains(other)
    }
    /// 1 company, 2 mine or plant, 3 branch, 4 group.
    pub fn level(&self) -> u8 {
        self.upward().len() as u8
    }
    /// The ancestor (or self) on this level; self when the unit stands higher.
    pub fn at_level(&self, level: u8) -> OrgCode {
        self.upward().into_iter().find(|code| code.level() == level).unwrap_or_else(|| self.clone())
    }
    /// A code for a new unit right below this one: one more than the highest that was ever given
    /// (`LB09` below `LB`, `LB02.4` below `LB02`). `taken` names all units below, closed ones too.
    pub fn next_below<'a>(&self, taken: impl IntoIterator<Item = &'a OrgCode>) -> OrgCode {
        let highest = taken.into_iter().filter(|code| code.parent().as_ref() == Some(self));
        let number = |code: &OrgCode| code.0[self.0.len()..].trim_start_matches('.').parse().unwrap_or(0u32);
        let next = highest.map(number).max().unwrap_or(0) + 1;
        if *self == self.company() {
            Self(format!("{self}{next:02}"))
        } else {
            Self(format!("{self}.{next}"))
        }
    }
    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Display for OrgCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

crate::words! {
    /// What a person is trusted with, always at a place in the tree (domain facts §2.0).
    pub enum Role {
        GroupLeader = "group_leader", "工会小组长", "Group leader", Info;
        BranchOfficer = "branch_officer", "分会干事", "Branch officer", Info;
        BranchChair = "branch_chair", "分会主席", "Branch chair", Info;
        UnitChair = "unit_chair", "二级单位工会主席", "Mine union chair", Info;
        Publicity = "publicity", "宣教干事", "Publicity officer", Info;
        Rights = "rights", "权益保障干事", "Rights officer", Info;
        Organiser = "organiser", "组织干事", "Organisation officer", Info;
        CompanyChair = "company_chair", "公司工会主席", "Company union chair", Info;
        Admin = "admin", "系统管理员", "System administrator", Info;
        Auditor = "auditor", "安全审计员", "Security auditor", Info;
    }
}

/// One role at one place, as the receipted appointments say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Post {
    /// What for.
    pub role: Role,
    /// Where; it reaches everything below.
    pub at: OrgCode,
    /// From when until when.
    #[serde(default)]
    pub term: crate::Term,
}

/// The person who acts, as the server knows them from receipts. A phone keeps the last one it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Id of the person's document.
    pub person: DocId,
    /// Staff number, used to sign in.
    pub no: String,
    /// Name as shown on records.
    pub name: String,
    /// Lowest unit the person belongs to.
    pub unit: OrgCode,
    /// Union member (会员) or only staff (职工).
    pub member: bool,
    /// Posts with their terms; those in force once [`Who::at`] was asked.
    pub posts: Vec<Post>,
    /// Names under which this person raised confidential matters; known to the server and this phone only.
    #[serde(default)]
    pub aliases: Vec<DocId>,
}

impl Who {
    /// True when `id` is this person or one of their aliases.
    pub fn is(&self, id: DocId) -> bool {
        self.person == id || self.aliases.contains(&id)
    }
    /// True when the person holds `role` at `place` or anywhere above it.
    pub fn holds(&self, role: Role, place: &OrgCode) -> bool {
        self.posts.iter().any(|post| post.role == role && place.is_within(&post.at))
    }
    /// True for whoever has any post.
    pub fn is_officer(&self) -> bool {
        !self.posts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_reads_from_the_code() {
        let group = OrgCode::new("LB02.9.4");
        let up: Vec<_> = group.upward().into_iter().map(|c| c.0).collect();
        assert_eq!(up, ["LB02.9.4", "LB02.9", "LB02", "LB"]);
        assert_eq!(group.level(), 4);
        assert_eq!(group.at_level(2).0, "LB02");
        assert!(group.is_within(&OrgCode::new("LB02")));
        assert!(!OrgCode::new("LB021").is_within(&OrgCode::new("LB02")), "a longer number is another mine");
    }

    #[test]
    fn a_new_unit_gets_a_number_that_no_unit_ever_had() {
        let codes = |all: &[&str]| all.iter().map(|code| OrgCode::new(*code)).collect::<Vec<_>>();
        let next = |above: &str, taken: &[&str]| OrgCode::new(above).next_below(&codes(taken)).0;
        assert_eq!(
            next("LB", &["LB01", "LB08", "LB02.90"]),
            "LB09",
            "a branch is not right below the company"
        );
        assert_eq!(next("LB", &["LB99"]), "LB100");
        assert_eq!(next("LB02", &["LB02.9", "LB02.10", "LB02.9.44"]), "LB02.11");
        assert_eq!(next("LB02.9", &[]), "LB02.9.1");
        let child = OrgCode::new(next("LB", &["LB08"]));
        assert_eq!(child.parent(), Some(OrgCode::new("LB")), "and stands below the one it was made for");
    }
}
