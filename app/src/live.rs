//! Lists and documents that stay true on the screen: asked once, asked again when the worker tells of a
//! change that concerns them. An older answer never overwrites a newer one.

use crate::client::client;
use domain::bridge::{Answer, Ask, Line, Opened, Query};
use domain::{DocId, Refusal};
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    let concerns = Memo::new(move |last: Option<&u64>| {
        let changed = client.changed.get();
        let mine = query.with(|q| q.kinds.is_empty() || changed.kinds.iter().any(|kind| q.kinds.contains(kind)));
        if mine { changed.tick } else { last.copied().unwrap_or(0) }
    });
    Effect::new(move |_| {
        // Read, not only tracked: a memo that nobody reads never looks at its sources.
        concerns.get();
        let me = client.me.with(|who| who.as_ref().map(|who| who.person));
        let query = query.get();
        if me.is_none() {
            return;
        }
        let turn = asked.get_value() + 1;
        asked.set_value(turn);
        spawn_local(async move {
            if let Answer::Lines { lines, total } = client.ask(Ask::List(query)).await
                && asked.try_get_value() == Some(turn)
            {
                set.set(Some(Lines { lines, total }));
            }
        });
    });
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
    let concerns = Memo::new(move |last: Option<&u64>| {
        let changed = client.changed.get();
        let mine = id.get().is_some_and(|id| changed.docs.contains(&id));
        if mine { changed.tick } else { last.copied().unwrap_or(0) }
    });
    Effect::new(move |_| {
        // Read, not only tracked: a memo that nobody reads never looks at its sources.
        concerns.get();
        let me = client.me.with(|who| who.as_ref().map(|who| who.person));
        let (Some(id), Some(_)) = (id.get(), me) else { return };
        let turn = asked.get_value() + 1;
        asked.set_value(turn);
        spawn_local(async move {
            let answer = client.ask(Ask::Open(id)).await;
            if asked.try_get_value() == Some(turn) {
                set.set(shown_of(answer));
            }
        });
    });
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
