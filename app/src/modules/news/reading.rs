//! 应读 / 已读 / 未读 of a notice and 催办, for officers and their own people. By branch, in the order of the
//! roster; nobody is ranked and no list is shown to anybody but the officers.

use crate::client::client;
use crate::i18n::{t, t3};
use crate::page::{Page, act, skeleton, typed, with_doc};
use crate::ui::{Button, ButtonKind, Cell, CellGroup, Done, NoticeBar, PrimaryBar, Progress, Text, Tone};
use domain::bridge::{Answer, Ask, Opened, Query, Sort};
use domain::modules::news::reading::{Branch, Reading, count};
use domain::modules::news::{Article, ArticleAct, REMIND_MAX};
use domain::{DocId, Row};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;

/// The page.
pub fn page(id: DocId) -> AnyView {
    let client = client();
    let people = RwSignal::new(None::<Vec<Row>>);
    spawn_local(async move {
        let query =
            Query { kinds: vec!["org.person".into()], sort: Sort::Title, limit: 100_000, ..Query::default() };
        if let Answer::Lines { lines, .. } = client.ask(Ask::List(query)).await {
            people.try_set(Some(lines.into_iter().map(|line| line.row).collect()));
        }
    });
    let content = with_doc(id, move |opened| {
        (move || match people.get() {
            None => skeleton(4),
            Some(people) => opened.with(|opened| shown(id, opened, &people)),
        })
        .into_any()
    });
    view! { <Page title=t("news.reading") back="/news">{content}</Page> }.into_any()
}

fn shown(id: DocId, opened: &Opened, people: &[Row]) -> AnyView {
    let reading = count(&typed::<Article>(opened), people);
    let names: HashMap<DocId, String> = people.iter().map(|row| (row.id, row.title.clone())).collect();
    let done = Done { done: reading.read() as u32, total: reading.due() as u32, eta_s: None };
    let sums = t3("news.sums", reading.due(), reading.read(), reading.unread());
    let branches =
        reading.branches.iter().map(|(code, branch)| branch_view(&code.0, branch, &names)).collect_view();
    view! {
        <CellGroup title=opened.row.title.clone() note=t("news.reading-note")>
            <div class="block"><p class="t-title">{sums}</p><Progress label=t("news.read") done=Signal::stored(done) /></div>
        </CellGroup>
        {(reading.unread() == 0).then(|| view! { <NoticeBar tone=Tone::Ok text=t("news.all-read") /> })}
        {branches}
        {remind(id, &reading)}
    }
    .into_any()
}

fn branch_view(code: &str, branch: &Branch, names: &HashMap<DocId, String>) -> AnyView {
    let unread: Vec<String> = branch.unread.iter().filter_map(|person| names.get(person).cloned()).collect();
    let note = if unread.is_empty() { t("news.branch-done").to_string() } else { unread.join("、") };
    let value = format!("{}/{}", branch.read(), branch.due());
    let code = code.to_string();
    view! { <CellGroup><Cell title=Text::from(code) note=Text::from(note) value=value /></CellGroup> }
        .into_any()
}

/// 催办 goes to at most 100 at a time; the rulebook allows it once a day per person.
fn remind(id: DocId, reading: &Reading) -> Option<AnyView> {
    let unread: Vec<DocId> =
        reading.branches.values().flat_map(|branch| branch.unread.iter().copied()).collect();
    (!unread.is_empty()).then(|| {
        let send = move || {
            for part in unread.chunks(REMIND_MAX) {
                act(id, &ArticleAct::Remind { to: part.to_vec() }, || ());
            }
        };
        view! { <PrimaryBar><Button label=t("news.remind") kind=ButtonKind::Primary on_press=send /></PrimaryBar> }.into_any()
    })
}
