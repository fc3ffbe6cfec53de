//! Walks a change's header and column runs without expanding anything: 104 bytes can declare a million
//! operations, and only here is it still cheap to notice. Takes microseconds and allocates next to nothing.

use super::leb::Bytes;
use super::limits::*;
use super::refused::{Refused, Size, Step};
use super::runs::{self, Form};
use domain::Hash;

/// An actor id: one generation of one device.
pub type Actor = [u8; ACTOR_BYTES];

/// What a change says about itself, before anybody believes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who wrote it; the caller checks that the actor belongs to the device.
    pub actor: Actor,
    /// The how-manieth change of this actor, from 1.
    pub seq: u64,
    /// Number of its first operation.
    pub start_op: u64,
    /// How many operations it has.
    pub ops: u64,
    /// The phone's clock, in whatever unit; only ever shown as a claim.
    pub time: i64,
    /// The changes it follows.
    pub deps: Vec<Hash>,
    /// Other actors whose work it touches.
    pub others: Vec<Actor>,
}

impl Claims {
    /// Number of its last operation.
    pub fn max_op(&self) -> u64 {
        self.start_op.saturating_add(self.ops) - 1
    }
}

/// Reads the body behind a checked header.
pub fn scan(body: &[u8]) -> Result<Claims, Refused> {
    let mut bytes = Bytes::new(body);
    let deps = read_deps(&mut bytes)?;
    let actor = read_actor(&mut bytes).map_err(|_| Step::Actor)?;
    let seq = bytes.uleb()?;
    let start_op = bytes.uleb()?;
    if seq == 0 || start_op == 0 {
        return Err(Step::Number.into());
    }
    let time = bytes.sleb()?;
    if !(-MAX_CLAIMED_TIME..=MAX_CLAIMED_TIME).contains(&time) {
        return Err(Step::Time.into());
    }
    skip_message(&mut bytes)?;
    let others = read_others(&mut bytes, &actor)?;
    let ops = walk_columns(&mut bytes)?;
    if !bytes.is_empty() {
        return Err(Step::Extra.into());
    }
    if ops == 0 {
        return Err(Step::Empty.into());
    }
    Ok(Claims { actor, seq, start_op, ops, time, deps, others })
}

/// True when the list is sorted and nothing stands in it twice, as Automerge writes it.
fn ascending<T: Ord>(list: &[T]) -> bool {
    list.windows(2).all(|pair| pair[0] < pair[1])
}

fn read_deps(bytes: &mut Bytes<'_>) -> Result<Vec<Hash>, Refused> {
    let count = bytes.uleb()?;
    if count > MAX_DEPS as u64 {
        return Err(Refused::TooBig(Size::Heads));
    }
    let mut deps = Vec::new();
    for _ in 0..count {
        let hash = bytes.take(32).map_err(|_| Step::Deps)?;
        deps.push(Hash(hash.try_into().map_err(|_| Step::Deps)?));
    }
    if !ascending(&deps) {
        return Err(Step::Deps.into());
    }
    Ok(deps)
}

fn read_actor(bytes: &mut Bytes<'_>) -> Result<Actor, Step> {
    let length = bytes.uleb()?;
    if length != ACTOR_BYTES as u64 {
        return Err(Step::Actor);
    }
    bytes.take(length)?.try_into().map_err(|_| Step::Actor)
}

fn skip_message(bytes: &mut Bytes<'_>) -> Result<(), Step> {
    let length = bytes.uleb()?;
    if length > MAX_MESSAGE_BYTES as u64 {
        return Err(Step::Message);
    }
    let message = bytes.take(length).map_err(|_| Step::Message)?;
    std::str::from_utf8(message).map_err(|_| Step::Message)?;
    Ok(())
}

fn read_others(bytes: &mut Bytes<'_>, actor: &Actor) -> Result<Vec<Actor>, Step> {
    let count = bytes.uleb()?;
    if count > MAX_OTHER_ACTORS as u64 {
        return Err(Step::OtherActors);
    }
    let mut others = Vec::new();
    for _ in 0..count {
        others.push(read_actor(bytes).map_err(|_| Step::OtherActors)?);
    }
    let sound = ascending(&others) && !others.contains(actor);
    if sound { Ok(others) } else { Err(Step::OtherActors) }
}

/// Specification, shape and row limit of every column that a change may have. The deflate bit (8) is in none.
const COLUMNS: [(u64, Form, u64); 14] = [
    (0x01, Form::Ints, MAX_OPS),     // object, actor
    (0x02, Form::Ints, MAX_OPS),     // object, counter
    (0x11, Form::Ints, MAX_OPS),     // key, actor
    (0x13, Form::Deltas, MAX_OPS),   // key, counter
    (0x15, Form::Strings, MAX_OPS),  // key, string
    (0x34, Form::Bools, MAX_OPS),    // insert
    (ACTION, Form::Ints, MAX_OPS),   // action
    (0x56, Form::Ints, MAX_OPS),     // value, type and length
    (0x57, Form::Raw, u64::MAX),     // value, bytes: never repeated, so bounded by the change itself
    (PREDS, Form::Ints, MAX_OPS),    // predecessors, how many
    (0x71, Form::Ints, MAX_PREDS),   // predecessors, actor
    (0x73, Form::Deltas, MAX_PREDS), // predecessors, counter
    (0x94, Form::Bools, MAX_OPS),    // mark expands
    (0xa5, Form::Strings, MAX_OPS),  // mark name
];
const ACTION: u64 = 0x42;
const PREDS: u64 = 0x70;

/// Checks every column and returns the number of operations.
fn walk_columns(bytes: &mut Bytes<'_>) -> Result<u64, Refused> {
    let mut ops = 0;
    for (spec, form, limit, length) in read_columns(bytes)? {
        let data = bytes.take(length).map_err(|_| Step::Columns)?;
        let runs = runs::walk(form, data, limit)?;
        match spec {
            ACTION => ops = runs.rows,
            PREDS if runs.sum > MAX_PREDS => return Err(Refused::TooBig(Size::Ops)),
            _ => {}
        }
    }
    Ok(ops)
}

fn read_columns(bytes: &mut Bytes<'_>) -> Result<Vec<(u64, Form, u64, u64)>, Step> {
    let count = bytes.uleb()?;
    if count > MAX_COLUMNS as u64 {
        return Err(Step::Columns);
    }
    let mut columns: Vec<(u64, Form, u64, u64)> = Vec::new();
    for _ in 0..count {
        let (spec, length) = (bytes.uleb()?, bytes.uleb()?);
        let known = COLUMNS.iter().find(|column| column.0 == spec).ok_or(Step::Columns)?;
        if columns.last().is_some_and(|before| before.0 >= spec) {
            return Err(Step::Columns);
        }
        columns.push((spec, known.1, known.2, length));
    }
    Ok(columns)
}
