//! Card: one thing at a glance: title, up to three facts, a state, one action.

use super::chip::{Chip, StateChip};
use super::glyph::{Glyph, icon};
use super::text::Text;
use leptos::prelude::*;

/// A card. With `href` its title is the link.
#[component]
pub fn Card(
    /// What it is.
    #[prop(into)]
    title: Text,
    /// Up to three pairs of name and value.
    #[prop(optional)]
    facts: Vec<(Text, Text)>,
    /// Its state.
    #[prop(optional, into)]
    chip: Option<Chip>,
    /// Where the title leads.
    #[prop(optional, into)]
    href: Option<String>,
    /// The one action at the bottom.
    #[prop(optional)]
    action: Option<(Text, Callback<()>)>,
    /// Anything between the facts and the action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let title = match href {
        Some(href) => {
            view! { <a class="card-link" href=href>{title.view()}{icon(Glyph::NEXT)}</a> }.into_any()
        }
        None => title.view(),
    };
    view! {
        <article class="card">
            <div class={"card-head"}>
                <h2 class="card-title">{title}</h2>
                {chip.map(|chip| view! { <StateChip chip /> })}
            </div>
            {(!facts.is_empty()).then(|| fact_list(facts))}
            {children.map(|c| c())}
            {action.map(card_action)}
        </article>
    }
    .into_any()
}

fn fact_list(facts: Vec<(Text, Text)>) -> AnyView {
    let rows = facts.into_iter().map(|(name, value)| {
        view! { <div class="fact"><dt>{name.view()}</dt><dd>{value.view()}</dd></div> }.into_any()
    });
    view! { <dl class="facts">{rows.collect_view()}</dl> }.into_any()
}

fn card_action((label, cb): (Text, Callback<()>)) -> AnyView {
    view! { <button type="button" class="card-action" on:click=move |_| cb.run(())>{label.view()}</button> }
        .into_any()
}
