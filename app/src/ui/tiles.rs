//! TileGrid: the ways into the modules, four in a row (two in 关怀模式).

use super::badge::Badge;
use super::glyph::icon;
use super::tabbar::NavItem;
use leptos::prelude::*;

/// Tiles with icon and a label of at most four Han characters.
#[component]
pub fn TileGrid(
    /// The tiles, in order of use.
    items: Vec<NavItem>,
    /// Names the group for screen readers.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <nav class="tiles" aria-label=label>
            {items.into_iter().map(tile).collect_view()}
        </nav>
    }
    .into_any()
}

fn tile(item: NavItem) -> AnyView {
    view! {
        <a class="tile" href=item.href>
            <span class={"tile-icon"}>{icon(item.glyph)}<Badge count=item.badge /></span>
            <span class={"tile-label"}>{item.label.view()}</span>
        </a>
    }
    .into_any()
}
