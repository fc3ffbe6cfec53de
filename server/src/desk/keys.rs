//! Who can open a sealed document, and who cannot yet. The server knows the readers and the public keys of
//! their enrolled devices; the keys of documents it never sees. A reader's phone asks, and wraps what is
//! lacking.

use super::slot::Open;
use super::{Desk, Trouble};
use crate::gate::sealed;
use crate::log::Log;
use domain::{Card, DocId, Who, scopes_of};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};
use sync::{Frame, KeyNews, Request, Tag, tag_of};

/// Documents asked about in one request.
const ASKED: usize = 32;

impl<L: Log> Desk<L> {
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
        // An alias is nobody here: its document has a key of its own for it.
        let readers = scopes_of(&open.kind.readers(&open.raw()));
        let cards: BTreeMap<Tag, Card> = self
            .cards_of(&readers, now_ms)
            .into_iter()
            .map(|card| (tag_of(doc, &card.wrap_key), card))
            .collect();
        let (wrapped, owner) = (past.wrapped(), tag_of(doc, past.owner_key()));
        let renew = wrapped.iter().any(|tag| *tag != owner && !cards.contains_key(tag));
        let lacks = |tag: &Tag| renew || !wrapped.contains(tag);
        let mut own = if who.is(open.meta.owner) { self.devices_of(who.person) } else { vec![] };
        if own.len() < 2 {
            own.clear();
        }
        let recovery = self.recovery.clone().filter(|_| !past.is_recoverable());
        Some(KeyNews {
            doc,
            kid: past.kid()?,
            lack: cards.into_iter().filter(|(tag, _)| lacks(tag)).map(|(_, card)| card).collect(),
            renew,
            own,
            own_given: past.own_given(),
            recovery: recovery.map(ByteBuf::from),
        })
    }
}
