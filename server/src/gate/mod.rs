//! The gate: every change from outside passes here before the log takes it. Automerge trusts its input,
//! so nothing reaches it that was not counted, read, ordered and allowed first; see `README.md` for the
//! steps. The steps are pure and synchronous: bytes in, verdict out, no clock, no files, no network. Around
//! them [`apart`] is a process of their own, for what comes from outside.

pub mod apart;
mod bench;
mod decode;
mod dry_run;
pub mod header;
mod judge;
mod leb;
pub mod limits;
mod order;
mod past;
mod paths;
pub mod prescan;
mod quiet;
mod refused;
mod runs;
pub mod sealed;
mod shape;
mod view;
pub mod wire;

pub use judge::Judge;
pub use prescan::{Actor, Claims};
pub use refused::{Order, Refused, Size, Step, Trouble, Why};
pub use shape::{FieldShape, Shape, ShapeKind};
pub use wire::After;

use domain::Hash;
use std::borrow::Cow;
use std::collections::HashSet;
use wire::{Answer, Question, Raw, Verdict};

/// What the log holds of a document.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoredDoc<'a> {
    /// The last snapshot; none for a document that does not exist yet.
    pub snapshot: Option<&'a [u8]>,
}

/// Leave to append one raw change. Only the gate can make one, and it carries the bytes it was given for,
/// so nothing else can be appended with it.
#[derive(Debug, PartialEq, Eq)]
pub struct Permit {
    hash: Hash,
    raw: Vec<u8>,
    claims: Claims,
}

impl Permit {
    /// Name of the change.
    pub fn hash(&self) -> Hash {
        self.hash
    }
    /// The raw change, as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.raw
    }
    /// Actor, sequence number, predecessors, claimed time.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }
}

/// One change let in.
#[derive(Debug)]
pub struct Admitted {
    /// Leave to append it.
    pub permit: Permit,
    /// Its name.
    pub hash: Hash,
    /// The document with it; a cache, the raw changes are the truth.
    pub snapshot: Vec<u8>,
    /// Heads of that, sorted.
    pub heads: Vec<Hash>,
    /// Highest operation number in it.
    pub max_op: u64,
    /// Every actor with its last sequence number.
    pub actors: Vec<(Actor, u64)>,
}

/// A push judged: one verdict for each change, in order, and the document behind those let in.
#[derive(Debug)]
pub struct Batch {
    /// Permits and refusals.
    pub verdicts: Vec<Result<Permit, Refused>>,
    /// None when nothing was let in.
    pub after: Option<After>,
}

/// What a change says about itself, without looking at any document: enough to find its device. Size,
/// checksum, header and declared run lengths are checked.
pub fn peek(raw: &[u8]) -> Result<(Hash, Claims), Refused> {
    let header = header::read(raw)?;
    Ok((header.hash, prescan::scan(header.body)?))
}

/// Judges one change onto a stored document.
pub fn admit(stored: &StoredDoc<'_>, shape: &Shape, raw: &[u8]) -> Result<Admitted, Refused> {
    let Batch { mut verdicts, after } = admit_all(stored, shape, &[raw]);
    let permit = verdicts.pop().unwrap_or(Err(Refused::Later(Trouble::Unreadable)))?;
    let After { snapshot, heads, max_op, actors, .. } = after.ok_or(Refused::Later(Trouble::Unreadable))?;
    Ok(Admitted { hash: permit.hash, permit, snapshot, heads, max_op, actors })
}

/// Judges the changes of one push onto one document in their order. A refused change refuses those that
/// follow it; the others stay.
pub fn admit_all(stored: &StoredDoc<'_>, shape: &Shape, changes: &[&[u8]]) -> Batch {
    seal(changes, question(stored, shape, changes).answer())
}

/// The same, judged wherever `judge` says.
pub async fn admit_by(judge: &Judge, stored: &StoredDoc<'_>, shape: &Shape, changes: &[&[u8]]) -> Batch {
    seal(changes, judge.answer(question(stored, shape, changes)).await)
}

fn question<'q>(stored: &StoredDoc<'q>, shape: &'q Shape, changes: &[&'q [u8]]) -> Question<'q> {
    let raw = |bytes| Raw(Cow::Borrowed(bytes));
    // One byte too many says as much as ten megabytes, and takes no room on the way.
    let enough = |bytes: &'q [u8]| &bytes[..bytes.len().min(limits::MAX_CHANGE_BYTES + 1)];
    Question {
        snapshot: stored.snapshot.map(raw),
        shape: Cow::Borrowed(shape),
        changes: changes.iter().copied().map(enough).map(raw).collect(),
    }
}

/// Waiting for a change that was refused for good would be waiting for ever.
fn blame(refused: Refused, culprits: &HashSet<Hash>) -> Refused {
    let Refused::MissingDeps(missing) = &refused else { return refused };
    match missing.iter().find(|dep| culprits.contains(dep)) {
        Some(dep) => Refused::DependsOnRefused(*dep),
        None => refused,
    }
}

/// Turns an answer into permits. The answer comes from our own process; that it speaks about exactly
/// these bytes is checked all the same.
fn seal(changes: &[&[u8]], answer: Answer) -> Batch {
    let verdicts = changes.iter().zip(answer.verdicts).map(|(raw, verdict)| match verdict {
        Verdict::Refused(refused) => Err(refused),
        Verdict::Accepted(hash) => match peek(raw) {
            Ok((named, claims)) if named == hash => Ok(Permit { hash, raw: raw.to_vec(), claims }),
            _ => Err(Refused::Later(Trouble::Unreadable)),
        },
    });
    Batch { verdicts: verdicts.collect(), after: answer.after }
}
