//! ActionSheet: further actions, 56 px each; cancel apart, danger last with its icon.

use super::dom::uid;
use super::glyph::{Glyph, icon};
use super::overlay::{Layer, after_closed};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// One thing that can be done.
#[derive(Clone)]
pub struct ActionItem {
    /// The verb.
    pub label: Text,
    /// Its icon.
    pub glyph: Glyph,
    /// Deletes or voids: shown last, in the colour of danger.
    pub danger: bool,
    /// The rulebook's sentence when it is not allowed now; empty when it is.
    pub why_not: Text,
    /// Done after the sheet has closed.
    pub run: Callback<()>,
}

impl ActionItem {
    /// An action that is allowed and harms nothing.
    pub fn new(label: impl Into<Text>, glyph: Glyph, run: impl Into<Callback<()>>) -> Self {
        ActionItem { label: label.into(), glyph, danger: false, why_not: Text::default(), run: run.into() }
    }

    /// The same, deleting or voiding.
    pub fn dangerous(mut self) -> Self {
        self.danger = true;
        self
    }

    /// The same, with a reason that may forbid it.
    pub fn unless(mut self, why_not: impl Into<Text>) -> Self {
        self.why_not = why_not.into();
        self
    }
}

/// A list of actions from below.
#[component]
pub fn ActionSheet(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What the actions are about.
    #[prop(into)]
    title: Text,
    /// The actions; dangerous ones are moved to the end.
    actions: Vec<ActionItem>,
) -> impl IntoView {
    let (calm, dangerous): (Vec<_>, Vec<_>) = actions.into_iter().partition(|a| !a.danger);
    let actions = [calm, dangerous].concat();
    let id = uid("actions");
    let content = StoredValue::new((id.clone(), title, actions));
    view! {
        <Layer open class="actions" labelled_by=id>
            <h2 class="actions-title" id=content.with_value(|c| c.0.clone())>{content.with_value(|c| c.1.clone()).view()}</h2>
            {content.with_value(|c| c.2.clone()).into_iter().map(|a| action_row(a, open)).collect_view()}
            <button type="button" class="action action-cancel" on:click=move |_| open.set(false)>{t("ui.cancel")}</button>
        </Layer>
    }
    .into_any()
}

fn action_row(action: ActionItem, open: RwSignal<bool>) -> AnyView {
    let ActionItem { label, glyph, danger, why_not, run } = action;
    let why = why_not.clone();
    let refuses = Signal::derive(move || !why.get().is_empty());
    let pick = move |_| {
        if !refuses.get_untracked() {
            open.set(false);
            // Closing is answered by the browser a moment later; the action may open the next layer.
            super::dom::next_frame(Box::new(move || after_closed(Box::new(move || run.run(())))));
        }
    };
    view! {
        <button type="button" class="action" class:is-danger=danger aria-disabled=move || refuses.get().then_some("true") on:click=pick>
            {icon(glyph)}
            <span class={"action-words"}>
                <span>{label.view()}</span>
                <span class={"action-why"}>{why_not.view()}</span>
            </span>
        </button>
    }
    .into_any()
}
