//! Who can open a sealed document, and who cannot yet. The server knows the readers and the public keys of
//! their enrolled devices; the keys of documents it never sees. A reader's phone asks, and wraps what is
//! lacking.

use super::slot::Open;
use super::{Desk, Trouble};
use crate::gate::sealed;
use crate::log::Log;
use domain::{Card, Who, scopes_of};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};
use sync::{ENVELOPE_WRAPS, Frame, KeyAsk, KeyNews, Kid, Request, Tag, own_mark, short, tag_of};

/// Documents asked about in one request.
const ASKED: usize = 32;
/// Older generations told of in one answer about one document.
const OLD: usize = 4;

impl<L: Log> Desk<L> {
    /// News about the keys of those documents that the caller asked about and may read.
    pub(super) async fn key_news(
        &self,
        who: &Who,
        request: &Request,
        now_ms: i64,
    ) -> Result<Vec<Frame>, Trouble> {
        let held = domain::scopes_held(who);
        let mut frames = vec![];
        for ask in request.keys.iter().take(ASKED) {
            let doc = ask.0;
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
            frames
                .extend(self.news_of(who, ask, &open, &past, now_ms).map(|news| Frame::Keys(Box::new(news))));
        }
        Ok(frames)
    }

    /// `None` when nothing is due.
    fn news_of(
        &self,
        who: &Who,
        ask: &KeyAsk,
        open: &Open,
        past: &sealed::Past,
        now_ms: i64,
    ) -> Option<KeyNews> {
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
        let old = self.old_news(who, open, past, &cards, &lacks);
        let lack: Vec<Card> = cards.into_iter().filter(|(tag, _)| lacks(tag)).map(|(_, card)| card).collect();
        let (kid, own_given) = (past.kid()?, past.own_given());
        let mut own = if who.is(open.meta.owner) { self.devices_of(who.person) } else { vec![] };
        if own_mark(&own, own_given) == ask.2 {
            own.clear();
        }
        let recovery = self.recovery.clone().filter(|_| !past.is_recoverable()).map(ByteBuf::from);
        let is_due = !lack.is_empty() || !old.is_empty() || renew || !own.is_empty() || recovery.is_some();
        let news = KeyNews { doc, kid, lack, old, renew, own, own_given, recovery };
        (is_due || short(&kid) != ask.1).then_some(news)
    }

    /// Of older generations: who has the newest and not these. A device was given what the giver had; a generation
    /// that came to the giver later was never given on.
    fn old_news(
        &self,
        who: &Who,
        open: &Open,
        past: &sealed::Past,
        cards: &BTreeMap<Tag, Card>,
        lacks: &dyn Fn(&Tag) -> bool,
    ) -> Vec<(Kid, Vec<Card>)> {
        let own = self.devices_of(who.person);
        let own: Vec<Tag> = own.iter().map(|card| tag_of(open.meta.id, &card.wrap_key)).collect();
        let has =
            |wrapped: &BTreeSet<Tag>| who.is(open.meta.owner) || own.iter().any(|tag| wrapped.contains(tag));
        let without = |wrapped: &BTreeSet<Tag>| -> Vec<Card> {
            let lack = cards.iter().filter(|(tag, _)| !lacks(tag) && !wrapped.contains(*tag));
            lack.map(|(_, card)| card.clone()).take(ENVELOPE_WRAPS - 1).collect()
        };
        let old = past.older().filter(|(_, wrapped)| has(wrapped));
        let old = old.map(|(kid, wrapped)| (kid, without(&wrapped)));
        old.filter(|(_, lack)| !lack.is_empty()).take(OLD).collect()
    }
}
