//! For whom something is published: everybody signed in, union members, or one unit.

use crate::{OrgCode, Reader, Row};

/// For whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, and the public page.
    Public,
    /// Union members.
    Members,
    /// Everybody who belongs to this unit.
    Unit(OrgCode),
}

impl Audience {
    /// Reads `public`, `members`, `unit:LB02`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "public" => Some(Self::Public),
            "members" => Some(Self::Members),
            _ => text
                .strip_prefix("unit:")
                .filter(|code| is_code(code))
                .map(|code| Self::Unit(OrgCode::new(code))),
        }
    }
    /// As it stands in a body.
    pub fn code(&self) -> String {
        match self {
            Self::Public => "public".into(),
            Self::Members => "members".into(),
            Self::Unit(code) => format!("unit:{code}"),
        }
    }
    /// The readers of an article in force.
    pub fn reader(&self) -> Reader {
        match self {
            Self::Public => Reader::Public,
            Self::Members => Reader::Members,
            Self::Unit(code) => Reader::Unit(code.clone()),
        }
    }
    /// True when the person of this `org.person` row should read it.
    pub fn holds(&self, person: &Row) -> bool {
        match self {
            Self::Public => true,
            Self::Members => person.fact("member") == "1",
            Self::Unit(code) => person.unit.is_within(code),
        }
    }
}

fn is_code(code: &str) -> bool {
    let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    plain && code.starts_with(|c: char| c.is_ascii_alphabetic()) && !code.ends_with('.')
}
