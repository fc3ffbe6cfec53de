//! 会员 for now: the people of my unit, searchable by name, pinyin initials or staff number. Private
//! details are a document of their own and only shown to whoever may read them.

mod list;
mod one;

use super::{Entry, Module};
use crate::page::{Pages, PartMissing, Split, id_of, part, second_segment};
use crate::ui::Glyph;
use leptos::prelude::*;

/// The module.
pub const MODULE: Module = Module {
    menu: |who| {
        let entry = Entry { href: "/members", glyph: Glyph::USERS, label: "people.menu" };
        if who.is_officer() { vec![entry] } else { vec![] }
    },
    page,
    todo: |_| None,
    home: |_| None,
};

fn page(path: &[&str]) -> Option<AnyView> {
    (path.first() == Some(&"members")).then(|| part("people", || Box::pin(load()), path))
}

/// What only these pages need is a part of its own.
#[leptos::wasm_split::wasm_split(people, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Pages, PartMissing> {
    Ok(pages)
}

fn pages(path: &[&str]) -> Option<AnyView> {
    let detail = |segment: String| match id_of(&segment) {
        Some(id) => one::page(id),
        None => view! { <crate::page::Missing /> }.into_any(),
    };
    match path {
        ["members", ..] => {
            Some(view! { <Split list=list::page() open=second_segment() detail=detail /> }.into_any())
        }
        _ => None,
    }
}
