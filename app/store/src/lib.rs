//! What a phone keeps: seven named collections of key → bytes, written in all-or-nothing batches.
//! Two homes: memory (tests, harness) and IndexedDB (the worker). [`vault`] wraps either, so that nothing
//! lies readable on a disk. One conformance suite runs on all.
//! It knows nothing of documents; `repo` decides what the bytes mean.

pub mod conformance;
#[cfg(target_arch = "wasm32")]
mod indexed_db;
mod memory;
pub mod vault;

#[cfg(target_arch = "wasm32")]
pub use indexed_db::IndexedDb;
pub use memory::{Disk, Memory};

/// A collection. Names are on disk for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Col {
    /// Documents: confirmed body, acts, scopes.
    Docs,
    /// Rows for lists.
    Rows,
    /// What waits to be sent, by place.
    Outbox,
    /// What needs the person.
    Attention,
    /// Pictures and files.
    Blobs,
    /// State of blobs (sent, delivered).
    BlobState,
    /// Cursors, who I am, device name, generation.
    Meta,
}

impl Col {
    /// All of them.
    pub const ALL: [Col; 7] =
        [Col::Docs, Col::Rows, Col::Outbox, Col::Attention, Col::Blobs, Col::BlobState, Col::Meta];
    /// Name on disk.
    pub fn name(self) -> &'static str {
        match self {
            Col::Docs => "docs",
            Col::Rows => "rows",
            Col::Outbox => "outbox",
            Col::Attention => "attention",
            Col::Blobs => "blobs",
            Col::BlobState => "blob_state",
            Col::Meta => "meta",
        }
    }
}

/// How sure a write must be before it counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// On the disk itself, also after a power cut: outbox, cursors, whatever a screen calls saved.
    Strict,
    /// Soon: caches that a sync brings back.
    Relaxed,
}

/// One write of a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Write {
    /// Puts bytes under a key.
    Put(Col, Vec<u8>, Vec<u8>),
    /// Removes a key; a missing one is fine.
    Del(Col, Vec<u8>),
    /// Removes everything in a collection.
    Clear(Col),
}

/// Why the store did not do it. Nothing of the batch was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The disk or the browser's quota is full.
    Full,
    /// The connection died (iOS background, a deleted database); opening again may help.
    Lost,
    /// Another tab holds an older version open.
    Blocked,
    /// The bytes do not open with this vault's key: tampered with, or put in another's place.
    Unreadable,
    /// Anything else: name of the error, never data.
    Other(String),
}

/// A pair as it lies there.
pub type Pair = (Vec<u8>, Vec<u8>);

/// A home for collections. Keys sort as bytes.
#[allow(async_fn_in_trait)] // phones have one thread; nothing here needs to be Send
pub trait Store {
    /// The bytes under a key.
    async fn get(&self, col: Col, key: &[u8]) -> Result<Option<Vec<u8>>, Trouble>;
    /// Everything in a collection, sorted by key.
    async fn all(&self, col: Col) -> Result<Vec<Pair>, Trouble>;
    /// Keys only, sorted.
    async fn keys(&self, col: Col) -> Result<Vec<Vec<u8>>, Trouble>;
    /// Writes all of it or nothing; returns once it is as durable as asked.
    async fn write(&self, batch: Vec<Write>, durability: Durability) -> Result<(), Trouble>;
}
