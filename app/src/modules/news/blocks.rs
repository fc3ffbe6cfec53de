//! What the module shows on home and to-do: notices to confirm, drafts to review, the latest news.

use super::list::row;
use crate::client::client;
use crate::i18n::t;
use crate::live::use_lines;
use crate::ui::{Cell, CellGroup, Glyph, Text};
use domain::Who;
use domain::bridge::Query;
use leptos::prelude::*;

fn articles(facts: Vec<(String, String)>, limit: usize) -> Query {
    Query {
        kinds: vec!["news.article".into()],
        facts,
        statuses: vec!["published".into()],
        limit,
        ..Query::default()
    }
}

/// Drafts whose next review is mine to give: statuses by the roles I hold.
pub fn reviewable(who: &Who) -> Vec<String> {
    use domain::Role::{BranchChair, CompanyChair, Publicity, UnitChair};
    let mut out = Vec::new();
    for post in &who.posts {
        match (post.role, post.at.level()) {
            (BranchChair, _) => out.push("review1"),
            (Publicity | CompanyChair, 1) => out.push("review3"),
            (UnitChair | Publicity, _) => out.push("review2"),
            _ => {}
        }
    }
    out.sort_unstable();
    out.dedup();
    out.into_iter().map(Into::into).collect()
}

/// Notices that I did not confirm, and drafts that wait for my review.
pub fn todo(who: &Who) -> Option<AnyView> {
    let asks = use_lines(|| Query {
        undone: Some("confirm".into()),
        ..articles(vec![("confirm".into(), "1".into())], 5)
    });
    let statuses = reviewable(who);
    let reviews = (!statuses.is_empty()).then(|| {
        use_lines(move || Query {
            kinds: vec!["news.draft".into()],
            statuses: statuses.clone(),
            limit: 1,
            ..Query::default()
        })
    });
    let notices = move || {
        asks.get().filter(|lines| !lines.lines.is_empty()).map(|lines| {
        let cells = lines.lines.into_iter().map(|line| {
            view! { <Cell title=line.row.title.clone() note=Text::from(t("news.asks-note")) glyph=Glyph::BELL href=format!("/news/{}", line.row.id) /> }
        });
        view! { <CellGroup title=t("news.to-confirm")>{cells.collect_view()}</CellGroup> }
    })
    };
    let review = move || {
        reviews.and_then(|lines| lines.get()).filter(|lines| lines.total > 0).map(|lines| {
        view! { <CellGroup><Cell title=t("news.to-review") value=lines.total.to_string() glyph=Glyph::EDIT href="/edit/news?box=review" /></CellGroup> }
    })
    };
    Some(view! { {review}{notices} }.into_any())
}

/// Latest news.
pub fn home(_: &Who) -> Option<AnyView> {
    let lines = use_lines(|| articles(vec![], 4));
    let client = client();
    let body = move || match lines.get() {
        None => crate::page::skeleton(3),
        Some(lines) if lines.lines.is_empty() && client.sync.with(|sync| sync.first.is_some()) => {
            crate::page::skeleton(3)
        }
        Some(lines) if lines.lines.is_empty() => {
            view! { <p class="page-note">{t("news.none-why")}</p> }.into_any()
        }
        Some(lines) => lines.lines.into_iter().map(row).collect_view().into_any(),
    };
    Some(
        view! {
            <section class="group">
                <h2 class="group-title">{t("news.latest")}</h2>
                <div class="group-body">{body}</div>
                <a class="group-more" href="/news">{t("news.all")}</a>
            </section>
        }
        .into_any(),
    )
}
