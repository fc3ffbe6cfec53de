//! A kind of record: its body, its acts, its workflow as a table, its readers and its row.
//! Everything the house must know about a module goes through this trait.

use crate::{
    ActId, Body, Device, DocId, Entry, Hash, Meta, OrgCode, Reader, Receipt, Refusal, Role, Row, Series,
    Signed, Values, Who, Word,
};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// How a document comes to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// Body and acts are on the phone before anybody asks.
    Ahead,
    /// Only the row; the rest when somebody opens it.
    OnAsk,
    /// Like `Ahead`, but as ciphertext that only its readers' devices open; see `seal.rs`.
    Sealed,
}

/// Who may: by person and role, not by status.
pub enum By<K: Kind> {
    /// Who began the document.
    Owner,
    /// Who holds the role at the document's unit or above.
    Role(Role),
    /// Who holds the role at the document's unit on this level (1 company, 2 mine, 3 branch) or above it.
    RoleAt(Role, u8),
    /// Every reader.
    Reader,
    /// A person that the document names: Chinese, English, test.
    Named(&'static str, &'static str, fn(&Doc<K>, &Who) -> bool),
}

/// A condition on the document with its words, for tables and pictures.
pub struct When<K: Kind> {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// The test.
    pub holds: fn(&Doc<K>) -> bool,
}

/// One line of a workflow: from, step, by whom, under what condition, to.
pub struct Rule<K: Kind> {
    /// States in which it applies.
    pub from: &'static [K::Status],
    /// The step.
    pub step: K::Step,
    /// Any of these may.
    pub by: &'static [By<K>],
    /// Only when this holds; the first line that fits counts.
    pub when: Option<When<K>>,
    /// State afterwards; `None` keeps the state.
    pub to: Option<K::Status>,
}

/// Makes values of an older version read as today's, on a throwaway copy, never written on opening.
pub struct Upgrade {
    /// Name for logs and fixtures, e.g. `2026-12-audience-as-code`.
    pub name: &'static str,
    /// Must do nothing to values that are already new.
    pub run: fn(&mut Values),
}

/// An act as a kind sees it.
#[derive(Clone, Debug)]
pub struct Done<A> {
    /// Unique for ever.
    pub id: ActId,
    /// Person or alias.
    pub by: DocId,
    /// Device time, a claim.
    pub at_ms: i64,
    /// Heads of the body its author saw.
    pub about: Vec<Hash>,
    /// The act.
    pub act: A,
    /// How it was signed.
    pub signed: Signed,
    /// The server's word.
    pub receipt: Option<Receipt>,
}
impl<A> Done<A> {
    /// Official time where there is one, else the claim. UTC ms.
    pub fn time(&self) -> i64 {
        self.receipt.as_ref().map_or(self.at_ms, |receipt| receipt.at_ms)
    }
}

/// An opened document: body as read through the upgrades, acts in order (receipted first).
#[derive(Clone, Debug)]
pub struct Doc<K: Kind> {
    /// What never changes.
    pub meta: Meta,
    /// What people wrote.
    pub body: K::Body,
    /// Acts this reader has; unreadable newer ones are left out.
    pub acts: Vec<Done<K::Act>>,
    /// Status after all acts here, waiting ones included.
    pub status: K::Status,
    /// Status by receipts alone: what the union knows.
    pub settled: K::Status,
    /// Whether it is sealed, and whether its words can be read here.
    pub seal: crate::Seal,
}

/// A document that another one asks about.
#[derive(Clone, Debug)]
pub struct Raw {
    /// What never changes.
    pub meta: Meta,
    /// Body values.
    pub values: Values,
    /// Acts.
    pub entries: Vec<Entry>,
}

/// What a judgement may need from outside: the moment and other documents.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Official time on the server, device time on a phone. UTC ms.
    pub now_ms: i64,
    /// The documents that `needs` named, where they exist.
    pub docs: BTreeMap<DocId, Raw>,
    /// The units to which those belong now, where that is another one than at birth.
    pub seats: BTreeMap<DocId, OrgCode>,
}
impl Facts {
    /// Takes in a document; `kind` is its own, where it is known.
    pub fn learn(&mut self, kind: Option<&dyn crate::AnyKind>, raw: Raw) {
        let seat = kind.map(|kind| kind.seat(&raw)).filter(|seat| *seat != raw.meta.unit);
        self.seats.extend(seat.map(|seat| (raw.meta.id, seat)));
        self.docs.insert(raw.meta.id, raw);
    }
    /// The unit to which another document belongs now.
    pub fn seat(&self, id: DocId) -> Option<&OrgCode> {
        self.seats.get(&id).or_else(|| self.docs.get(&id).map(|raw| &raw.meta.unit))
    }
    /// Another document, typed; `None` when it is missing or of another kind.
    pub fn doc<K: Kind>(&self, id: DocId) -> Option<Doc<K>> {
        self.docs.get(&id).filter(|raw| raw.meta.kind == K::NAME).map(Doc::of)
    }
}

/// A document that an act brings into being, on the phone of who acts, in the same transaction.
#[derive(Clone, Debug)]
pub struct Offspring {
    /// Kind of the new document.
    pub kind: &'static str,
    /// Derived from its origin, so that it can only exist once.
    pub id: DocId,
    /// Unit it belongs to.
    pub unit: OrgCode,
    /// Body at birth.
    pub values: Values,
    /// First acts, as CBOR of the new kind's act.
    pub acts: Vec<Vec<u8>>,
}

/// Statistics: named sums, from what was decided.
pub type Figures = BTreeMap<String, i64>;

/// A kind of record. See the module's own folder for each.
pub trait Kind: Sized + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// On disk and wire for ever.
    const NAME: &'static str;
    /// Chinese name.
    const ZH: &'static str;
    /// English name.
    const EN: &'static str;
    /// How it comes to phones.
    const CARRY: Carry;
    /// True when a person may begin it under an alias (confidential to the handler).
    const ALIAS: bool = false;
    /// True when what is begun under an alias is sealed, whatever `CARRY` says of the others.
    const SEALS_ALIAS: bool = false;
    /// True for records that an officer begins about somebody else (units, persons).
    const FOR_OTHERS: bool = false;
    /// Sensitive: the server notes who is handed it, once per person and day.
    const WATCHED: bool = false;
    /// Has acts that fewer people may read than the document ([`Kind::narrow`]).
    const NARROWS: bool = false;
    /// Acts on it are listed in the audit: posts given and taken.
    const AUDITED: bool = false;
    /// Older bodies read as today's.
    const UPGRADES: &'static [Upgrade] = &[];
    /// The whole workflow.
    const RULES: &'static [Rule<Self>];
    /// Separation of duties: who did one thing may not do another on the same document.
    const APART: &'static [crate::Apart<Self>] = &[];
    /// Fields that nobody writes after birth; an act changes what they say.
    const FIXED: &'static [&'static str] = &[];
    /// Who may write the body after birth.
    const EDITORS: &'static [By<Self>];
    /// Who may begin one.
    const FOUNDERS: &'static [By<Self>];
    /// What people write together.
    type Body: Body;
    /// What somebody decides.
    type Act: Serialize + DeserializeOwned + Clone + std::fmt::Debug;
    /// The kinds of act.
    type Step: Word;
    /// States; the first is where a new document starts.
    type Status: Word;

    /// The step an act is.
    fn step(act: &Self::Act) -> Self::Step;
    /// Who may read the document now.
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader>;
    /// For an act that fewer people may read than the document: these. Such an act never moves the
    /// status, and rules see only the actor's own ones.
    fn narrow(_doc: &Doc<Self>, _act: &Self::Act, _by: &Who) -> Option<BTreeSet<Reader>> {
        None
    }
    /// Other documents that the guard wants to see.
    fn needs(_doc: &Doc<Self>, _act: &Self::Act) -> Vec<DocId> {
        vec![]
    }
    /// What the tables cannot say: sums, quorum, written reasons.
    fn guard(_doc: &Doc<Self>, _act: &Self::Act, _by: &Who, _facts: &Facts) -> Result<(), Refusal> {
        Ok(())
    }
    /// The official number that this act earns; only the server counts.
    fn series(_doc: &Doc<Self>, _act: &Self::Act, _at_ms: i64) -> Option<Series> {
        None
    }
    /// The act without its words, as the server gets it on a sealed document; the words go into the body.
    /// It must lead where the whole act leads.
    fn hush(act: &Self::Act) -> Self::Act {
        act.clone()
    }
    /// Documents that this act brings into being.
    fn offspring(_doc: &Doc<Self>, _act: &Self::Act) -> Vec<Offspring> {
        vec![]
    }
    /// The line in lists.
    fn row(doc: &Doc<Self>) -> Row;
    /// The unit it belongs to now; another one than at birth for what moves.
    fn seat(doc: &Doc<Self>) -> OrgCode {
        doc.meta.unit.clone()
    }
    /// The only id that such a document may have, where it follows from what the document says.
    fn only_id(_doc: &Doc<Self>) -> Option<DocId> {
        None
    }
    /// Adds to statistics.
    fn figures(_doc: &Doc<Self>, _out: &mut Figures) {}
    /// For the kind that describes persons: who this is and what they may.
    fn who(_doc: &Doc<Self>) -> Option<Who> {
        None
    }
    /// For the kind that describes devices: whose it is and whether its key counts.
    fn device(_doc: &Doc<Self>) -> Option<Device> {
        None
    }
    /// One sentence for the timeline: what the act says (opinion, reason); "" for none.
    fn words(_act: &Self::Act) -> String {
        String::new()
    }
    /// What a code in this field says to people, Chinese and English; `None` where the value speaks for itself.
    fn said(_field: &str, _code: &str) -> Option<(String, String)> {
        None
    }
    /// A filled example, for tests and tidy checks.
    fn sample() -> Self::Body;
}

impl<K: Kind> Doc<K> {
    /// Opens: upgrades a copy of the values, decodes acts, folds the status.
    pub fn of(raw: &Raw) -> Self {
        let mut values = raw.values.clone();
        K::UPGRADES.iter().for_each(|upgrade| (upgrade.run)(&mut values));
        let acts = decode_acts::<K>(&raw.entries);
        let start = K::Status::ALL[0];
        let (meta, body, seal) = (raw.meta.clone(), K::Body::read(&values), crate::Seal::of(&raw.values));
        let mut doc = Doc { meta, body, acts, status: start, settled: start, seal };
        doc.fold();
        doc
    }
    /// Number given by a receipt, the latest.
    pub fn number(&self) -> Option<&str> {
        self.acts.iter().rev().find_map(|done| done.receipt.as_ref()?.stamped.as_deref())
    }
    /// The acts of one step, in order.
    pub fn steps(&self, step: K::Step) -> impl DoubleEndedIterator<Item = &Done<K::Act>> {
        self.acts.iter().filter(move |done| K::step(&done.act) == step)
    }
    /// The last act of one step.
    pub fn last(&self, step: K::Step) -> Option<&Done<K::Act>> {
        self.steps(step).next_back()
    }
    /// Official time of the last act, else birth. UTC ms.
    pub fn time(&self) -> i64 {
        self.acts.last().map_or(self.meta.born_ms, Done::time)
    }
    /// A row with everything that is the same for all kinds; the kind fills in the rest.
    pub fn plain_row(&self, title: &str, note: &str) -> Row {
        Row {
            id: self.meta.id,
            kind: K::NAME.into(),
            title: title.into(),
            note: note.into(),
            status: crate::Label::of(self.settled),
            unit: K::seat(self),
            owner: self.meta.owner,
            at_ms: self.time(),
            due_ms: None,
            number: self.number().map(Into::into),
            facts: BTreeMap::new(),
        }
    }
}

fn decode_acts<K: Kind>(entries: &[Entry]) -> Vec<Done<K::Act>> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    // Receipts give the order; what waits comes after, as it was kept.
    order.sort_by_key(|entry| entry.receipt.as_ref().map_or(u64::MAX, |receipt| receipt.n));
    let decode = |entry: &&Entry| {
        let act = crate::from_cbor(&entry.act)?;
        let (about, receipt) = (entry.about.clone(), entry.receipt.clone());
        let (id, by, at_ms, signed) = (entry.id, entry.by, entry.at_ms, Signed::of(entry));
        Some(Done { id, by, at_ms, about, act, signed, receipt })
    };
    order.iter().filter_map(decode).collect()
}
