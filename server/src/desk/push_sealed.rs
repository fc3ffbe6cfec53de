//! Envelopes: changes of sealed documents and keys to them. The same questions as for open changes, in the
//! same order, answered by what stands in front.

use super::Trouble;
use super::round::{HIDDEN, Placing, Round, Turned};
use super::slot::Open;
use crate::gate::{Refused, sealed};
use crate::log::{Item, Log};
use domain::{DocId, Refusal};
use sync::{Envelope, Fate, Header};

impl<L: Log> Round<'_, L> {
    pub(super) async fn take_envelope(&mut self, placing: Placing<'_>, raw: &[u8]) -> Result<(), Trouble> {
        let doc = placing.1.doc;
        self.slot(doc).await?;
        let envelope = match sealed::open_sealed(doc, raw) {
            Ok(envelope) => envelope,
            Err(why) => {
                self.turn_away(placing, why, None);
                return Ok(());
            }
        };
        let actor = *envelope.header.actor;
        // Before anything that depends on today's state: a retry of what stands must not turn into a refusal.
        if self.envelope_stood(placing, &envelope).await? {
            return Ok(());
        }
        let slot = self.slots.entry(doc).or_default();
        if slot.waits {
            self.say(placing, Fate::Retry);
            return Ok(());
        }
        if slot.burnt.contains(&actor) {
            self.turn_down(placing, &envelope, Refused::DependsOnRefused(envelope.name));
            return Ok(());
        }
        if self.belongs_to_another(doc, actor).await? {
            self.burn(doc, envelope.name, actor);
            self.refuse(placing, Refusal::Unreadable("actor".into()));
            return Ok(());
        }
        let there = self.slots.get(&doc).is_some_and(|slot| slot.seen.is_some() || slot.is_begun);
        if !there && envelope.header.meta().is_some() {
            return self.begin_sealed(placing, &envelope, raw).await;
        }
        if !self.may_read(doc) {
            return self.hide_envelope(placing, &envelope).await;
        }
        self.seal_on(placing, &envelope, raw).await
    }

    async fn envelope_stood(
        &mut self,
        placing: Placing<'_>,
        envelope: &Envelope<'_>,
    ) -> Result<bool, Trouble> {
        let (doc, name) = (placing.1.doc, envelope.name);
        let here = match self.hashes.contains(&name) {
            true => Some(doc),
            false => self.desk.log.find_change(name).await?,
        };
        match here {
            None => return Ok(false),
            Some(other) if other == doc => {
                if self.belongs_to_another(doc, *envelope.header.actor).await? {
                    self.turned.push(Turned { doc, code: "replay".into() });
                }
                self.has_envelope(doc, envelope);
                self.say(placing, Fate::Duplicate(None));
            }
            Some(_) => self.refuse(placing, Refusal::Unreadable("elsewhere".into())),
        }
        Ok(true)
    }

    fn has_envelope(&mut self, doc: DocId, envelope: &Envelope<'_>) {
        self.hashes.insert(envelope.name);
        if envelope.header.meta().is_some() {
            self.begun.insert(doc);
        }
    }

    /// As for open changes: what is not here and what may not be read get one answer.
    async fn hide_envelope(&mut self, placing: Placing<'_>, envelope: &Envelope<'_>) -> Result<(), Trouble> {
        let (doc, deps) = (placing.1.doc, &envelope.header.deps);
        if !deps.is_empty() && self.has_had(doc, deps).await? {
            self.burn(doc, envelope.name, *envelope.header.actor);
            self.refuse(placing, Refusal::Unknown);
            return Ok(());
        }
        self.turned.push(Turned { doc, code: HIDDEN.into() });
        self.turn_down(placing, envelope, Refused::MissingDeps(deps.clone()));
        Ok(())
    }

    async fn begin_sealed(
        &mut self,
        placing: Placing<'_>,
        envelope: &Envelope<'_>,
        raw: &[u8],
    ) -> Result<(), Trouble> {
        let doc = placing.1.doc;
        let kind = envelope.header.meta().and_then(|meta| self.desk.kind(&meta.kind));
        let mut past = sealed::Past::default();
        let permit = match past.admit(doc, raw) {
            Ok(permit) => permit,
            Err(why) => {
                self.turn_down(placing, envelope, why);
                return Ok(());
            }
        };
        let open = kind.and_then(|kind| Open::sealed(kind, past));
        let Some(open) = open else {
            self.turn_envelope(placing, envelope, Refusal::Unknown);
            return Ok(());
        };
        let alias = open.meta.owner != self.who.person;
        let allowed = match open.kind.seals(alias) {
            true => self.found(&open).await?,
            false => Err(Refusal::Unreadable("sealed".into())),
        };
        if let Err(refusal) = allowed {
            self.turn_envelope(placing, envelope, refusal);
            return Ok(());
        }
        let slot = self.slots.entry(doc).or_default();
        (slot.open, slot.is_changed, slot.is_begun) = (Some(open), true, true);
        self.has_envelope(doc, envelope);
        self.stand(placing, Item::Change { doc, permit });
        Ok(())
    }

    /// Onto a document that the caller may read. Whoever reads a sealed document may put words of steps into
    /// it; that nobody writes what is another's is for the readers' phones to check.
    async fn seal_on(
        &mut self,
        placing: Placing<'_>,
        envelope: &Envelope<'_>,
        raw: &[u8],
    ) -> Result<(), Trouble> {
        let doc = placing.1.doc;
        self.load_past(doc).await?;
        let who = self.who.clone();
        let Some(open) = self.slots.get_mut(&doc).and_then(|slot| slot.open.as_mut()) else { return Ok(()) };
        let meta = open.meta.clone();
        let Some(past) = open.past.as_mut() else {
            self.turn_envelope(placing, envelope, Refusal::Unreadable("sealed".into()));
            return Ok(());
        };
        let own = if who.aliases.contains(&meta.owner) { meta.owner } else { who.person };
        if envelope.header.by != own {
            self.turn_envelope(placing, envelope, Refusal::Unreadable("by".into()));
            return Ok(());
        }
        match past.admit(doc, raw) {
            Ok(permit) => {
                open.reseal();
                if let Some(slot) = self.slots.get_mut(&doc) {
                    slot.is_changed = true;
                }
                self.has_envelope(doc, envelope);
                self.stand(placing, Item::Change { doc, permit });
            }
            Err(why) => self.turn_down(placing, envelope, why),
        }
        Ok(())
    }

    /// Reads what stands of a sealed document, once a round.
    pub(super) async fn load_past(&mut self, doc: DocId) -> Result<(), Trouble> {
        let open = self.slots.get(&doc).and_then(|slot| slot.open.as_ref());
        if !open.is_some_and(|open| open.is_sealed() && open.past.is_none()) {
            return Ok(());
        }
        let changes = self.desk.log.changes_since(doc, 0).await?;
        let past = sealed::Past::of(changes.iter().map(|change| change.bytes.as_slice()));
        if let Some(open) = self.slots.get_mut(&doc).and_then(|slot| slot.open.as_mut()) {
            open.past = past;
        }
        Ok(())
    }

    fn turn_envelope(&mut self, placing: Placing<'_>, envelope: &Envelope<'_>, refusal: Refusal) {
        self.burn(placing.1.doc, envelope.name, *envelope.header.actor);
        self.refuse(placing, refusal);
    }

    /// The gate's refusal as a fate, and what it means for what follows.
    fn turn_down(&mut self, placing: Placing<'_>, envelope: &Envelope<'_>, why: Refused) {
        let doc = placing.1.doc;
        let Header { actor, deps, .. } = &envelope.header;
        let slot = self.slots.entry(doc).or_default();
        let rests_on_refused = deps.iter().find(|dep| slot.refused.contains(dep)).copied();
        let why = match (why, rests_on_refused) {
            (Refused::MissingDeps(_), Some(dep)) => Refused::DependsOnRefused(dep),
            (why, _) => why,
        };
        if why.is_final() {
            slot.refused.insert(envelope.name);
            slot.burnt.insert(**actor);
            return self.refuse_as(placing, Refusal::Unreadable(why.code().into()), why.code().into());
        }
        slot.waits |= why != Refused::Duplicate;
        if why == Refused::OldKey {
            self.turned.push(Turned { doc, code: why.code().into() });
        }
        self.say(placing, why.fate());
    }
}
