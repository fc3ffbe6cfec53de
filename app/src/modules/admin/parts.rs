//! What the sheets share: the day and the paper of a decision, a unit by its code.

use crate::i18n::t;
use crate::live::use_lines;
use crate::page::now_ms;
use crate::ui::{Button, ButtonKind, DateField, Field, Sheet, Text};
use domain::bridge::Query;
use domain::date_text;
use leptos::prelude::*;

/// Words typed into a sheet.
pub type Words = RwSignal<String>;

/// Nothing in it yet.
pub fn words() -> Words {
    RwSignal::new(String::new())
}

/// Today, where something takes effect unless said otherwise.
pub fn today() -> Words {
    RwSignal::new(date_text(now_ms()))
}

/// What was typed, without blanks around it.
pub fn typed(words: Words) -> String {
    words.get_untracked().trim().to_string()
}

/// A sheet for one decision: its own fields, then reason or document number, then the verb.
#[component]
pub fn Decision(
    /// Shown or not.
    open: RwSignal<bool>,
    /// The verb.
    #[prop(into)]
    title: Text,
    /// Reason or document number.
    reason: Words,
    /// Decides.
    #[prop(into)]
    on_done: Callback<()>,
    /// The fields of this decision.
    children: ChildrenFn,
) -> impl IntoView {
    let why = move || if reason.with(|words| words.trim().is_empty()) { t("admin.give-reason") } else { "" };
    let (title, children) = (StoredValue::new(title), StoredValue::new(children));
    view! {
        <Sheet open title=title.get_value()>
            {move || children.with_value(|fields| fields())}
            <Field label=t("admin.reason") value=reason max=120 help=t("admin.reason-help") />
            <Button label=title.get_value() kind=ButtonKind::Primary why_not=why on_press=move || on_done.run(()) />
        </Sheet>
    }
}

/// From which day.
#[component]
pub fn Day(value: Words) -> impl IntoView {
    view! { <DateField label=t("admin.on") value until=date_text(now_ms()) /> }
}

/// A unit by its code, with the name of what stands there.
#[component]
pub fn UnitCode(
    /// Over the field.
    #[prop(into)]
    label: Text,
    /// The code.
    value: Words,
) -> impl IntoView {
    let found = use_lines(move || Query {
        kinds: vec!["org.unit".into()],
        facts: vec![("code".into(), value.get().trim().to_string())],
        limit: 1,
        ..Query::default()
    });
    let name = move || {
        let line = found.get().and_then(|lines| lines.lines.into_iter().next());
        line.map_or_else(|| t("admin.code-help").to_string(), |line| line.row.title)
    };
    view! { <Field label value max=20 help=Text::from(name) /> }
}
