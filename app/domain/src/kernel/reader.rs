//! Who may read a document, and the scopes (feeds) in which it therefore lies.

use crate::{DocId, OrgCode, Role, Who, Word};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A group of readers that a kind names for a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reader {
    /// Every signed-in person, and the public web page.
    Public,
    /// Union members.
    Members,
    /// Everybody who belongs to this unit or below it.
    Unit(OrgCode),
    /// Whoever has any post at this unit or above it.
    Officers(OrgCode),
    /// Whoever has this role at this unit or above it.
    Role(Role, OrgCode),
    /// One person (or alias).
    Person(DocId),
}

/// A feed with a cursor of its own: `unit:LB02`, `role:publicity@LB`, `person:…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub String);

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
impl Scope {
    fn unit(code: &OrgCode) -> Self {
        Self(format!("unit:{code}"))
    }
    fn officers(code: &OrgCode) -> Self {
        Self(format!("officers:{code}"))
    }
    fn role(role: Role, code: &OrgCode) -> Self {
        Self(format!("role:{}@{code}", role.code()))
    }
    fn person(id: DocId) -> Self {
        Self(format!("person:{id}"))
    }
}

/// The scopes in which a document with these readers lies. What a role reads at a branch,
/// the same role reads from every unit above it, so the document lies there too.
pub fn scopes_of(readers: &BTreeSet<Reader>) -> BTreeSet<Scope> {
    readers.iter().flat_map(scopes_of_reader).collect()
}

fn scopes_of_reader(reader: &Reader) -> Vec<Scope> {
    match reader {
        Reader::Public => vec![Scope("public".into())],
        Reader::Members => vec![Scope("members".into())],
        Reader::Unit(code) => vec![Scope::unit(code)],
        Reader::Officers(code) => code.upward().iter().map(Scope::officers).collect(),
        Reader::Role(role, code) => code.upward().iter().map(|up| Scope::role(*role, up)).collect(),
        Reader::Person(id) => vec![Scope::person(*id)],
    }
}

/// The scope of what concerns this person alone, their own document included.
pub fn own_scope(who: &Who) -> Scope {
    Scope::person(who.person)
}

/// The scopes a person holds, from their posts and unit. The server computes it at every request.
pub fn scopes_held(who: &Who) -> BTreeSet<Scope> {
    let mut out = BTreeSet::from([Scope("public".into()), Scope::person(who.person)]);
    if who.member {
        out.insert(Scope("members".into()));
    }
    out.extend(who.unit.upward().iter().map(Scope::unit));
    out.extend(who.aliases.iter().map(|alias| Scope::person(*alias)));
    for post in &who.posts {
        out.insert(Scope::officers(&post.at));
        out.insert(Scope::role(post.role, &post.at));
        out.extend(post.at.upward().iter().map(Scope::unit));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Post;

    fn who(unit: &str, posts: Vec<Post>) -> Who {
        let person = DocId::derive(&[unit.as_bytes()]);
        let (no, name) = ("1".into(), "甲".into());
        Who { person, no, name, unit: OrgCode::new(unit), member: true, posts, aliases: vec![] }
    }
    fn reads(who: &Who, reader: Reader) -> bool {
        !scopes_of(&BTreeSet::from([reader])).is_disjoint(&scopes_held(who))
    }

    #[test]
    fn a_role_reaches_down_and_never_sideways_or_up() {
        let at = |code: &str| OrgCode::new(code);
        let chair = who("LB02.1.1", vec![Post::new(Role::UnitChair, at("LB02"))]);
        assert!(reads(&chair, Reader::Role(Role::UnitChair, at("LB02.9"))));
        assert!(reads(&chair, Reader::Officers(at("LB02.9.4"))));
        assert!(!reads(&chair, Reader::Officers(at("LB03.1"))));
        assert!(!reads(&chair, Reader::Officers(at("LB"))));
        assert!(!reads(&chair, Reader::Role(Role::Rights, at("LB02.9"))));
    }

    #[test]
    fn a_unit_reader_is_everyone_in_it() {
        let miner = who("LB02.9.4", vec![]);
        assert!(reads(&miner, Reader::Unit(OrgCode::new("LB02"))));
        assert!(reads(&miner, Reader::Unit(OrgCode::new("LB"))));
        assert!(!reads(&miner, Reader::Unit(OrgCode::new("LB02.8"))));
        assert!(!reads(&miner, Reader::Officers(OrgCode::new("LB02.9.4"))));
    }
}
