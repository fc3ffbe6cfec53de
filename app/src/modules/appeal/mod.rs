//! 意见诉求: writing to the union, following what becomes of it, handling it in time, and the public answers.

mod blocks;
mod handle;
mod list;
mod new;
mod one;
mod public;
mod sheets;

use super::{Entry, Module};
use crate::page::{Missing, Pages, PartMissing, Split, id_of, part, second_segment};
use crate::ui::Glyph;
use domain::{Role, Who};
use leptos::prelude::*;

/// The module.
pub const MODULE: Module = Module { menu, page, todo: blocks::todo, home: blocks::home };

/// May this person handle matters of others?
pub fn handles(who: &Who) -> bool {
    let roles = [Role::Rights, Role::UnitChair, Role::CompanyChair];
    who.posts.iter().any(|post| roles.contains(&post.role))
}

fn menu(_: &Who) -> Vec<Entry> {
    vec![
        Entry { href: "/rights", glyph: Glyph::FLAG, label: "appeal.menu" },
        Entry { href: "/rights/new", glyph: Glyph::MESSAGE, label: "appeal.menu-new" },
    ]
}

fn page(path: &[&str]) -> Option<AnyView> {
    (path.first() == Some(&"rights")).then(|| part("appeal", || Box::pin(load()), path))
}

/// What only these pages need is a part of its own.
#[leptos::wasm_split::wasm_split(appeal, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Pages, PartMissing> {
    Ok(pages)
}

fn pages(path: &[&str]) -> Option<AnyView> {
    match path {
        ["rights", "new"] => Some(new::page(None)),
        ["rights", "edit", id] => {
            Some(id_of(id).map_or_else(|| view! { <Missing /> }.into_any(), |id| new::page(Some(id))))
        }
        ["rights", ..] => {
            let detail = |segment: String| match id_of(&segment) {
                Some(id) => one::page(id),
                None => view! { <Missing /> }.into_any(),
            };
            Some(view! { <Split list=list::page() open=second_segment() detail=detail /> }.into_any())
        }
        _ => None,
    }
}
