//! Who can open a sealed document, and who cannot yet. The server knows the readers and the public keys of
//! their devices; the keys of documents it never sees. A reader's phone asks, and wraps what is lacking.

use super::slot::Open;
use super::{Desk, Trouble};
use crate::gate::sealed;
use crate::log::Log;
use domain::{DocId, Reader, Who, scopes_of};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sync::{Frame, KeyNews, POINT_BYTES, Request, Tag, tag_of};

/// Documents asked about in one request.
const ASKED: usize = 32;
/// Devices of one person, the latest ones.
const DEVICES: usize = 6;

/// Public keys of devices: person, name of the device, key; in the order in which they were heard of.
#[derive(Clone, Debug, Default)]
pub(super) struct WrapKeys(HashMap<DocId, Vec<(String, Vec<u8>)>>);

impl WrapKeys {
    pub fn new(all: Vec<(DocId, String, Vec<u8>)>) -> Self {
        let mut keys = Self::default();
        all.into_iter().for_each(|(person, device, key)| keys.put(person, device, key));
        keys
    }
    pub fn knows(&self, person: DocId, device: &str, key: &[u8]) -> bool {
        self.0.get(&person).is_some_and(|all| all.iter().any(|(name, known)| name == device && known == key))
    }
    pub fn put(&mut self, person: DocId, device: String, key: Vec<u8>) {
        let all = self.0.entry(person).or_default();
        all.retain(|(name, _)| *name != device);
        all.push((device, key));
        let many = all.len().saturating_sub(DEVICES);
        all.drain(..many);
    }
    pub fn of(&self, person: DocId) -> Vec<Vec<u8>> {
        self.0.get(&person).into_iter().flatten().map(|(_, key)| key.clone()).collect()
    }
}

impl<L: Log> Desk<L> {
    /// Remembers the public key of the caller's device, when it is news.
    pub(super) async fn meet_device(
        &self,
        who: &Who,
        request: &Request,
        device: &str,
    ) -> Result<(), Trouble> {
        let Some(key) = request.wrap_key.as_ref().filter(|key| key.len() == POINT_BYTES && key[0] == 4)
        else {
            return Ok(());
        };
        if device.is_empty() || self.shared.wrap_keys(|keys| keys.knows(who.person, device, key)) {
            return Ok(());
        }
        self.log.put_wrap_key(who.person, device.into(), key.to_vec()).await?;
        self.shared.meet(who.person, device.into(), key.to_vec());
        Ok(())
    }

    /// News about the keys of those documents that the caller asked about and may read.
    pub(super) async fn key_news(
        &self,
        who: &Who,
        request: &Request,
        now_ms: i64,
    ) -> Result<Vec<Frame>, Trouble> {
        let held = domain::scopes_held(who);
        let asked: BTreeSet<DocId> = request.keys.iter().copied().take(ASKED).collect();
        let mut frames = vec![];
        for doc in asked {
            let Some(stored) = self.log.load(doc).await? else { continue };
            let Some(kind) = self.kind(&stored.meta.kind) else { continue };
            let open = Open::stored(stored, kind);
            if !open.is_sealed() || open.scopes.is_disjoint(&held) {
                continue;
            }
            let changes = self.log.changes_since(doc, 0).await?;
            let Some(past) = sealed::Past::of(changes.iter().map(|change| change.bytes.as_slice())) else {
                continue;
            };
            frames.extend(self.news_of(who, &open, &past, now_ms).map(|news| Frame::Keys(Box::new(news))));
        }
        Ok(frames)
    }

    fn news_of(&self, who: &Who, open: &Open, past: &sealed::Past, now_ms: i64) -> Option<KeyNews> {
        let doc = open.meta.id;
        let readers = open.kind.readers(&open.raw());
        let keys: BTreeMap<Tag, Vec<u8>> =
            self.keys_of(&readers, now_ms).into_iter().map(|key| (tag_of(doc, &key), key)).collect();
        let (wrapped, owner) = (past.wrapped(), tag_of(doc, past.owner_key()));
        let renew = wrapped.iter().any(|tag| *tag != owner && !keys.contains_key(tag));
        let lacks = |tag: &Tag| renew || !wrapped.contains(tag);
        let lack =
            keys.into_iter().filter(|(tag, _)| lacks(tag)).map(|(_, key)| ByteBuf::from(key)).collect();
        let own = match who.is(open.meta.owner) {
            true => self.shared.wrap_keys(|keys| keys.of(who.person)),
            false => vec![],
        };
        let recovery = self.recovery.clone().filter(|_| !past.is_recoverable());
        Some(KeyNews {
            doc,
            kid: past.kid()?,
            lack,
            renew,
            own: own.into_iter().map(ByteBuf::from).collect(),
            own_given: past.own_given(),
            recovery: recovery.map(ByteBuf::from),
        })
    }

    /// Public keys of the devices of all persons whom these readers name. An alias is nobody here: its
    /// document has a key of its own for it.
    fn keys_of(&self, readers: &BTreeSet<Reader>, now_ms: i64) -> Vec<Vec<u8>> {
        let scopes = scopes_of(readers);
        let reads = |who: &Who| {
            // Most are told apart without looking at terms.
            if !readers.iter().any(|reader| may_be(reader, who)) {
                return false;
            }
            let plain = Who { aliases: vec![], ..who.clone().at(now_ms) };
            !domain::scopes_held(&plain).is_disjoint(&scopes)
        };
        let people: Vec<DocId> = self
            .shared
            .people(|people| people.all().filter(|who| reads(who)).map(|who| who.person).collect());
        self.shared.wrap_keys(|keys| people.iter().flat_map(|person| keys.of(*person)).collect())
    }
}

/// False for whom this reader surely is not.
fn may_be(reader: &Reader, who: &Who) -> bool {
    match reader {
        Reader::Person(id) => who.person == *id,
        Reader::Role(role, _) => who.posts.iter().any(|post| post.role == *role),
        Reader::Officers(_) => !who.posts.is_empty(),
        Reader::Public | Reader::Members | Reader::Unit(_) => true,
    }
}
