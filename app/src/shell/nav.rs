//! Tabs and side navigation by role: members have 办事, officers 工作台. Only what exists is shown.

use crate::client::client;
use crate::i18n::t;
use crate::ui::{Glyph, NavGroup, NavItem, Text};
use domain::Who;
use leptos::prelude::*;

fn item(href: &'static str, glyph: Glyph, key: &'static str) -> NavItem {
    NavItem::new(href, glyph, Text::from(t(key)))
}

/// The tabs of a phone.
pub fn tabs(who: &Who) -> Vec<NavItem> {
    let sync = client().sync;
    let needs = Signal::derive(move || sync.with(|state| state.attention));
    let work = if who.is_officer() {
        item("/work", Glyph::WORK, "nav.work")
    } else {
        item("/services", Glyph::GRID, "nav.services")
    };
    vec![
        item("/", Glyph::HOME, "nav.home"),
        item("/todo", Glyph::TODO, "nav.todo").with_badge(needs),
        work,
        item("/inbox", Glyph::MESSAGE, "nav.inbox"),
        item("/me", Glyph::USER, "nav.me"),
    ]
}

/// The side of a desk: the tabs, then the modules' own entries by duty.
pub fn groups(who: &Who) -> Vec<NavGroup> {
    let first = NavGroup { label: Text::default(), items: tabs(who) };
    let modules = crate::modules::all().iter().flat_map(|module| (module.menu)(who));
    let items = modules.map(|entry| item(entry.href, entry.glyph, entry.label)).collect();
    vec![first, NavGroup { label: Text::from(t("nav.modules")), items }]
}
