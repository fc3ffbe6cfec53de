//! 组织管理: the tree with its history, posts with their terms, transfers. For organisation officers and
//! administrators; everybody with a post sees here when it ends.

mod orgs;
mod parts;
mod roles;

use super::{Entry, Module};
use crate::i18n::{Lang, lang, t, t1};
use crate::page::{Missing, Pages, PartMissing, id_of, now_ms, part};
use crate::ui::{Cell, CellGroup, Glyph, Text};
use domain::{Role, Who, Word, date_text};
use leptos::prelude::*;

/// The module.
pub const MODULE: Module = Module { menu, page, todo, home: |_| None };

fn menu(who: &Who) -> Vec<Entry> {
    if !who.posts.iter().any(|post| matches!(post.role, Role::Organiser | Role::Admin)) {
        return vec![];
    }
    vec![
        Entry { href: "/admin/orgs", glyph: Glyph::ORG, label: "admin.orgs-menu" },
        Entry { href: "/admin/roles", glyph: Glyph::FLAG, label: "admin.roles-menu" },
    ]
}

fn page(path: &[&str]) -> Option<AnyView> {
    (path.first() == Some(&"admin")).then(|| part("admin", || Box::pin(load()), path))
}

/// What only these pages need is a part of its own.
#[leptos::wasm_split::wasm_split(admin, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Pages, PartMissing> {
    Ok(pages)
}

fn pages(path: &[&str]) -> Option<AnyView> {
    let with = |id: &str, page: fn(domain::DocId) -> AnyView| {
        id_of(id).map_or_else(|| view! { <Missing /> }.into_any(), page)
    };
    match path {
        ["admin", "orgs"] => Some(orgs::tree()),
        ["admin", "orgs", id] => Some(with(id, orgs::unit)),
        ["admin", "roles"] => Some(roles::list()),
        ["admin", "roles", id] => Some(with(id, roles::person)),
        _ => None,
    }
}

/// My own posts that end within half a year: elections take time.
fn todo(who: &Who) -> Option<AnyView> {
    let ending: Vec<_> = who.posts.iter().filter(|post| post.term.ends_soon(now_ms())).cloned().collect();
    if ending.is_empty() {
        return None;
    }
    let cells = ending.into_iter().map(|post| {
        view! { <Cell title=role(post.role) note=Text::from(post.at.0.clone()) value=until(post.term) glyph=Glyph::CLOCK /> }
    });
    Some(view! { <CellGroup title=t("admin.term-ends")>{cells.collect_view()}</CellGroup> }.into_any())
}

/// A role in the language of now.
pub fn role(role: Role) -> &'static str {
    if lang() == Lang::Zh { role.zh() } else { role.en() }
}

/// `任期至 2028-12-31`; "" without end.
pub fn until(term: domain::Term) -> String {
    term.until_ms.map_or_else(String::new, |end| t1("admin.until", date_text(end - 1)))
}
