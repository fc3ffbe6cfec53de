//! A list of records of any length: rows are asked for in pages of 50 as they come into sight, and asked
//! again when the store changes. 6,800 people scroll as lightly as six.

use crate::client::client;
use crate::live::{follow, in_list};
use crate::page::{Memoed, skeleton, sync_now};
use crate::ui::{Empty, List, Load, Text};
use domain::bridge::{Answer, Ask, Line, Query};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use std::sync::Arc;

const PAGE: usize = 50;

/// One page of rows; counted, because it outlives the rows that look at it.
type Lines = ArcRwSignal<Option<Vec<Line>>>;

/// Rows by page, and how many there are.
#[derive(Clone, Copy)]
struct Window {
    query: Memo<Query>,
    pages: StoredValue<HashMap<usize, Lines>>,
    total: RwSignal<Option<usize>>,
    version: RwSignal<u64>,
    turn: StoredValue<u64>,
}

/// The list of what fits the query.
#[component]
pub fn Records(
    /// What to show; followed.
    #[prop(into)]
    query: Memoed<Query>,
    /// Draws one record.
    #[prop(into)]
    row: Callback<Line, AnyView>,
    /// Said when there is none.
    #[prop(into)]
    empty: Text,
    /// Why, or what comes when.
    #[prop(optional, into)]
    empty_why: Text,
    /// Name under which the place is kept on return.
    #[prop(optional, into)]
    keep: String,
) -> impl IntoView {
    let window = Window::new(query.0);
    let client = client();
    let load = Signal::derive(move || if window.total.get().is_some() { Load::Ready } else { Load::Loading });
    let count = Signal::derive(move || window.total.get().unwrap_or(0));
    let draw = Arc::new(move |i: usize| window.row(i, row));
    let updated_ms = Signal::derive(move || client.sync.with(|sync| sync.synced_ms));
    let refreshing = Signal::derive(move || client.sync.with(|sync| sync.running.is_some()));
    let (empty, empty_why) = (StoredValue::new(empty), StoredValue::new(empty_why));
    let none = move || view! { <Empty what=empty.get_value() why=empty_why.get_value() /> };
    view! {
        <List count row=draw load empty=ViewFn::from(none) version=window.version updated_ms on_refresh=sync_now
            refreshing keep />
    }
}

/// Of the filters over a list one at a time: the last one pressed counts.
pub fn one_at_a_time(chosen: RwSignal<Vec<&'static str>>) {
    Effect::new(move |_| {
        if chosen.with(|chosen| chosen.len() > 1) {
            chosen.update(|chosen| drop(chosen.drain(..chosen.len() - 1)));
        }
    });
}

impl Window {
    fn new(query: Memo<Query>) -> Self {
        let window = Self {
            query,
            pages: StoredValue::default(),
            total: RwSignal::new(None),
            version: RwSignal::new(0),
            turn: StoredValue::new(0),
        };
        follow(query, in_list, move |fresh| window.reload(fresh));
        window
    }

    /// Asks again for what is shown; a new query starts from an empty window.
    fn reload(self, fresh: bool) {
        self.turn.update_value(|turn| *turn += 1);
        if fresh {
            self.pages.set_value(HashMap::new());
        }
        let mut wanted: Vec<usize> = self.pages.with_value(|pages| pages.keys().copied().collect());
        if !wanted.contains(&0) {
            wanted.push(0);
        }
        wanted.into_iter().for_each(|page| self.fetch(page));
    }

    fn page(self, page: usize) -> Lines {
        if let Some(signal) = self.pages.with_value(|pages| pages.get(&page).cloned()) {
            return signal;
        }
        let signal = Lines::new(None);
        self.pages.update_value(|pages| {
            pages.insert(page, signal.clone());
        });
        signal
    }

    fn fetch(self, page: usize) {
        let (client, turn) = (client(), self.turn.get_value());
        let query = Query { offset: page * PAGE, limit: PAGE, ..self.query.get_untracked() };
        let signal = self.page(page);
        spawn_local(async move {
            let Answer::Lines { lines, total } = client.ask(Ask::List(query)).await else { return };
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            signal.set(Some(lines));
            if self.total.try_get_untracked() != Some(Some(total)) {
                self.total.try_set(Some(total));
                self.version.try_update(|version| *version += 1);
            }
        });
    }

    fn row(self, i: usize, row: Callback<Line, AnyView>) -> AnyView {
        let (page, at) = (i / PAGE, i % PAGE);
        let known = self.pages.with_value(|pages| pages.contains_key(&page));
        let lines = self.page(page);
        if !known {
            self.fetch(page);
        }
        let line = Memo::new(move |_| lines.with(|lines| lines.as_ref()?.get(at).cloned()));
        (move || match line.get() {
            Some(line) => row.run(line),
            None => skeleton(1),
        })
        .into_any()
    }
}
