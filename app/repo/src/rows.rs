//! Lists: all rows in memory, asked with a query. Nothing here opens a document.

use crate::doc_rec::RowRec;
use domain::bridge::{Query, Sort};
use domain::{DocId, OrgCode, Who};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// A row with the text that search looks in.
struct Shelved {
    rec: RowRec,
    text: String,
}

/// All rows, by kind, so that a list of one kind never walks past the others.
#[derive(Default)]
pub(crate) struct Rows {
    kinds: BTreeMap<String, HashMap<DocId, Shelved>>,
    kind_of: HashMap<DocId, String>,
}

impl Rows {
    pub fn get(&self, id: DocId) -> Option<&RowRec> {
        Some(&self.kinds.get(self.kind_of.get(&id)?)?.get(&id)?.rec)
    }
    pub fn put(&mut self, id: DocId, rec: RowRec) {
        let kind = rec.row.kind.clone();
        if self.kind_of.get(&id).is_some_and(|old| *old != kind) {
            self.remove(id);
        }
        let text = search_text(&rec);
        self.kind_of.insert(id, kind.clone());
        self.kinds.entry(kind).or_default().insert(id, Shelved { rec, text });
    }
    pub fn remove(&mut self, id: DocId) {
        if let Some(kind) = self.kind_of.remove(&id) {
            self.kinds.entry(kind).or_default().remove(&id);
        }
    }
    pub fn len(&self) -> usize {
        self.kind_of.len()
    }
    pub fn iter(&self) -> impl Iterator<Item = (DocId, &RowRec)> {
        self.kinds.values().flatten().map(|(id, shelved)| (*id, &shelved.rec))
    }

    /// The documents whose rows fit, in no order.
    pub fn ids(&self, fits: impl Fn(&RowRec) -> bool) -> Vec<DocId> {
        self.iter().filter(|(_, rec)| fits(rec)).map(|(id, _)| id).collect()
    }

    /// The lines a query asks for, and how many fit in all.
    pub fn ask(&self, query: &Query, who: &Who) -> (Vec<&RowRec>, usize) {
        let words: Vec<String> = query.text.to_lowercase().split_whitespace().map(Into::into).collect();
        let fits = |shelved: &&Shelved| {
            suits(&shelved.rec, query, who) && words.iter().all(|w| shelved.text.contains(w))
        };
        let of_kinds = query.kinds.iter().filter_map(|kind| self.kinds.get(kind)).flat_map(HashMap::values);
        let mut found: Vec<&RowRec> = of_kinds.filter(fits).map(|shelved| &shelved.rec).collect();
        let total = found.len();
        let wanted = query.offset.saturating_add(query.limit).min(total);
        let order = |a: &&RowRec, b: &&RowRec| compare(query.sort, a, b);
        // Only the page that is shown gets sorted.
        if wanted > 0 && wanted < total {
            found.select_nth_unstable_by(wanted - 1, order);
        }
        found.truncate(wanted);
        found.sort_unstable_by(order);
        (found.into_iter().skip(query.offset).collect(), total)
    }
}

fn search_text(rec: &RowRec) -> String {
    let mut text = rec.row.search_text();
    if let Some(temporary) = &rec.temporary {
        text.push('\n');
        text.push_str(&temporary.to_lowercase());
    }
    text
}

fn suits(rec: &RowRec, query: &Query, who: &Who) -> bool {
    let row = &rec.row;
    let owner = |id: DocId| row.owner == id || (id == who.person && who.is(row.owner));
    (query.statuses.is_empty() || query.statuses.contains(&row.status.code))
        && query.owner.is_none_or(owner)
        && query.unit.as_ref().is_none_or(|unit| within(&row.unit, unit))
        && query.undone.as_ref().is_none_or(|step| !rec.done.contains(step))
        && query.facts.iter().all(|(key, value)| row.fact(key) == value)
}

/// Like `OrgCode::is_within`, but most rows are told apart by their first letters.
fn within(code: &OrgCode, unit: &OrgCode) -> bool {
    code.as_str().starts_with(unit.as_str()) && code.is_within(unit)
}

fn compare(sort: Sort, a: &RowRec, b: &RowRec) -> std::cmp::Ordering {
    let newest = |rec: &RowRec| (Reverse(rec.row.fact("pinned") == "1"), Reverse(rec.row.at_ms));
    let due = |rec: &RowRec| (rec.row.due_ms.unwrap_or(i64::MAX), Reverse(rec.row.at_ms));
    let by = match sort {
        Sort::Newest => newest(a).cmp(&newest(b)),
        Sort::Due => due(a).cmp(&due(b)),
        // Han titles have no alphabet of their own; initials are one.
        Sort::Title => (a.row.fact("py"), &a.row.title).cmp(&(b.row.fact("py"), &b.row.title)),
    };
    by.then_with(|| a.row.id.cmp(&b.row.id))
}
