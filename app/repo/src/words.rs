//! What a person did, in their own words: for the outbox, for 撤销 and for "needs attention".

use crate::doc_rec::{Intent, OutItem};
use domain::{
    AnyKind, DocId, Edit, Entry, FILE_KEYS, Field, Meta, Moment, OrgCode, Raw, Value, Values, field_of,
};
use sync::Item;

/// "修改 标题、正文".
pub(crate) fn of_edits(kind: &dyn AnyKind, edits: &[Edit]) -> String {
    let shown = edits.iter().map(key_of).filter(|key| !is_key(key));
    let mut labels: Vec<&str> = shown.map(|key| label(kind.fields(), key)).collect();
    labels.dedup();
    format!("修改 {}", labels.join("、"))
}

/// What opens a file is nothing to read.
fn is_key(key: &str) -> bool {
    key.split_once('/').is_some_and(|(field, _)| field == FILE_KEYS)
}

/// "新建 投诉建议".
pub(crate) fn of_birth(kind: &dyn AnyKind) -> String {
    format!("新建 {}", kind.labels().0)
}

/// Step and opinion of an act as the timeline would show it; `None` for an act of a newer app.
pub(crate) fn moment(kind: &dyn AnyKind, entry: &Entry) -> Option<Moment> {
    let meta = Meta {
        id: entry.doc,
        kind: kind.name().into(),
        owner: DocId::default(),
        unit: OrgCode::default(),
        born_ms: 0,
    };
    kind.timeline(&Raw { meta, values: Values::new(), entries: vec![entry.clone()] }).pop()
}

/// The words that lie in waiting items: each field's last text, each act's opinion.
pub(crate) fn kept(kind: &dyn AnyKind, items: &[(u64, OutItem)]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String, String)> = vec![];
    let mut say = |key: &str, label: &str, text: String| match out.iter_mut().find(|(k, ..)| k == key) {
        Some(line) => line.2 = text,
        None => out.push((key.into(), label.into(), text)),
    };
    for (_, item) in items {
        match (&item.intent, &item.item) {
            (Intent::Born { values, .. }, _) => {
                let shown = values.iter().filter(|(key, _)| !is_key(key));
                shown.for_each(|(key, value)| say(key, label(kind.fields(), key), plain(value)));
            }
            (Intent::Edits(edits), _) => {
                // Words of steps are shown with their step.
                let is_plain = |edit: &&Edit| !key_of(edit).starts_with("said/") && !is_key(key_of(edit));
                edits
                    .iter()
                    .filter(is_plain)
                    .for_each(|edit| say(key_of(edit), label(kind.fields(), key_of(edit)), new_text(edit)));
            }
            (Intent::Act, Item::Act(entry)) => {
                let act = item.said.clone().unwrap_or_else(|| entry.act.clone());
                if let Some(moment) = moment(kind, &Entry { act, ..entry.clone() }) {
                    say(&entry.id.to_string(), &moment.step.zh, moment.words);
                }
            }
            (Intent::Act, Item::Change(_)) => {}
        }
    }
    out.into_iter().filter(|(_, _, text)| !text.is_empty()).map(|(_, label, text)| (label, text)).collect()
}

fn key_of(edit: &Edit) -> &str {
    match edit {
        Edit::Set { key, .. } | Edit::Clear { key } | Edit::Text { key, .. } => key,
    }
}

fn new_text(edit: &Edit) -> String {
    match edit {
        Edit::Set { value, .. } => plain(value),
        Edit::Clear { .. } => "（清除）".into(),
        Edit::Text { text, .. } => text.clone(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Str(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(yes) => if *yes { "是" } else { "否" }.into(),
    }
}

fn label<'k>(fields: &[Field], key: &'k str) -> &'k str {
    field_of(fields, key).map_or(key, |field| field.zh)
}
