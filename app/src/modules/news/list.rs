//! What was published to me: by column, searchable, pinned first. Expired ones go to the archive filter.

use super::words::column_words;
use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, Records, now_ms, one_at_a_time, picture_view, sent_chip, when};
use crate::ui::{Chip, Filter, Glyph, SearchBar, StateChip, Text, Tone};
use domain::bridge::{Line, Query};
use domain::modules::news::columns;
use domain::{Hash, date_text};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    let client = client();
    let (text, chosen) = (RwSignal::new(String::new()), RwSignal::new(Vec::<&'static str>::new()));
    one_at_a_time(chosen);
    let query = move || {
        let column = chosen.with(|chosen| chosen.last().copied());
        let facts = column.map(|code| ("column".to_string(), code.to_string())).into_iter().collect();
        let statuses = vec!["published".into(), "archived".into()];
        Query { kinds: vec!["news.article".into()], text: text.get(), facts, statuses, ..Query::default() }
    };
    let filters = columns().iter().map(|one| Filter {
        id: one.code,
        label: Text::from(super::words::choice(one)),
        count: None,
    });
    let filters: Vec<Filter> = filters.collect();
    let offline = Signal::derive(move || client.sync.with(|sync| !sync.online));
    view! {
        <Page title=t("news.title") back="/">
            <SearchBar label=t("news.search") query=text filters chosen offline />
            {move || crate::modules::core::first_sync(&client.sync.get())}
            <Records query row=row empty=t("news.none") empty_why=t("news.none-why") keep="news" />
        </Page>
    }
    .into_any()
}

/// One article in a list: title, summary, column and time, small cover.
pub fn row(line: Line) -> AnyView {
    let row = &line.row;
    let href = format!("/news/{}", row.id);
    let foot =
        [column_words(row.fact("column")).to_string(), row.fact("source").to_string(), when(row.at_ms)];
    let foot = foot.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let cover = Hash::parse(row.fact("cover")).map(|hash| picture_view(hash, String::new(), "news-cover"));
    let title = row.title.clone();
    let marks = marks(&line);
    view! {
        <a class="news-row" href=href>
            <span class="news-main">
                <span class="news-title">{title}</span>
                <span class="news-note">{row.note.clone()}</span>
                <span class="news-foot">{marks}<span>{foot}</span></span>
            </span>
            {cover}
        </a>
    }
    .into_any()
}

fn marks(line: &Line) -> AnyView {
    let row = &line.row;
    let chip = |tone, glyph, key| view! { <StateChip chip=Chip::new(tone, glyph, Text::from(t(key))) /> };
    let expired = !row.fact("expires").is_empty() && row.fact("expires") < date_text(now_ms()).as_str();
    view! {
        {(row.fact("pinned") == "1").then(|| chip(Tone::Info, Glyph::PIN, "news.pinned"))}
        {(row.fact("confirm") == "1").then(|| chip(Tone::Warn, Glyph::BELL, "news.asks"))}
        {expired.then(|| chip(Tone::Off, Glyph::ARCHIVE, "news.expired"))}
        {sent_chip(line.sent).map(|state| view! { <StateChip chip=state.chip() /> })}
    }
    .into_any()
}
