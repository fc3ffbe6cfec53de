//! Pictures and files: kept at once, sent in pieces after the records, taken up again where a cut left
//! them. A record and its picture do not wait for each other.

use crate::doc_rec::{AttRec, BlobRec};
use crate::keep::Txn;
use crate::link::{BlobHead, BlobPiece, LinkTrouble};
use crate::round::RoundTrouble;
use crate::seal::Kept;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::bridge::{Answer, BlobState, Event};
use domain::{DocId, Hash, Refusal, to_cbor};
use store::{Col, Durability, Store, Write};

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Keeps a file and queues it. The same file twice is one file, unless it is sealed.
    pub(crate) async fn put_blob(
        &self,
        doc: Option<DocId>,
        bytes: Vec<u8>,
        mime: String,
    ) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let is_empty = bytes.is_empty();
        let Kept { bytes, mime, key } = self.closed_file(doc, bytes, mime).await?;
        if is_empty || bytes.len() as u64 > sync::BLOB_BYTES {
            return Err(
                Refusal::rule("文件太大或为空，最大 8 MB", "The file is empty or larger than 8 MB").into()
            );
        }
        let hash = Hash::of(&bytes);
        let known = self.mem.borrow().blobs.get(&hash).cloned();
        if known.as_ref().is_some_and(|rec| rec.here && !rec.refused) {
            return Ok(Answer::Stored(hash));
        }
        let (size, at_ms) = (bytes.len() as u64, self.host.now_ms());
        let delivered = known.is_some_and(|rec| rec.delivered);
        let rec = BlobRec { size, mime, sent: 0, delivered, here: true, refused: false, at_ms, key };
        let mut txn = Txn { extra: vec![Write::Put(Col::Blobs, hash.0.to_vec(), bytes)], ..Txn::default() };
        txn.blobs.insert(hash, rec);
        self.keep(txn).await?;
        Ok(Answer::Stored(hash))
    }

    /// The bytes, from here or from the server (and then kept, while there is room).
    pub(crate) async fn get_blob(&self, hash: Hash) -> Result<Answer, Stop> {
        if let Some(bytes) = self.store.get(Col::Blobs, &hash.0).await? {
            return self.opened_file(hash, bytes).await;
        }
        let found = self.link.blob_get(hash).await.map_err(Stop::NotHere)?;
        let bytes = found.filter(|bytes| Hash::of(bytes) == hash).ok_or_else(|| {
            Refusal::rule(
                "图片或文件还在对方手机上，等待上传",
                "The picture or file is still on the other phone, waiting to be sent",
            )
        })?;
        let size = bytes.len() as u64;
        let at_ms = self.host.now_ms();
        let rec = BlobRec {
            size,
            mime: String::new(),
            sent: size,
            delivered: true,
            here: true,
            refused: false,
            at_ms,
            key: self.mem.borrow().blobs.get(&hash).and_then(|rec| rec.key),
        };
        let put = Write::Put(Col::Blobs, hash.0.to_vec(), bytes.clone());
        let state = Write::Put(Col::BlobState, hash.0.to_vec(), to_cbor(&rec));
        // A cache: a full store is no reason not to show it.
        if self.store.write(vec![put, state], Durability::Relaxed).await.is_ok() {
            self.mem.borrow_mut().blobs.insert(hash, rec);
        }
        self.opened_file(hash, bytes).await
    }

    /// Where these stand; unknown ones are neither here nor delivered as far as this phone knows.
    pub(crate) fn blob_states(&self, hashes: &[Hash]) -> Answer {
        let mem = self.mem.borrow();
        let none = BlobState { hash: Hash([0; 32]), size: 0, sent: 0, here: false, delivered: false };
        let state = |hash: &Hash| match mem.blobs.get(hash) {
            Some(rec) => shown(*hash, rec),
            None => BlobState { hash: *hash, ..none.clone() },
        };
        Answer::Blobs(hashes.iter().map(state).collect())
    }

    /// Sends what waits, oldest first. A file that the server refuses goes to attention; the others go on.
    pub(crate) async fn send_blobs(&self) -> Result<(), RoundTrouble> {
        let waiting = self.mem.borrow().blobs_waiting();
        for (hash, rec) in waiting {
            match self.send_blob(hash, rec).await {
                Err(RoundTrouble::Link(LinkTrouble::Server(413 | 415 | 422))) => {
                    self.blob_refused(hash).await?
                }
                other => other?,
            }
        }
        Ok(())
    }

    async fn send_blob(&self, hash: Hash, rec: BlobRec) -> Result<(), RoundTrouble> {
        let Some(bytes) = self.store.get(Col::Blobs, &hash.0).await.map_err(RoundTrouble::Store)? else {
            // It made room once, which only delivered ones do.
            let gone = BlobRec { here: false, delivered: true, ..rec };
            self.mem.borrow_mut().blobs.insert(hash, gone);
            return Ok(());
        };
        let mut head = self.link.blob_head(hash).await.map_err(RoundTrouble::Link)?;
        while !head.whole {
            let at = head.received.min(rec.size.saturating_sub(1));
            let end = (at as usize + sync::BLOB_CHUNK).min(bytes.len());
            let piece =
                BlobPiece { hash, at, size: rec.size, mime: &rec.mime, bytes: &bytes[at as usize..end] };
            let next = self.link.blob_put(piece).await.map_err(RoundTrouble::Link)?;
            if !next.whole && next.received <= head.received && head.received > 0 && next.received == at {
                return Err(RoundTrouble::Link(LinkTrouble::Server(409))); // no way forward; later
            }
            head = next;
            self.blob_moved(hash, head).await?;
        }
        self.blob_moved(hash, head).await
    }

    async fn blob_moved(&self, hash: Hash, head: BlobHead) -> Result<(), RoundTrouble> {
        let _turn = self.turn.lock().await;
        let Some(old) = self.mem.borrow().blobs.get(&hash).cloned() else { return Ok(()) };
        let sent = if head.whole { old.size } else { head.received.min(old.size) };
        let rec = BlobRec { sent, delivered: head.whole, ..old.clone() };
        if rec != old {
            let put = Write::Put(Col::BlobState, hash.0.to_vec(), to_cbor(&rec));
            self.store.write(vec![put], Durability::Relaxed).await.map_err(RoundTrouble::Store)?;
            self.mem.borrow_mut().blobs.insert(hash, rec.clone());
            self.tell(Event::Blob(shown(hash, &rec)));
            self.tell_state();
        }
        Ok(())
    }

    async fn blob_refused(&self, hash: Hash) -> Result<(), RoundTrouble> {
        let _turn = self.turn.lock().await;
        let Some(old) = self.mem.borrow().blobs.get(&hash).cloned() else { return Ok(()) };
        let mut txn = Txn::default();
        let place = self.place(&mut txn);
        txn.blobs.insert(hash, BlobRec { refused: true, ..old });
        txn.att.insert(place, Some(self.refused_file()));
        Ok(self.keep(txn).await?)
    }

    fn refused_file(&self) -> AttRec {
        let zh = "服务器不接受这种图片或文件，请换一种格式（JPG、PNG、PDF）或缩小后再上传";
        let en = "The server does not take this picture or file; try JPG, PNG or PDF, or a smaller one";
        AttRec {
            doc: DocId::default(),
            kind: String::new(),
            title: String::new(),
            what: "图片或文件".into(),
            words: vec![],
            refusal: Refusal::rule(zh, en),
            at_ms: self.host.now_ms(),
            items: vec![],
        }
    }
}

fn shown(hash: Hash, rec: &BlobRec) -> BlobState {
    BlobState { hash, size: rec.size, sent: rec.sent, here: rec.here, delivered: rec.delivered }
}
