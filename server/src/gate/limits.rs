//! The numbers the gate holds everybody to. Each says what it protects and why honest work stays under it.
//! Honest phones split larger edits into several changes; nobody loses text to a limit.

/// Bytes of one raw change. A full page of typing is about 10 KB.
pub const MAX_CHANGE_BYTES: usize = 64 * 1024;

/// Heads that a document may have. The next honest edit names all of them, so one that it cannot name
/// would lock the document for ever; whoever would add it has to sync first.
pub const MAX_HEADS: usize = 64;

/// Changes that one change may directly follow: all heads and its author's own last change.
pub const MAX_DEPS: usize = MAX_HEADS + 1;

/// Foreign actors one change may name (16 bytes each). Every device generation and leading tab is an
/// actor, so whoever deletes an old paragraph can honestly name dozens.
pub const MAX_OTHER_ACTORS: usize = 256;

/// Length of an actor id; longer ones are only a way to store data.
pub const ACTOR_BYTES: usize = 16;

/// Bytes of the commit message, which nobody reads.
pub const MAX_MESSAGE_BYTES: usize = 200;

/// Columns of a change; the format knows 14.
pub const MAX_COLUMNS: usize = 20;

/// Operations of one change, and rows of each of its columns. Without it 100 bytes declare ten million.
pub const MAX_OPS: u64 = 2_000;

/// Predecessors named in one change: one per operation, some more where conflicts are resolved.
pub const MAX_PREDS: u64 = 4_000;

/// Bytes of one map key in a change: a field name, a slash and an item name.
pub const MAX_KEY_BYTES: u64 = 400;

/// Characters of an item's name behind the slash.
pub const MAX_ITEM_NAME_CHARS: usize = 80;

/// Bytes of a string under a meta key.
pub const MAX_META_BYTES: usize = 200;

/// Bytes of one text element: one character as people see it.
pub const MAX_ELEMENT_BYTES: usize = 64;

/// Operation numbers stay under this; Automerge counts in 32 bits and panics near the end.
pub const MAX_OP_ID: u64 = 1 << 30;

/// The claimed time, whatever its unit, lies within ±2⁵³: neighbouring times are stored as differences
/// that must not overflow.
pub const MAX_CLAIMED_TIME: i64 = 1 << 53;

/// Bytes (UTF-8) of all texts of a document together.
pub const MAX_TEXT_BYTES: usize = 200_000;

/// Bytes of a saved document.
pub const MAX_DOC_BYTES: usize = 256 * 1024;

/// Operations in the history of a document. Repetitive history compresses so well that
/// [`MAX_DOC_BYTES`] alone would allow millions.
pub const MAX_DOC_OPS: u64 = 300_000;

/// Changes in the history of a document.
pub const MAX_DOC_CHANGES: usize = 20_000;

/// Changes of one push that may panic in Automerge before the rest is put off: each costs a reload.
pub const MAX_POISON_PER_PUSH: usize = 4;
