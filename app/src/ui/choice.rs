//! Choice: radio buttons and check boxes as cells; the whole row is the target.

use super::dom::uid;
use super::glyph::{Glyph, icon};
use super::text::Text;
use leptos::prelude::*;

/// One thing to choose.
#[derive(Clone)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is read.
    pub label: Text,
    /// Second line.
    pub note: Text,
    /// Cannot be chosen now; the note says why.
    pub disabled: bool,
}

impl Choice {
    /// A choice without a second line.
    pub fn new(value: impl Into<String>, label: impl Into<Text>) -> Self {
        Choice { value: value.into(), label: label.into(), note: Text::default(), disabled: false }
    }

    /// The same with a second line.
    pub fn note(mut self, note: impl Into<Text>) -> Self {
        self.note = note.into();
        self
    }
}

/// One of several. An empty `chosen` means that nothing is chosen yet.
#[component]
pub fn RadioCells(
    /// The question.
    #[prop(into)]
    label: Text,
    /// The answers.
    choices: Vec<Choice>,
    /// Value of the chosen one.
    chosen: RwSignal<String>,
    /// What is wrong and how to mend it.
    #[prop(optional, into)]
    error: Text,
) -> impl IntoView {
    let name = uid("radio");
    let rows = choices.into_iter().map(move |choice| {
        let value = choice.value.clone();
        let is = {
            let v = value.clone();
            Signal::derive(move || chosen.with(|c| *c == v))
        };
        choice_row(choice, "radio", name.clone(), is, Callback::new(move |_| chosen.set(value.clone())))
    });
    choice_frame(label, error, rows.collect_view().into_any())
}

/// Any number of several.
#[component]
pub fn CheckCells(
    /// The question.
    #[prop(into)]
    label: Text,
    /// The answers.
    choices: Vec<Choice>,
    /// Values of the chosen ones, in the order of choosing.
    chosen: RwSignal<Vec<String>>,
    /// What is wrong and how to mend it.
    #[prop(optional, into)]
    error: Text,
) -> impl IntoView {
    let rows = choices.into_iter().map(move |choice| {
        let value = choice.value.clone();
        let is = {
            let v = value.clone();
            Signal::derive(move || chosen.with(|c| c.contains(&v)))
        };
        let set = move |on: bool| {
            chosen.update(|all| {
                all.retain(|v| *v != value);
                if on {
                    all.push(value.clone());
                }
            })
        };
        choice_row(choice, "checkbox", String::new(), is, Callback::new(set))
    });
    choice_frame(label, error, rows.collect_view().into_any())
}

/// A single yes: 我已阅读.
#[component]
pub fn CheckCell(
    /// What is agreed to.
    #[prop(into)]
    label: Text,
    /// Second line.
    #[prop(optional, into)]
    note: Text,
    /// Whether it is.
    checked: RwSignal<bool>,
) -> impl IntoView {
    let choice = Choice { value: String::new(), label, note, disabled: false };
    choice_row(choice, "checkbox", String::new(), checked.into(), Callback::new(move |on| checked.set(on)))
}

fn choice_frame(label: Text, error: Text, rows: AnyView) -> AnyView {
    let error_id = uid("error");
    let said = move || {
        let words = error.get();
        (!words.is_empty()).then(|| view! { {icon(Glyph::WARN)}<span>{words}</span> })
    };
    view! {
        <fieldset class="group choices" aria-describedby=error_id.clone()>
            <legend class="group-title">{label.view()}</legend>
            <div class={"group-body"}>{rows}</div>
            <p class="field-help is-error" id=error_id.clone() aria-live="polite">{said}</p>
        </fieldset>
    }
    .into_any()
}

/// The control itself is drawn by `style/_choice.scss`, so that it is large and follows contrast and theme.
fn choice_row(
    choice: Choice,
    kind: &'static str,
    name: String,
    checked: Signal<bool>,
    set: Callback<bool>,
) -> AnyView {
    let Choice { value, label, note, disabled } = choice;
    let has_note = !note.is_none();
    view! {
        <label class="cell choice" class:is-disabled=disabled>
            <input class="choice-input" type=kind name=(!name.is_empty()).then_some(name) value=value disabled=disabled
                prop:checked=move || checked.get() on:change=move |ev| set.run(event_target_checked(&ev)) />
            <span class="cell-main">
                <span class="cell-title">{label.view()}</span>
                {has_note.then(|| view! { <span class="cell-note">{note.view()}</span> })}
            </span>
        </label>
    }
    .into_any()
}
