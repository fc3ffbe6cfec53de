//! One person: what colleagues in office may see, posts with their history, and private details for
//! whoever may read them.

use crate::i18n::{Lang, lang, t};
use crate::live::{Shown, use_doc};
use crate::page::{Page, body, role_words, term_words, typed, unit_name, with_doc};
use crate::ui::{Cell, CellGroup, Glyph, Text};
use domain::bridge::Opened;
use domain::modules::org::{Person, PersonBody, PrivateBody, posts, private_id};
use domain::{Body, DocId, Field, Value};
use leptos::prelude::*;

/// The page of a person.
pub fn page(id: DocId) -> AnyView {
    let content = with_doc(id, move |opened| {
        view! { {move || opened.with(|opened| shown(opened))}{private(id)} }.into_any()
    });
    view! { <Page title=t("people.one") back="/members">{content}</Page> }.into_any()
}

fn shown(opened: &Opened) -> AnyView {
    let person: PersonBody = body(opened);
    let title = person.name.clone();
    let held = posts(&typed::<Person>(opened));
    let posts = held.iter().map(|post| {
        let ends = Text::from(term_words(post.term));
        view! { <Cell title=role_words(post.role) note=unit_name(&post.at) value=ends glyph=Glyph::FLAG /> }
    });
    let posts = posts.collect_view();
    let (note, no) = (opened.row.note.clone(), person.no.clone());
    let work = fields(
        opened,
        PersonBody::FIELDS,
        &[
            "job",
            "job_kind",
            "employment",
            "joined",
            "member_since",
            "union_post",
            "branch_name",
            "group_name",
        ],
    );
    let posts = (!held.is_empty()).then(|| view! { <CellGroup title=t("people.posts")>{posts}</CellGroup> });
    view! {
        <CellGroup>
            <Cell title=title note=Text::from(note) value=no glyph=Glyph::USER />
        </CellGroup>
        {posts}
        <CellGroup title=t("people.work")>{work}</CellGroup>
    }
    .into_any()
}

fn fields(opened: &Opened, table: &'static [Field], names: &[&str]) -> Vec<AnyView> {
    let one = |name: &&str| {
        let field = table.iter().find(|field| field.name == *name)?;
        let Some(Value::Str(text)) = opened.values.get(*name) else { return None };
        let label = if lang() == Lang::Zh { field.zh } else { field.en };
        Some(view! { <Cell title=label value=Text::from(text.clone()) /> }.into_any())
    };
    names.iter().filter_map(one).collect()
}

/// Masked by default: `1521**********0016`. Shown in full only while the row is pressed open.
fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let show = if chars.len() > 12 { 4 } else { 3 };
    if chars.len() <= show * 2 {
        return text.into();
    }
    let hidden = "*".repeat(chars.len() - show * 2);
    format!(
        "{}{hidden}{}",
        chars[..show].iter().collect::<String>(),
        chars[chars.len() - show..].iter().collect::<String>()
    )
}

fn private(person: DocId) -> AnyView {
    let doc = use_doc(move || Some(private_id(person)));
    (move || {
        doc.with(|shown| match shown {
            Shown::Doc(opened) => Some(private_shown(opened)),
            _ => None,
        })
    })
    .into_any()
}

fn private_shown(opened: &Opened) -> AnyView {
    let details: PrivateBody = body(opened);
    let open = RwSignal::new(false);
    let value = move |text: String| Text::from(move || if open.get() { text.clone() } else { mask(&text) });
    let reveal = move || t(if open.get() { "people.hide" } else { "people.reveal" });
    view! {
        <CellGroup title=t("people.private") note=t("people.private-note")>
            <Cell title=t("people.id-number") value=value(details.id_number) />
            <Cell title=t("people.phone") value=value(details.phone) />
            <Cell title=reveal glyph=Glyph::EYE on_press=move || open.update(|open| *open = !*open) />
        </CellGroup>
    }
    .into_any()
}
