//! One table for each kind: what a form may write, what a phone writes and what the gate lets in are the same.
//! Every kind of the house is tried, field by field, with what fits and with everything else.

use crate::kit::{Phone, forge};
use automerge::legacy::OpType;
use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, ObjType, ROOT, ScalarValue};
use domain::modules::kinds;
use domain::{AnyKind, DocId, Edit, Field, FieldKind, Meta, OrgCode, Value, crdt};
use server::gate::{self, Refused, Shape, ShapeKind, StoredDoc, Why};

/// A document of this kind filled with its sample, and a phone of somebody else that holds it.
struct Sample {
    kind: &'static dyn AnyKind,
    birth: Vec<u8>,
    snapshot: Vec<u8>,
    other: Phone,
}

fn sample(kind: &'static dyn AnyKind) -> Sample {
    let owner = DocId([7; 16]);
    let meta = Meta { id: owner, kind: kind.name().into(), owner, unit: OrgCode::new("LB02"), born_ms: 1 };
    let doc = crdt::birth([1; 16], &meta, kind.fields(), &kind.sample()).expect("the sample fits");
    let birth = doc.get_changes(&[])[0].raw_bytes().to_vec();
    let other = Phone { doc: doc.fork().with_actor(ActorId::from([2; 16])) };
    Sample { kind, birth, snapshot: doc.save(), other }
}

impl Sample {
    fn ask(&self, raw: &[u8]) -> Result<gate::Admitted, Refused> {
        let stored = StoredDoc { snapshot: Some(&self.snapshot) };
        gate::admit(&stored, &Shape::of(self.kind.fields()), raw)
    }
    fn put(&self, key: &str, value: ScalarValue) -> Vec<u8> {
        self.other.clone().put(key, value)
    }
    #[track_caller]
    fn refuses(&self, raw: &[u8], why: Why) {
        match self.ask(raw).expect_err(self.kind.name()) {
            Refused::NotAllowed { why: said, .. } => assert_eq!(said, why, "{}", self.kind.name()),
            other => panic!("{}: {other:?}", self.kind.name()),
        }
    }
}

fn key_of(field: &Field) -> String {
    if field.kind == FieldKind::Items { format!("{}/一", field.name) } else { field.name.to_string() }
}

/// A value that fills the field to its end, and one that is a character longer.
fn full(field: &Field) -> (Value, Option<Value>) {
    match field.kind {
        FieldKind::Int => (Value::Int(i64::MAX), None),
        FieldKind::Bool => (Value::Bool(true), None),
        _ => {
            // What is too long for a change in Chinese letters holds no Chinese (words of sealed steps).
            let letter = if field.max > 20_000 { "a" } else { "字" };
            (Value::Str(letter.repeat(field.max.min(600))), Some(Value::Str(letter.repeat(field.max + 1))))
        }
    }
}

#[test]
fn the_table_of_a_kind_is_what_the_gate_knows_of_it() {
    for kind in kinds() {
        let shape = Shape::of(kind.fields());
        assert_eq!(shape.meta_keys, crdt::META_KEYS, "{}", kind.name());
        assert_eq!(shape.fields.len(), kind.fields().len());
        for (field, told) in kind.fields().iter().zip(&shape.fields) {
            let expected = match field.kind {
                FieldKind::Text => ShapeKind::Text,
                FieldKind::Str => ShapeKind::Str,
                FieldKind::Int => ShapeKind::Int,
                FieldKind::Bool => ShapeKind::Bool,
                FieldKind::Items => ShapeKind::Items,
            };
            assert_eq!((told.name.as_ref(), told.kind, told.max_len), (field.name, expected, field.max));
        }
    }
}

#[test]
fn every_sample_is_born_and_says_what_it_is() {
    for kind in kinds() {
        let sample = sample(*kind);
        let admitted = gate::admit_all(&StoredDoc::default(), &Shape::of(kind.fields()), &[&sample.birth]);
        let (meta, values) = admitted.after.and_then(|after| after.content).expect("a document of ours");
        assert_eq!((meta.kind.as_str(), values), (kind.name(), kind.sample()));
    }
}

/// What the narrow setters write is let in, to the last character, and nothing longer.
#[test]
fn every_field_takes_what_its_setter_writes() {
    for kind in kinds() {
        let sample = sample(*kind);
        for field in kind.fields() {
            let (key, (value, longer)) = (key_of(field), full(field));
            let edit = match (&field.kind, &value) {
                (FieldKind::Text, Value::Str(text)) => {
                    let base = sample.other.text(field.name);
                    Edit::Text { key: key.clone(), base, text: text.clone() }
                }
                _ => Edit::Set { key: key.clone(), value: value.clone() },
            };
            let mut doc = sample.other.doc.clone();
            let raw = crdt::edit(&mut doc, [2; 16], kind.fields(), &[edit]).expect("the setter takes it");
            let Some(raw) = raw else { continue }; // the sample was full already
            sample.ask(&raw).unwrap_or_else(|why| panic!("{} {key}: {why:?}", kind.name()));
            let long = longer.filter(|_| field.kind != FieldKind::Text);
            if let Some(Value::Str(text)) = long {
                sample.refuses(&sample.put(&key, text.into()), Why::Length);
            }
        }
    }
}

/// What no setter writes is refused: other types, objects, counters, keys beside the table, meta.
#[test]
fn no_field_takes_anything_else() {
    for kind in kinds() {
        let sample = sample(*kind);
        for field in kind.fields() {
            let key = key_of(field);
            for value in strangers(field.kind) {
                let why = if field.kind == FieldKind::Text { Why::Action } else { Why::Type };
                sample.refuses(&sample.put(&key, value), why);
            }
            let objects = [ObjType::Map, ObjType::List, ObjType::Text, ObjType::Table];
            for object in objects {
                let raw = forge(&sample.put("x", 1.into()), |change| {
                    change.operations[0].key = key.as_str().into();
                    change.operations[0].action = OpType::Make(object);
                });
                let why = match (field.kind, object) {
                    (FieldKind::Text, ObjType::Text) => Why::BirthOnly,
                    _ => Why::Action,
                };
                sample.refuses(&raw, why);
            }
            let beside = if field.kind == FieldKind::Items { field.name.into() } else { format!("{key}/x") };
            for wrong in [beside, format!(" {key}"), key.to_uppercase(), format!("@@{key}")] {
                sample.refuses(&sample.put(&wrong, "x".into()), Why::UnknownKey);
            }
        }
        for meta in crdt::META_KEYS {
            sample.refuses(&sample.put(meta, "x".into()), Why::BirthOnly);
        }
    }
}

fn strangers(kind: FieldKind) -> Vec<ScalarValue> {
    let all: Vec<(FieldKind, ScalarValue)> =
        vec![(FieldKind::Str, "x".into()), (FieldKind::Int, 7.into()), (FieldKind::Bool, true.into())];
    let never = [
        ScalarValue::Null,
        ScalarValue::F64(1.5),
        ScalarValue::counter(1),
        ScalarValue::Timestamp(1),
        ScalarValue::Bytes(vec![1]),
        ScalarValue::Unknown { type_code: 12, bytes: vec![1] },
    ];
    let own = if kind == FieldKind::Items { FieldKind::Str } else { kind };
    all.into_iter().filter(|(of, _)| *of != own).map(|(_, value)| value).chain(never).collect()
}

/// A kind's documents cannot be made under another kind's table.
#[test]
fn a_birth_is_judged_by_the_table_of_the_kind_it_names() {
    for kind in kinds() {
        let mut doc = Automerge::new().with_actor(ActorId::from([1; 16]));
        let made = doc.transact::<_, _, automerge::AutomergeError>(|tx| {
            tx.put(ROOT, "@kind", kind.name())?;
            tx.put(ROOT, "no_such_field", 1)
        });
        made.map_err(|failure| failure.error).expect("written");
        let raw = doc.get_changes(&[])[0].raw_bytes().to_vec();
        let refused =
            gate::admit(&StoredDoc::default(), &Shape::of(kind.fields()), &raw).expect_err("beside");
        assert_eq!(refused, Refused::NotAllowed { path: "?".into(), why: Why::UnknownKey });
    }
}
