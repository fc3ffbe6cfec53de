//! What pickers look through: the people and the units that this phone knows.

use crate::client::client;
use crate::ui::{Found, Person};
use domain::bridge::{Answer, Ask, Line, Query, Sort};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// More than this nobody reads; another letter makes it fewer.
const SHOWN: usize = 20;

/// A search of a picker: what it asks, and what it was answered.
#[derive(Clone, Copy)]
pub struct Search {
    /// With what is typed.
    pub ask: Callback<String>,
    /// The answer.
    pub found: RwSignal<Found>,
}

/// People by name, 拼音首字母 or staff number.
pub fn search_people() -> Search {
    search(
        |text| (!text.is_empty()).then(|| Query { kinds: vec!["org.person".into()], text, ..by_title() }),
        person,
    )
}

/// Live units by name or code; before anything is typed those right below the company.
pub fn search_units() -> Search {
    let query = |text: String| {
        let facts = if text.is_empty() { vec![("level".into(), "2".into())] } else { vec![] };
        let statuses = vec!["live".into()];
        Some(Query { kinds: vec!["org.unit".into()], text, facts, statuses, ..by_title() })
    };
    search(query, unit)
}

fn by_title() -> Query {
    Query { sort: Sort::Title, limit: SHOWN, ..Query::default() }
}

fn search(query: fn(String) -> Option<Query>, shown: fn(Line) -> Person) -> Search {
    let (found, client, turn) = (RwSignal::new(Found::Nothing), client(), StoredValue::new(0u32));
    let ask = Callback::new(move |text: String| {
        turn.update_value(|turn| *turn += 1);
        let Some(query) = query(text.trim().to_string()) else { return found.set(Found::Nothing) };
        let mine = turn.get_value();
        spawn_local(async move {
            let Answer::Lines { lines, .. } = client.ask(Ask::List(query)).await else { return };
            // An older answer never overwrites a newer one.
            if turn.try_get_value() == Some(mine) {
                found.try_set(Found::People(lines.into_iter().map(shown).collect()));
            }
        });
    });
    Search { ask, found }
}

fn person(line: Line) -> Person {
    let note = format!("{} · {}", line.row.fact("no"), line.row.note);
    Person { id: line.row.id.to_string(), name: line.row.title, note }
}

/// Picked by its code, which is what decisions name.
fn unit(line: Line) -> Person {
    let code = line.row.fact("code").to_string();
    Person { id: code.clone(), name: line.row.title, note: code }
}
