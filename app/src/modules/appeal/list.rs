//! Matters: mine, those I handle, the overdue ones for whoever answers for them, and the public answers.

use super::handles;
use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, chips, due, note, one_at_a_time, when};
use crate::router::{go, use_location};
use crate::ui::{
    Button, ButtonKind, Cell, Chip, Filter, Glyph, PrimaryBar, SearchBar, StateChip, Text, Tone,
};
use domain::bridge::{Line, Query, Sort};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    let client = client();
    let officer = client.me.get_untracked().is_some_and(|who| handles(&who));
    // 我的诉求 of an officer leads here as well, to the officer's own.
    let mine = !officer || use_location().search.get_untracked().contains("mine");
    let (text, chosen) =
        (RwSignal::new(String::new()), RwSignal::new(vec![if mine { "mine" } else { "work" }]));
    one_at_a_time(chosen);
    let query = move || boxed(chosen.with(|c| c.last().copied()).unwrap_or(""), text.get());
    let mut filters = vec![Filter { id: "mine", label: Text::from(t("appeal.box-mine")), count: None }];
    if officer {
        filters.push(Filter { id: "work", label: Text::from(t("appeal.box-work")), count: None });
        filters.push(Filter { id: "due", label: Text::from(t("appeal.box-due")), count: None });
    }
    filters.push(Filter { id: "public", label: Text::from(t("appeal.box-public")), count: None });
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    let begin = move || go("/rights/new");
    view! {
        <Page title=t("appeal.title") back="/">
            <SearchBar label=t("appeal.search") query=text filters chosen offline />
            <Records query row=row empty=t("appeal.none") empty_why=t("appeal.none-why") keep="rights" />
            <PrimaryBar><Button label=t("appeal.begin") kind=ButtonKind::Primary glyph=Glyph::PLUS on_press=begin /></PrimaryBar>
        </Page>
    }
    .into_any()
}

/// States in which somebody in office owes something.
const OPEN: [&str; 7] = ["submitted", "registered", "forwarded", "accepted", "assigned", "working", "second"];

fn boxed(name: &str, text: String) -> Query {
    let me = client().me.get();
    let matters = Query { kinds: vec!["appeal.matter".into()], text: text.clone(), ..Query::default() };
    let open = || OPEN.iter().map(|status| (*status).to_string()).collect();
    match name {
        "mine" => Query { owner: me.map(|who| who.person), ..matters },
        "work" => Query { statuses: open(), sort: Sort::Due, ..matters },
        "due" => {
            Query { statuses: open(), sort: Sort::Due, facts: vec![("owed".into(), "1".into())], ..matters }
        }
        "public" => Query {
            kinds: vec!["appeal.answer".into()],
            statuses: vec!["published".into()],
            text,
            ..Query::default()
        },
        _ => Query { kinds: vec!["appeal.matter".into(), "appeal.answer".into()], text, ..Query::default() },
    }
}

/// One matter in a list, with what is left of its time.
pub fn row(line: Line) -> AnyView {
    let href = format!("/rights/{}", line.row.id);
    if line.row.kind == "appeal.answer" {
        let second = when(line.row.at_ms);
        return view! { <Cell title=line.row.title.clone() note=second glyph=Glyph::OK href /> }.into_any();
    }
    let time = line.row.due_ms.filter(|_| line.row.fact("owed") == "1").map(|at| {
        let (words, late) = due(at);
        let (tone, glyph) = if late { (Tone::Warn, Glyph::WARN) } else { (Tone::Info, Glyph::CLOCK) };
        view! { <StateChip chip=Chip::new(tone, glyph, Text::from(words)) /> }
    });
    let urgent = (line.row.fact("urgent") == "1").then(
        || view! { <StateChip chip=Chip::new(Tone::Warn, Glyph::WARN, Text::from(t("appeal.urgent"))) /> },
    );
    let second = note(&line);
    view! { <Cell title=line.row.title.clone() note=second href>{urgent}{time}{chips(&line)}</Cell> }
        .into_any()
}
