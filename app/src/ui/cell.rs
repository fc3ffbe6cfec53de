//! Cell and CellGroup: a row of a page. The whole row is the target; it leads somewhere, does something, or only tells.

use super::dom::deco;
use super::glyph::{Glyph, icon};
use super::text::Text;
use leptos::prelude::*;

/// One row: icon, title, note under it, value at the right, what else the children are (a chip, a badge), chevron.
#[component]
pub fn Cell(
    /// First line.
    #[prop(into)]
    title: Text,
    /// Second line, secondary.
    #[prop(optional, into)]
    note: Text,
    /// At the right, secondary.
    #[prop(optional, into)]
    value: Text,
    /// Before the title.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// Leads to this address.
    #[prop(optional, into)]
    href: Option<String>,
    /// Does this; shows a chevron like a link.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Marks the row whose detail is shown beside the list.
    #[prop(optional, into)]
    selected: Signal<bool>,
    /// Something after the value: a StateChip, a Badge.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let leads = href.is_some() || on_press.is_some();
    let has_note = !note.is_none();
    let inner = view! {
        {glyph.map(|g| view! { <span class="cell-icon">{icon(g)}</span> })}
        <span class="cell-body">
            <span class="cell-main">
                <span class="cell-title">{title.view()}</span>
                {has_note.then(|| view! { <span class="cell-note">{note.view()}</span> })}
            </span>
            {(!value.is_none()).then(|| view! { <span class="cell-value">{value.view()}</span> })}
            {children.map(|c| view! { <span class="cell-end">{c()}</span> })}
        </span>
        {leads.then(|| deco("cell-go"))}
    }
    .into_any();
    let current = move || selected.get().then_some("true");
    match (href, on_press) {
        (Some(href), _) => view! { <a class="cell" href=href aria-current=current>{inner}</a> }.into_any(),
        (None, Some(cb)) => {
            view! { <button type="button" class="cell" aria-current=current on:click=move |_| cb.run(())>{inner}</button> }
                .into_any()
        }
        (None, None) => view! { <div class="cell">{inner}</div> }.into_any(),
    }
}

/// Rows that belong together, with a small title over and a note under them.
#[component]
pub fn CellGroup(
    /// Over the rows.
    #[prop(optional, into)]
    title: Text,
    /// Under the rows.
    #[prop(optional, into)]
    note: Text,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="group">
            {(!title.is_none()).then(|| view! { <h2 class="group-title">{title.view()}</h2> })}
            <div class="group-body">{children()}</div>
            {(!note.is_none()).then(|| view! { <p class="group-note">{note.view()}</p> })}
        </section>
    }
    .into_any()
}
