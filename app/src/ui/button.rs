//! Button and IconButton. Verbs on buttons, at most 4 Han characters; one primary a screen.

use super::dom::uid;
use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// Filled brand: the one thing this screen is for.
    Primary,
    /// Outline.
    #[default]
    Secondary,
    /// Words only.
    Text,
    /// Outline in the colour of danger, for what deletes or voids.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "btn btn-primary",
            ButtonKind::Secondary => "btn btn-secondary",
            ButtonKind::Text => "btn btn-text",
            ButtonKind::Danger => "btn btn-danger",
        }
    }
}

/// A button. While `loading` it keeps its width and says 正在保存…; while `why_not` has words it refuses
/// and shows them, but can still be reached by keyboard and screen reader.
#[component]
pub fn Button(
    /// The verb.
    #[prop(into)]
    label: Text,
    /// Secondary unless said otherwise.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional, into)]
    glyph: Option<Glyph>,
    /// What a press does; leave out for `submit`.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Work is under way; the button keeps its place and takes no press.
    #[prop(optional, into)]
    loading: Option<Signal<bool>>,
    /// Words while loading; 正在保存… unless said otherwise.
    #[prop(optional, into)]
    loading_label: Text,
    /// Takes no press and explains nothing; prefer `why_not`.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The sentence of the rulebook when the step is not allowed now; empty when it is.
    #[prop(optional, into)]
    why_not: Text,
    /// 36 px high with a 48 px hit area.
    #[prop(optional)]
    small: bool,
    /// Sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Gets focus when the layer around it opens.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let refuses = {
        let why = why_not.clone();
        Signal::derive(move || !why.get().is_empty())
    };
    let busy = move || loading.is_some_and(|l| l.get());
    let press = move |ev: leptos::ev::MouseEvent| {
        if busy() || refuses.get() {
            ev.prevent_default();
        } else if let Some(cb) = on_press {
            cb.run(());
        }
    };
    let why_id = (!why_not.is_none()).then(|| uid("why"));
    // While one face gives way to the other, neither may be there to be read out.
    let waiting = if loading_label.is_none() { Text::from(t("ui.saving")) } else { loading_label };
    let (named, waits) = (label.clone(), waiting.clone());
    let name = move || loading.map(|l| if l.get() { waits.get() } else { named.get() });
    let button = view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:btn-small=small
            data-first=first.then_some("")
            disabled=move || disabled.get()
            aria-disabled=move || (busy() || refuses.get()).then_some("true")
            aria-busy=move || busy().then_some("true")
            aria-label=name
            aria-describedby=why_id.clone()
            on:click=press
        >
            {faces(label, glyph, loading, waiting)}
        </button>
    }
    .into_any();
    match why_id {
        None => button,
        Some(id) => {
            let why = move || refuses.get().then(|| why_not.get());
            view! { <div class="btn-with-why">{button}<p class={"btn-why"} id=id>{why}</p></div> }.into_any()
        }
    }
}

/// The two faces of a button lie on each other in one grid cell, so that the wider one sets the width for both.
fn faces(label: Text, glyph: Option<Glyph>, loading: Option<Signal<bool>>, waiting: Text) -> AnyView {
    let Some(loading) = loading else {
        return view! { <span class="btn-face">{glyph.map(icon)}<span>{label.view()}</span></span> }
            .into_any();
    };
    let hide_label = move || loading.get().then_some("true");
    let hide_wait = move || (!loading.get()).then_some("true");
    view! {
        <span class="btn-face" aria-hidden=hide_label>{glyph.map(icon)}<span>{label.view()}</span></span>
        <span class="btn-face" aria-hidden=hide_wait><span class={"spin"}></span><span>{waiting.view()}</span></span>
    }
    .into_any()
}

/// An icon alone, 48 × 48; its label is read out and shown as a hint.
#[component]
pub fn IconButton(
    /// The icon.
    glyph: Glyph,
    /// What it does, in words.
    #[prop(into)]
    label: Text,
    /// What a press does.
    #[prop(into)]
    on_press: Callback<()>,
    /// Takes no press.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// For a button that opens and closes something.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-btn"
            aria-label=label.attr()
            title=label.attr()
            aria-expanded=move || expanded.map(|e| e.get().to_string())
            disabled=move || disabled.get()
            on:click=move |_| on_press.run(())
        >
            {icon(glyph)}
        </button>
    }
    .into_any()
}
