//! Large digits for a PIN. The field above takes them from a keyboard just as well.

use crate::i18n::t;
use crate::ui::{Field, FieldKind, Text};
use leptos::prelude::*;

/// Keys in rows of three: `c` clears, `<` takes one back.
const KEYS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "c", "0", "<"];
/// Longest PIN.
const MOST: usize = 12;

/// A field for a PIN and the digits under it.
#[component]
pub fn PinField(
    /// Over the field.
    #[prop(into)]
    label: Text,
    /// The digits.
    value: RwSignal<String>,
) -> impl IntoView {
    let press = move |key: &'static str| {
        value.update(|pin| match key {
            "c" => pin.clear(),
            "<" => drop(pin.pop()),
            digit if pin.len() < MOST => pin.push_str(digit),
            _ => {}
        })
    };
    let button = |key: &'static str| {
        let (face, name) = match key {
            "c" => ("C", Some(t("core.lock-clear"))),
            "<" => ("⌫", Some(t("core.lock-back-one"))),
            digit => (digit, None),
        };
        view! { <button type="button" class="pin-key" aria-label=name on:click=move |_| press(key)>{face}</button> }
    };
    view! {
        <Field label value kind=FieldKind::Pin max=MOST enter_key="done" />
        <div class="pin-pad" role="group" aria-label=t("core.lock-pad")>{KEYS.map(button).collect_view()}</div>
    }
    .into_any()
}
