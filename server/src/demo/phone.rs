//! A phone in a few lines: makes the pushes that a real one would make, for the demo's content and for tests.
//! It keeps nothing; whoever uses it brings heads and times.

use domain::{ActId, AnyKind, DocId, Entry, Hash, Meta, Refusal, Scope, Values, Who, crdt};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;
use sync::{Item, PROTO, Push, Request};

/// The phone of one person.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Whose it is.
    pub who: Who,
    device: String,
}

impl Phone {
    /// Their only phone.
    pub fn of(who: Who) -> Self {
        let device = DocId::derive(&[b"demo.device", &who.person.0]).to_string();
        Self { who, device }
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
        Item::Act(Entry { id, doc, by, device, at_ms, about, act: ByteBuf::from(act), receipt: None })
    }

    /// One request that pushes these things, from a phone that stands at these cursors.
    pub fn request(&self, items: Vec<(DocId, Item)>, epoch: &str, cursors: BTreeMap<Scope, u64>) -> Request {
        let push = (0..).zip(items).map(|(seq, (doc, item))| Push { seq, doc, item }).collect();
        let (device, epoch) = (self.device.clone(), epoch.to_string());
        Request {
            proto: PROTO,
            device,
            epoch,
            cursors,
            push,
            want: vec![],
            seen: None,
            wrap_key: None,
            keys: vec![],
        }
    }
}
