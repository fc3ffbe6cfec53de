//! Changes of one document, in a row: were they here before, may the caller write here, what does the gate
//! say. The first change of a document nobody has seen begins it.

use super::round::{HIDDEN, Placing, Round, Turned};
use super::slot::Open;
use super::{Signing, Trouble};
use crate::gate::{self, Actor, Claims, Judge, Permit, Refused, Shape, StoredDoc};
use crate::log::{Item, Log};
use domain::{AnyKind, DocId, Hash, Meta, Raw, Refusal, Values};
use sha2::{Digest, Sha256};
use sync::Fate;

/// A change that is new here.
struct Fresh<'p> {
    placing: Placing<'p>,
    raw: &'p [u8],
    hash: Hash,
    claims: Claims,
}

impl<L: Log> Round<'_, L> {
    pub(super) async fn take_changes(&mut self, run: &[Placing<'_>]) -> Result<(), Trouble> {
        let doc = run[0].1.doc;
        self.slot(doc).await?;
        let mut fresh = Vec::new();
        for placing in run {
            fresh.extend(self.look(*placing).await?);
        }
        if fresh.is_empty() {
            return Ok(());
        }
        let there = self.slots.get(&doc).is_some_and(|slot| slot.seen.is_some() || slot.is_begun);
        if !there && fresh[0].claims.deps.is_empty() {
            self.begin(doc, fresh).await
        } else if self.may_read(doc) {
            self.edit(doc, fresh).await;
            Ok(())
        } else {
            self.hide(doc, fresh).await
        }
    }

    /// What is not here and what the caller may not read get one answer: what this follows is lacking. A
    /// phone that has it sends it again, which heals a restored server. Only who names real predecessors,
    /// and so had the document once, hears that he may not write there.
    async fn hide(&mut self, doc: DocId, fresh: Vec<Fresh<'_>>) -> Result<(), Trouble> {
        if self.has_had(doc, &fresh[0].claims.deps).await? {
            self.refuse_all(doc, &fresh, &Refusal::Unknown);
            return Ok(());
        }
        for change in fresh {
            // For the audit: whoever guesses at other people's documents leaves a trace.
            self.turned.push(Turned { doc, code: HIDDEN.into() });
            let lacking = Refused::MissingDeps(change.claims.deps.clone());
            self.turn_away(change.placing, lacking, Some(&change.claims));
        }
        Ok(())
    }

    /// What can be said of a change without opening the document. `None`: it is answered.
    async fn look<'p>(&mut self, placing: Placing<'p>) -> Result<Option<Fresh<'p>>, Trouble> {
        let sync::Item::Change(bytes) = &placing.1.item else { return Ok(None) };
        let (raw, doc): (&[u8], DocId) = (bytes, placing.1.doc);
        // Before anything that depends on today's state: a retry of what stands must not turn into a refusal.
        if self.stood(placing, raw).await? {
            return Ok(None);
        }
        let (hash, claims) = match gate::peek(raw) {
            Ok(read) => read,
            Err(why) => {
                self.turn_away(placing, why, None);
                return Ok(None);
            }
        };
        let slot = self.slots.entry(doc).or_default();
        if slot.waits {
            self.say(placing, Fate::Retry);
        } else if slot.burnt.contains(&claims.actor) {
            self.turn_away(placing, Refused::DependsOnRefused(hash), Some(&claims));
        } else if self.belongs_to_another(doc, claims.actor).await? {
            self.burn(doc, hash, claims.actor);
            self.refuse(placing, Refusal::Unreadable("actor".into()));
        } else {
            return Ok(Some(Fresh { placing, raw, hash, claims }));
        }
        Ok(None)
    }

    /// True when the very same bytes are in; then the push is answered.
    async fn stood(&mut self, placing: Placing<'_>, raw: &[u8]) -> Result<bool, Trouble> {
        let Some(hash) = name_of(raw) else { return Ok(false) };
        let here = match self.hashes.contains(&hash) {
            true => Some(placing.1.doc),
            false => self.desk.log.find_change(hash).await?,
        };
        match here {
            None => return Ok(false),
            Some(doc) if doc == placing.1.doc => {
                self.note_replay(doc, raw).await?;
                self.has(doc, hash, raw);
                self.say(placing, Fate::Duplicate(None));
            }
            Some(_) => self.refuse(placing, Refusal::Unreadable("elsewhere".into())),
        }
        Ok(true)
    }

    /// Somebody else's change sent once more has no effect, but honest phones send only their own.
    async fn note_replay(&mut self, doc: DocId, raw: &[u8]) -> Result<(), Trouble> {
        let Ok((_, claims)) = gate::peek(raw) else { return Ok(()) };
        if self.belongs_to_another(doc, claims.actor).await? {
            self.turned.push(Turned { doc, code: "replay".into() });
        }
        Ok(())
    }

    fn has(&mut self, doc: DocId, hash: Hash, raw: &[u8]) {
        self.hashes.insert(hash);
        if gate::peek(raw).is_ok_and(|(_, claims)| claims.deps.is_empty()) {
            self.begun.insert(doc);
        }
    }

    /// An actor belongs to whoever first wrote with it.
    pub(super) async fn belongs_to_another(&self, doc: DocId, actor: Actor) -> Result<bool, Trouble> {
        let person = self.desk.log.actor(doc, actor).await?;
        Ok(person.is_some_and(|person| person != self.who.person))
    }

    pub(super) fn burn(&mut self, doc: DocId, hash: Hash, actor: Actor) {
        let slot = self.slots.entry(doc).or_default();
        slot.refused.insert(hash);
        slot.burnt.insert(actor);
    }

    /// Changes onto a document that the caller may read.
    async fn edit(&mut self, doc: DocId, fresh: Vec<Fresh<'_>>) {
        let Some(open) = self.slots.get(&doc).and_then(|slot| slot.open.as_ref()) else { return };
        // What is sealed takes envelopes only.
        let allowed = match open.is_sealed() {
            true => Err(Refusal::Unreadable("sealed".into())),
            false => open.kind.may_edit(&open.raw(), &self.who),
        };
        if let Err(refusal) = allowed {
            return self.refuse_all(doc, &fresh, &refusal);
        }
        let judged = judge(&self.desk.judge, Some(&open.snapshot), open.kind, doc, &fresh).await;
        let described = judged.described(open);
        if let Err(refusal) = judged.keeps_fixed(open).and_then(|()| self.may_be(described.as_ref())) {
            return self.refuse_all(doc, &fresh, &refusal);
        }
        let Judged { verdicts, after } = judged;
        if let (Some((_, values, after)), Some(slot)) = (after, self.slots.get_mut(&doc)) {
            slot.is_changed = true;
            slot.open.iter_mut().for_each(|open| open.move_on(values.clone(), after.clone()));
        }
        self.answer_all(doc, fresh, verdicts);
    }

    /// The first change of a document, and those that came right behind it.
    async fn begin(&mut self, doc: DocId, fresh: Vec<Fresh<'_>>) -> Result<(), Trouble> {
        let Some((kind, Judged { verdicts, after })) = self.judge_birth(doc, &fresh).await else {
            self.refuse_all(doc, &fresh, &Refusal::Unknown);
            return Ok(());
        };
        if let Some((meta, values, after)) = after {
            let open = Open::begun(kind, meta, values, after);
            let allowed = match self.may_be_open(&open) {
                Ok(()) => self.found(&open).await?,
                refused => refused,
            };
            if let Err(refusal) = allowed {
                self.refuse_all(doc, &fresh, &refusal);
                return Ok(());
            }
            let slot = self.slots.entry(doc).or_default();
            (slot.open, slot.is_changed, slot.is_begun) = (Some(open), true, true);
        }
        self.answer_all(doc, fresh, verdicts);
        Ok(())
    }

    /// What has to be sealed does not come open. The demonstration lets it pass, as it does what is not signed:
    /// its invented people have no phones.
    fn may_be_open(&self, open: &Open) -> Result<(), Refusal> {
        let alias = open.meta.owner != self.who.person;
        let must = self.desk.signing == Signing::Required && open.kind.seals(alias);
        let zh = "保密诉求须加密后提交。请先更新应用，再从“需确认”重新提交";
        let en = "A confidential matter must be sealed. Update the app, then hand it in again from Needs attention";
        if must { Err(Refusal::rule(zh, en)) } else { Ok(()) }
    }

    /// May the caller begin this? Registers a new alias if so.
    pub(super) async fn found(&mut self, open: &Open) -> Result<Result<(), Refusal>, Trouble> {
        let raw = open.raw();
        let founder = match self.founder(open.kind, &open.meta) {
            Ok(founder) => founder,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // An alias that is also a document's id could be mistaken for it.
        if let Some(alias) = founder.alias
            && !self.desk.log.known(&[alias]).await?.is_empty()
        {
            return Ok(Err(Refusal::NotOwner));
        }
        let described = open.kind.who(&raw);
        let allowed = open.kind.may_found(&raw, &founder.who).and_then(|()| self.may_be(described.as_ref()));
        if allowed.is_ok() {
            (self.who, self.held) = (founder.who, founder.held);
            self.aliases.extend(founder.alias);
        }
        Ok(allowed)
    }

    /// The gate wants to know the kind, which only the change itself tells. Its name stands there as plain
    /// bytes (compressed changes are refused), so the kinds whose names occur are tried; whether it
    /// really is one of that kind is read from what the gate let in.
    async fn judge_birth(&self, doc: DocId, fresh: &[Fresh<'_>]) -> Option<(&'static dyn AnyKind, Judged)> {
        let mut first = None;
        for kind in kinds_named_in(fresh[0].raw, (self.desk.kinds)()) {
            let judged = judge(&self.desk.judge, None, kind, doc, fresh).await;
            match &judged.after {
                Some((meta, ..)) if meta.kind == kind.name() => return Some((kind, judged)),
                Some(_) => {}
                None => first = first.or(Some((kind, judged))),
            }
        }
        first
    }

    fn refuse_all(&mut self, doc: DocId, fresh: &[Fresh<'_>], refusal: &Refusal) {
        for change in fresh {
            self.burn(doc, change.hash, change.claims.actor);
            self.refuse(change.placing, refusal.clone());
        }
    }

    fn answer_all(&mut self, doc: DocId, fresh: Vec<Fresh<'_>>, verdicts: Vec<Result<Permit, Refused>>) {
        for (change, verdict) in fresh.into_iter().zip(verdicts) {
            match verdict {
                Ok(permit) => {
                    self.has(doc, change.hash, change.raw);
                    self.stand(change.placing, Item::Change { doc, permit });
                }
                Err(why) => self.turn_away(change.placing, why, Some(&change.claims)),
            }
        }
    }

    /// The gate's refusal as a fate, and what it means for what follows.
    pub(super) fn turn_away(&mut self, placing: Placing<'_>, why: Refused, claims: Option<&Claims>) {
        let doc = placing.1.doc;
        let slot = self.slots.entry(doc).or_default();
        let why = match why {
            // Waiting for what was refused for good would be waiting for ever.
            Refused::MissingDeps(deps) if slot.is_torn && !deps.is_empty() => {
                Refused::DependsOnRefused(deps[0])
            }
            why => why,
        };
        if !why.is_final() {
            slot.waits |= why != Refused::Duplicate;
            let fate = match why {
                Refused::Duplicate => Fate::Duplicate(None),
                Refused::MissingDeps(deps) => Fate::MissingDeps(deps),
                _ => Fate::Retry,
            };
            return self.say(placing, fate);
        }
        slot.burnt.extend(claims.map(|claims| claims.actor));
        slot.is_torn |= claims.is_none();
        if let sync::Item::Change(bytes) = &placing.1.item {
            slot.refused.extend(name_of(bytes));
        }
        self.refuse_as(placing, words_for(&why), why.code().into());
    }
}

/// The kinds whose names stand somewhere in the bytes.
pub(crate) fn kinds_named_in(
    raw: &[u8],
    kinds: &'static [&'static dyn AnyKind],
) -> impl Iterator<Item = &'static dyn AnyKind> {
    let named =
        |kind: &&dyn AnyKind| raw.windows(kind.name().len()).any(|part| part == kind.name().as_bytes());
    kinds.iter().copied().filter(named)
}

/// The name that a sound change with these bytes has.
fn name_of(raw: &[u8]) -> Option<Hash> {
    const UNHASHED: usize = 8;
    raw.get(UNHASHED..).map(|hashed| Hash(Sha256::digest(hashed).into()))
}

/// The gate's words where they help the person; a code where the phone itself can do something about it.
fn words_for(why: &Refused) -> Refusal {
    match why {
        Refused::NotAllowed { path, .. } => Refusal::Invalid(path.clone(), why.zh().into(), why.en().into()),
        Refused::TooBig(_) => Refusal::rule(why.zh(), why.en()),
        _ => Refusal::Unreadable(why.code().into()),
    }
}

/// The gate's verdicts, and the document behind the changes let in: meta, values, bytes.
struct Judged {
    verdicts: Vec<Result<Permit, Refused>>,
    after: Option<(Meta, Values, gate::After)>,
}

impl Judged {
    /// What is written once stays as it was written.
    fn keeps_fixed(&self, open: &Open) -> Result<(), Refusal> {
        let Some((_, values, _)) = &self.after else { return Ok(()) };
        let differs = |key: &&&str| values.get(**key) != open.values.get(**key);
        open.kind.fixed().iter().find(differs).map_or(Ok(()), |key| Err(Refusal::fixed(key)))
    }
    /// The person that the document describes with these changes.
    fn described(&self, open: &Open) -> Option<domain::Who> {
        let (meta, values, _) = self.after.as_ref()?;
        open.kind.who(&Raw { meta: meta.clone(), values: values.clone(), entries: open.entries.clone() })
    }
}

async fn judge(
    judge: &Judge,
    snapshot: Option<&[u8]>,
    kind: &dyn AnyKind,
    doc: DocId,
    fresh: &[Fresh<'_>],
) -> Judged {
    let raws: Vec<&[u8]> = fresh.iter().map(|change| change.raw).collect();
    let shape = Shape::of(kind.fields());
    let gate::Batch { verdicts, after } = gate::admit_by(judge, &StoredDoc { snapshot }, &shape, &raws).await;
    let Some(mut after) = after else { return Judged { verdicts, after: None } };
    match after.content.take() {
        Some((meta, values)) => Judged { verdicts, after: Some((Meta { id: doc, ..meta }, values, after)) },
        // The gate proved that it loads; without meta it is no document of ours.
        None => {
            let verdicts = raws.iter().map(|_| Err(Refused::OutOfOrder(gate::Order::Birth))).collect();
            Judged { verdicts, after: None }
        }
    }
}
