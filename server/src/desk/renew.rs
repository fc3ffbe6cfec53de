//! Another version of the program computes rows, readers or people otherwise than the one before it: everything
//! is computed anew once, and what differs is written and handed out again. Each such document has a place of its
//! own in the history, so phones hear of it by their cursors, also of scopes gained and lost. Done twice or broken
//! off it does no harm: what is right already is left alone.

use super::slot::Open;
use super::{Desk, Trouble};
use crate::log::{Batch, DocState, Everybody, Item, Log, NotPlaced, Sender, Stored};
use domain::{Device, DocId, Who, office};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Documents read, and written, in one go.
const PAGE: usize = 200;

/// Who and what documents describe, as the log has it.
struct Described {
    people: HashMap<DocId, Who>,
    devices: HashMap<DocId, Device>,
}

impl<L: Log> Desk<L> {
    /// Computes everything anew if other rules than these did it last; returns how many documents differed.
    ///
    /// # Errors
    /// What the log says. What was written until then stands, and the next call goes on.
    pub async fn renew(&self, rules: &str, now_ms: i64) -> Result<u64, Trouble> {
        if self.log.rules().await? == rules || self.log.last().await? == 0 {
            return Ok(0);
        }
        let described = Described::of(self.log.everybody().await?);
        let (mut renewed, mut after) = (0, None);
        loop {
            let page = self.log.page(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.meta.id);
            let differ: Vec<(u64, DocState)> =
                page.into_iter().filter_map(|stored| self.renewal(stored, &described)).collect();
            renewed += self.write_renewals(differ, now_ms).await?;
        }
        self.log.take_over(rules.into(), now_ms).await?;
        Ok(renewed)
    }

    /// The document as these rules have it, if that differs from what is kept.
    fn renewal(&self, stored: Stored, described: &Described) -> Option<(u64, DocState)> {
        let kind = self.kind(&stored.meta.kind)?;
        let (n, row, scopes, doc) = (stored.n, stored.row.clone(), stored.scopes.clone(), stored.meta.id);
        let computed = catch_unwind(AssertUnwindSafe(|| Open::stored(stored, kind).state()));
        let Ok(state) = computed else {
            tracing::error!(%doc, "a module panicked over a document of an earlier version; it stays as it was");
            return None;
        };
        let is_same = state.row == row && state.scopes == scopes && described.has(&state);
        (!is_same).then_some((n, state))
    }

    async fn write_renewals(&self, differ: Vec<(u64, DocState)>, now_ms: i64) -> Result<u64, Trouble> {
        let count = differ.len() as u64;
        match self.write_some(differ.clone(), now_ms).await {
            Err(NotPlaced::Trouble(trouble)) => return Err(trouble.into()),
            Ok(()) => return Ok(count),
            Err(NotPlaced::Moved | NotPlaced::Panicked) => {}
        }
        // One of them cannot go in; the others can.
        let mut written = 0;
        for one in differ {
            let doc = one.1.meta.id;
            match self.write_some(vec![one], now_ms).await {
                Ok(()) => written += 1,
                Err(NotPlaced::Trouble(trouble)) => return Err(trouble.into()),
                Err(_) => {
                    tracing::error!(%doc, "cannot be computed anew: somebody else has this staff number")
                }
            }
        }
        Ok(written)
    }

    async fn write_some(&self, differ: Vec<(u64, DocState)>, now_ms: i64) -> Result<(), NotPlaced> {
        if differ.is_empty() {
            return Ok(());
        }
        let shared = self.shared.clone();
        let batch = Batch {
            sender: Sender { person: office(), device: String::new() },
            now_ms,
            seen: differ.iter().map(|(n, state)| (state.meta.id, Some(*n))).collect(),
            items: differ.iter().map(|(_, state)| Item::Renewal { doc: state.meta.id }).collect(),
            aliases: vec![],
            settle: Box::new(move |_| differ.into_iter().map(|(_, state)| state).collect()),
            then: Box::new(move |placed| shared.learn(placed)),
        };
        self.log.append(batch).await.map(drop)
    }
}

impl Described {
    fn of(everybody: Everybody) -> Self {
        let people = everybody.people.into_iter().map(|who| (who.person, who)).collect();
        let devices = everybody.devices.into_iter().map(|device| (device.id, device)).collect();
        Self { people, devices }
    }
    fn has(&self, state: &DocState) -> bool {
        state.who.as_ref().is_none_or(|who| self.people.get(&who.person) == Some(who))
            && state.device.as_ref().is_none_or(|device| self.devices.get(&device.id) == Some(device))
    }
}
