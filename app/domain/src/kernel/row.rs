//! Rows: what lists, search and reminders need of a document, so that they never open one.

use crate::{DocId, Label, OrgCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of a list. The server computes it with each accepted write and sends it along;
/// a phone computes it anew for what it changed itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The document.
    pub id: DocId,
    /// Name of its kind.
    pub kind: String,
    /// First line.
    pub title: String,
    /// Second line.
    pub note: String,
    /// Status with its words.
    pub status: Label,
    /// Unit it belongs to.
    pub unit: OrgCode,
    /// Who began it.
    pub owner: DocId,
    /// What lists sort by: official time where there is one, else the claim. UTC ms.
    pub at_ms: i64,
    /// Next deadline in force, UTC ms.
    pub due_ms: Option<i64>,
    /// Official number.
    pub number: Option<String>,
    /// What filters ask for (column, pinned, …), by the kind's own keys.
    pub facts: BTreeMap<String, String>,
}

impl Row {
    /// A fact, or "".
    pub fn fact(&self, key: &str) -> &str {
        self.facts.get(key).map_or("", String::as_str)
    }
    /// True when every word of the query stands in title, note, number or facts.
    pub fn matches(&self, query: &str) -> bool {
        let text = self.search_text();
        query.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
    /// Lower-case text that search looks in.
    pub fn search_text(&self) -> String {
        let mut text = format!("{}\n{}\n{}", self.title, self.note, self.number.as_deref().unwrap_or(""));
        for fact in self.facts.values() {
            text.push('\n');
            text.push_str(fact);
        }
        text.to_lowercase()
    }
}
