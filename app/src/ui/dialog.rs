//! Dialog: only for what cannot be undone. The buttons say what they do (作废凭证 / 取消), never 确定.

use super::button::{Button, ButtonKind};
use super::dom::uid;
use super::overlay::{Layer, after_closed};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// Asks once more. Focus begins on the harmless button; a tap beside it does not close it.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question, naming the thing.
    #[prop(into)]
    title: Text,
    /// The verb of the button that does it.
    #[prop(into)]
    verb: Text,
    /// Done after the dialog has closed.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// Deletes or voids.
    #[prop(optional)]
    danger: bool,
    /// The words that must be typed or chosen first may forbid the step; empty when it is allowed.
    #[prop(optional, into)]
    why_not: Text,
    /// Words of the other button; 取消 unless said otherwise.
    #[prop(optional, into)]
    cancel: Text,
    /// What will happen, and to what.
    children: ChildrenFn,
) -> impl IntoView {
    let id = uid("dialog");
    let cancel = if cancel.is_none() { Text::from(t("ui.cancel")) } else { cancel };
    let words = StoredValue::new((id.clone(), title, verb, cancel, why_not));
    let children = StoredValue::new(children);
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    let close = move || open.set(false);
    let confirm = move || {
        close();
        super::dom::next_frame(Box::new(move || after_closed(Box::new(move || on_confirm.run(())))));
    };
    view! {
        <Layer open class="dialog" role="alertdialog" labelled_by=id light=false>
            <h2 class="dialog-title" id=words.with_value(|w| w.0.clone())>{words.with_value(|w| w.1.clone()).view()}</h2>
            <div class={"dialog-body"}>{children.with_value(|c| c())}</div>
            <div class={"dialog-buttons"}>
                <Button label=words.with_value(|w| w.3.clone()) on_press=close first=true />
                <Button label=words.with_value(|w| w.2.clone()) kind on_press=confirm why_not=words.with_value(|w| w.4.clone()) />
            </div>
        </Layer>
    }
    .into_any()
}
