//! SearchBar: 48 px, recent searches and filters as chips, and the truth about where it searches while offline.
//! `highlight` marks what was found.

use super::button::IconButton;
use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::{grouped, t};
use leptos::html;
use leptos::prelude::*;

/// A filter to switch on and off.
#[derive(Clone)]
pub struct Filter {
    /// What the caller knows it by.
    pub id: &'static str,
    /// Words.
    pub label: Text,
    /// How many it would show, when known.
    pub count: Option<usize>,
}

/// Field, filters, recent searches.
#[component]
pub fn SearchBar(
    /// What is searched: 搜索姓名、工号、拼音首字母.
    #[prop(into)]
    label: Text,
    /// The words looked for; results follow while typing, from local data.
    query: RwSignal<String>,
    /// Filters as chips.
    #[prop(optional, into)]
    filters: Vec<Filter>,
    /// Ids of the filters that are on.
    #[prop(optional)]
    chosen: Option<RwSignal<Vec<&'static str>>>,
    /// Earlier searches, shown while the field is empty and has focus.
    #[prop(optional, into)]
    recent: Signal<Vec<String>>,
    /// No network: says 仅搜索本机.
    #[prop(optional, into)]
    offline: Signal<bool>,
    /// Enter, to keep the words as recent or to ask the server.
    #[prop(optional, into)]
    on_submit: Option<Callback<String>>,
) -> impl IntoView {
    let focused = RwSignal::new(false);
    let chips = chosen.map(|chosen| filters.into_iter().map(|f| filter_chip(f, chosen)).collect_view());
    let show_recent = move || focused.get() && query.with(String::is_empty);
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        if let Some(cb) = on_submit {
            cb.run(query.get_untracked());
        }
    };
    view! {
        <form class="search" role="search" on:submit=submit>
            {search_field(label, query, focused)}
            {move || offline.get().then(|| view! { <p class="search-offline">{icon(Glyph::CLOUD_OFF)}<span>{t("ui.search-local")}</span></p> })}
            {chips.map(|c| view! { <div class="chips" role="group" aria-label=t("ui.filters")>{c}</div> })}
            {move || show_recent().then(|| recent_chips(recent, query))}
        </form>
    }
    .into_any()
}

fn search_field(label: Text, query: RwSignal<String>, focused: RwSignal<bool>) -> AnyView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let words = query.get();
        if let Some(input) = node.get().filter(|i| i.value() != words) {
            input.set_value(&words);
        }
    });
    let clear = move || {
        query.set(String::new());
        if let Some(input) = node.get_untracked() {
            let _ = input.focus();
        }
    };
    let clear_button = move || {
        (!query.with(String::is_empty))
            .then(|| view! { <IconButton glyph=Glyph::CLOSE label=t("ui.clear") on_press=clear /> })
    };
    view! {
        <div class="search-box">
            {icon(Glyph::SEARCH)}
            <input class="search-input" type="search" node_ref=node aria-label=label.attr() placeholder=label.attr()
                autocomplete="off" enterkeyhint="search" on:input=move |ev| query.set(event_target_value(&ev))
                on:focus=move |_| focused.set(true) on:blur=move |_| focused.set(false) />
            {clear_button}
        </div>
    }
    .into_any()
}

fn filter_chip(filter: Filter, chosen: RwSignal<Vec<&'static str>>) -> AnyView {
    let id = filter.id;
    let on = move || chosen.with(|c| c.contains(&id));
    let toggle = move |_| {
        chosen.update(|c| match c.iter().position(|i| *i == id) {
            Some(at) => drop(c.remove(at)),
            None => c.push(id),
        })
    };
    let count = filter.count.map(|n| view! { <span class="pill-count">{grouped(n)}</span> });
    view! {
        <button type="button" class="pill" aria-pressed=move || on().to_string() on:click=toggle>
            {move || on().then(|| icon(Glyph::CHECK))}
            <span>{filter.label.view()}</span>{count}
        </button>
    }
    .into_any()
}

fn recent_chips(recent: Signal<Vec<String>>, query: RwSignal<String>) -> AnyView {
    let chip = move |words: String| {
        let pick = words.clone();
        // mousedown comes before the field's blur, which would take the chip away from under the finger.
        view! {
            <button type="button" class="pill" on:mousedown=|ev| ev.prevent_default() on:click=move |_| query.set(pick.clone())>
                {icon(Glyph::CLOCK)}<span>{words}</span>
            </button>
        }
        .into_any()
    };
    view! { <div class="chips" role="group" aria-label=t("ui.recent")>{recent.get().into_iter().map(chip).collect_view()}</div> }
        .into_any()
}

/// Cuts `text` at each place where `query` stands (Latin letters of either case), for [`highlight`].
pub fn matches<'a>(text: &'a str, query: &str) -> Vec<(bool, &'a str)> {
    let query = query.trim();
    if query.is_empty() {
        return vec![(false, text)];
    }
    let (mut parts, mut rest_from, mut at) = (Vec::new(), 0, 0);
    while at < text.len() {
        match prefix_len(&text[at..], query) {
            Some(len) => {
                if rest_from < at {
                    parts.push((false, &text[rest_from..at]));
                }
                parts.push((true, &text[at..at + len]));
                at += len;
                rest_from = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if rest_from < text.len() {
        parts.push((false, &text[rest_from..]));
    }
    parts
}

/// Bytes of `text` that spell `query` at its beginning, whatever the case.
fn prefix_len(text: &str, query: &str) -> Option<usize> {
    let mut here = text.char_indices();
    for wanted in query.chars() {
        let (_, found) = here.next()?;
        if !found.eq_ignore_ascii_case(&wanted) {
            return None;
        }
    }
    Some(here.next().map_or(text.len(), |(at, _)| at))
}

/// The text with what was searched for marked.
pub fn highlight(text: &str, query: &str) -> AnyView {
    let part = |(found, words): (bool, &str)| {
        let words = words.to_string();
        if found { view! { <mark>{words}</mark> }.into_any() } else { words.into_any() }
    };
    matches(text, query).into_iter().map(part).collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn what_is_found_is_marked_whatever_its_case() {
        assert_eq!(matches("李红柳滩", "红柳"), [(false, "李"), (true, "红柳"), (false, "滩")]);
        assert_eq!(matches("LB02-lb02", "Lb"), [(true, "LB"), (false, "02-"), (true, "lb"), (false, "02")]);
    }

    #[test]
    fn nothing_sought_or_found_leaves_the_text_whole() {
        assert_eq!(matches("张三", " "), [(false, "张三")]);
        assert_eq!(matches("张三", "李"), [(false, "张三")]);
        assert_eq!(matches("", "李"), []);
    }

    #[test]
    fn marks_never_cut_a_character() {
        assert_eq!(matches("阿a依古丽", "A依"), [(false, "阿"), (true, "a依"), (false, "古丽")]);
        assert_eq!(matches("aab", "ab"), [(false, "a"), (true, "ab")]);
    }
}
