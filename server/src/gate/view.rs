//! What the author of a change saw: the values of each root key and the letters of each text at the
//! change's predecessors. A chain of changes moves one view along instead of asking Automerge each time.

use super::prescan::Actor;
use super::shape::Shape;
use automerge::{ActorId, Automerge, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, Value, legacy};
use domain::Hash;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Name of an operation, and so of the value, object or letter that it made.
pub(super) type OpName = (u64, Actor);

/// Reads Automerge's operation id; `None` for actors that are not ours.
pub(super) fn op_name(id: &legacy::OpId) -> Option<OpName> {
    Some((id.counter(), id.actor().to_bytes().try_into().ok()?))
}

fn op_name_of(id: &ObjId) -> Option<OpName> {
    match id {
        ObjId::Root => None,
        ObjId::Id(counter, actor, _) => Some((*counter, actor.to_bytes().try_into().ok()?)),
    }
}

/// State of a document as seen from one place in its history.
#[derive(Debug, Default)]
pub(super) struct View {
    /// Text objects by the operation that made them, with their field.
    texts: BTreeMap<OpName, String>,
    /// Those of them that the change being looked at makes; gone again when it is refused.
    making: Vec<OpName>,
    at: Vec<Hash>,
    values: HashMap<String, BTreeSet<OpName>>,
    letters: HashMap<OpName, HashSet<OpName>>,
}

impl View {
    /// The view of nobody yet; knows the text objects, which are made at birth and stay.
    pub fn of(doc: &Automerge, shape: &Shape) -> Self {
        let mut view = Self::default();
        for field in shape.texts() {
            if let Ok(Some((Value::Object(ObjType::Text), id))) = doc.get(ROOT, field.name.as_ref()) {
                view.texts.extend(op_name_of(&id).map(|name| (name, field.name.to_string())));
            }
        }
        view
    }

    /// Moves to a place in history; keeps what is known when it is there already.
    pub fn go_to(&mut self, place: &[Hash]) {
        if self.at != place {
            self.forget();
            self.at = place.to_vec();
        }
    }

    /// Says that the change just written into this view is in, under this name.
    pub fn arrive(&mut self, hash: Hash) {
        self.at = vec![hash];
        self.making.clear();
    }

    /// Drops everything but the text objects of the document: the change written into this view was refused.
    pub fn forget(&mut self) {
        for text in self.making.drain(..) {
            self.texts.remove(&text);
        }
        // A hash that no change has: the next `go_to` starts afresh.
        self.at = vec![Hash([0; 32])];
        self.values.clear();
        self.letters.clear();
    }

    /// The field of a text object, if the document has it.
    pub fn field_of(&self, text: &OpName) -> Option<&str> {
        self.texts.get(text).map(String::as_str)
    }

    /// The change being looked at makes this text.
    pub fn make_text(&mut self, text: OpName, field: &str) {
        self.texts.insert(text, field.to_string());
        self.making.push(text);
    }

    /// The values that stand under a root key here; more than one where people wrote at once.
    pub fn values(&mut self, doc: &Automerge, key: &str) -> &mut BTreeSet<OpName> {
        if !self.values.contains_key(key) {
            let heads = heads(&self.at);
            let found = doc.get_all_at(ROOT, key, &heads).unwrap_or_default();
            let names = found.iter().filter_map(|(_, id)| op_name_of(id)).collect();
            self.values.insert(key.to_string(), names);
        }
        self.values.entry(key.to_string()).or_default()
    }

    /// The letters that stand in a text here.
    pub fn letters(&mut self, doc: &Automerge, text: &OpName) -> &mut HashSet<OpName> {
        if !self.letters.contains_key(text) {
            let id = ObjId::Id(text.0, ActorId::from(text.1), 0);
            let found = doc.list_range_at(&id, .., &heads(&self.at));
            self.letters.insert(*text, found.filter_map(|item| op_name_of(&item.id())).collect());
        }
        self.letters.entry(*text).or_default()
    }
}

fn heads(at: &[Hash]) -> Vec<ChangeHash> {
    at.iter().map(|hash| ChangeHash(hash.0)).collect()
}
