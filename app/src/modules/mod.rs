//! THE LIST of screens. A new module is one folder and two lines here: its `mod` and its [`Module`].

pub mod admin;
pub mod appeal;
pub mod core;
pub mod devices;
pub mod news;
pub mod people;

use crate::ui::Glyph;
use domain::{DocId, Who};
use leptos::prelude::AnyView;

/// One way into a module: on home, services, work and the side of a desk.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Address.
    pub href: &'static str,
    /// Icon.
    pub glyph: Glyph,
    /// Key of its words, at most 4 Han characters.
    pub label: &'static str,
}

/// What the shell must know of a module.
pub struct Module {
    /// Entries that this person sees.
    pub menu: fn(&Who) -> Vec<Entry>,
    /// The page for these segments of the address, if it is this module's.
    pub page: fn(&[&str]) -> Option<AnyView>,
    /// Cards for this person's home and todo pages (what waits for them), most urgent first.
    pub todo: fn(&Who) -> Option<AnyView>,
    /// A block on the home page (latest news, answers), if any.
    pub home: fn(&Who) -> Option<AnyView>,
}

/// All modules, in the order of menus.
pub fn all() -> &'static [Module] {
    &[core::MODULE, news::MODULE, appeal::MODULE, people::MODULE, devices::MODULE, admin::MODULE]
}

/// Where a record of this kind is shown.
pub fn address(kind: &str, id: DocId) -> Option<String> {
    let page = match kind {
        "news.draft" => "/edit/news",
        "news.article" => "/news",
        "appeal.matter" | "appeal.answer" => "/rights",
        "org.person" => "/members",
        _ => return None,
    };
    Some(format!("{page}/{id}"))
}

/// Pages with the same key share one view: a list and its records do (`/news`, `/news/<id>`), so that both
/// can stand side by side and the list keeps its place.
pub fn page_key(segments: &[String]) -> String {
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    match parts[..] {
        [list @ ("news" | "rights" | "members")] => list.into(),
        [list @ ("news" | "rights" | "members"), id] if crate::page::id_of(id).is_some() => list.into(),
        _ => segments.join("/"),
    }
}
