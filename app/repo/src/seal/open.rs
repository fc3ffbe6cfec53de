//! What comes down: envelopes are opened where the key is here, and laid aside where it is not. A key that
//! comes later opens what was laid aside.

use super::gate::{Door, Entrance, Letter};
use super::tries::Tries;
use crate::doc_rec::SealRec;
use crate::keep::Txn;
use crate::merge::News;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{DocId, Hash};
use serde_bytes::{ByteArray, ByteBuf};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use sync::{
    BodyFrame, Envelope, Item, Pair, What, is_sealed, own_info, read_envelope, tag_of, unpad, wrap_info,
};

/// What came of some letters.
#[derive(Default)]
struct LetIn {
    /// Changes that joined, in order.
    changes: Vec<ByteBuf>,
    /// One does not go with what stands here.
    is_clash: bool,
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Opens what is sealed in what came.
    pub(crate) async fn unseal_news(
        &self,
        txn: &mut Txn,
        news: &mut BTreeMap<DocId, News>,
    ) -> Result<(), Stop> {
        let mut tries: Option<Tries> = None;
        for (id, one) in news.iter_mut() {
            let row = self.row(txn, *id);
            let known = row.as_ref().map(|row| row.row.kind.clone());
            let Some(name) = one.frame.as_ref().map(|frame| frame.kind.clone()).or(known) else { continue };
            let has_key = row.as_ref().is_some_and(|row| row.sealed.is_some());
            let sealed = match one.body() {
                BodyFrame::Delta(all) if all.iter().any(|raw| is_sealed(raw)) => all.clone(),
                // What was laid aside may follow one of mine that stands now.
                _ if has_key
                    && one.stands.iter().any(|(_, item, _)| matches!(item.item, Item::Change(_))) =>
                {
                    vec![]
                }
                _ => continue,
            };
            let mut rec = self.rec(txn, *id, &name).await?;
            let mut seal = rec.seal.take().unwrap_or_default();
            if sealed.is_empty() && seal.shut.is_empty() {
                continue;
            }
            let Some(kind) = self.kind(&name) else {
                // Of a newer app: kept as it came.
                seal.shut.extend(sealed);
                (one.opened, rec.seal) = (Some(BodyFrame::None), Some(seal));
                txn.docs.insert(*id, Some(rec));
                continue;
            };
            let accepted = one.stands.iter().filter_map(|(_, item, _)| match &item.item {
                Item::Change(raw) if !is_sealed(raw) => Some(raw.as_slice()),
                Item::Change(_) | Item::Act(_) => None,
            });
            let tail = rec.tail.clone();
            let accepted: Vec<&[u8]> = tail.iter().map(|raw| &raw[..]).chain(accepted).collect();
            // What does not open is made anew from all letters.
            // Or what is here belongs to an earlier history.
            let is_anew = (one.whole && (one.spoilt || one.wanted))
                || row.as_ref().is_some_and(|row| (one.whole && row.unseen) || (one.wanted && row.broken));
            if is_anew {
                (seal.refused, seal.shut, seal.seen) = Default::default();
            }
            let letters = self.unseal(*id, &mut seal, sealed).await;
            // Also what other devices of mine wrote: after a restore of the server they may be lost or come late.
            let who = self.who();
            let mine = letters.iter().filter(|letter| who.is(letter.header.by));
            rec.own.extend(mine.map(|letter| letter.header.actor));
            let body = rec.body.as_ref().map(|bytes| &bytes[..]).filter(|_| !is_anew);
            let tries = match &mut tries {
                Some(tries) => tries,
                none => none.insert(self.tries(txn).await?),
            };
            let opened = match Door::at(kind, *id, body, &accepted) {
                Some(mut door) => {
                    let opened = self.let_in(tries, &mut door, letters, &mut seal).await?;
                    if opened.is_clash {
                        self.ask_anew(txn, *id);
                    }
                    match is_anew {
                        false => BodyFrame::Delta(opened.changes),
                        true => match door.whole() {
                            Some(whole) => BodyFrame::Snapshot(whole.into()),
                            // The key is not here yet.
                            None => {
                                if let Some(before) = rec.body.take() {
                                    self.recall(txn, *id, &before, None);
                                }
                                BodyFrame::None
                            }
                        },
                    }
                }
                None => BodyFrame::None,
            };
            one.opened = Some(match opened {
                BodyFrame::Delta(none) if none.is_empty() => BodyFrame::None,
                some => some,
            });
            rec.seal = Some(seal);
            txn.docs.insert(*id, Some(rec));
        }
        Ok(())
    }

    /// What stands here and what came do not go together: the whole document is asked for.
    fn ask_anew(&self, txn: &mut Txn, id: DocId) {
        if let Some(mut row) = self.row(txn, id) {
            (row.broken, row.lacking) = (true, true);
            txn.rows.insert(id, Some(row));
        }
    }

    /// Lets those join the document that may. Those that follow something still shut are laid aside again.
    async fn let_in(
        &self,
        tries: &mut Tries,
        door: &mut Door,
        letters: Vec<Letter>,
        seal: &mut SealRec,
    ) -> Result<LetIn, Stop> {
        let (poison, mut letters): (Vec<_>, Vec<_>) =
            letters.into_iter().partition(|letter| tries.is_poison(letter));
        poison.into_iter().for_each(|letter| seal.lay_aside(letter.envelope));
        let mut all = LetIn::default();
        if letters.is_empty() {
            return Ok(all);
        }
        let names: Vec<Hash> = letters.iter().map(|letter| letter.header.name).collect();
        loop {
            let tried = letters.len();
            letters = self.pass(tries, door, letters, &mut seal.refused, &mut all).await?;
            if letters.len() == tried || letters.is_empty() {
                break;
            }
        }
        letters.into_iter().for_each(|letter| seal.lay_aside(letter.envelope));
        self.tried(tries, &names).await?;
        Ok(all)
    }

    /// Tries each once; returns those that came too early.
    async fn pass(
        &self,
        tries: &mut Tries,
        door: &mut Door,
        letters: Vec<Letter>,
        refused: &mut BTreeSet<Hash>,
        all: &mut LetIn,
    ) -> Result<Vec<Letter>, Stop> {
        let at_once = if tries.suspects(&letters) { 1 } else { letters.len() };
        let (mut early, mut rest) = (vec![], letters.into_iter().peekable());
        while rest.peek().is_some() {
            let some: Vec<Letter> = rest.by_ref().take(at_once).collect();
            self.trying(tries, &some).await?;
            for letter in some {
                match door.admit(&letter, refused) {
                    Entrance::Joined => all.changes.push(letter.raw),
                    Entrance::Early => early.push(letter),
                    Entrance::Clash => all.is_clash = true,
                    Entrance::Refused => {}
                }
            }
        }
        Ok(early)
    }

    /// Opens what can be opened, in order; the rest is laid aside.
    async fn unseal(&self, id: DocId, seal: &mut SealRec, new: Vec<ByteBuf>) -> Vec<Letter> {
        let mut all = std::mem::take(&mut seal.shut);
        all.extend(new.into_iter().filter(|raw| is_sealed(raw)));
        let read: Vec<(ByteBuf, Envelope<'_>)> =
            all.iter().filter_map(|raw| Some((raw.clone(), read_envelope(raw)?))).collect();
        read.iter().for_each(|(_, envelope)| hear(seal, envelope));
        if seal.owner_secret.is_none() {
            self.find_own_secret(id, seal, &read).await;
        }
        for (_, envelope) in &read {
            self.find_key(id, seal, envelope).await;
        }
        let mut letters = vec![];
        for (raw, envelope) in read {
            let header = &envelope.header;
            let Some(key) = seal.keys.get(&header.kid).copied() else {
                seal.lay_aside(raw);
                continue;
            };
            if header.is_keys() {
                continue;
            }
            match self.change_in(&key, &envelope).await {
                Some(change) => {
                    let header = header.clone();
                    letters.push(Letter { header, raw: change, envelope: raw });
                }
                // Sealed by a reader with something else than the key: nobody can read it.
                None => drop(seal.refused.insert(envelope.name)),
            }
        }
        letters
    }

    /// The change in an envelope that was closed with this key.
    pub(super) async fn change_in(&self, key: &[u8; 32], envelope: &Envelope<'_>) -> Option<ByteBuf> {
        let nonce = &envelope.header.nonce;
        let padded = self.host.decrypt(key, nonce, envelope.front, envelope.cipher).await?;
        unpad(&padded).map(ByteBuf::from)
    }

    async fn find_own_secret(&self, id: DocId, seal: &mut SealRec, read: &[(ByteBuf, Envelope<'_>)]) {
        let Some(device) = self.host.wrap_key() else { return };
        for (_, envelope) in read {
            let What::Keys { own, .. } = &envelope.header.what else { continue };
            for wrapped in own {
                if let Some(secret) = self.host.unwrap_here(&own_info(id), wrapped).await {
                    seal.owner_secret = Some(ByteArray::new(secret));
                    seal.own.insert(tag_of(id, &device));
                    return;
                }
            }
        }
    }

    async fn find_key(&self, id: DocId, seal: &mut SealRec, envelope: &Envelope<'_>) {
        let kid = envelope.header.kid;
        let What::Keys { wraps, .. } = &envelope.header.what else { return };
        if seal.keys.contains_key(&kid) {
            return;
        }
        let info = wrap_info(id, &kid);
        let mine = |public: &ByteBuf| {
            let tag = tag_of(id, public);
            wraps.iter().filter(move |wrap| wrap.to == tag)
        };
        if let Some(secret) = seal.owner_secret {
            let pair = Pair { secret, public: seal.owner_key.clone() };
            for wrap in mine(&pair.public) {
                if let Some(key) = self.host.unwrap(&pair, &info, &wrap.key).await {
                    seal.keys.insert(kid, ByteArray::new(key));
                    return;
                }
            }
        }
        let Some(device) = self.host.wrap_key() else { return };
        for wrap in mine(&device) {
            if let Some(key) = self.host.unwrap_here(&info, &wrap.key).await {
                seal.keys.insert(kid, ByteArray::new(key));
                return;
            }
        }
    }
}

/// Generations and the owner's key, as they stand in front.
fn hear(seal: &mut SealRec, envelope: &Envelope<'_>) {
    if let What::Born { owner_key, .. } = &envelope.header.what {
        seal.owner_key.clone_from(owner_key);
    }
    let kid = envelope.header.kid;
    if !seal.seen.contains(&kid) {
        seal.seen.push(kid);
        seal.kid = kid;
    }
}
