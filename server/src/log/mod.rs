//! The log: in what order things came, and who may be told. Raw changes and receipted acts are the truth;
//! everything else here (snapshots, values, rows, feeds, people) can be computed from them again.
//!
//! [`Log`] is the whole contract, and [`conformance`] is the contract as tests. Two homes: [`Memory`]
//! (tests, harness; deterministic) and [`Sqlite`]. What a write means is decided once, in `place.rs`.

mod batch;
pub mod conformance;
pub(crate) mod feed;
pub(crate) mod leaf;
mod memory;
mod place;
mod reading;
pub(crate) mod rules;
pub(crate) mod sqlite;
pub(crate) mod tree;
mod vouch;

pub use batch::*;
pub use feed::FeedRow;
pub use memory::Memory;
pub use reading::*;
pub use sqlite::Sqlite;
pub use vouch::Proven;

use crate::gate::Actor;
use domain::{ActId, Device, DocId, Entry, Hash, Meta, Row, Scope, Values, Who};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::future::Future;

/// Why the log cannot answer. Never holds anybody's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk is full; nothing of the batch was written.
    Full,
    /// A write failed in a way that leaves its outcome unknown. Nothing is written any more; the process
    /// must end and start again through recovery (never go on after a failed fsync).
    Stopped,
    /// What lies there is not what was put there: which column.
    Unreadable(&'static str),
    /// Anything else, in the words of the database.
    Store(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Full => f.write_str("the disk is full"),
            Self::Stopped => f.write_str("the log has stopped after a failed write"),
            Self::Unreadable(what) => write!(f, "cannot read {what}"),
            Self::Store(words) => f.write_str(words),
        }
    }
}
impl std::error::Error for Trouble {}

/// A document as the log holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// What never changes.
    pub meta: Meta,
    /// Place of the last change or act that all its readers see.
    pub n: u64,
    /// Body values; a cache.
    pub values: Values,
    /// Heads of the body, sorted; a cache.
    pub heads: Vec<Hash>,
    /// The body as `Automerge::save` writes it; a cache.
    pub snapshot: Vec<u8>,
    /// Acts that all its readers see, in order.
    pub acts: Vec<Entry>,
    /// Its line in lists.
    pub row: Row,
    /// Where it lies now.
    pub scopes: BTreeSet<Scope>,
}

/// Everybody, as the server needs them at hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everybody {
    /// Persons without their aliases.
    pub people: Vec<Who>,
    /// Alias and the person behind it.
    pub aliases: Vec<(DocId, DocId)>,
    /// Devices, revoked ones too.
    pub devices: Vec<Device>,
}

/// A raw change with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Place in the one order.
    pub n: u64,
    /// Its name.
    pub hash: Hash,
    /// As it came.
    pub bytes: Vec<u8>,
}

/// One refused push. No content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Official time, UTC ms.
    pub at_ms: i64,
    /// Who pushed.
    pub person: DocId,
    /// From which installation, as it says.
    pub device: String,
    /// Onto which document.
    pub doc: DocId,
    /// Code of the rule.
    pub code: String,
}

/// What a revoked device sent: put aside as it came, until an officer has decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parcel {
    /// Hash of the pushes: sent twice it is one parcel.
    pub id: Hash,
    /// Document of the device.
    pub device: DocId,
    /// Whose device it was.
    pub person: DocId,
    /// Official time of arrival, UTC ms.
    pub at_ms: i64,
    /// As they came.
    pub pushes: Vec<sync::Push>,
}

type Answer<T> = Result<T, Trouble>;

/// A home for changes and acts. Readers see whole batches or nothing of them, in the order of `n`.
pub trait Log: Send + Sync + 'static {
    /// Name of this log's history; another one after a restore from a backup.
    fn epoch(&self) -> impl Future<Output = Answer<String>> + Send;
    /// Gives the history another name. For `restore`, before anybody is served.
    fn renew_epoch(&self, epoch: String) -> impl Future<Output = Answer<()>> + Send;
    /// Everybody; asked once at start.
    fn everybody(&self) -> impl Future<Output = Answer<Everybody>> + Send;
    /// How far each scope is; asked once at start.
    fn heads(&self) -> impl Future<Output = Answer<Vec<(Scope, u64)>>> + Send;
    /// The last place of all; 0 when nothing was ever appended.
    fn last(&self) -> impl Future<Output = Answer<u64>> + Send;
    /// The newest checkpoint, with the root at an earlier size and the proof that the one continues the
    /// other; `None` when the log never was that large. All from one moment.
    fn prove(&self, from: u64) -> impl Future<Output = Answer<Option<Proven>>> + Send;

    /// A document with the acts that all its readers see.
    fn load(&self, doc: DocId) -> impl Future<Output = Answer<Option<Stored>>> + Send;
    /// Which of these documents are here.
    fn known(&self, docs: &[DocId]) -> impl Future<Output = Answer<BTreeSet<DocId>>> + Send;
    /// The narrow acts on a document by these persons or aliases, in order.
    fn own_narrow(&self, doc: DocId, by: &[DocId]) -> impl Future<Output = Answer<Vec<Entry>>> + Send;
    /// The document in which this change is.
    fn find_change(&self, hash: Hash) -> impl Future<Output = Answer<Option<DocId>>> + Send;
    /// An act with its receipt.
    fn find_act(&self, id: ActId) -> impl Future<Output = Answer<Option<Entry>>> + Send;
    /// The person to whom an actor belongs on this document.
    fn actor(&self, doc: DocId, actor: Actor) -> impl Future<Output = Answer<Option<DocId>>> + Send;
    /// Raw changes of a document after `n`, in order.
    fn changes_since(&self, doc: DocId, n: u64) -> impl Future<Output = Answer<Vec<Change>>> + Send;

    /// Documents in order of their ids, from behind `after`, with the acts that all their readers see; at most
    /// `limit`.
    fn page(&self, after: Option<DocId>, limit: usize) -> impl Future<Output = Answer<Vec<Stored>>> + Send;
    /// Name of the rules that computed rows, feeds and people; "" when nobody said so yet.
    fn rules(&self) -> impl Future<Output = Answer<String>> + Send;
    /// Notes that from here on these rules compute, and how the feed stands at this moment.
    fn take_over(&self, rules: String, at_ms: i64) -> impl Future<Output = Answer<()>> + Send;

    /// Values of all documents in order of their ids, from behind `after`; at most `limit`. Asked at start.
    fn bodies(
        &self,
        after: Option<DocId>,
        limit: usize,
    ) -> impl Future<Output = Answer<Vec<(DocId, Values)>>> + Send;

    /// What happened in these scopes after these cursors, in no particular order.
    fn feed(&self, from: &[(Scope, u64)]) -> impl Future<Output = Answer<Vec<News>>> + Send;
    /// These documents as one caller may see them, all from one moment; `None` for those he may not see.
    fn read(
        &self,
        docs: &[DocId],
        reading: &Reading,
    ) -> impl Future<Output = Answer<Vec<Option<Copy>>>> + Send;

    /// Appends all of the batch or nothing; returns once it is durable. When the caller goes away the
    /// batch is written all the same.
    fn append(&self, batch: Batch) -> impl Future<Output = Result<Placed, NotPlaced>> + Send;
    /// Puts a parcel aside, durably. One that is here already stays as it is.
    fn set_aside(&self, parcel: Parcel) -> impl Future<Output = Answer<()>> + Send;
    /// Parcels of this device that nobody has decided about, oldest first.
    fn parcels(&self, device: DocId) -> impl Future<Output = Answer<Vec<Parcel>>> + Send;
    /// Notes that a parcel was carried out (or sent back).
    fn settle_parcel(&self, id: Hash, adopted: bool) -> impl Future<Output = Answer<()>> + Send;
    /// Keeps lines about refused pushes.
    fn audit(&self, lines: Vec<AuditLine>) -> impl Future<Output = Answer<()>> + Send;
    /// Keeps those of these lines that say something new today: no line of the same person, document and code
    /// since `since_ms`.
    fn audit_once(&self, lines: Vec<AuditLine>, since_ms: i64) -> impl Future<Output = Answer<()>> + Send;
    /// The union's recovery key (its public half), to which keys of sealed documents are wrapped.
    fn recovery_key(&self) -> impl Future<Output = Answer<Option<Vec<u8>>>> + Send;
    /// Keeps it. For `lianxin recovery init`.
    fn put_recovery_key(&self, key: Vec<u8>) -> impl Future<Output = Answer<()>> + Send;
    /// Audit lines of a stretch of time, newest first.
    fn audit_between(
        &self,
        from_ms: i64,
        until_ms: i64,
        limit: u32,
    ) -> impl Future<Output = Answer<Vec<AuditLine>>> + Send;
    /// The newest audit lines, newest first.
    fn audit_tail(&self, limit: u32) -> impl Future<Output = Answer<Vec<AuditLine>>> + Send;
}
