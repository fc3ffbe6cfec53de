//! PersonPicker: a field that opens a sheet to find a person by name, 拼音首字母 or staff number, recent ones first.
//! It asks through a callback and shows what comes back; searching is the worker's work.

use super::dom::uid;
use super::field::Frame;
use super::glyph::{Glyph, icon};
use super::list::Skeleton;
use super::search::{SearchBar, highlight};
use super::sheet::Sheet;
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// A person as a list shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Names them to the caller.
    pub id: String,
    /// Name.
    pub name: String,
    /// Staff number and unit, to tell two of one name apart.
    pub note: String,
}

/// What the search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing was asked yet: the recent ones are shown.
    Nothing,
    /// The answer is on its way.
    Searching,
    /// These, best first.
    People(Vec<Person>),
}

/// Keys of the words of a picker.
#[derive(Clone, Copy)]
pub struct PickWords {
    /// In the empty field.
    pub choose: &'static str,
    /// In the search bar.
    pub search: &'static str,
    /// When nothing fits.
    pub none: &'static str,
    /// Over what was found, for who listens.
    pub found: &'static str,
}

impl PickWords {
    /// For people.
    pub const PEOPLE: Self = Self {
        choose: "ui.person-choose",
        search: "ui.person-search",
        none: "ui.person-none",
        found: "ui.person-found",
    };
    /// For units of the tree.
    pub const UNITS: Self = Self {
        choose: "ui.unit-choose",
        search: "ui.unit-search",
        none: "ui.unit-none",
        found: "ui.unit-found",
    };
}

impl Default for PickWords {
    fn default() -> Self {
        Self::PEOPLE
    }
}

/// A field for one person, or for one of anything that has a name and a note.
#[component]
pub fn PersonPicker(
    /// Over the field.
    #[prop(into)]
    label: Text,
    /// The chosen person.
    chosen: RwSignal<Option<Person>>,
    /// Asked with what is typed; answer by setting `found`.
    #[prop(into)]
    on_query: Callback<String>,
    /// The answer.
    #[prop(into)]
    found: Signal<Found>,
    /// What is picked, if not a person.
    #[prop(optional)]
    words: PickWords,
    /// Whom this phone chose lately.
    #[prop(optional, into)]
    recent: Signal<Vec<Person>>,
    /// No network: only people kept on this phone are found.
    #[prop(optional, into)]
    offline: Signal<bool>,
    /// Under the field.
    #[prop(optional, into)]
    help: Text,
    /// What is wrong and how to mend it.
    #[prop(optional, into)]
    error: Text,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let query = RwSignal::new(String::new());
    Effect::new(move |_| on_query.run(query.get()));
    let pick = Callback::new(move |person: Person| {
        chosen.set(Some(person));
        open.set(false);
        query.set(String::new());
    });
    let title = label.clone();
    let frame = Frame { id: uid("person"), label, help, error, optional: false };
    let shown =
        move || chosen.get().map_or(t(words.choose).to_string(), |p| format!("{} · {}", p.name, p.note));
    let control = view! {
        <button type="button" class="field-input field-pick" id=frame.id.clone() class:is-empty=move || chosen.with(Option::is_none)
            aria-haspopup="dialog" aria-invalid=frame.invalid() aria-describedby=frame.described_by() on:click=move |_| open.set(true)>
            <span>{shown}</span>{icon(Glyph::NEXT)}
        </button>
        <Sheet open title>
            <SearchBar label=t(words.search) query offline />
            {move || people(words, found.get(), recent, query, pick)}
        </Sheet>
    }
    .into_any();
    frame.wrap(control, None)
}

fn people(
    words: PickWords,
    found: Found,
    recent: Signal<Vec<Person>>,
    query: RwSignal<String>,
    pick: Callback<Person>,
) -> AnyView {
    let (title, all) = match found {
        Found::Searching => return view! { <Skeleton /> }.into_any(),
        Found::Nothing => (t("ui.recent"), recent.get()),
        Found::People(all) if all.is_empty() => {
            return view! { <p class="blank-why" role="status">{t(words.none)}</p> }.into_any();
        }
        Found::People(all) => (t(words.found), all),
    };
    let typed = query.get_untracked();
    let rows = all.into_iter().map(|p| person_row(p, &typed, pick)).collect_view();
    view! { <div class="people" role="group" aria-label=title>{rows}</div> }.into_any()
}

fn person_row(person: Person, query: &str, pick: Callback<Person>) -> AnyView {
    let initial = person.name.chars().next().map(String::from).unwrap_or_default();
    let (name, note) = (highlight(&person.name, query), highlight(&person.note, query));
    view! {
        <button type="button" class="cell" on:click=move |_| pick.run(person.clone())>
            <span class="avatar" aria-hidden="true">{initial}</span>
            <span class="cell-main"><span class="cell-title">{name}</span><span class="cell-note">{note}</span></span>
        </button>
    }
    .into_any()
}
