//! TabBar (phone) and SideNav (desk): the same destinations in the same order.

use super::badge::Badge;
use super::button::IconButton;
use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// One destination.
#[derive(Clone)]
pub struct NavItem {
    /// Address inside the app.
    pub href: &'static str,
    /// Icon, always with the label.
    pub glyph: Glyph,
    /// Words.
    pub label: Text,
    /// Count on the icon; zero shows nothing.
    pub badge: Signal<u32>,
}

impl NavItem {
    /// A destination without a count.
    pub fn new(href: &'static str, glyph: Glyph, label: impl Into<Text>) -> Self {
        NavItem { href, glyph, label: label.into(), badge: Signal::stored(0) }
    }

    /// The same with a count.
    pub fn with_badge(mut self, badge: impl Into<Signal<u32>>) -> Self {
        self.badge = badge.into();
        self
    }
}

/// Whether `path` lies in the part of the app that `href` opens.
fn is_here(href: &str, path: &str) -> bool {
    match path.strip_prefix(href) {
        Some(rest) => rest.is_empty() || (href != "/" && rest.starts_with(['/', '?'])),
        None => false,
    }
}

fn nav_link(item: NavItem, path: Signal<String>, class: &'static str) -> AnyView {
    let href = item.href;
    let here = move || path.with(|p| is_here(href, p)).then_some("page");
    view! {
        <a class=class href=href aria-current=here>
            <span class={"nav-icon"}>{icon(item.glyph)}<Badge count=item.badge /></span>
            <span class={"nav-label"}>{item.label.view()}</span>
        </a>
    }
    .into_any()
}

/// Four or five destinations under the thumb.
#[component]
pub fn TabBar(
    /// The destinations.
    items: Vec<NavItem>,
    /// Address of the page now.
    #[prop(into)]
    path: Signal<String>,
) -> impl IntoView {
    view! {
        <nav class="tabbar" aria-label=t("ui.nav")>
            {items.into_iter().map(|item| nav_link(item, path, "tab")).collect_view()}
        </nav>
    }
    .into_any()
}

/// Destinations of one duty.
#[derive(Clone)]
pub struct NavGroup {
    /// Name of the duty; may be empty for the first group.
    pub label: Text,
    /// Its destinations.
    pub items: Vec<NavItem>,
}

/// The side of the desk layout, 220 px wide or 64 when folded.
#[component]
pub fn SideNav(
    /// Name of the union or of the app, over the list.
    #[prop(into)]
    title: Text,
    /// Destinations by duty, in the order of the tabs.
    groups: Vec<NavGroup>,
    /// Address of the page now.
    #[prop(into)]
    path: Signal<String>,
    /// Folded to icons; the labels then show on hover and stay for screen readers.
    folded: RwSignal<bool>,
) -> impl IntoView {
    let fold = move || t(if folded.get() { "ui.unfold" } else { "ui.fold" });
    view! {
        <nav class="sidenav" class:is-folded=move || folded.get() aria-label=t("ui.nav")>
            <div class={"sidenav-head"}>
                <span class={"sidenav-title"}>{title.view()}</span>
                <IconButton glyph=Glyph::MENU label=fold on_press=move || folded.update(|f| *f = !*f) />
            </div>
            {groups.into_iter().map(|group| side_group(group, path)).collect_view()}
        </nav>
    }
    .into_any()
}

fn side_group(group: NavGroup, path: Signal<String>) -> AnyView {
    let named = !group.label.is_none();
    view! {
        <div class="sidenav-group">
            {named.then(|| view! { <h2 class="sidenav-label">{group.label.view()}</h2> })}
            {group.items.into_iter().map(|item| nav_link(item, path, "side")).collect_view()}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn a_tab_is_current_for_its_pages_and_home_only_for_home() {
        assert!(is_here("/news", "/news"));
        assert!(is_here("/news", "/news/7"));
        assert!(is_here("/approvals", "/approvals?box=todo"));
        assert!(!is_here("/news", "/newsletter"));
        assert!(is_here("/", "/"));
        assert!(!is_here("/", "/me"));
    }
}
