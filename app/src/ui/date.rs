//! DateField: the phone's own date picker, which people know and which speaks their language.

use super::dom::uid;
use super::field::Frame;
use super::text::Text;
use leptos::html;
use leptos::prelude::*;

/// A calendar day as `YYYY-MM-DD`, or empty.
#[component]
pub fn DateField(
    /// Over the field.
    #[prop(into)]
    label: Text,
    /// The day.
    value: RwSignal<String>,
    /// First day allowed, `YYYY-MM-DD`.
    #[prop(optional, into)]
    from: Option<String>,
    /// Last day allowed, `YYYY-MM-DD`.
    #[prop(optional, into)]
    until: Option<String>,
    /// Under the field.
    #[prop(optional, into)]
    help: Text,
    /// What is wrong and how to mend it.
    #[prop(optional, into)]
    error: Text,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let frame = Frame { id: uid("date"), label, help, error, optional };
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let day = value.get();
        if let Some(input) = node.get().filter(|input| input.value() != day) {
            input.set_value(&day);
        }
    });
    let control = view! {
        <input class="field-input field-date" type="date" id=frame.id.clone() node_ref=node min=from max=until
            disabled=move || disabled.get() aria-invalid=frame.invalid() aria-describedby=frame.described_by()
            on:input=move |ev| value.set(event_target_value(&ev)) />
    }
    .into_any();
    frame.wrap(control, None)
}
