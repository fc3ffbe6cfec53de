//! What lies in the store, collection by collection. All of it is CBOR with named fields and defaults, so
//! that a newer app reads what an older one wrote.

use crate::body;
use automerge::Automerge;
use domain::{DocId, Edit, Entry, Hash, Meta, Refusal, Row, Scope, Values, Who};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteArray, ByteBuf};
use std::collections::{BTreeMap, BTreeSet};
use sync::{Item, Kid, Tag};

fn unset<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// `docs`: what the server has confirmed of a document. What waits lies in the outbox; a working document
/// is both together, put together when somebody opens it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DocRec {
    /// Name of its kind.
    pub kind: String,
    /// The confirmed body as `Automerge::save` writes it; `None` while the server has nothing of it.
    pub body: Option<ByteBuf>,
    /// Acts with receipts.
    #[serde(default)]
    pub acts: Vec<Entry>,
    /// Counts this phone's actors of this document: goes up when written changes were taken back.
    #[serde(default, skip_serializing_if = "unset")]
    pub bump: u32,
    /// Changes of this phone that the server accepted while the body did not open, or before what they follow was
    /// here; they join it when they can.
    #[serde(default, skip_serializing_if = "unset")]
    pub tail: Vec<ByteBuf>,
    /// Of a sealed document: its keys, and what cannot be opened yet.
    #[serde(default, skip_serializing_if = "unset")]
    pub seal: Option<SealRec>,
    /// Actors under which work of this phone stands: after a restore of the server it brings that back.
    #[serde(default, skip_serializing_if = "unset")]
    pub own: BTreeSet<ByteArray<16>>,
}

impl DocRec {
    /// Something of it is here, and nothing of that can be opened.
    pub(crate) fn is_shut(&self) -> bool {
        self.body.is_none() && self.seal.as_ref().is_some_and(|seal| !seal.shut.is_empty())
    }
    /// What this phone sent stands.
    pub(crate) fn note_own(&mut self, raw: &[u8]) {
        self.own.extend(body::actor(raw).map(ByteArray::new));
    }
    /// Work of this phone stands in `doc`, as it is or as it was written anew, without this phone having been told.
    pub(crate) fn note_standing(&mut self, item: &OutItem, doc: &Automerge) {
        let Item::Change(raw) = &item.item else { return };
        let names = body::name(raw).map(|name| (name, item.first.unwrap_or(name)));
        let actors = names.into_iter().flat_map(|(name, first)| body::actors_of(doc, name, first));
        self.own.extend(actors.map(ByteArray::new));
    }
}

/// What a phone knows of the keys of a sealed document. It lies where the body lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SealRec {
    /// The generations that this phone holds.
    pub keys: BTreeMap<Kid, ByteArray<32>>,
    /// Every generation heard of, in order.
    pub seen: Vec<Kid>,
    /// The one with which things are sealed now.
    pub kid: Kid,
    /// The owner's public key of this document.
    pub owner_key: ByteBuf,
    /// Its secret half, on the owner's devices.
    #[serde(default, skip_serializing_if = "unset")]
    pub owner_secret: Option<ByteArray<32>>,
    /// Envelopes that cannot be opened yet, in order.
    #[serde(default, skip_serializing_if = "unset")]
    pub shut: Vec<ByteBuf>,
    /// Changes that some reader should not have written; what follows them is not let in either.
    #[serde(default, skip_serializing_if = "unset")]
    pub refused: BTreeSet<Hash>,
    /// The owner's devices that were given the secret.
    #[serde(default, skip_serializing_if = "unset")]
    pub own: BTreeSet<Tag>,
    /// [`sync::own_mark`] when there was nothing left to give them.
    #[serde(default, skip_serializing_if = "unset")]
    pub own_mark: u32,
}

impl SealRec {
    /// The key with which things are sealed now, if it is here.
    pub fn key(&self) -> Option<&[u8; 32]> {
        self.keys.get(&self.kid).map(|key| &**key)
    }
    /// The latest generation whose key is here.
    pub(crate) fn newest_here(&self) -> Option<Kid> {
        self.seen.iter().rev().find(|kid| self.keys.contains_key(*kid)).copied()
    }
    /// An envelope that cannot be opened yet, once however often it comes.
    pub(crate) fn lay_aside(&mut self, envelope: ByteBuf) {
        if !self.shut.contains(&envelope) {
            self.shut.push(envelope);
        }
    }
    /// What this phone tells the server of it when it asks who lacks a key; `None` when it has none to give.
    pub(crate) fn stand(&self) -> Option<(u32, u32)> {
        self.key().map(|_| (sync::short(&self.kid), self.own_mark))
    }
}

/// `rows`: one line of a list and where the document stands on this phone. All rows are in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowRec {
    /// The line: the server's, or this phone's own while something of the document waits.
    pub row: Row,
    /// The server's line, while `row` is this phone's own: it comes back when nothing waits any more.
    #[serde(default, skip_serializing_if = "unset")]
    pub heard: Option<Box<Row>>,
    /// Held scopes in which it lies; empty for one that the server has not listed yet.
    #[serde(default, skip_serializing_if = "unset")]
    pub scopes: BTreeSet<Scope>,
    /// Steps that I did on it, by code.
    #[serde(default, skip_serializing_if = "unset")]
    pub done: BTreeSet<String>,
    /// Temporary number of a document begun here.
    #[serde(default, skip_serializing_if = "unset")]
    pub temporary: Option<String>,
    /// Body and acts are here.
    #[serde(default, skip_serializing_if = "unset")]
    pub whole: bool,
    /// Newer acts or text are at the server; shown as it is and fetched when opened.
    #[serde(default, skip_serializing_if = "unset")]
    pub stale: bool,
    /// What is here does not go together; the whole document is asked for at the next request.
    #[serde(default, skip_serializing_if = "unset")]
    pub lacking: bool,
    /// Lies in no held scope any more; goes as soon as nothing of it waits.
    #[serde(default, skip_serializing_if = "unset")]
    pub leaving: bool,
    /// Opening it failed or killed the worker; it is not opened until a fresh copy comes.
    #[serde(default, skip_serializing_if = "unset")]
    pub broken: bool,
    /// The server was restored and has not handed it out since.
    #[serde(default, skip_serializing_if = "unset")]
    pub unseen: bool,
    /// Sealed, and this phone has its key.
    #[serde(default, skip_serializing_if = "unset")]
    pub sealed: Option<(u32, u32)>,
}

impl RowRec {
    /// A row that is nowhere yet.
    pub fn new(row: Row) -> Self {
        Self {
            row,
            heard: None,
            scopes: BTreeSet::new(),
            done: BTreeSet::new(),
            temporary: None,
            whole: false,
            stale: false,
            lacking: false,
            leaving: false,
            broken: false,
            unseen: false,
            sealed: None,
        }
    }
}

/// What the person meant, beside the bytes: the bytes are pushed, this is replayed or shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Intent {
    /// Began a document.
    Born {
        /// Its meta.
        meta: Meta,
        /// Values it started with.
        values: Values,
    },
    /// Wrote its body.
    Edits(Vec<Edit>),
    /// Decided. The act itself lies in the push.
    Act,
}

/// `outbox`: one thing that waits, by place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutItem {
    /// The document.
    pub doc: DocId,
    /// What is pushed.
    pub item: Item,
    /// What it is, in words: "修改 正文", "提交".
    pub what: String,
    /// What the person meant.
    pub intent: Intent,
    /// When it was kept, device time UTC ms.
    pub at_ms: i64,
    /// Place of the first thing kept in the same moment: taken back together, listed as one.
    pub group: u64,
    /// Made by an act for its offspring, not written by the person.
    #[serde(default, skip_serializing_if = "unset")]
    pub made: bool,
    /// Name of the change that these edits were first, when they had to be written again.
    #[serde(default, skip_serializing_if = "unset")]
    pub first: Option<Hash>,
    /// Was confirmed in an earlier history of the server and waits again after a restore.
    #[serde(default, skip_serializing_if = "unset")]
    pub again: bool,
    /// On a sealed document: the change as it goes up. The same bytes on every try.
    #[serde(default, skip_serializing_if = "unset")]
    pub envelope: Option<ByteBuf>,
    /// On a sealed document: the act with its words, which go up sealed.
    #[serde(default, skip_serializing_if = "unset")]
    pub said: Option<ByteBuf>,
}

impl OutItem {
    /// Something that is to wait; place and group are given when it is put there.
    pub(crate) fn new(doc: DocId, item: Item, what: String, intent: Intent, at_ms: i64) -> Self {
        let (group, made, again) = (0, false, false);
        let (first, envelope, said) = (None, None, None);
        Self { doc, item, what, intent, at_ms, group, made, first, again, envelope, said }
    }
}

/// `attention`: something of the person that did not stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttRec {
    /// The document.
    pub doc: DocId,
    /// Name of its kind; "" for a file.
    pub kind: String,
    /// Its title at that time; the document itself may be gone.
    pub title: String,
    /// Edit or step, in words.
    pub what: String,
    /// The person's own words: label and text.
    pub words: Vec<(String, String)>,
    /// Why.
    pub refusal: Refusal,
    /// When the answer came, device time UTC ms.
    pub at_ms: i64,
    /// What it was: groups with their items, for using it again and for the books of tests.
    pub items: Vec<(u64, OutItem)>,
}

/// `blob_state`: a picture or file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlobRec {
    /// Bytes.
    pub size: u64,
    /// MIME type as the phone saw it; "" for one that came from the server.
    pub mime: String,
    /// Bytes at the server, as last heard.
    pub sent: u64,
    /// Confirmed whole by the server.
    pub delivered: bool,
    /// The bytes are on this phone.
    pub here: bool,
    /// The server will not take it; in "needs attention".
    #[serde(default, skip_serializing_if = "unset")]
    pub refused: bool,
    /// When it was kept, device time UTC ms.
    pub at_ms: i64,
    /// What opens it, where it was sealed here for a sealed document. The document has it too, once it names the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<ByteArray<32>>,
}

/// `meta`, key `state`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MetaRec {
    /// Who uses this database.
    pub who: Who,
    /// Random name of this installation, 32 hex digits.
    pub device: String,
    /// Secret from which actors are made; new for every store and after a clone was noticed.
    pub generation: ByteArray<16>,
    /// Next place in the outbox; places are never used twice.
    pub next: u64,
    /// Documents begun here, for temporary numbers.
    pub made: u64,
    /// Epoch of the server as last heard.
    pub epoch: String,
    /// How far this phone is in each scope it holds.
    pub cursors: BTreeMap<Scope, u64>,
    /// Server clock minus device clock.
    pub skew_ms: i64,
    /// Last time all was up to date, device time UTC ms.
    pub synced_ms: Option<i64>,
    /// First sync: documents and bytes so far; `None` once complete.
    pub first: Option<(u64, u64)>,
    /// Fresh names under which this person began confidential matters on this phone.
    #[serde(default)]
    pub aliases: Vec<DocId>,
    /// Documents that went and of which own work is still here.
    #[serde(default)]
    pub parked: BTreeMap<DocId, ParkedRec>,
    /// The run of the server whose last answer broke off after some of it was taken in.
    #[serde(default)]
    pub half: Option<u64>,
    /// When this phone last heard of another history, official time, UTC ms; far ahead until an answer said it.
    #[serde(default)]
    pub restored_ms: Option<i64>,
    /// Documents that were open together when the worker died; each is tried alone.
    #[serde(default)]
    pub suspects: BTreeSet<DocId>,
    /// Name of the rules by which this phone computed lines of its own.
    #[serde(default)]
    pub rules: String,
}

/// A document that went and of which own work is still here: what is said about it, should that come to attention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ParkedRec {
    /// Name of its kind.
    pub kind: String,
    /// Its title when it went; "" for a sealed one.
    pub title: String,
    /// Since when, official time, UTC ms.
    pub at_ms: i64,
}

/// Key of [`MetaRec`] in `meta`.
pub(crate) const STATE_KEY: &[u8] = b"state";
/// Key in `meta` of the documents being opened right now.
pub(crate) const OPENING_KEY: &[u8] = b"opening";
/// Key in `meta` of the highest outbox place that ever went into a request.
pub(crate) const TRIED_KEY: &[u8] = b"tried";

/// Key of an outbox or attention place: big-endian, so that bytes sort as numbers.
pub(crate) fn place_key(place: u64) -> Vec<u8> {
    place.to_be_bytes().to_vec()
}
/// The place behind a key.
pub(crate) fn place_of(key: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(key.try_into().ok()?))
}
/// The document behind a key.
pub(crate) fn doc_of(key: &[u8]) -> Option<DocId> {
    Some(DocId(key.try_into().ok()?))
}
/// The blob behind a key.
pub(crate) fn hash_of(key: &[u8]) -> Option<Hash> {
    Some(Hash(key.try_into().ok()?))
}
