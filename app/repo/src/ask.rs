//! Every question of the screens and who answers it.

use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::bridge::{Answer, Ask};
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Answers a question. `Kept` is said only after everything lies on the disk, strictly. What only the
    /// worker knows (who used this phone, 模拟离线, quota) is the worker's to answer.
    pub async fn ask(&self, ask: Ask) -> Answer {
        if self.mem.borrow().closed {
            return Stop::Closed.answer();
        }
        self.answer(ask).await.unwrap_or_else(Stop::answer)
    }

    /// Locked: waits for the write that is running and keeps nothing more.
    pub async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.mem.borrow_mut().closed = true;
    }

    async fn answer(&self, ask: Ask) -> Result<Answer, Stop> {
        match ask {
            Ask::List(query) => Ok(self.list(&query)),
            Ask::Open(id) => self.open_doc(id).await,
            Ask::Create { kind, unit, values, alias } => self.create(&kind, unit, values, alias).await,
            Ask::Edit { doc, edits } => self.edit(doc, edits).await,
            Ask::Act { doc, act } => self.act(doc, act).await,
            Ask::Undo { seq } => self.undo(seq).await,
            Ask::Outbox => Ok(Answer::Outbox(self.waiting())),
            Ask::NeedsMe => Ok(Answer::Attention(self.attention())),
            Ask::Settle { id, how } => self.settle_attention(id, how).await,
            // How it went shows in the state; a person who taps 立即同步 sees the bar.
            Ask::SyncNow => {
                self.sync_round().await.ok();
                Ok(Answer::Done)
            }
            Ask::PutBlob { doc, bytes, mime } => self.put_blob(doc, bytes.into_vec(), mime).await,
            Ask::GetBlob(hash) => self.get_blob(hash).await,
            Ask::Blobs(hashes) => Ok(self.blob_states(&hashes)),
            Ask::Storage => self.space().await,
            Ask::Export => self.export().await,
            Ask::Wipe => self.wipe().await,
            Ask::Enrol(_)
            | Ask::Detach
            | Ask::Lock(_)
            | Ask::Alive
            | Ask::Idle(_)
            | Ask::Close
            | Ask::SignedIn
            | Ask::Coming(_)
            | Ask::PretendOffline(_) => Ok(Answer::Done),
        }
    }
}
