//! What a phone sends: where it stands, what it has for the server, which documents it wants whole.

use domain::{DocId, Entry, Hash, Scope};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

/// One request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// [`crate::PROTO`].
    pub proto: u16,
    /// Random name of this installation of the app, made anew when its store is new.
    pub device: String,
    /// Epoch of the server as last heard; "" at first.
    pub epoch: String,
    /// How far the phone is in each scope it knows it holds.
    pub cursors: BTreeMap<Scope, u64>,
    /// What it has for the server, oldest first.
    pub push: Vec<Push>,
    /// Documents carried on ask that somebody opened.
    pub want: Vec<DocId>,
    /// Its last checkpoint; `None` from an app before proofs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<crate::Seen>,
    /// Sealed documents that it can open: the server says who cannot yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<crate::KeyAsk>,
}

/// One thing for the server. Its id makes a retry harmless.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Push {
    /// Place in the phone's outbox; comes back with the ack.
    pub seq: u64,
    /// The document.
    pub doc: DocId,
    /// What it is.
    pub item: Item,
}

/// A change to a body or an act.
#[allow(clippy::large_enum_variant)] // a list of pushes is short-lived, and each act would be one more box
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// One raw Automerge change.
    Change(ByteBuf),
    /// One act without receipt.
    Act(Entry),
}

impl Item {
    /// What makes it the same thing on a retry: hash of the change, id of the act.
    pub fn key(&self) -> Vec<u8> {
        match self {
            Item::Change(bytes) => Hash::of(bytes).0.to_vec(),
            Item::Act(entry) => entry.id.0.to_vec(),
        }
    }
    /// About how many bytes it takes on the wire.
    pub fn size(&self) -> usize {
        match self {
            Item::Change(bytes) => bytes.len() + 40,
            Item::Act(entry) => entry.act.len() + 120 + entry.about.len() * 34,
        }
    }
}
