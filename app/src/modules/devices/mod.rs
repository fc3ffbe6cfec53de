//! 设备: my devices, the page that takes a code, and, for those who keep devices, everybody's devices with
//! what revoked ones still sent.

mod admin;
mod code;
mod enrol;
mod mine;
mod one;
mod parcels;

pub use enrol::{Out, Stranger};

use super::{Entry, Module};
use crate::page::{Pages, PartMissing, id_of, part};
use crate::ui::Glyph;
use domain::{Role, Who};
use leptos::prelude::*;

/// The module.
pub const MODULE: Module = Module {
    menu: |who| {
        let entry = Entry { href: "/admin/devices", glyph: Glyph::DEVICE, label: "devices.menu" };
        if keeps(who) { vec![entry] } else { vec![] }
    },
    page,
    todo: |_| None,
    home: |_| None,
};

/// Keeps other people's devices.
fn keeps(who: &Who) -> bool {
    who.posts.iter().any(|post| matches!(post.role, Role::Admin | Role::Organiser))
}

fn page(path: &[&str]) -> Option<AnyView> {
    let is_ours = matches!(path, ["enrol"] | ["me" | "admin", "devices", ..]);
    is_ours.then(|| part("devices", || Box::pin(load()), path))
}

/// What only these pages need is a part of its own.
#[leptos::wasm_split::wasm_split(devices, wasm_split_path = ::leptos::wasm_split, fallible)]
fn load() -> Result<Pages, PartMissing> {
    Ok(pages)
}

fn pages(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        ["enrol"] => view! { <enrol::Enrol /> }.into_any(),
        ["me", "devices"] => mine::page(),
        ["me", "devices", id] => one::page(id_of(id)?, "/me/devices"),
        ["admin", "devices"] => admin::page(),
        ["admin", "devices", "code"] => admin::people(),
        ["admin", "devices", id] => one::page(id_of(id)?, "/admin/devices"),
        _ => return None,
    })
}
