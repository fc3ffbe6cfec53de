//! Home and to-do: matters that wait for me, and the latest public answers.

use super::list::row;
use crate::i18n::t;
use crate::live::{Lines, use_lines};
use crate::ui::CellGroup;
use domain::bridge::{Query, Sort};
use domain::{Role, Who};
use leptos::prelude::*;

fn matters(statuses: &[&str], facts: Vec<(String, String)>) -> Query {
    let statuses = statuses.iter().map(|status| (*status).to_string()).collect();
    Query {
        kinds: vec!["appeal.matter".into()],
        statuses,
        facts,
        sort: Sort::Due,
        limit: 5,
        ..Query::default()
    }
}

fn group(title: &'static str, lines: ReadSignal<Option<Lines>>) -> impl Fn() -> Option<AnyView> {
    move || {
        lines.get().filter(|lines| !lines.lines.is_empty()).map(|lines| {
            view! { <CellGroup title=t(title)>{lines.lines.into_iter().map(row).collect_view()}</CellGroup> }.into_any()
        })
    }
}

/// What waits for me: to rate, to handle, to register or assign.
pub fn todo(who: &Who) -> Option<AnyView> {
    let person = who.person.to_string();
    let me = who.person;
    let rate = use_lines(move || Query { owner: Some(me), ..matters(&["answered"], vec![]) });
    let handle = use_lines(move || {
        matters(&["assigned", "working", "second"], vec![("handler".into(), person.clone())])
    });
    let rights = who.posts.iter().any(|post| post.role == Role::Rights);
    let desk =
        rights.then(|| use_lines(|| matters(&["submitted", "registered", "forwarded", "accepted"], vec![])));
    let chair = who.posts.iter().any(|post| matches!(post.role, Role::UnitChair | Role::CompanyChair));
    let extend = chair.then(|| {
        use_lines(|| matters(&["assigned", "working"], vec![("extension_waits".into(), "1".into())]))
    });
    Some(
        view! {
            {group("appeal.to-rate", rate)}
            {group("appeal.to-handle", handle)}
            {desk.map(|lines| group("appeal.to-register", lines))}
            {extend.map(|lines| group("appeal.to-extend", lines))}
        }
        .into_any(),
    )
}

/// The latest public answers: what one asked is answered to all.
pub fn home(_: &Who) -> Option<AnyView> {
    let lines = use_lines(|| Query {
        kinds: vec!["appeal.answer".into()],
        statuses: vec!["published".into()],
        limit: 3,
        ..Query::default()
    });
    Some(view! { {group("appeal.answers", lines)} }.into_any())
}
