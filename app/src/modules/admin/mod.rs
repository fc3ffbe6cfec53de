//! 组织管理: the tree with its history, posts with their terms, transfers. For organisation officers and
//! administrators; everybody with a post sees here when it ends.

mod all;
mod decide;
mod orgs;
mod parts;
mod posts;
mod roles;

use super::{Entry, Module};
use crate::i18n::t;
use crate::page::{Missing, Pages, PartMissing, id_of, now_ms, part, role_words, term_words, unit_name};
use crate::ui::{Cell, CellGroup, Glyph};
use domain::{Role, Who};
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
    matches!(path, ["admin", "orgs" | "roles", ..]).then(|| part("admin", || Box::pin(load()), path))
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
        view! { <Cell title=role_words(post.role) note=unit_name(&post.at) value=term_words(post.term) glyph=Glyph::CLOCK /> }
    });
    Some(view! { <CellGroup title=t("admin.term-ends")>{cells.collect_view()}</CellGroup> }.into_any())
}
