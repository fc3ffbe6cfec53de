//! Lists and documents that stay true on the screen: asked once, asked again when the worker tells of a
//! change that concerns them. An older answer never overwrites a newer one.

use crate::client::{Changed, client};
use domain::bridge::{Answer, Ask, Line, Opened, Query};
use domain::{DocId, Refusal};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asks when what is wanted changes (`true`), and again when the store tells of a change that concerns it.
/// Two effects on plain sources: one that also looked through a memo of both missed changes.
pub fn follow<Q: PartialEq + Send + Sync + Clone + 'static>(
    wanted: Memo<Q>,
    concerns: fn(&Q, &Changed) -> bool,
    ask: impl Fn(bool) + Copy + 'static,
) {
    let client = client();
    Effect::new(move |before: Option<(Q, bool)>| {
        let now = (wanted.get(), client.me.with(Option::is_some));
        if now.1 && before.as_ref() != Some(&now) {
            ask(true);
        }
        now
    });
    Effect::new(move |first: Option<()>| {
        let changed = client.changed.get();
        if first.is_some() && wanted.with_untracked(|wanted| concerns(wanted, &changed)) {
            ask(false);
        }
    });
}

/// Does a list of this query look different now?
pub fn in_list(query: &Query, changed: &Changed) -> bool {
    changed.kinds.iter().any(|kind| query.kinds.contains(kind))
}

/// What a list shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// The lines asked for.
    pub lines: Vec<Line>,
    /// All that fit.
    pub total: usize,
}

/// A list that follows its query and the store. `None` until the first answer.
pub fn use_lines(query: impl Fn() -> Query + Send + Sync + 'static) -> ReadSignal<Option<Lines>> {
    let (lines, set) = signal(None);
    let client = client();
    let asked = StoredValue::new(0u64);
    let query = Memo::new(move |_| query());
    let ask = move |_| {
        let turn = asked.get_value() + 1;
        asked.set_value(turn);
        let query = query.get_untracked();
        spawn_local(async move {
            if let Answer::Lines { lines, total } = client.ask(Ask::List(query)).await
                && asked.try_get_value() == Some(turn)
            {
                set.set(Some(Lines { lines, total }));
            }
        });
    };
    follow(query, in_list, ask);
    lines
}

/// What a document page shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Being opened (or fetched).
    Loading,
    /// Here.
    Doc(Box<Opened>),
    /// Not, and why.
    Refused(Refusal),
    /// This phone could not: code and sentences.
    Failed(String, String, String),
}

/// A document that follows the store.
pub fn use_doc(id: impl Fn() -> Option<DocId> + Send + Sync + 'static) -> ReadSignal<Shown> {
    let (shown, set) = signal(Shown::Loading);
    let client = client();
    let asked = StoredValue::new(0u64);
    let id = Memo::new(move |_| id());
    let ask = move |_| {
        let Some(id) = id.get_untracked() else { return };
        let turn = asked.get_value() + 1;
        asked.set_value(turn);
        spawn_local(async move {
            let answer = client.ask(Ask::Open(id)).await;
            if asked.try_get_value() == Some(turn) {
                set.set(shown_of(answer));
            }
        });
    };
    follow(id, |id, changed| id.is_some_and(|id| changed.docs.contains(&id)), ask);
    shown
}

fn shown_of(answer: Answer) -> Shown {
    match answer {
        Answer::Opened(opened) => Shown::Doc(opened),
        Answer::Refused(refusal) => Shown::Refused(refusal),
        Answer::Failed(code, zh, en) => Shown::Failed(code, zh, en),
        _ => Shown::Loading,
    }
}
