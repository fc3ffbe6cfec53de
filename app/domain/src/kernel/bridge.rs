//! What the screens ask of the worker and what they hear back. The screens get documents already
//! opened and send intents; they never see Automerge, IndexedDB or the network.

use crate::lock::Packed;
use crate::{DocId, Edit, Entry, Hash, Label, Meta, Moment, OrgCode, Refusal, Row, StepView, Values, Who};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A list as a screen wants it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// Kinds to show.
    pub kinds: Vec<String>,
    /// Words to look for.
    pub text: String,
    /// Facts that must be equal: key, value.
    pub facts: Vec<(String, String)>,
    /// Status codes; empty for all.
    pub statuses: Vec<String>,
    /// Only this owner.
    pub owner: Option<DocId>,
    /// Only within this unit.
    pub unit: Option<OrgCode>,
    /// Only where I have not done this step (code), e.g. notices that I have not confirmed.
    #[serde(default)]
    pub undone: Option<String>,
    /// How to sort.
    pub sort: Sort,
    /// First line wanted.
    pub offset: usize,
    /// Lines wanted.
    pub limit: usize,
}

/// Order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    /// Pinned first, then newest.
    #[default]
    Newest,
    /// Nearest deadline first.
    Due,
    /// By title.
    Title,
}

/// Where a record's own writes are (design guide §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sent {
    /// Nothing of mine waits.
    Delivered,
    /// Waits for a link.
    Waiting,
    /// On its way now.
    Sending,
    /// Refused or in conflict: in "needs attention".
    Attention,
}

/// A row with this phone's own marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The row.
    pub row: Row,
    /// State of my own writes.
    pub sent: Sent,
    /// Temporary number `L-…` while no official one is there.
    pub temporary: Option<String>,
}

/// An opened document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// What never changes.
    pub meta: Meta,
    /// Body values; read them with the kind's `Body::read`.
    pub values: Values,
    /// Acts; decode them with the kind's `Act`.
    pub entries: Vec<Entry>,
    /// Its row.
    pub row: Row,
    /// Status with waiting acts counted in.
    pub status: Label,
    /// Each step with why not.
    pub steps: Vec<StepView>,
    /// The acts in words.
    pub timeline: Vec<Moment>,
    /// May I write the body?
    pub may_edit: bool,
    /// Fields that several people set at once: key and all values.
    pub conflicts: Vec<(String, Vec<crate::Value>)>,
    /// State of my own writes.
    pub sent: Sent,
    /// Number of writes of mine that wait.
    pub waiting: usize,
}

/// One thing that waits to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Place in the outbox.
    pub seq: u64,
    /// The document.
    pub doc: DocId,
    /// Its title.
    pub title: String,
    /// What it is: "修改 正文", "提交".
    pub what: String,
    /// When it was kept, device time UTC ms.
    pub at_ms: i64,
    /// Bytes to send.
    pub bytes: usize,
}

/// One thing that needs the person: refused, or overtaken by another decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attention {
    /// Its key.
    pub id: u64,
    /// The document.
    pub doc: DocId,
    /// Its title.
    pub title: String,
    /// What it was: edit or step.
    pub what: String,
    /// The person's own words, kept: label and text.
    pub words: Vec<(String, String)>,
    /// Why.
    pub refusal: Refusal,
    /// When the answer came, UTC ms.
    pub at_ms: i64,
}

/// What to do with an [`Attention`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resolve {
    /// Write the words into the document again as a new edit (refused if I may not edit).
    Reuse,
    /// Throw away; only ever by the person.
    Discard,
}

/// A picture or file waiting or known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlobState {
    /// SHA-256.
    pub hash: Hash,
    /// Bytes.
    pub size: u64,
    /// Bytes already at the server.
    pub sent: u64,
    /// On this phone.
    pub here: bool,
    /// Confirmed by the server.
    pub delivered: bool,
}

/// What screens ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Locking and unlocking: a packed [`crate::lock::LockAsk`].
    Lock(Packed),
    /// The person touched the screen.
    Alive,
    /// Minutes without a touch until the phone locks.
    Idle(u32),
    /// Locks now, in all tabs.
    Close,
    /// The server said again that this is the person who is here.
    SignedIn,
    /// This person signed in and chooses a lock: what the server has for them may come into memory meanwhile.
    Coming(Box<Who>),
    /// Lists.
    List(Query),
    /// Opens a document (fetches it when only its row is here).
    Open(DocId),
    /// Begins a document. With `alias`, under a fresh name known to nobody but the server.
    Create {
        /// Kind.
        kind: String,
        /// Unit it belongs to.
        unit: OrgCode,
        /// First values.
        values: Values,
        /// Confidential to the handler.
        alias: bool,
    },
    /// Writes the body.
    Edit {
        /// Document.
        doc: DocId,
        /// Edits.
        edits: Vec<Edit>,
    },
    /// Decides.
    Act {
        /// Document.
        doc: DocId,
        /// CBOR of the kind's act.
        act: ByteBuf,
    },
    /// Takes back an act or edit that has not been sent yet (撤销).
    Undo {
        /// Place in the outbox.
        seq: u64,
    },
    /// What waits.
    Outbox,
    /// What needs me.
    NeedsMe,
    /// Settles one.
    Settle {
        /// Which.
        id: u64,
        /// How.
        how: Resolve,
    },
    /// Enrols this device with a one-time code; sync goes on when it counts.
    Enrol(String),
    /// Sync now.
    SyncNow,
    /// 模拟离线: the worker behaves as if there were no network.
    PretendOffline(bool),
    /// Keeps a picture or file and queues it.
    PutBlob {
        /// The document that is going to name it: that of a sealed one is sealed too.
        doc: Option<DocId>,
        /// Bytes, already compressed.
        bytes: ByteBuf,
        /// MIME type as the phone sees it; the server sniffs its own.
        mime: String,
    },
    /// Bytes of a picture or file, from here or from the server. That of a sealed document opens once the
    /// document was opened.
    GetBlob(Hash),
    /// State of these.
    Blobs(Vec<Hash>),
    /// Space used by kind.
    Storage,
    /// Everything of mine on this phone as one file, for 导出数据包.
    Export,
    /// Ends the session on this phone; what waits stays in the database.
    Detach,
    /// Removes this person's data from this phone, after the person typed 清除.
    Wipe,
}

/// What screens hear back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Done.
    Done,
    /// A new document, or the one acted on; the outbox place for 撤销.
    Kept {
        /// Document.
        doc: DocId,
        /// Place in the outbox; `None` when nothing differed.
        seq: Option<u64>,
    },
    /// About locks: a packed [`crate::lock::LockAnswer`].
    Lock(Packed),
    /// Lines of a list and how many there are in all.
    Lines {
        /// The lines asked for.
        lines: Vec<Line>,
        /// All that fit the query.
        total: usize,
    },
    /// An opened document.
    Opened(Box<Opened>),
    /// What waits.
    Outbox(Vec<Waiting>),
    /// What needs me.
    Attention(Vec<Attention>),
    /// A stored blob.
    Stored(Hash),
    /// Bytes.
    Bytes(ByteBuf),
    /// States of blobs.
    Blobs(Vec<BlobState>),
    /// Space by kind of data: name, count, bytes; and quota and persistence where the browser tells.
    Storage {
        /// Store, entries, bytes.
        parts: Vec<(String, u64, u64)>,
        /// Bytes used and allowed by the browser.
        estimate: Option<(u64, u64)>,
        /// 长期保存 granted.
        persisted: bool,
    },
    /// Why not.
    Refused(Refusal),
    /// Something on this phone failed: code, Chinese, English. Nothing was saved.
    Failed(String, String, String),
}

/// How sync stands; the SyncBar shows exactly this.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncState {
    /// A request got through at last try.
    pub online: bool,
    /// Running now: done and all of this round.
    pub running: Option<(u32, u32)>,
    /// Things that wait.
    pub waiting: u32,
    /// Oldest of them, device time UTC ms.
    pub oldest_ms: Option<i64>,
    /// Refused things.
    pub attention: u32,
    /// Last time all was up to date, device time UTC ms.
    pub synced_ms: Option<i64>,
    /// The session has ended: sign in again; nothing is lost.
    pub session_ended: bool,
    /// This device is not enrolled yet: a code, or a second person who confirms.
    #[serde(default)]
    pub stranger: bool,
    /// This device was revoked: the screens lock; what had not been sent is in "needs attention".
    #[serde(default)]
    pub revoked: bool,
    /// Document of this device; `None` where the browser has no key.
    #[serde(default)]
    pub device: Option<DocId>,
    /// Trouble in words a person understands: code, Chinese, English.
    pub trouble: Option<(String, String, String)>,
    /// First sync: documents here, documents in all, bytes so far. `None` once complete.
    pub first: Option<(u64, u64, u64)>,
    /// Server clock minus device clock, ms.
    pub skew_ms: i64,
    /// Another tab of this phone leads.
    pub follower: bool,
}

/// What the worker tells without being asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Ready for [`Ask`]s.
    Ready,
    /// These documents changed; lists of these kinds may have.
    Changed {
        /// Documents.
        docs: Vec<DocId>,
        /// Kinds.
        kinds: Vec<String>,
    },
    /// How sync stands.
    Sync(SyncState),
    /// The server told who I am now (posts changed).
    Me(Who),
    /// A blob moved.
    Blob(BlobState),
    /// Another tab signed this person out on this phone.
    SignedOut,
    /// Unlocked, in another tab.
    Opened(Who),
    /// Locked: nobody touched it for a while, or another tab locked it.
    Locked,
}

/// Messages to the worker. Questions and answers are CBOR inside the message: a worker that only passes them on, from
/// its tab to the one that leads and back, need not know how to read answers or write questions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToWorker {
    /// Comes back with the answer.
    pub id: u32,
    /// The [`Ask`].
    pub ask: ByteBuf,
}

/// Messages from the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The [`Answer`] to `id`.
    Answer(u32, ByteBuf),
    /// An [`Event`], unasked.
    Event(ByteBuf),
}
