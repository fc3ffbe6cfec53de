//! What the server answers, in this order: acks, who you are (if it changed), scopes gained and lost,
//! documents, cursors, end. A phone writes the documents of a page and its cursors in one transaction.

use crate::{What, read_envelope};
use domain::{DocId, Entry, Hash, Receipt, Refusal, Row, Scope, Who};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// One frame of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Frame {
    /// First of all: which run of the server answers, a random number of each start. A server that came back from
    /// an older copy is another run; whoever took in half an answer of the one before starts from the beginning.
    Run(u64),
    /// When the request names another history than the one that is here now: the server was restored.
    /// [`End`] says it too, but an answer may break off before.
    Another(String),
    /// What became of one push.
    Ack {
        /// Its place in the outbox.
        seq: u64,
        /// What became of it.
        fate: Fate,
    },
    /// Who the server knows the caller to be; sent when scopes changed and at first.
    Me(Who),
    /// A scope the caller holds and did not name; its documents follow from the start.
    ScopeAdded(Scope),
    /// A scope the caller named and does not hold (any more).
    ScopeRemoved(Scope),
    /// A document, or what is new of it.
    Doc(Box<DocFrame>),
    /// The document is no longer in this scope.
    Left(Scope, DocId),
    /// A wanted document that the caller may not read or that is not here.
    Gone(DocId),
    /// Who lacks the key of a sealed document.
    Keys(Box<crate::KeyNews>),
    /// Where the caller stands after the documents above.
    Cursors(BTreeMap<Scope, u64>),
    /// End of the answer.
    End(End),
}

/// A document on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocFrame {
    /// The document.
    pub id: DocId,
    /// Name of its kind.
    pub kind: String,
    /// The caller's scopes in which it lies.
    pub scopes: BTreeSet<Scope>,
    /// Its body.
    pub body: BodyFrame,
    /// Acts (with receipts) that the caller may lack; repeats are harmless.
    pub acts: Vec<Entry>,
    /// Its line in lists.
    pub row: Row,
}

/// A body on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum BodyFrame {
    /// Nothing new, or a kind that is carried on ask.
    None,
    /// The whole document as `Automerge::save` writes it.
    Snapshot(ByteBuf),
    /// Changes the caller lacks, in an order that applies.
    Delta(Vec<ByteBuf>),
}

impl BodyFrame {
    /// Does it hold the document from its beginning? A sealed one has no snapshots.
    pub fn is_whole(&self) -> bool {
        let is_birth = |raw: &ByteBuf| {
            read_envelope(raw).is_some_and(|envelope| matches!(envelope.header.what, What::Born { .. }))
        };
        match self {
            Self::None => false,
            Self::Snapshot(_) => true,
            Self::Delta(changes) => changes.iter().any(is_birth),
        }
    }
}

/// What became of a push.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fate {
    /// Stands, durable. For an act: the receipt.
    Accepted(Option<Receipt>),
    /// Stood already. For an act: the receipt it had.
    Duplicate(Option<Receipt>),
    /// Will never stand as it is; the text goes to "needs attention".
    Refused(Refusal),
    /// The server lacks these changes first.
    MissingDeps(Vec<Hash>),
    /// Not now; keep it and try again.
    Retry,
}

/// End of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// There is more: ask again with the new cursors.
    pub more: bool,
    /// About how many documents are still to come, for progress.
    pub left: u64,
    /// Official time, UTC ms.
    pub server_ms: i64,
    /// Changes when the server was restored from a backup.
    pub epoch: String,
    /// That this is the history the phone knows, gone on. Comes whenever something was told; the documents
    /// and cursors of this answer count only with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Box<crate::Proof>>,
}

/// Appends a frame behind its length.
pub fn write_frame(out: &mut Vec<u8>, frame: &Frame) {
    let body = domain::to_cbor(frame);
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(&body);
}

/// Takes frames out of bytes that arrive in pieces.
#[derive(Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    at: usize,
}

/// A frame that is not one: the line lies, or it is not our server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFrame;

/// No frame is longer than this; a larger claim is a lie.
const FRAME_BYTES: usize = 8 * 1024 * 1024;

impl FrameReader {
    /// Takes bytes as they arrive.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }
    /// The next whole frame; `Ok(None)` when more bytes are needed.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, NotAFrame> {
        let rest = &self.buffer[self.at..];
        let Some(head) = rest.first_chunk::<4>() else { return Ok(None) };
        let len = u32::from_be_bytes(*head) as usize;
        if len > FRAME_BYTES {
            return Err(NotAFrame);
        }
        let Some(body) = rest.get(4..4 + len) else { return Ok(None) };
        let frame = domain::from_cbor(body).ok_or(NotAFrame)?;
        self.at += 4 + len;
        Ok(Some(frame))
    }
    /// True when nothing half-read is left.
    pub fn is_empty(&self) -> bool {
        self.at == self.buffer.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_survive_being_cut_anywhere() {
        let frames = [Frame::ScopeAdded(Scope("members".into())), Frame::Gone(DocId([7; 16]))];
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| write_frame(&mut bytes, frame));
        for cut in 0..bytes.len() {
            let (mut reader, mut got) = (FrameReader::default(), Vec::new());
            for piece in [&bytes[..cut], &bytes[cut..]] {
                reader.feed(piece);
                while let Some(frame) = reader.next_frame().unwrap() {
                    got.push(frame);
                }
            }
            assert_eq!(got, frames);
            assert!(reader.is_empty());
        }
    }

    #[test]
    fn words_from_before_proofs_still_read() {
        #[derive(Serialize)]
        struct OldEnd<'a> {
            more: bool,
            left: u64,
            server_ms: i64,
            epoch: &'a str,
        }
        let old = domain::to_cbor(&OldEnd { more: false, left: 1, server_ms: 2, epoch: "e" });
        let new = End { more: false, left: 1, server_ms: 2, epoch: "e".into(), proof: None };
        assert_eq!(domain::to_cbor(&new), old, "without a proof the bytes are the old ones");
        assert_eq!(domain::from_cbor::<End>(&old), Some(new));
    }

    #[test]
    fn a_portal_page_is_not_a_frame() {
        let mut reader = FrameReader::default();
        reader.feed(b"<html><body>please log in</body></html>");
        assert_eq!(reader.next_frame(), Err(NotAFrame));
    }
}
