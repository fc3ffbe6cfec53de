//! 审计: what the server noted on a day, in words, for the security auditor and the administrator.

use crate::i18n::{Lang, lang, t};
use crate::page::{Page, failure, when};
use crate::ui::{Cell, CellGroup, DateField, Empty, Filter, Glyph, NoticeBar, SearchBar, Text, Tone};
use api::{AUDIT_SORTS, AuditRow, CallError};
use domain::{DAY_MS, Role, Who};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// May this person read it?
pub fn may(who: &Who) -> bool {
    who.posts.iter().any(|post| matches!(post.role, Role::Auditor | Role::Admin))
}

/// The page.
#[component]
pub fn Audit() -> impl IntoView {
    let (day, text) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let chosen = RwSignal::new(Vec::<&'static str>::new());
    let rows = RwSignal::new(Ok::<_, CallError>(None::<Vec<AuditRow>>));
    Effect::new(move |_| {
        let (from, until) = stretch(&day.get());
        spawn_local(async move {
            let told = api::audit(from, until).await;
            rows.try_set(told.map(Some));
        });
    });
    let filters: Vec<Filter> =
        AUDIT_SORTS.iter().map(|id| Filter { id, label: Text::from(t(label(id))), count: None }).collect();
    let content = move || match rows.get() {
        Ok(None) => ().into_any(),
        Ok(Some(rows)) => list(rows, &text.get().to_lowercase(), &chosen.get()),
        Err(error) => {
            let words = failure(error.code(), &error.zh(), &error.en());
            view! { <NoticeBar tone=Tone::Warn text=words /> }.into_any()
        }
    };
    view! {
        <Page title=t("core.audit") back="/me">
            <SearchBar label=t("core.audit-search") query=text filters chosen />
            <DateField label=t("core.audit-day") value=day optional=true />
            {content}
        </Page>
    }
}

/// The day that was chosen, on the phone's clock; all of the past for none.
fn stretch(day: &str) -> (i64, i64) {
    let date = js_sys::Date::new(&format!("{day}T00:00").into()).get_time();
    if date.is_nan() { (0, i64::MAX) } else { (date as i64, date as i64 + DAY_MS) }
}

fn label(sort: &str) -> &'static str {
    match sort {
        "refused" => "core.audit-refused",
        "sign-in" => "core.audit-sign-in",
        "viewed" => "core.audit-viewed",
        "decided" => "core.audit-decided",
        "updated" => "core.audit-updated",
        _ => "core.audit-restored",
    }
}

fn list(rows: Vec<AuditRow>, text: &str, chosen: &[&str]) -> AnyView {
    let is_zh = lang() == Lang::Zh;
    let words = move |pair: &(String, String)| if is_zh { pair.0.clone() } else { pair.1.clone() };
    let fits = |row: &AuditRow| {
        let sort = chosen.is_empty() || chosen.contains(&row.sort.as_str());
        sort && format!("{} {} {}", row.who, row.what.0, row.about.0).to_lowercase().contains(text)
    };
    let cell = |row: AuditRow| {
        let about = words(&row.about);
        let note = if about.is_empty() { row.who.clone() } else { format!("{} · {about}", row.who) };
        let (title, note) = (Text::from(words(&row.what)), Text::from(note));
        view! { <Cell title note value=Text::from(when(row.at_ms)) /> }
    };
    let cells: Vec<_> = rows.into_iter().filter(fits).map(cell).collect();
    if cells.is_empty() {
        return view! { <Empty glyph=Glyph::CHECK what=t("core.audit-none") why=t("core.audit-none-why") /> }
            .into_any();
    }
    view! { <CellGroup note=t("core.audit-note")>{cells}</CellGroup> }.into_any()
}
