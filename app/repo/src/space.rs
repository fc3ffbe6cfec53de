//! How much space the data takes, and removing all of it after the person typed 清除.

use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::bridge::Answer;
use domain::to_cbor;
use store::{Col, Durability, Store, Write};

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Entries and bytes by collection. Quota and persistence are for the browser to tell.
    pub(crate) async fn space(&self) -> Result<Answer, Stop> {
        let docs = self.store.all(Col::Docs).await?;
        let docs = (docs.len() as u64, docs.iter().map(|(_, bytes)| bytes.len() as u64).sum());
        let mem = self.mem.borrow();
        let rows = mem.rows.iter().map(|(_, rec)| to_cbor(rec).len() as u64);
        let out = mem.out.values().map(|item| to_cbor(item).len() as u64);
        let att = mem.att.values().map(|rec| to_cbor(rec).len() as u64);
        let blobs = mem.blobs.values().filter(|rec| rec.here);
        let parts = vec![
            (Col::Docs.name().into(), docs.0, docs.1),
            (Col::Rows.name().into(), mem.rows.len() as u64, rows.sum()),
            (Col::Outbox.name().into(), mem.out.len() as u64, out.sum()),
            (Col::Attention.name().into(), mem.att.len() as u64, att.sum()),
            (Col::Blobs.name().into(), blobs.clone().count() as u64, blobs.map(|rec| rec.size).sum()),
        ];
        Ok(Answer::Storage { parts, estimate: None, persisted: false })
    }

    /// Removes everything of this person from this phone. Only ever after the person typed so.
    pub(crate) async fn wipe(&self) -> Result<Answer, Stop> {
        let _turn = self.turn.lock().await;
        let batch = Col::ALL.into_iter().map(Write::Clear).collect();
        self.store.write(batch, Durability::Strict).await?;
        self.mem.borrow_mut().closed = true;
        Ok(Answer::Done)
    }
}
