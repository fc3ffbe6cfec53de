//! The allowlist: every single operation of a change, against the kind's shape and what its author saw.
//! Operations, not results: a put that the same change deletes again leaves no trace in any patch, and a
//! losing write surfaces only when the winner is deleted. What is not named here is not possible.

use super::order::Place;
use super::prescan::Actor;
use super::refused::{Refused, Why};
use super::shape::{FieldShape, Home, Shape, ShapeKind, is_meta, is_one_character};
use super::view::{OpName, View, op_name};
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{Automerge, ExpandedChange, ObjType, ScalarValue};
use std::collections::{BTreeSet, HashSet};

/// Looks at a change's operations one after the other, moving the view along with them.
pub(super) struct Paths<'a> {
    /// What the kind allows.
    pub shape: &'a Shape,
    /// The document before the change.
    pub doc: &'a Automerge,
    /// What the author saw, already at the change's predecessors.
    pub view: &'a mut View,
    /// First change or later one.
    pub place: Place,
    /// Texts (by field) that the change touched.
    pub touched: BTreeSet<String>,
}

impl Paths<'_> {
    /// Checks all operations; the view then stands behind the change.
    pub fn check(&mut self, change: &ExpandedChange, actor: Actor) -> Result<(), Refused> {
        for (op, counter) in change.operations.iter().zip(change.start_op.get()..) {
            self.check_op(op, (counter, actor))?;
        }
        Ok(())
    }

    fn check_op(&mut self, op: &Op, name: OpName) -> Result<(), Refused> {
        match (&op.obj, &op.key) {
            (ObjectId::Root, Key::Map(key)) if !op.insert => self.root_op(op, key, name),
            (ObjectId::Id(text), Key::Seq(element)) => self.text_op(op, text, element, name),
            _ => Err(no("?", Why::Action)),
        }
    }

    fn root_op(&mut self, op: &Op, key: &str, name: OpName) -> Result<(), Refused> {
        let home = self.shape.home(key).ok_or_else(|| no("?", Why::UnknownKey))?;
        match home {
            Home::Meta => self.meta_op(op, key, name),
            Home::Field(field) if field.kind == ShapeKind::Text => self.make_text(op, key, name),
            Home::Field(field) => self.scalar_op(op, field, key, &field.name, name),
            Home::Item(field) => self.scalar_op(op, field, key, &format!("{}/*", field.name), name),
        }
    }

    /// Put once, at birth.
    fn meta_op(&mut self, op: &Op, key: &str, name: OpName) -> Result<(), Refused> {
        match &op.action {
            OpType::Put(value) if is_meta(value) => self.once_at_birth(op, key, name),
            OpType::Put(_) => Err(no(key, Why::Type)),
            _ => Err(no(key, if self.place == Place::Birth { Why::Action } else { Why::BirthOnly })),
        }
    }

    /// Made once, at birth.
    fn make_text(&mut self, op: &Op, key: &str, name: OpName) -> Result<(), Refused> {
        if op.action != OpType::Make(ObjType::Text) {
            return Err(no(key, Why::Action));
        }
        self.once_at_birth(op, key, name)?;
        self.view.make_text(name, key);
        Ok(())
    }

    fn once_at_birth(&mut self, op: &Op, key: &str, name: OpName) -> Result<(), Refused> {
        let values = self.view.values(self.doc, key);
        if self.place != Place::Birth || !values.is_empty() {
            return Err(no(key, Why::BirthOnly));
        }
        if !op.pred.is_empty() {
            return Err(no(key, Why::Predecessors));
        }
        values.insert(name);
        Ok(())
    }

    /// Put or delete of what the author saw under this key: exactly that and nothing elsewhere.
    fn scalar_op(
        &mut self,
        op: &Op,
        field: &FieldShape,
        key: &str,
        path: &str,
        name: OpName,
    ) -> Result<(), Refused> {
        match &op.action {
            OpType::Put(value) if !field.has_type(value) => return Err(no(path, Why::Type)),
            OpType::Put(value) if !field.holds(value) => return Err(no(path, Why::Length)),
            OpType::Put(_) | OpType::Delete => {}
            _ => return Err(no(path, Why::Action)),
        }
        let values = self.view.values(self.doc, key);
        let deletes_nothing = op.action == OpType::Delete && values.is_empty();
        if deletes_nothing || !names(&op.pred).is_some_and(|preds| preds.iter().eq(values.iter())) {
            return Err(no(path, Why::Predecessors));
        }
        values.clear();
        if op.action != OpType::Delete {
            values.insert(name);
        }
        Ok(())
    }

    /// One letter in or out, at a place that the author saw.
    fn text_op(&mut self, op: &Op, text: &OpId, element: &ElementId, name: OpName) -> Result<(), Refused> {
        let text = op_name(text).ok_or_else(|| no("?", Why::Action))?;
        let path = self.view.field_of(&text).ok_or_else(|| no("?", Why::Action))?.to_string();
        let letters = self.view.letters(self.doc, &text);
        match &op.action {
            OpType::Put(ScalarValue::Str(letter)) if op.insert => {
                if !is_one_character(letter) {
                    return Err(no(&path, Why::Type));
                }
                if !op.pred.is_empty() {
                    return Err(no(&path, Why::Predecessors));
                }
                if !stands(letters, element) {
                    return Err(no(&path, Why::Place));
                }
                letters.insert(name);
            }
            OpType::Delete if !op.insert => {
                take_out(letters, element, &op.pred).map_err(|why| no(&path, why))?
            }
            _ => return Err(no(&path, Why::Action)),
        }
        self.touched.insert(path);
        Ok(())
    }
}

/// Whether one can insert behind this element.
fn stands(letters: &HashSet<OpName>, element: &ElementId) -> bool {
    match element {
        ElementId::Head => true,
        ElementId::Id(id) => op_name(id).is_some_and(|id| letters.contains(&id)),
    }
}

fn take_out(letters: &mut HashSet<OpName>, element: &ElementId, pred: &SortedVec<OpId>) -> Result<(), Why> {
    let target = element.as_opid().and_then(op_name).ok_or(Why::Place)?;
    if names(pred) != Some(vec![target]) {
        return Err(Why::Predecessors);
    }
    if letters.remove(&target) { Ok(()) } else { Err(Why::Place) }
}

/// The predecessors in order; `None` when one is named twice or has a foreign actor.
fn names(preds: &SortedVec<OpId>) -> Option<Vec<OpName>> {
    let names: Vec<OpName> = preds.iter().map(op_name).collect::<Option<_>>()?;
    names.windows(2).all(|pair| pair[0] < pair[1]).then_some(names)
}

/// A refusal whose path is a name from the kind's own table, never a key from the sender.
fn no(path: &str, why: Why) -> Refused {
    Refused::NotAllowed { path: path.to_string(), why }
}
