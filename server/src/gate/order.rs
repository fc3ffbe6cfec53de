//! Does this change continue the document? Sequence, predecessors, actors and operation numbers must
//! follow exactly; a jump of operation numbers would win every conflict, an unknown actor panics.

use super::limits::*;
use super::past::Past;
use super::prescan::Claims;
use super::refused::{Order, Refused, Size};
use domain::Hash;

/// Place of a change in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The first change: makes the document.
    Birth,
    /// Any later one.
    Later,
}

/// Checks everything that the claims say about order. The caller has already answered duplicates.
pub(super) fn check(past: &Past, hash: Hash, claims: &Claims) -> Result<Place, Refused> {
    sequence_is_free(past, hash, claims)?;
    deps_are_known(past, claims)?;
    let place = place(past, claims)?;
    follows_own_past(past, claims)?;
    if !claims.others.iter().all(|actor| past.knows_actor(actor)) {
        return Err(Refused::OutOfOrder(Order::UnknownActor));
    }
    numbers_continue(past, claims)?;
    leaves_room(past, hash, claims)?;
    Ok(place)
}

/// Same actor, same number, other content: two phones believe that they are one. Or one of them has the words of
/// this in already under the name that they got when they were written anew.
fn sequence_is_free(past: &Past, hash: Hash, claims: &Claims) -> Result<(), Refused> {
    match past.last_of(&claims.actor) {
        Some((last, _)) if claims.seq <= last => Err(Refused::Equivocation),
        _ if past.has_words_of(hash, claims) => Err(Refused::Equivocation),
        _ => Ok(()),
    }
}

fn deps_are_known(past: &Past, claims: &Claims) -> Result<(), Refused> {
    let missing: Vec<Hash> = claims.deps.iter().filter(|dep| !past.knows(dep)).copied().collect();
    if missing.is_empty() { Ok(()) } else { Err(Refused::MissingDeps(missing)) }
}

fn place(past: &Past, claims: &Claims) -> Result<Place, Refused> {
    match (past.is_empty(), claims.deps.is_empty()) {
        (true, true) if claims.seq == 1 && claims.others.is_empty() => Ok(Place::Birth),
        (true, _) => Err(Refused::OutOfOrder(Order::Birth)),
        (false, true) => Err(Refused::OutOfOrder(Order::SecondBirth)),
        (false, false) => Ok(Place::Later),
    }
}

/// The next number of this actor, written in sight of the one before: otherwise two different operations
/// could carry one name.
fn follows_own_past(past: &Past, claims: &Claims) -> Result<(), Refused> {
    match past.last_of(&claims.actor) {
        None if claims.seq == 1 => Ok(()),
        Some((last, before)) if claims.seq == last + 1 => {
            let in_sight = past.reaches(&claims.deps, &before);
            if in_sight { Ok(()) } else { Err(Refused::OutOfOrder(Order::OwnPast)) }
        }
        _ => Err(Refused::OutOfOrder(Order::Sequence)),
    }
}

fn numbers_continue(past: &Past, claims: &Claims) -> Result<(), Refused> {
    let follows = claims.start_op == past.max_op(&claims.deps) + 1;
    let fits = claims.start_op < MAX_OP_ID && claims.max_op() < MAX_OP_ID;
    if follows && fits { Ok(()) } else { Err(Refused::OutOfOrder(Order::StartOp)) }
}

fn leaves_room(past: &Past, hash: Hash, claims: &Claims) -> Result<(), Refused> {
    if past.changes() >= MAX_DOC_CHANGES || past.ops() + claims.ops > MAX_DOC_OPS {
        return Err(Refused::TooBig(Size::History));
    }
    if past.heads_after(hash, &claims.deps).len() > MAX_HEADS {
        return Err(Refused::TooBig(Size::Heads));
    }
    Ok(())
}
