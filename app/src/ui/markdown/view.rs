//! Draws the nodes. Everything here is an element of ours with text nodes in it.

use super::href::is_external;
use super::node::{Align, Node};
use super::parse::parse;
use crate::i18n::t;
use crate::ui::glyph::{Glyph, icon};
use leptos::prelude::*;
use std::sync::Arc;

/// Gives the `blob:` address of a picture of the record, `None` while it is not on this phone.
pub type PictureOf = Arc<dyn Fn(&str) -> Signal<Option<String>> + Send + Sync>;

/// An article.
#[component]
pub fn Markdown(
    /// The author's text.
    #[prop(into)]
    source: String,
    /// Finds the pictures of the record.
    picture: PictureOf,
    /// Level of the page's own heading above the article; the article's begin one lower.
    #[prop(default = 1)]
    under: u8,
) -> impl IntoView {
    let nodes = parse(&source);
    let pen = Pen { picture, top: top_level(&nodes), under };
    view! { <div class="prose">{pen.all(&nodes)}</div> }.into_any()
}

/// The largest heading that the author used, wherever it stands.
fn top_level(nodes: &[Node]) -> u8 {
    let level = |node: &Node| match node {
        Node::Heading(level, _) => *level,
        Node::Quote(inner) | Node::List(_, inner) | Node::Item(inner) => top_level(inner),
        _ => 6,
    };
    nodes.iter().map(level).min().unwrap_or(6)
}

struct Pen {
    picture: PictureOf,
    /// The author's largest heading becomes the one below the page's, so that no level is skipped.
    top: u8,
    under: u8,
}

impl Pen {
    fn all(&self, nodes: &[Node]) -> AnyView {
        nodes.iter().map(|n| self.one(n)).collect_view().into_any()
    }

    fn one(&self, node: &Node) -> AnyView {
        match node {
            Node::Text(words) => words.clone().into_any(),
            Node::Break => view! { <br /> }.into_any(),
            Node::Rule => view! { <hr /> }.into_any(),
            Node::Heading(level, inner) => self.heading(*level, inner),
            Node::Para(inner) => view! { <p>{self.all(inner)}</p> }.into_any(),
            Node::Quote(inner) => view! { <blockquote>{self.all(inner)}</blockquote> }.into_any(),
            Node::List(Some(from), items) => {
                view! { <ol start=from.to_string()>{self.all(items)}</ol> }.into_any()
            }
            Node::List(None, items) => view! { <ul>{self.all(items)}</ul> }.into_any(),
            Node::Item(inner) => view! { <li>{self.all(inner)}</li> }.into_any(),
            Node::Task(done) => task(*done),
            Node::Strong(inner) => view! { <strong>{self.all(inner)}</strong> }.into_any(),
            Node::Emphasis(inner) => view! { <em>{self.all(inner)}</em> }.into_any(),
            Node::Strike(inner) => view! { <s>{self.all(inner)}</s> }.into_any(),
            Node::Code(words) => view! { <code>{words.clone()}</code> }.into_any(),
            Node::CodeBlock(lines) => view! { <pre tabindex="0">{lines.clone()}</pre> }.into_any(),
            Node::Link(href, inner) => self.link(href, inner),
            Node::Picture(id, alt) => self.picture(id, alt),
            Node::Table(columns, rows) => self.table(columns, rows),
        }
    }

    /// Never an `h1`: that is the page's title.
    fn heading(&self, level: u8, inner: &[Node]) -> AnyView {
        let inner = self.all(inner);
        match level.saturating_sub(self.top) + self.under + 1 {
            0..=2 => view! { <h2>{inner}</h2> }.into_any(),
            3 => view! { <h3>{inner}</h3> }.into_any(),
            4 => view! { <h4>{inner}</h4> }.into_any(),
            5 => view! { <h5>{inner}</h5> }.into_any(),
            _ => view! { <h6>{inner}</h6> }.into_any(),
        }
    }

    fn link(&self, href: &str, inner: &[Node]) -> AnyView {
        let (href, inner) = (href.to_string(), self.all(inner));
        if is_external(&href) {
            view! {
                <a href=href target="_blank" rel="noopener noreferrer">{inner}{icon(Glyph::EXTERNAL)}<span class={"sr"}>{t("ui.new-tab")}</span></a>
            }
            .into_any()
        } else {
            view! { <a href=href>{inner}</a> }.into_any()
        }
    }

    fn picture(&self, id: &str, alt: &str) -> AnyView {
        let source = (self.picture)(id);
        let alt = alt.to_string();
        view! {
            <span class="prose-picture">
                {move || match source.get().filter(|s| s.starts_with("blob:")) {
                    Some(src) => view! { <img src=src alt=alt.clone() loading="lazy" /> }.into_any(),
                    None => view! { <span class="prose-missing">{icon(Glyph::IMAGE)}<span>{t("ui.picture-later")}" "{alt.clone()}</span></span> }.into_any(),
                }}
            </span>
        }
        .into_any()
    }

    fn table(&self, columns: &[Align], rows: &[Vec<Vec<Node>>]) -> AnyView {
        let (head, body) = rows.split_first().map_or((&[][..], rows), |(h, b)| (h.as_slice(), b));
        let head = head.iter().enumerate().map(|(i, c)| {
            view! { <th scope="col" class=align_class(columns, i)>{self.all(c)}</th> }.into_any()
        });
        let body = body.iter().map(|row| {
            let cells = row
                .iter()
                .enumerate()
                .map(|(i, c)| view! { <td class=align_class(columns, i)>{self.all(c)}</td> }.into_any());
            view! { <tr>{cells.collect_view()}</tr> }.into_any()
        });
        view! {
            <div class="prose-table" tabindex="0" role="region" aria-label=t("ui.table")>
                <table><thead><tr>{head.collect_view()}</tr></thead><tbody>{body.collect_view()}</tbody></table>
            </div>
        }
        .into_any()
    }
}

fn task(done: bool) -> AnyView {
    let (glyph, words) = if done { (Glyph::OK, "ui.task-done") } else { (Glyph::DRAFT, "ui.task-open") };
    view! { <span class="prose-task">{icon(glyph)}<span class={"sr"}>{t(words)}</span></span> }.into_any()
}

fn align_class(columns: &[Align], i: usize) -> Option<&'static str> {
    match columns.get(i)? {
        Align::Start => None,
        Align::Center => Some("is-center"),
        Align::End => Some("is-figures"),
    }
}
