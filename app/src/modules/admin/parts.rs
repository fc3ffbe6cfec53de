//! What the sheets share: the day and the paper of a decision, a unit picked by its name, the code that a new
//! unit gets.

use crate::i18n::t;
use crate::live::use_lines;
use crate::page::{now_ms, search_units};
use crate::ui::{Button, ButtonKind, Cell, DateField, Field, Person, PersonPicker, PickWords, Sheet, Text};
use domain::bridge::Query;
use domain::{OrgCode, date_text};
use leptos::prelude::*;

/// Words typed into a sheet.
pub type Words = RwSignal<String>;

/// A unit picked in a sheet; its `id` is its code.
pub type Unit = RwSignal<Option<Person>>;

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

/// The code of what was picked.
pub fn code_of(unit: Unit) -> Option<OrgCode> {
    unit.with(|unit| unit.as_ref().map(|unit| OrgCode::new(unit.id.clone())))
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
    /// What else is missing; "" when nothing is.
    #[prop(optional, into)]
    lacks: Signal<&'static str>,
    /// Decides.
    #[prop(into)]
    on_done: Callback<()>,
    /// The fields of this decision.
    children: ChildrenFn,
) -> impl IntoView {
    let why = move || match lacks.get() {
        "" if reason.with(|words| words.trim().is_empty()) => t("admin.give-reason"),
        lacks => lacks,
    };
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

/// A unit of the tree, picked by its name.
#[component]
pub fn UnitPicker(
    /// Over the field.
    #[prop(into)]
    label: Text,
    /// The choice.
    chosen: Unit,
) -> impl IntoView {
    let search = search_units();
    view! { <PersonPicker label chosen on_query=search.ask found=search.found words=PickWords::UNITS /> }
}

/// The next free code right below a unit, from all that this phone knows there; closed ones keep theirs.
pub fn next_code(above: impl Fn() -> Option<OrgCode> + Send + Sync + 'static) -> Memo<Option<OrgCode>> {
    let above = Memo::new(move |_| above());
    let below = use_lines(move || Query {
        kinds: vec!["org.unit".into()],
        facts: vec![("parent".into(), above.get().map(|above| above.0).unwrap_or_default())],
        limit: 1_000,
        ..Query::default()
    });
    Memo::new(move |_| {
        let above = above.get()?;
        below.with(|lines| {
            let codes = lines.as_ref()?.lines.iter().map(|line| OrgCode::new(line.row.fact("code")));
            Some(above.next_below(&codes.collect::<Vec<_>>()))
        })
    })
}

/// The code that the new unit gets, shown before it is decided.
#[component]
pub fn NewCode(code: Memo<Option<OrgCode>>) -> impl IntoView {
    let words =
        move || code.with(|code| code.as_ref().map_or_else(|| "…".to_string(), |code| code.0.clone()));
    view! { <Cell title=t("admin.code") note=t("admin.code-help") value=Text::from(words) /> }
}
