//! 导出数据包: everything of mine on this phone as one CBOR file, for when the phone must go before the
//! network comes, or for one's own keeping.

use crate::doc_rec::{AttRec, DocRec, OutItem};
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo, Witness};
use domain::bridge::Answer;
use domain::{DocId, Hash, Row, Who, to_cbor};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use store::{Col, Store};

/// The file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Package {
    /// Always `lianxin.package`.
    pub format: String,
    /// 1 (2026-11): first.
    pub version: u16,
    /// Whose it is.
    pub who: Who,
    /// Installation it comes from.
    pub device: String,
    /// Device time, UTC ms.
    pub made_ms: i64,
    /// What this phone has seen of the server's history: evidence, if it breaks off.
    #[serde(default)]
    pub witness: Witness,
    /// What waits.
    pub outbox: Vec<(u64, OutItem)>,
    /// What needs the person.
    pub attention: Vec<(u64, AttRec)>,
    /// The person's own documents.
    pub docs: Vec<PackageDoc>,
    /// Files that wait: MIME type and bytes.
    pub blobs: Vec<(Hash, String, ByteBuf)>,
}

/// A document in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackageDoc {
    /// The document.
    pub id: DocId,
    /// Its line.
    pub row: Row,
    /// What is confirmed of it.
    pub rec: DocRec,
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Everything of mine that is here.
    pub(crate) async fn export(&self) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let (docs, blobs) = (self.own_docs().await?, self.own_blobs().await?);
        let mem = self.mem.borrow();
        let package = Package {
            format: "lianxin.package".into(),
            version: 1,
            who: mem.meta.who.clone(),
            device: mem.meta.device.clone(),
            made_ms: self.host.now_ms(),
            witness: mem.witness.clone(),
            outbox: mem.out.iter().map(|(place, item)| (*place, item.clone())).collect(),
            attention: mem.att.iter().map(|(place, rec)| (*place, rec.clone())).collect(),
            docs,
            blobs,
        };
        Ok(Answer::Bytes(to_cbor(&package).into()))
    }

    async fn own_docs(&self) -> Result<Vec<PackageDoc>, Stop> {
        let who = self.who();
        let mine: Vec<(DocId, Row)> = {
            let mem = self.mem.borrow();
            let own = mem.rows.iter().filter(|(_, rec)| rec.whole && who.is(rec.row.owner));
            own.map(|(id, rec)| (id, rec.row.clone())).collect()
        };
        let mut docs = vec![];
        for (id, row) in mine {
            let rec = self.rec(&Txn::default(), id, &row.kind).await?;
            docs.push(PackageDoc { id, row, rec });
        }
        docs.sort_by_key(|doc| doc.id);
        Ok(docs)
    }

    async fn own_blobs(&self) -> Result<Vec<(Hash, String, ByteBuf)>, Stop> {
        let waiting = self.mem.borrow().blobs_waiting();
        let mut blobs = vec![];
        for (hash, rec) in waiting {
            if let Some(bytes) = self.store.get(Col::Blobs, &hash.0).await? {
                blobs.push((hash, rec.mime, bytes.into()));
            }
        }
        Ok(blobs)
    }
}
