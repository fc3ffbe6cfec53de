//! What a phone keeps in memory: all rows, the outbox, attention, where blobs stand, and how the link
//! does. Bodies are not here, apart from a few working documents that were opened last.

use crate::doc_rec::{AttRec, BlobRec, MetaRec, OutItem};
use crate::rows::Rows;
use crate::witness::Witness;
use crate::work::Work;
use domain::{DocId, Hash};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// Working documents kept open; a small one takes about 20 KB.
pub(crate) const KEPT_OPEN: usize = 16;

/// Everything in memory. Changed only after the store took it (see `keep.rs`), except for what lives no
/// longer than the process: open documents, what is on its way, how the link does.
pub(crate) struct Mem {
    pub meta: MetaRec,
    /// What this phone has seen of the server's history.
    pub witness: Witness,
    /// What it will be once the answer at hand is taken in.
    pub proven: Option<Witness>,
    pub rows: Rows,
    pub out: BTreeMap<u64, OutItem>,
    pub att: BTreeMap<u64, AttRec>,
    pub blobs: BTreeMap<Hash, BlobRec>,
    /// What opens the files of sealed documents that were opened since the start.
    pub file_keys: Vec<(Hash, [u8; 32])>,
    pub open: OpenDocs,
    /// Places in the request that is on its way.
    pub flying: BTreeSet<u64>,
    /// Highest place that ever went into a request: from there on down nothing can be taken back.
    pub tried: u64,
    /// Documents that the next request asks for.
    pub wants: BTreeSet<DocId>,
    /// Documents whose confirmed history goes up again, because the server said it lacks some of it.
    pub resend: BTreeSet<DocId>,
    /// Keys that go up with the next request.
    pub key_pushes: Vec<(DocId, ByteBuf)>,
    /// Where the asking about keys of sealed documents goes on.
    pub key_turn: DocId,
    /// What the last worker left of the letters of sealed documents was judged.
    pub letters_heeded: bool,
    /// Documents of which something waits again after a restore in vain: how often it was tried, and when next,
    /// device time, UTC ms.
    pub put_off: BTreeMap<DocId, (u32, i64)>,
    /// How often a document's waiting changes were written anew since the start.
    pub replays: BTreeMap<DocId, u32>,
    pub net: Net,
    /// After 清除本机数据 nothing is kept any more.
    pub closed: bool,
}

/// How the link does; not on disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Net {
    pub online: bool,
    pub running: Option<(u32, u32)>,
    pub session_ended: bool,
    /// The device is not enrolled yet.
    pub stranger: bool,
    /// The device was revoked.
    pub revoked: bool,
    pub trouble: Option<(String, String, String)>,
    /// Documents still to come in the first sync.
    pub left: u64,
}

impl Mem {
    pub fn new(meta: MetaRec) -> Self {
        Self {
            meta,
            witness: Witness::default(),
            proven: None,
            rows: Rows::default(),
            out: BTreeMap::new(),
            att: BTreeMap::new(),
            blobs: BTreeMap::new(),
            file_keys: vec![],
            open: OpenDocs::default(),
            flying: BTreeSet::new(),
            tried: 0,
            wants: BTreeSet::new(),
            resend: BTreeSet::new(),
            key_pushes: vec![],
            key_turn: DocId::default(),
            letters_heeded: false,
            put_off: BTreeMap::new(),
            replays: BTreeMap::new(),
            net: Net::default(),
            closed: false,
        }
    }
    /// Blobs that still have to go up, oldest first.
    pub fn blobs_waiting(&self) -> Vec<(Hash, BlobRec)> {
        let waiting = self.blobs.iter().filter(|(_, rec)| !rec.delivered && !rec.refused);
        let mut waiting: Vec<_> = waiting.map(|(hash, rec)| (*hash, rec.clone())).collect();
        waiting.sort_by_key(|(hash, rec)| (rec.at_ms, *hash));
        waiting
    }
}

/// The few documents opened last, newest at the end.
#[derive(Default)]
pub(crate) struct OpenDocs(Vec<(DocId, Work)>);

impl OpenDocs {
    /// Takes one out; whoever took it puts it back unchanged or as the store has it now.
    pub fn take(&mut self, id: DocId) -> Option<Work> {
        let at = self.0.iter().position(|(doc, _)| *doc == id)?;
        Some(self.0.remove(at).1)
    }
    pub fn put(&mut self, id: DocId, work: Work) {
        self.take(id);
        if self.0.len() == KEPT_OPEN {
            self.0.remove(0);
        }
        self.0.push((id, work));
    }
}
