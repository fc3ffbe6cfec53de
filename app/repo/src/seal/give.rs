//! Giving keys. The server says which readers' devices lack the key of a document and who has it and reads
//! no more; a reader's phone does what is due, silently, in the same round.

use super::send::is_plain_change;
use crate::acks::RESENT;
use crate::doc_rec::SealRec;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{Card, DocId, Hash};
use serde_bytes::{ByteArray, ByteBuf};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use sync::{
    ENVELOPE_WRAPS, Header, Item, KeyAsk, KeyNews, Kid, Push, What, Wrap, own_info, own_mark, tag_of,
    wrap_info,
};

/// Documents asked about in one request, besides those that something goes up for.
const ASKED: usize = 12;

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Sealed documents to ask about: those of this request, and some of the others in turn.
    pub(crate) fn keys_to_ask(&self, pushes: &[Push]) -> Vec<KeyAsk> {
        let mut mem = self.mem.borrow_mut();
        let sealed: BTreeMap<DocId, KeyAsk> = mem
            .rows
            .iter()
            .filter_map(|(id, row)| row.sealed.map(|(kid, own)| (id, KeyAsk(id, kid, own))))
            .collect();
        let turn = mem.key_turn;
        let rest: Vec<DocId> =
            sealed.range(turn..).chain(sealed.range(..turn)).map(|(id, _)| *id).take(ASKED).collect();
        mem.key_turn = rest.last().copied().unwrap_or_default();
        let ask: BTreeSet<DocId> = pushes.iter().map(|push| push.doc).chain(rest).collect();
        ask.iter().filter_map(|id| sealed.get(id).cloned()).collect()
    }

    /// Keys that were made since the last request.
    pub(crate) fn take_key_pushes(&self) -> Vec<Push> {
        let due = std::mem::take(&mut self.mem.borrow_mut().key_pushes);
        let push = |(at, (doc, raw)): (usize, (DocId, ByteBuf))| Push {
            seq: RESENT + (1 << 32) + at as u64,
            doc,
            item: Item::Change(raw),
        };
        due.into_iter().enumerate().map(push).filter(|push| !is_plain_change(push)).collect()
    }

    /// Does what the server says is lacking.
    pub(crate) async fn give_keys(&self, txn: &mut Txn, all: Vec<KeyNews>) -> Result<(), Stop> {
        for news in all {
            let Some(mut row) = self.row(txn, news.doc) else { continue };
            let mut rec = self.rec(txn, news.doc, &row.row.kind).await?;
            let Some(mut seal) = rec.seal.take() else { continue };
            let before = seal.clone();
            // The server's order counts.
            if seal.keys.contains_key(&news.kid) {
                seal.kid = news.kid;
            }
            let due = self.due(&mut seal, &news).await;
            txn.key_pushes.extend(due.into_iter().map(|raw| (news.doc, ByteBuf::from(raw))));
            if before != seal {
                row.sealed = seal.stand();
                rec.seal = Some(seal);
                txn.docs.insert(news.doc, Some(rec));
                txn.rows.insert(news.doc, Some(row));
            }
        }
        Ok(())
    }

    /// The envelopes that are due for a document.
    async fn due(&self, seal: &mut SealRec, news: &KeyNews) -> Vec<Vec<u8>> {
        // Whoever has not heard of the newest key himself has nothing to give.
        if seal.key().is_none() || !seal.keys.contains_key(&news.kid) {
            return vec![];
        }
        if news.renew {
            let kid: Kid = ByteArray::new(self.host.random16());
            seal.keys.insert(kid, self.random32());
            seal.seen.push(kid);
            seal.kid = kid;
        }
        let mut due = vec![];
        let generations: Vec<(Kid, ByteArray<32>)> =
            seal.keys.iter().map(|(kid, key)| (*kid, *key)).collect();
        // Whoever is new reads what is old too.
        for (kid, key) in &generations {
            let old = news.old.iter().filter(|(other, _)| other == kid).flat_map(|(_, cards)| cards);
            let to = self.vouched(news.lack.iter().chain(old)).await;
            due.extend(self.keys_for(seal, news, to, (kid, key)).await);
        }
        due.extend(self.secret_for_own(seal, news).await);
        due
    }

    /// The keys of those cards that hold: a server cannot slip in one of its own under a device that is known.
    async fn vouched<'c>(&self, cards: impl Iterator<Item = &'c Card>) -> Vec<&'c ByteBuf> {
        let mut keys = vec![];
        for card in cards {
            if self.host.vouches(card).await {
                keys.push(&card.wrap_key);
            }
        }
        keys
    }

    /// One generation for those who lack it.
    async fn keys_for(
        &self,
        seal: &SealRec,
        news: &KeyNews,
        mut to: Vec<&ByteBuf>,
        (kid, key): (&Kid, &[u8; 32]),
    ) -> Vec<Vec<u8>> {
        let (doc, bound) = (news.doc, wrap_info(news.doc, kid));
        let mut wraps = vec![];
        // The owner each time and first: what was begun here and lost on its way up would reach the server without,
        // and it takes no new key of which the owner gets none.
        if news.renew || !to.is_empty() || news.recovery.is_some() {
            to.splice(0..0, Some(&seal.owner_key).filter(|key| !key.is_empty()));
        }
        for to in to {
            if let Some(wrapped) = self.host.wrap(to, &bound, key).await {
                wraps.push(Wrap { to: tag_of(doc, to), key: wrapped.into() });
            }
        }
        let recovery = match &news.recovery {
            Some(to) => self.host.wrap(to, &bound, key).await.map(ByteBuf::from),
            None => None,
        };
        let mut parts: Vec<Vec<Wrap>> = wraps.chunks(ENVELOPE_WRAPS).map(<[Wrap]>::to_vec).collect();
        if parts.is_empty() && recovery.is_some() {
            parts.push(vec![]);
        }
        let close = |(at, wraps): (usize, Vec<Wrap>)| {
            let recovery = recovery.clone().filter(|_| at == 0);
            self.keys_envelope(doc, *kid, What::Keys { wraps, recovery, own: vec![] })
        };
        parts.into_iter().enumerate().map(close).collect()
    }

    /// The owner's secret for the owner's devices, this one too: its store may be lost while its key is not.
    async fn secret_for_own(&self, seal: &mut SealRec, news: &KeyNews) -> Vec<Vec<u8>> {
        let Some(secret) = seal.owner_secret else { return vec![] };
        if (news.own_given as usize) < seal.own.len() {
            // What was sent last has not arrived.
            seal.own.clear();
        }
        let mut own = vec![];
        for to in self.vouched(news.own.iter()).await.into_iter().take(ENVELOPE_WRAPS) {
            let tag = tag_of(news.doc, to);
            if seal.own.contains(&tag) {
                continue;
            }
            own.extend(self.host.wrap(to, &own_info(news.doc), &secret).await.map(ByteBuf::from));
            seal.own.insert(tag);
        }
        let mut out = vec![];
        // With the secret come all keys, under the owner's own public key of this document.
        if own.is_empty() {
            if !news.own.is_empty() {
                seal.own_mark = own_mark(&news.own, news.own_given);
            }
            return out;
        }
        for (kid, key) in &seal.keys {
            let wrapped = self.host.wrap(&seal.owner_key, &wrap_info(news.doc, kid), key).await;
            let wrap = |key: Vec<u8>| Wrap { to: tag_of(news.doc, &seal.owner_key), key: key.into() };
            let wraps = wrapped.map(wrap).into_iter().collect();
            let own = std::mem::take(&mut own);
            out.push(self.keys_envelope(news.doc, *kid, What::Keys { wraps, recovery: None, own }));
        }
        out
    }

    fn keys_envelope(&self, doc: DocId, kid: Kid, what: What) -> Vec<u8> {
        let header = Header {
            doc,
            by: self.own_name(doc),
            actor: ByteArray::new(self.host.random16()),
            seq: 1,
            name: Hash([0; 32]),
            deps: vec![],
            kid,
            nonce: ByteArray::default(),
            files: vec![],
            what,
        };
        header.close(b"")
    }
}
