//! Aliases: a confidential matter is begun under a fresh random name. The server alone knows whose it is.

use super::round::Round;
use crate::log::Log;
use domain::{AnyKind, DocId, Meta, Refusal, Scope, Who, scopes_held};
use std::collections::BTreeSet;

/// Version of a random UUID. Ids that somebody could guess or compute (persons!) have another one, so that
/// nobody can take the place of a person who is not in the roster yet.
const RANDOM: u8 = 4;

/// The caller as he will be if the document is begun.
pub(super) struct Founder {
    pub who: Who,
    pub held: BTreeSet<Scope>,
    /// The name that is new.
    pub alias: Option<DocId>,
}

impl<L: Log> Round<'_, L> {
    /// Who begins this document: the caller, or the caller under a new name.
    pub(super) fn founder(&self, kind: &dyn AnyKind, meta: &Meta) -> Result<Founder, Refusal> {
        let mut who = self.who.clone();
        let is_new = kind.alias() && !who.is(meta.owner);
        if is_new {
            let taken = self.desk.shared.people(|people| people.is_somebody(meta.owner));
            if taken || meta.owner.0[6] >> 4 != RANDOM {
                return Err(Refusal::NotOwner);
            }
            who.aliases.push(meta.owner);
        }
        let held = scopes_held(&who);
        Ok(Founder { who, held, alias: is_new.then_some(meta.owner) })
    }

    /// A person's document must not sit on somebody's alias, nor claim a staff number that another one
    /// has: whoever signs in with it, or reads under it, would be somebody else.
    pub(super) fn may_be(&self, described: Option<&Who>) -> Result<(), Refusal> {
        let Some(described) = described else { return Ok(()) };
        self.desk.shared.people(|people| {
            if people.is_alias(described.person) {
                return Err(Refusal::NotOwner);
            }
            if people.is_taken(&described.no, described.person) {
                return Err(Refusal::invalid(
                    "no",
                    "这个工号已有人使用",
                    "Somebody else has this staff number",
                ));
            }
            Ok(())
        })
    }
}
