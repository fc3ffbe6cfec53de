//! A small server: judges acts, numbers them, gives receipts, brings offspring into being. It knows no
//! module by name.

use crate::cast::{Cast, cast, person_doc};
use domain::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Official time at which every test begins: Monday 2026-01-05, 10:00 in Beijing. UTC ms.
pub const START: i64 = 1_767_578_400_000;

/// A judged and accepted act.
#[derive(Clone, Debug)]
pub struct Accepted {
    pub from: String,
    pub receipt: Receipt,
    pub narrow: Option<BTreeSet<Reader>>,
}

/// The server and everything on it.
#[derive(Clone)]
pub struct Bench {
    pub docs: BTreeMap<DocId, Raw>,
    pub now_ms: i64,
    /// What the acting phone's clock says, relative to official time.
    pub skew_ms: i64,
    narrow: BTreeSet<ActId>,
    series: BTreeMap<String, u64>,
    n: u64,
}

impl Bench {
    pub fn new() -> Self {
        let people: Cast = cast();
        let docs = people.iter().map(|(_, who)| (who.person, person_doc(who))).collect();
        Self { docs, now_ms: START, skew_ms: 0, narrow: BTreeSet::new(), series: BTreeMap::new(), n: 0 }
    }

    /// Begins a document; `owner` differs from `who` for an alias.
    pub fn found(
        &mut self,
        kind: &str,
        who: &Who,
        owner: DocId,
        unit: &str,
        values: Values,
    ) -> Result<DocId, Refusal> {
        self.n += 1;
        let id = DocId::derive(&[b"test", &self.n.to_le_bytes()]);
        self.found_as(id, kind, who, owner, &OrgCode::new(unit), values).map(|()| id)
    }

    fn found_as(
        &mut self,
        id: DocId,
        kind: &str,
        who: &Who,
        owner: DocId,
        unit: &OrgCode,
        values: Values,
    ) -> Result<(), Refusal> {
        let meta = Meta { id, kind: kind.into(), owner, unit: unit.clone(), born_ms: self.now_ms };
        let raw = Raw { meta, values, entries: vec![] };
        let known = modules::kind(kind).ok_or(Refusal::Unknown)?;
        for (key, value) in &raw.values {
            assert!(
                field_of(known.fields(), key).is_some_and(|field| fits(field, value)),
                "{kind} has no room for {key}"
            );
        }
        known.may_found(&raw, who)?;
        assert!(self.docs.insert(id, raw).is_none(), "{kind} {id} is there already");
        Ok(())
    }

    /// Judges an act and, when it stands, gives the receipt; offspring follow as from a phone.
    pub fn act<A: Serialize>(&mut self, who: &Who, doc: DocId, act: &A) -> Result<Accepted, Refusal> {
        self.act_bytes(who, doc, to_cbor(act))
    }

    pub fn act_bytes(&mut self, who: &Who, doc: DocId, act: Vec<u8>) -> Result<Accepted, Refusal> {
        let seen = self.seen_by(doc, who);
        let kind = modules::kind(&seen.meta.kind).expect("known kind");
        let who = &who.clone().at(self.now_ms);
        let judged = kind.judge(&seen, &act, who, &self.facts(kind, &seen, &act))?;
        let offspring = kind.offspring(&seen, &act);
        let entry = self.receipt(who, &seen, act, &judged);
        let accepted = Accepted {
            from: folded(kind, &seen),
            receipt: entry.receipt.clone().expect("just given"),
            narrow: judged.narrow,
        };
        self.docs.get_mut(&doc).expect("there").entries.push(entry);
        for child in offspring {
            self.found_as(child.id, child.kind, who, who.person, &child.unit, child.values)?;
            for act in child.acts {
                self.act_bytes(who, child.id, act)?;
            }
        }
        Ok(accepted)
    }

    fn receipt(&mut self, who: &Who, seen: &Raw, act: Vec<u8>, judged: &Judged) -> Entry {
        self.n += 1;
        let alias = seen.meta.owner != who.person && who.aliases.contains(&seen.meta.owner);
        let stamped = judged.series.as_ref().map(|series| {
            let count = self.series.entry(series.key.clone()).or_default();
            *count += 1;
            format!("{}{count}{}", series.prefix, series.suffix)
        });
        let by_name = if alias { String::new() } else { who.name.clone() };
        let id = ActId::derive(&[b"act", &self.n.to_le_bytes()]);
        if judged.narrow.is_some() {
            self.narrow.insert(id);
        }
        Entry {
            id,
            doc: seen.meta.id,
            by: if alias { seen.meta.owner } else { who.person },
            device: if alias { String::new() } else { "d1".into() },
            at_ms: self.now_ms + self.skew_ms,
            about: vec![],
            act: act.into(),
            signature: None,
            receipt: Some(Receipt {
                n: self.n,
                at_ms: self.now_ms,
                to: judged.to.clone(),
                stamped,
                by_name,
                signed: None,
            }),
        }
    }

    /// The document as rules see it: of narrow acts only the actor's own.
    pub fn seen_by(&self, doc: DocId, who: &Who) -> Raw {
        let mut raw = self.docs[&doc].clone();
        raw.entries.retain(|entry| !self.narrow.contains(&entry.id) || who.is(entry.by));
        raw
    }

    fn facts(&self, kind: &dyn AnyKind, seen: &Raw, act: &[u8]) -> Facts {
        let mut facts = Facts { now_ms: self.now_ms, ..Facts::default() };
        for raw in kind.needs(seen, act).into_iter().filter_map(|id| self.docs.get(&id)) {
            facts.learn(modules::kind(&raw.meta.kind), raw.clone());
        }
        facts
    }

    /// The document, typed.
    pub fn doc<K: Kind>(&self, id: DocId) -> Doc<K> {
        Doc::of(&self.docs[&id])
    }

    /// Lets time pass.
    pub fn days(&mut self, days: i64) {
        self.now_ms += days * DAY_MS;
    }
}

/// Status code by receipts.
pub fn folded(kind: &dyn AnyKind, raw: &Raw) -> String {
    kind.row(raw).status.code
}
