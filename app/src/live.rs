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
    let ask = move || {
        if client.me.with_untracked(Option::is_none) {
            return;
        }
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
    Effect::new(move |_| {
        query.get();
        client.me.with(Option::is_some);
        ask();
    });
    Effect::new(move |first: Option<()>| {
        let changed = client.changed.get();
        let mine = query.with_untracked(|q| changed.kinds.iter().any(|kind| q.kinds.contains(kind)));
        if first.is_some() && mine {
            ask();
        }
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
    let ask = move || {
        let (Some(id), true) = (id.get_untracked(), client.me.with_untracked(Option::is_some)) else {
            return;
        };
        let turn = asked.get_value() + 1;
        asked.set_value(turn);
        spawn_local(async move {
            let answer = client.ask(Ask::Open(id)).await;
            if asked.try_get_value() == Some(turn) {
                set.set(shown_of(answer));
            }
        });
    };
    Effect::new(move |_| {
        id.get();
        client.me.with(Option::is_some);
        ask();
    });
    Effect::new(move |first: Option<()>| {
        let changed = client.changed.get();
        let mine = id.get_untracked().is_some_and(|id| changed.docs.contains(&id));
        if first.is_some() && mine {
            ask();
        }
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
