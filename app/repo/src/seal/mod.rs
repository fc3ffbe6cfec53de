//! Sealed documents on a phone: changes go up as envelopes and come down as envelopes; in between the
//! document is like every other one. What is here: sealing what goes up, opening what comes, giving the key
//! to readers who lack it, and the check of what other readers wrote, which no server makes for us.

mod cipher;
mod files;
mod gate;
mod give;
mod open;
mod send;
#[cfg(not(target_arch = "wasm32"))]
mod soft;
mod tries;

pub use cipher::{Sealer, Sealing};
pub(crate) use files::Kept;
#[cfg(not(target_arch = "wasm32"))]
pub use soft::SoftSealer;

use crate::doc_rec::SealRec;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::work::Work;
use crate::{Host, Link, Repo};
use domain::{AnyKind, DocId, Edit, Entry, Refusal, said_key, said_text};
use serde_bytes::{ByteArray, ByteBuf};
use store::Store;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Keys for a document about to begin.
    pub(crate) async fn new_seal(&self) -> Result<SealRec, Stop> {
        if self.host.sealing() == Sealing::Missing {
            return Err(no_cipher().into());
        }
        let pair = self.host.pair().await.ok_or_else(no_cipher)?;
        let (kid, key) = (ByteArray::new(self.host.random16()), self.random32());
        Ok(SealRec {
            keys: [(kid, key)].into(),
            seen: vec![kid],
            kid,
            owner_key: pair.public,
            owner_secret: Some(pair.secret),
            ..SealRec::default()
        })
    }

    pub(crate) fn random32(&self) -> ByteArray<32> {
        let (one, two) = (self.host.random16(), self.host.random16());
        let mut all = [0; 32];
        all[..16].copy_from_slice(&one);
        all[16..].copy_from_slice(&two);
        ByteArray::new(all)
    }

    /// What nobody can guess, for the changes of a sealed document: their names go up in the clear.
    pub(crate) fn secret_message(&self, is_sealed: bool) -> Option<String> {
        is_sealed.then(|| said_text(&self.host.random16()))
    }

    /// On a sealed document: takes the words out of an act and writes them into the body, which the act is
    /// then about. Returns the group of what was written, and the act with its words.
    pub(crate) fn hush(
        &self,
        txn: &mut Txn,
        work: &mut Work,
        kind: &'static dyn AnyKind,
        entry: &mut Entry,
    ) -> Result<(Option<u64>, Option<ByteBuf>), Stop> {
        if work.rec.seal.is_none() {
            return Ok((None, None));
        }
        let bare = kind.hush(&entry.act).ok_or_else(|| Refusal::Unreadable("act".into()))?;
        if bare == *entry.act {
            return Ok((None, None));
        }
        let whole = std::mem::replace(&mut entry.act, bare.into());
        let words = Edit::Set { key: said_key(entry.id), value: said_text(&whole).into() };
        let group = self.write_parts(txn, entry.doc, work, kind, vec![words])?;
        entry.about = work.heads();
        Ok((group, Some(whole)))
    }

    /// Why a document whose row is here does not open.
    pub(crate) async fn why_not_here(&self, id: DocId) -> Refusal {
        let Some(row) = self.row(&Txn::default(), id) else { return Refusal::Unknown };
        match self.rec(&Txn::default(), id, &row.row.kind).await {
            Ok(rec) if rec.seal.is_some() && rec.body.is_none() => match self.host.wrap_key() {
                Some(_) => waits_for_key(),
                None => no_key_here(),
            },
            _ => Refusal::Unknown,
        }
    }
}

fn waits_for_key() -> Refusal {
    Refusal::rule(
        "这份材料已加密，本机还没有它的密钥。等其他承办人的手机联网同步后，就会自动打开",
        "This record is sealed and this phone has no key of it yet. It opens by itself once the phone of somebody \
         who can read it has been online",
    )
}

fn no_key_here() -> Refusal {
    Refusal::rule(
        "这份材料已加密，这台设备没有钥匙，打不开。请在 https 地址登录，用登记过的设备查看",
        "This record is sealed and this device has no key. Sign in at the https address, on an enrolled device",
    )
}

fn no_cipher() -> Refusal {
    Refusal::rule(
        "这个浏览器不能加密，保密诉求没有保存到记录里。请用 https 地址打开，或改为实名提交",
        "This browser cannot encrypt, so a confidential matter was not begun. Open the https address, or use your name",
    )
}
