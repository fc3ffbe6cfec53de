//! The gate as plain data in and plain data out, so that it can run behind a pipe in a process of its own.
//! An answer holds no [`super::Permit`]: those are made on this side of the pipe only.

use super::prescan::Actor;
use super::refused::Refused;
use super::shape::Shape;
use domain::{Hash, Meta, Values};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// Bytes that CBOR carries as bytes. Borrowed where they are asked about, owned where they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw<'a>(pub Cow<'a, [u8]>);

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}
impl<'de> Deserialize<'de> for Raw<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde_bytes::ByteBuf::deserialize(deserializer).map(|bytes| Self(Cow::Owned(bytes.into_vec())))
    }
}

/// One push onto one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question<'a> {
    /// The stored snapshot; none for a new document.
    pub snapshot: Option<Raw<'a>>,
    /// What the kind allows.
    pub shape: Cow<'a, Shape>,
    /// Raw changes in the order of the sender.
    pub changes: Vec<Raw<'a>>,
}

/// Verdicts in the order of the changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// One for each change.
    pub verdicts: Vec<Verdict>,
    /// The document with all accepted changes; none when nothing was accepted.
    pub after: Option<After>,
}

/// What becomes of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Let in, under this name.
    Accepted(Hash),
    /// Not let in.
    Refused(Refused),
}

/// State of the document behind the accepted changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// The saved document, proven to load; a cache, the raw changes are the truth.
    #[serde(with = "serde_bytes")]
    pub snapshot: Vec<u8>,
    /// Its heads, sorted.
    pub heads: Vec<Hash>,
    /// Highest operation number in it.
    pub max_op: u64,
    /// Every actor with its last sequence number.
    pub actors: Vec<(Actor, u64)>,
    /// What it says, read where it was proven so that nobody else has to open it; its id is blank. `None`
    /// when it lacks what every document of ours has.
    pub content: Option<(Meta, Values)>,
}

/// What a validator is asked.
#[derive(Debug, Serialize, Deserialize)]
pub enum Ask<'a> {
    /// To judge a push.
    Judge(Question<'a>),
    /// To read a saved document.
    Read(Raw<'a>),
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Told {
    /// To [`Ask::Judge`].
    Verdicts(Answer),
    /// To [`Ask::Read`]: meta with a blank id, and values.
    Content(Option<(Meta, Values)>),
}

impl Question<'_> {
    /// Judges; never panics, whatever the bytes are.
    pub fn answer(&self) -> Answer {
        let changes: Vec<&[u8]> = self.changes.iter().map(|raw| raw.0.as_ref()).collect();
        super::bench::run(self.snapshot.as_ref().map(|raw| raw.0.as_ref()), &self.shape, &changes)
    }
}
