//! One act: was it here before, whose is it, what does the rulebook say now.

use super::round::{HIDDEN, Placing, Round, Turned};
use super::slot::{Open, PENDING};
use super::{Signing, Trouble};
use crate::log::{Item, Log};
use domain::{DocId, Entry, Facts, Hash, Judged, Receipt, Refusal, office, scopes_of};
use sync::{Fate, actor_again};

/// Bytes of an act. The longest opinion people write is a hundredth of it.
const ACT_BYTES: usize = 64 * 1024;
/// Heads that an act may name; the gate lets no document have more.
const ABOUT: usize = crate::gate::limits::MAX_DEPS;

/// An act that may stand: with what the rulebook said and the name of the device that signed it.
type Standing = (Entry, Judged, Option<String>);

impl<L: Log> Round<'_, L> {
    pub(super) async fn take_act(&mut self, placing: Placing<'_>, entry: &Entry) -> Result<(), Trouble> {
        // Before anything that depends on today's state: a retry of what stands must not turn into a refusal.
        if let Some(stood) = self.desk.log.find_act(entry.id).await? {
            self.say_stood(placing, entry, stood);
            return Ok(());
        }
        if let Err(refusal) = self.check_shape(placing, entry) {
            self.refuse(placing, refusal);
            return Ok(());
        }
        let slot = self.slot(entry.doc).await?;
        if entry.about.iter().any(|head| slot.refused.contains(head)) {
            self.refuse(placing, Refusal::Unreadable("depends_on_refused".into()));
            return Ok(());
        }
        if slot.waits || slot.acts_wait {
            self.say(placing, Fate::Retry);
            return Ok(());
        }
        if !self.may_read(entry.doc) {
            return self.hide_act(placing, entry).await;
        }
        let lacks = self.lacks(entry).await?;
        if !lacks.is_empty() {
            return self.wait_for(placing, lacks).await;
        }
        match self.judge(entry).await? {
            Ok((entry, judged, signed)) => self.keep(placing, entry, judged, signed),
            Err(refusal) => self.refuse(placing, refusal),
        }
        Ok(())
    }

    /// Its receipt goes to whoever really pushed it, not to somebody who learned its id.
    fn say_stood(&mut self, placing: Placing<'_>, entry: &Entry, stood: Entry) {
        if stood.doc == entry.doc && self.who.is(stood.by) {
            self.say(placing, Fate::Duplicate(stood.receipt));
        } else {
            self.refuse(placing, Refusal::Unknown);
        }
    }

    fn check_shape(&self, (_, push): Placing<'_>, entry: &Entry) -> Result<(), Refusal> {
        let unreadable = |code: &str| Err(Refusal::Unreadable(code.into()));
        if entry.doc != push.doc || entry.receipt.is_some() {
            return unreadable("entry");
        }
        if entry.act.len() > ACT_BYTES || entry.about.len() > ABOUT {
            return unreadable("too_big");
        }
        let twice = self
            .items
            .iter()
            .any(|item| matches!(item, Item::Act { entry: other, .. } if other.id == entry.id));
        if twice { unreadable("twice") } else { Ok(()) }
    }

    /// What is not here and what the caller may not read get one answer; see `hide` for changes.
    async fn hide_act(&mut self, placing: Placing<'_>, entry: &Entry) -> Result<(), Trouble> {
        if entry.about.is_empty() || self.has_had(entry.doc, &entry.about).await? {
            self.refuse(placing, Refusal::Unknown);
        } else {
            self.turned.push(Turned { doc: entry.doc, code: HIDDEN.into() });
            self.slot(entry.doc).await?.waits = true;
            self.say(placing, Fate::MissingDeps(entry.about.clone()));
        }
        Ok(())
    }

    /// What an act on a sealed document is about and is not here. Its words are in there, and are read as they were
    /// then: an act that stood before them would stand without them. After a restore one of two clones may bring the
    /// act and only the other one the words.
    async fn lacks(&self, entry: &Entry) -> Result<Vec<Hash>, Trouble> {
        let mut lacks = vec![];
        if self.slots.get(&entry.doc).and_then(|slot| slot.open.as_ref()).is_some_and(Open::is_sealed) {
            for head in entry.about.iter().filter(|head| !self.hashes.contains(head)) {
                if self.desk.log.find_change(*head).await? != Some(entry.doc) {
                    lacks.push(*head);
                }
            }
        }
        Ok(lacks)
    }

    /// What was written anew meanwhile does not come any more under the name that the act has for it.
    async fn wait_for(&mut self, placing: Placing<'_>, lacks: Vec<Hash>) -> Result<(), Trouble> {
        let doc = placing.1.doc;
        self.slots.entry(doc).or_default().acts_wait = true;
        let mut comes = false;
        for head in &lacks {
            comes |= self.desk.log.actor(doc, actor_again(*head)).await?.is_none();
        }
        if !comes {
            self.refuse(placing, Refusal::Unreadable("out_of_order".into()));
            return Ok(());
        }
        self.say(placing, Fate::MissingDeps(lacks));
        Ok(())
    }

    /// Asks the rulebook.
    async fn judge(&mut self, entry: &Entry) -> Result<Result<Standing, Refusal>, Trouble> {
        let facts = self.facts(entry).await?;
        let own = self.own_narrow(entry.doc).await?;
        let open = self.slots.get(&entry.doc).and_then(|slot| slot.open.as_ref());
        let Some(open) = open else { return Ok(Err(Refusal::Unknown)) };
        let (entry, signed) = match self.signed(open, entry) {
            Ok(signed) => signed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Words of a sealed document go sealed too: an app that forgets it is not let in with them.
        if open.is_sealed() && open.kind.hush(&entry.act).as_deref() != Some(&entry.act[..]) {
            return Ok(Err(Refusal::Unreadable("words".into())));
        }
        let mut raw = open.raw();
        raw.entries.extend(own);
        let judged = open.kind.judge(&raw, &entry.act, &self.who, &facts);
        Ok(judged.map(|judged| (entry, judged, signed)))
    }

    /// In a confidential matter its owner appears only under that name, and no device shows; everywhere
    /// else people act as themselves, signed by a device of theirs. Otherwise one entry would tell the handler
    /// who it is. Gives the entry and the name of the device.
    fn signed(&self, open: &Open, entry: &Entry) -> Result<(Entry, Option<String>), Refusal> {
        let alias = self.who.aliases.contains(&open.meta.owner);
        let name = if alias { open.meta.owner } else { self.who.person };
        if entry.by != name {
            return Err(Refusal::Unreadable("by".into()));
        }
        if alias {
            return Ok((Entry { device: String::new(), signature: None, ..entry.clone() }, None));
        }
        let shared = &self.desk.shared;
        let label = shared.devices(|devices| {
            let signer = devices.signer(entry, self.who.person, self.pardoned);
            signer.map(|device| device.map(|device| device.label.clone()))
        })?;
        let must = self.desk.signing == Signing::Required && self.who.person != office();
        if must && label.is_none() { Err(Refusal::Unsigned) } else { Ok((entry.clone(), label)) }
    }

    /// The moment and the other documents that this act is judged by, whoever may read them.
    async fn facts(&mut self, entry: &Entry) -> Result<Facts, Trouble> {
        let open = self.slots.get(&entry.doc).and_then(|slot| slot.open.as_ref());
        let needs = open.map(|open| open.kind.needs(&open.raw(), &entry.act)).unwrap_or_default();
        let mut facts = Facts { now_ms: self.now_ms, ..Facts::default() };
        for need in needs {
            if let Some(open) = &self.slot(need).await?.open {
                facts.learn(Some(open.kind), open.raw());
            }
        }
        Ok(facts)
    }

    /// The caller's own narrow acts: the rulebook sees nobody else's.
    async fn own_narrow(&mut self, doc: DocId) -> Result<Vec<Entry>, Trouble> {
        let (log, person) = (&self.desk.log, self.who.person);
        let by: Vec<DocId> = [person].into_iter().chain(self.who.aliases.iter().copied()).collect();
        let slot = self.slots.entry(doc).or_default();
        if let Some(own) = &slot.own {
            return Ok(own.clone());
        }
        let own = match slot.seen {
            Some(_) => log.own_narrow(doc, &by).await?,
            None => vec![],
        };
        slot.own = Some(own.clone());
        Ok(own)
    }

    fn keep(&mut self, placing: Placing<'_>, mut entry: Entry, judged: Judged, signed: Option<String>) {
        let alias = self.who.aliases.contains(&entry.by);
        let by_name = if alias { String::new() } else { self.who.name.clone() };
        // Until the number is drawn, rules that ask whether there is one must hear yes.
        let stamped = judged.series.is_some().then(|| "…".to_string());
        let n = PENDING + self.items.len() as u64;
        entry.receipt = Some(Receipt { n, at_ms: self.now_ms, to: judged.to, stamped, by_name, signed });
        let slot = self.slots.entry(entry.doc).or_default();
        match (&judged.narrow, &mut slot.open) {
            (None, Some(open)) => {
                slot.is_changed = true;
                open.add(entry.clone());
            }
            _ => slot.own.get_or_insert_default().push(entry.clone()),
        }
        let narrow = judged.narrow.as_ref().map(scopes_of);
        self.stand(placing, Item::Act { entry, series: judged.series, narrow });
    }
}
