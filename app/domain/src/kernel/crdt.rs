//! The only place that speaks Automerge for bodies: birth, reading, narrow writing, conflicts.
//! Documents are ordinary and flat, so that the public JavaScript library reads them.

use crate::{Edit, Field, FieldKind, Hash, Meta, OrgCode, Refusal, Value, Values, field_of, fits, text};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ChangeHash, ObjType, ROOT, ReadDoc, ScalarValue};

/// Keys of the first change that nobody writes again. No field is ever called like that: field names are
/// Rust names, and some kinds do have a field `kind` or `born`.
pub const META_KEYS: [&str; 4] = ["@kind", "@owner", "@unit", "@born"];

/// A new document with its meta, all its texts made, and the values it starts with.
pub fn birth(actor: [u8; 16], meta: &Meta, fields: &[Field], values: &Values) -> Result<Automerge, Refusal> {
    birth_as(actor, meta, fields, values, None)
}

/// The same with a message in its first change.
pub fn birth_as(
    actor: [u8; 16],
    meta: &Meta,
    fields: &[Field],
    values: &Values,
    message: Option<String>,
) -> Result<Automerge, Refusal> {
    let mut doc = Automerge::new().with_actor(ActorId::from(actor));
    let mut tx = doc.transaction();
    tx.put(ROOT, "@kind", meta.kind.as_str()).map_err(broken)?;
    tx.put(ROOT, "@owner", meta.owner.to_string()).map_err(broken)?;
    tx.put(ROOT, "@unit", meta.unit.as_str()).map_err(broken)?;
    tx.put(ROOT, "@born", meta.born_ms).map_err(broken)?;
    for field in fields.iter().filter(|field| field.kind == FieldKind::Text) {
        let text = tx.put_object(ROOT, field.name, ObjType::Text).map_err(broken)?;
        if let Some(Value::Str(start)) = values.get(field.name) {
            tx.splice_text(&text, 0, 0, start).map_err(broken)?;
        }
    }
    for (key, value) in values {
        let field = checked(fields, key, Some(value))?;
        if field.kind != FieldKind::Text {
            tx.put(ROOT, key.as_str(), scalar(value)).map_err(broken)?;
        }
    }
    tx.commit_with(said(message));
    Ok(doc)
}

/// Meta and values; `None` when the meta keys are not there.
pub fn read(doc: &Automerge, id: crate::DocId) -> Option<(Meta, Values)> {
    let one = |key: String| value_at(doc, &key).map(|value| (key, value));
    meta_and_values(id, doc.keys(ROOT).filter_map(one).collect())
}

/// The same as it stood at these heads, which are in the document.
fn read_then(doc: &Automerge, heads: &[ChangeHash]) -> Values {
    let one = |key: String| {
        let (found, id) = doc.get_at(ROOT, key.as_str(), heads).ok()??;
        Some((key, value_of(&found, || doc.text_at(&id, heads).ok())?))
    };
    doc.keys_at(ROOT, heads).filter_map(one).collect()
}

/// What a person meant by a change of a document: what it began the document with, if it is the first one, or how
/// values differ behind it from before.
pub fn meant(doc: &Automerge, id: crate::DocId, change: &Change) -> (Option<(Meta, Values)>, Vec<Edit>) {
    let after = read_then(doc, &[change.hash()]);
    if change.deps().is_empty() {
        return (meta_and_values(id, after), vec![]);
    }
    let before = read_then(doc, change.deps());
    let is_text = |key: &str| {
        doc.get(ROOT, key).is_ok_and(|now| matches!(now, Some((automerge::Value::Object(ObjType::Text), _))))
    };
    let mut edits = vec![];
    for (key, value) in after.iter().filter(|(key, value)| before.get(*key) != Some(value)) {
        edits.push(match (before.get(key), value) {
            (Some(Value::Str(base)), Value::Str(text)) if is_text(key) => {
                Edit::Text { key: key.clone(), base: base.clone(), text: text.clone() }
            }
            _ => Edit::Set { key: key.clone(), value: value.clone() },
        });
    }
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    edits.extend(gone.map(|key| Edit::Clear { key: key.clone() }));
    (None, edits)
}

fn meta_and_values(id: crate::DocId, mut values: Values) -> Option<(Meta, Values)> {
    let text = |values: &mut Values, key: &str| match values.remove(key) {
        Some(Value::Str(text)) => Some(text),
        _ => None,
    };
    let kind = text(&mut values, "@kind")?;
    let owner = crate::DocId::parse(&text(&mut values, "@owner")?)?;
    let unit = OrgCode(text(&mut values, "@unit")?);
    let Some(Value::Int(born_ms)) = values.remove("@born") else { return None };
    Some((Meta { id, kind, owner, unit, born_ms }, values))
}

fn value_at(doc: &Automerge, key: &str) -> Option<Value> {
    let (found, id) = doc.get(ROOT, key).ok()??;
    value_of(&found, || doc.text(&id).ok())
}

fn value_of(found: &automerge::Value<'_>, text: impl FnOnce() -> Option<String>) -> Option<Value> {
    match found {
        automerge::Value::Object(ObjType::Text) => text().map(Value::Str),
        automerge::Value::Scalar(scalar) => plain(scalar),
        automerge::Value::Object(_) => None,
    }
}

/// A scalar as rules see it; `None` for what no body has.
pub fn plain(scalar: &ScalarValue) -> Option<Value> {
    match scalar {
        ScalarValue::Str(text) => Some(Value::Str(text.to_string())),
        ScalarValue::Int(number) => Some(Value::Int(*number)),
        ScalarValue::Boolean(yes) => Some(Value::Bool(*yes)),
        _ => None,
    }
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Str(text) => ScalarValue::Str(text.as_str().into()),
        Value::Int(number) => ScalarValue::Int(*number),
        Value::Bool(yes) => ScalarValue::Boolean(*yes),
    }
}

/// Writes edits as one change under `actor`; `None` when nothing differs. Returns the raw change.
pub fn edit(
    doc: &mut Automerge,
    actor: [u8; 16],
    fields: &[Field],
    edits: &[Edit],
) -> Result<Option<Vec<u8>>, Refusal> {
    edit_as(doc, actor, fields, edits, None)
}

/// The same with a message. For edits that were a change before, whose bytes are spoilt, it is the name of the
/// first one, so that two clones of a phone do not carry it out twice; in a sealed document it is something
/// that nobody can guess, so that the change's name tells nothing.
pub fn edit_as(
    doc: &mut Automerge,
    actor: [u8; 16],
    fields: &[Field],
    edits: &[Edit],
    message: Option<String>,
) -> Result<Option<Vec<u8>>, Refusal> {
    doc.set_actor(ActorId::from(actor));
    let mut tx = doc.transaction();
    for edit in edits {
        if let Err(refusal) = write(&mut tx, fields, edit) {
            tx.rollback();
            return Err(refusal);
        }
    }
    let (hash, _) = tx.commit_with(said(message));
    let Some(hash) = hash else { return Ok(None) };
    Ok(doc.get_change_by_hash(&hash).map(|change| change.raw_bytes().to_vec()))
}

fn said(message: Option<String>) -> CommitOptions {
    match message {
        Some(message) => CommitOptions::default().with_message(message),
        None => CommitOptions::default(),
    }
}

/// A value as it stood at these heads; nothing that anybody wrote beside or after them counts.
pub fn value_then(doc: &Automerge, key: &str, heads: &[Hash]) -> Option<Value> {
    let heads: Vec<ChangeHash> = heads.iter().map(|head| ChangeHash(head.0)).collect();
    if heads.iter().any(|head| doc.get_change_meta_by_hash(head).is_none()) {
        return None;
    }
    let (value, _) = doc.get_at(ROOT, key, &heads).ok()??;
    value.as_scalar().and_then(plain)
}

fn write<T: Transactable + ReadDoc>(tx: &mut T, fields: &[Field], edit: &Edit) -> Result<(), Refusal> {
    match edit {
        Edit::Set { key, value } => {
            checked(fields, key, Some(value))?;
            let now = tx.get(ROOT, key.as_str()).map_err(broken)?;
            let same = now.is_some_and(|(now, _)| now.as_scalar() == Some(&scalar(value)));
            if same { Ok(()) } else { tx.put(ROOT, key.as_str(), scalar(value)).map_err(broken) }
        }
        Edit::Clear { key } => {
            checked(fields, key, None)?;
            let there = tx.get(ROOT, key.as_str()).map_err(broken)?.is_some();
            if there { tx.delete(ROOT, key.as_str()).map_err(broken) } else { Ok(()) }
        }
        Edit::Text { key, base, text } => write_text(tx, fields, key, base, text),
    }
}

fn write_text<T: Transactable + ReadDoc>(
    tx: &mut T,
    fields: &[Field],
    key: &str,
    base: &str,
    new: &str,
) -> Result<(), Refusal> {
    checked(fields, key, Some(&Value::from(new)))?;
    let Some((automerge::Value::Object(ObjType::Text), id)) = tx.get(ROOT, key).map_err(broken)? else {
        return Err(Refusal::Unreadable("no-text".into()));
    };
    let now = tx.text(&id).map_err(broken)?;
    let Some(mine) = text::diff(base, new) else { return Ok(()) };
    for splice in text::rebase(base, &mine, &now) {
        tx.splice_text(&id, splice.at, splice.del as isize, &splice.ins).map_err(broken)?;
    }
    Ok(())
}

fn checked<'f>(fields: &'f [Field], key: &str, value: Option<&Value>) -> Result<&'f Field, Refusal> {
    let field = field_of(fields, key).ok_or_else(|| {
        Refusal::invalid(key, "没有这一栏，请更新应用", "No such field; please update the app")
    })?;
    if value.is_some_and(|value| !fits(field, value)) {
        let zh = format!("“{}”最多 {} 字，请精简后再保存", field.zh, field.max);
        let en = format!("“{}” holds at most {} characters; please shorten it", field.en, field.max);
        return Err(Refusal::Invalid(key.into(), zh, en));
    }
    Ok(field)
}

fn broken(error: automerge::AutomergeError) -> Refusal {
    Refusal::Unreadable(format!("am-{error}").chars().take(40).collect())
}

/// Heads as hashes.
pub fn heads(doc: &Automerge) -> Vec<Hash> {
    doc.get_heads().iter().map(|head: &ChangeHash| Hash(head.0)).collect()
}

/// Scalars that several people wrote at once: key and every value that stands there.
pub fn conflicts(doc: &Automerge) -> Vec<(String, Vec<Value>)> {
    let keys: Vec<String> = doc.keys(ROOT).collect();
    let all = |key: String| {
        let values = doc.get_all(ROOT, key.as_str()).ok()?;
        let mut plain_values: Vec<Value> =
            values.iter().filter_map(|(v, _)| v.as_scalar().and_then(plain)).collect();
        plain_values.dedup();
        (plain_values.len() > 1).then_some((key, plain_values))
    };
    keys.into_iter().filter_map(all).collect()
}
