//! 信息网: reading, writing, reviewing, publishing; notices that ask for confirmation.

mod article;
mod blocks;
mod edit;
mod list;
mod reading;
mod review;
mod words;

use super::{Entry, Module};
use crate::page::{Missing, Pages, PartMissing, Split, id_of, part, second_segment};
use crate::ui::Glyph;
use domain::{Role, Who};
use leptos::prelude::*;

/// The module.
pub const MODULE: Module = Module { menu, page, todo: blocks::todo, home: blocks::home };

/// May this person begin a draft?
pub fn writes(who: &Who) -> bool {
    let roles = [
        Role::GroupLeader,
        Role::BranchOfficer,
        Role::BranchChair,
        Role::UnitChair,
        Role::Publicity,
        Role::CompanyChair,
    ];
    who.posts.iter().any(|post| roles.contains(&post.role))
}

fn menu(who: &Who) -> Vec<Entry> {
    let mut out = vec![Entry { href: "/news", glyph: Glyph::NEWS, label: "news.menu" }];
    if writes(who) {
        out.push(Entry { href: "/edit/news", glyph: Glyph::EDIT, label: "news.menu-edit" });
    }
    out
}

fn page(path: &[&str]) -> Option<AnyView> {
    let mine = matches!(path, ["news" | "reading", ..] | ["edit", "news", ..]);
    mine.then(|| part("news", || Box::pin(load()), path))
}

/// What only these pages need is a part of its own.
#[leptos::wasm_split::wasm_split(news, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Pages, PartMissing> {
    Ok(pages)
}

fn pages(path: &[&str]) -> Option<AnyView> {
    match path {
        ["news", ..] => {
            let detail = |segment: String| match id_of(&segment) {
                Some(id) => article::page(id),
                None => view! { <Missing /> }.into_any(),
            };
            Some(view! { <Split list=list::page() open=second_segment() detail=detail /> }.into_any())
        }
        ["edit", "news"] => Some(review::page()),
        ["edit", "news", id] => Some(id_of(id).map_or_else(|| view! { <Missing /> }.into_any(), edit::page)),
        ["reading", id] => Some(id_of(id).map_or_else(|| view! { <Missing /> }.into_any(), reading::page)),
        _ => None,
    }
}
