//! A phone in a few lines: makes the pushes that a real one would make, for the demo's content and for tests.
//! It keeps nothing; whoever uses it brings heads and times.

use super::SoftKey;
use crate::desk::{Desk, Trouble};
use crate::log::Log;
use domain::{ActId, AnyKind, DocId, Entry, Hash, Meta, Refusal, Scope, Values, Who, act_bytes, crdt};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;
use sync::{Item, PROTO, Push, Request};

/// The phone of one person.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Whose it is.
    pub who: Who,
    /// Its key.
    pub key: SoftKey,
    /// Is it enrolled? Then its acts are signed.
    pub signs: bool,
    device: String,
}

impl Phone {
    /// Their only phone.
    pub fn of(who: Who) -> Self {
        let device = DocId::derive(&[b"demo.device", &who.person.0]).to_string();
        let key = SoftKey::named(device.as_bytes());
        Self { who, key, signs: false, device }
    }

    /// The same, enrolled.
    pub fn signing(who: Who) -> Self {
        Self { signs: true, ..Self::of(who) }
    }

    /// The same with another key.
    pub fn with_key(self, key: SoftKey) -> Self {
        Self { key, ..self }
    }

    /// Enrols it, as if a code had been given out for it.
    ///
    /// # Errors
    /// What the desk says.
    pub async fn enrol<L: Log>(&self, desk: &Desk<L>, label: &str, at_ms: i64) -> Result<(), Trouble> {
        super::key::enrol(desk, &self.who, &self.key, label, at_ms).await
    }

    /// Begins a document.
    ///
    /// # Errors
    /// When values do not fit the kind.
    pub fn begin(&self, kind: &dyn AnyKind, meta: &Meta, values: &Values) -> Result<Item, Refusal> {
        let actor = DocId::derive(&[b"demo.actor", self.device.as_bytes(), &meta.id.0]).0;
        let doc = crdt::birth(actor, meta, kind.fields(), values)?;
        let change = doc.get_changes(&[]).into_iter().next().ok_or(Refusal::Unknown)?;
        Ok(Item::Change(ByteBuf::from(change.raw_bytes())))
    }

    /// Decides. In a matter that was begun under one of this person's aliases, it is the alias who decides.
    pub fn act(&self, doc: DocId, owner: DocId, about: Vec<Hash>, at_ms: i64, act: Vec<u8>) -> Item {
        let alias = self.who.aliases.contains(&owner);
        let (by, device) =
            if alias { (owner, String::new()) } else { (self.who.person, self.device.clone()) };
        let id = ActId::derive(&[b"demo.act", &doc.0, &by.0, &at_ms.to_le_bytes(), &act]);
        let act = ByteBuf::from(act);
        let entry = Entry { id, doc, by, device, at_ms, about, act, signature: None, receipt: None };
        let signature = (self.signs && !alias).then(|| self.key.sign(by, &act_bytes(&entry)));
        Item::Act(Entry { signature, ..entry })
    }

    /// One request that pushes these things, from a phone that stands at these cursors.
    pub fn request(&self, items: Vec<(DocId, Item)>, epoch: &str, cursors: BTreeMap<Scope, u64>) -> Request {
        let push = (0..).zip(items).map(|(seq, (doc, item))| Push { seq, doc, item }).collect();
        let (device, epoch) = (self.device.clone(), epoch.to_string());
        Request { proto: PROTO, device, epoch, cursors, push, want: vec![], seen: None, keys: vec![] }
    }
}
