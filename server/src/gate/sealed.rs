//! The gate for sealed documents. What is inside an envelope only the readers' devices see; what stands in
//! front is held to the same order as open changes: whose actor, which number, what it follows, which key.

use super::limits::{MAX_DOC_CHANGES, MAX_HEADS};
use super::refused::{Order, Refused, Size, Step};
use super::{Actor, Claims, Permit};
use domain::{DocId, Hash, Meta, Seal, Values};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use sync::{Envelope, Header, Kid, Tag, What, actor_again, is_sealed, read_envelope, tag_of};

/// Bytes of all envelopes of a document, at most.
const MAX_SEALED_BYTES: usize = 8 * 1024 * 1024;

/// What the envelopes of one document so far say together.
#[derive(Clone, Debug, Default)]
pub struct Past {
    meta: Option<Meta>,
    names: HashSet<Hash>,
    heads: BTreeSet<Hash>,
    seqs: HashMap<Actor, u64>,
    /// Generations of the key, oldest first.
    kids: Vec<Kid>,
    /// For whom each is wrapped.
    wraps: BTreeMap<Kid, BTreeSet<Tag>>,
    /// Under which something is sealed.
    used: BTreeSet<Kid>,
    /// Those that the recovery key opens.
    recovered: BTreeSet<Kid>,
    files: BTreeSet<Hash>,
    owner_key: Vec<u8>,
    own_given: u32,
    changes: usize,
    bytes: usize,
}

impl Past {
    /// Of envelopes in the order in which they were taken; `None` when one of them is none.
    pub fn of<'a>(raws: impl IntoIterator<Item = &'a [u8]>) -> Option<Self> {
        let mut past = Self::default();
        for raw in raws {
            past.take(&read_envelope(raw)?, raw.len());
        }
        Some(past)
    }

    /// Takes in one that stands.
    pub fn take(&mut self, envelope: &Envelope<'_>, bytes: usize) {
        let Envelope { header, name, .. } = envelope;
        self.meta = self.meta.take().or_else(|| header.meta());
        self.names.insert(*name);
        self.seqs.insert(*header.actor, header.seq);
        (self.changes, self.bytes) = (self.changes + 1, self.bytes + bytes);
        if !self.kids.contains(&header.kid) {
            self.kids.push(header.kid);
        }
        match &header.what {
            What::Keys { wraps, recovery, own } => {
                self.own_given += own.len() as u32;
                self.wraps.entry(header.kid).or_default().extend(wraps.iter().map(|wrap| wrap.to));
                self.recovered.extend(recovery.iter().map(|_| header.kid));
                return;
            }
            What::Born { owner_key, .. } => self.owner_key = owner_key.to_vec(),
            What::Change => {}
        }
        self.used.insert(header.kid);
        self.heads.retain(|head| !header.deps.contains(head));
        self.heads.insert(*name);
        self.files.extend(&header.files);
    }

    /// Meta of the document, once it is born.
    pub fn meta(&self) -> Option<&Meta> {
        self.meta.as_ref()
    }
    /// Heads of the body, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        self.heads.iter().copied().collect()
    }
    /// Names of all changes.
    pub fn names(&self) -> impl Iterator<Item = Hash> + '_ {
        self.names.iter().copied()
    }
    /// What the server knows of the body: that it is sealed, and which files it names.
    pub fn values(&self) -> Values {
        let file = |hash: &Hash| (format!("@file/{hash}"), domain::Value::Bool(true));
        let mut values: Values = self.files.iter().map(file).collect();
        Seal::Shut.mark(&mut values);
        values
    }
    /// The generation with which things are sealed now.
    pub fn kid(&self) -> Option<Kid> {
        self.kids.last().copied()
    }
    /// For whom the current generation is wrapped.
    pub fn wrapped(&self) -> BTreeSet<Tag> {
        self.kid().and_then(|kid| self.wraps.get(&kid)).cloned().unwrap_or_default()
    }
    /// Older generations under which something is sealed, and for whom each is wrapped.
    pub fn older(&self) -> impl Iterator<Item = (Kid, BTreeSet<Tag>)> + '_ {
        let old = self.used.iter().filter(|kid| Some(**kid) != self.kid());
        old.map(|kid| (*kid, self.wraps.get(kid).cloned().unwrap_or_default()))
    }
    /// How often the owner's secret was given to own devices.
    pub fn own_given(&self) -> u32 {
        self.own_given
    }
    /// Do the words of this change stand already, as they were first or written anew?
    fn has_words_of(&self, Envelope { header, name, .. }: &Envelope<'_>) -> bool {
        let is_first = header.seq == 1 && !header.is_keys();
        self.seqs.contains_key(&actor_again(*name))
            || (is_first && self.names.iter().any(|first| actor_again(*first) == *header.actor))
    }
    /// Does the recovery key open every generation?
    pub fn is_recoverable(&self) -> bool {
        self.kids.iter().all(|kid| self.recovered.contains(kid))
    }
    /// The owner's public key of this document.
    pub fn owner_key(&self) -> &[u8] {
        &self.owner_key
    }

    /// Judges an envelope onto what is there, and takes it in if it may stand.
    pub fn admit(&mut self, doc: DocId, raw: &[u8]) -> Result<Permit, Refused> {
        let envelope = open_sealed(doc, raw)?;
        self.check(&envelope, raw.len())?;
        self.take(&envelope, raw.len());
        let (hash, claims) = (envelope.name, claims_of(&envelope.header));
        Ok(Permit { hash, raw: raw.to_vec(), claims })
    }

    fn check(&self, envelope: &Envelope<'_>, bytes: usize) -> Result<(), Refused> {
        let header = &envelope.header;
        if self.names.contains(&envelope.name) {
            return Err(Refused::Duplicate);
        }
        let is_birth = matches!(header.what, What::Born { .. });
        match (&self.meta, is_birth) {
            (None, false) => return Err(Refused::OutOfOrder(Order::Birth)),
            (Some(_), true) => return Err(Refused::OutOfOrder(Order::SecondBirth)),
            _ => {}
        }
        if self.changes >= MAX_DOC_CHANGES || self.bytes + bytes > MAX_SEALED_BYTES {
            return Err(Refused::TooBig(Size::Document));
        }
        let last = self.seqs.get(&*header.actor).copied().unwrap_or(0);
        if header.seq <= last || self.has_words_of(envelope) {
            return Err(Refused::Equivocation);
        }
        let missing: Vec<Hash> =
            header.deps.iter().filter(|dep| !self.names.contains(dep)).copied().collect();
        if !missing.is_empty() {
            return Err(Refused::MissingDeps(missing));
        }
        if header.seq != last + 1 {
            return Err(Refused::OutOfOrder(Order::Sequence));
        }
        if self.heads.len() >= MAX_HEADS && header.deps.iter().all(|dep| !self.heads.contains(dep)) {
            return Err(Refused::TooBig(Size::Heads));
        }
        if self.shuts_the_owner_out(header) {
            return Err(Refused::OwnerLeftOut);
        }
        // A change sealed for a reader who has left meanwhile is sealed anew by its author.
        let is_current = self.kid() == Some(header.kid);
        if !is_birth && !header.is_keys() && !is_current {
            return Err(Refused::OldKey);
        }
        Ok(())
    }
}

impl Past {
    /// Whoever brings a new generation of the key gives it to the owner with the same envelope.
    fn shuts_the_owner_out(&self, header: &Header) -> bool {
        let What::Keys { wraps, .. } = &header.what else { return false };
        let owner = tag_of(header.doc, &self.owner_key);
        !self.kids.contains(&header.kid) && !wraps.iter().any(|wrap| wrap.to == owner)
    }
}

/// An envelope that is one, of this document.
pub fn open_sealed(doc: DocId, raw: &[u8]) -> Result<Envelope<'_>, Refused> {
    if raw.len() > sync::ENVELOPE_BYTES {
        return Err(Refused::TooBig(Size::Change));
    }
    let envelope = read_envelope(raw).ok_or(Refused::Malformed(Step::Decode))?;
    if envelope.header.doc == doc { Ok(envelope) } else { Err(Refused::Malformed(Step::Look)) }
}

/// The actor of a stored change, sealed or not.
pub fn actor_of(raw: &[u8]) -> Option<Actor> {
    if is_sealed(raw) {
        return read_envelope(raw).map(|envelope| *envelope.header.actor);
    }
    super::peek(raw).ok().map(|(_, claims)| claims.actor)
}

fn claims_of(header: &Header) -> Claims {
    Claims {
        actor: *header.actor,
        seq: header.seq,
        start_op: 1,
        ops: 1,
        time: 0,
        deps: header.deps.clone(),
        others: vec![],
    }
}
