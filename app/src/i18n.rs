//! Words in two languages. Texts live in `locales/*.json` (and in each module's own `locales/`), are
//! checked by `build.rs`, and are asked for by key: `t("ui.save")`. The Chinese ones are in the program.
//!
//! Chinese is the default. The language is one signal for the whole app; [`Localized`] draws its
//! children anew when it changes, so that inside it `t` may be called anywhere, without closures.

pub mod english;
pub mod hash;

use leptos::prelude::*;
use std::sync::LazyLock;

mod table {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// A language of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 简体中文
    #[default]
    Zh,
    /// English
    En,
}

impl Lang {
    /// The BCP 47 name, as on `<html lang>` and in the settings.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// Reads a BCP 47 name; what we do not speak becomes Chinese.
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Lang::En } else { Lang::Zh }
    }
}

static LANG: LazyLock<ArcRwSignal<Lang>> = LazyLock::new(ArcRwSignal::default);

/// The language now; tracked when asked inside a reactive closure.
pub fn lang() -> Lang {
    LANG.get()
}

/// Of a sentence in both languages the one of now.
pub fn either<'a>(zh: &'a str, en: &'a str) -> &'a str {
    if lang() == Lang::Zh { zh } else { en }
}

/// Switches the language. Called by [`crate::ui::prefs`] only, which also keeps the choice. Without the English
/// texts it stays Chinese: one page never speaks two languages.
pub fn set_lang(wanted: Lang) {
    let lang = if english::here() { wanted } else { Lang::Zh };
    if LANG.get_untracked() != lang {
        LANG.set(lang);
    }
}

/// Draws its children again in the other language when the language is switched.
/// Put once around the app; fields keep their words because drafts are saved as they are typed.
#[component]
pub fn Localized(
    /// The whole app.
    children: ChildrenFn,
) -> impl IntoView {
    move || {
        lang();
        children()
    }
}

/// The text of a key in the language of now. An unknown key is shown as it is, so that the fault is seen.
pub fn t(key: &'static str) -> &'static str {
    find(key).unwrap_or(key)
}

/// The text of a key that is only known at run time (a code from the rulebook); `None` when there is none.
pub fn find(key: &str) -> Option<&'static str> {
    LANG.track();
    text_in(LANG.get_untracked(), key)
}

/// Like [`t`], with `{0}` replaced.
pub fn t1(key: &'static str, arg: impl ToString) -> String {
    fill(t(key), &[&arg.to_string()])
}

/// Like [`t`], with `{0}` and `{1}` replaced.
pub fn t2(key: &'static str, first: impl ToString, second: impl ToString) -> String {
    fill(t(key), &[&first.to_string(), &second.to_string()])
}

/// Like [`t`], with `{0}`, `{1}` and `{2}` replaced.
pub fn t3(key: &'static str, first: impl ToString, second: impl ToString, third: impl ToString) -> String {
    fill(t(key), &[&first.to_string(), &second.to_string(), &third.to_string()])
}

/// Counts: the text may be written `one|many`; `{0}` is the number, grouped by thousands.
pub fn tn(key: &'static str, n: usize) -> String {
    fill(choose(t(key), n), &[&grouped(n)])
}

/// A whole number with separators every three digits: `6,800`.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn text_in(lang: Lang, key: &str) -> Option<&'static str> {
    let hash = hash::key_hash(key);
    if lang == Lang::En {
        return english::text(hash);
    }
    let row = table::HASHES.binary_search(&hash).ok()?;
    table::ZH.get(table::ZH_AT[row] as usize..table::ZH_AT[row + 1] as usize)
}

fn choose(text: &'static str, n: usize) -> &'static str {
    match text.split_once('|') {
        Some((one, many)) => {
            if n == 1 {
                one
            } else {
                many
            }
        }
        None => text,
    }
}

/// One pass over the text, so that braces inside an argument are never read as a place.
fn fill(text: &str, args: &[&str]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let tail = &rest[open..];
        let digit = tail.as_bytes().get(1).map(|b| b.wrapping_sub(b'0') as usize);
        match digit.and_then(|d| args.get(d)) {
            Some(arg) if tail.as_bytes().get(2) == Some(&b'}') => {
                out.push_str(arg);
                rest = &tail[3..];
            }
            _ => {
                out.push('{');
                rest = &tail[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_key_has_a_text() {
        assert_eq!(text_in(Lang::Zh, "state.draft"), Some("草稿"));
        assert_eq!(text_in(Lang::Zh, "no.such.key"), None);
    }

    #[test]
    fn places_are_filled_once_and_foreign_braces_stay() {
        assert_eq!(fill("{0} / {1}", &["{1}", "b"]), "{1} / b");
        assert_eq!(fill("a {x} {7} {", &["b"]), "a {x} {7} {");
        assert_eq!(fill("上传 {0} 条", &["3"]), "上传 3 条");
    }

    #[test]
    fn english_counts_know_one_and_many() {
        assert_eq!(choose("{0} item|{0} items", 1), "{0} item");
        assert_eq!(choose("{0} item|{0} items", 0), "{0} items");
        assert_eq!(choose("{0} 条", 1), "{0} 条");
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        assert_eq!([0, 999, 6800, 1_234_567].map(grouped), ["0", "999", "6,800", "1,234,567"]);
    }

    /// Reads all sources of the screens: whoever writes `t("…")` must also write the text.
    #[test]
    fn every_key_in_the_sources_has_a_text() {
        let mut missing = Vec::new();
        scan(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").as_path(), &mut missing);
        assert!(missing.is_empty(), "keys without text: {missing:?}");
    }

    fn scan(dir: &Path, missing: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).expect("sources are there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                scan(&path, missing);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("i18n.rs") {
                let source = std::fs::read_to_string(&path).expect("a source is text");
                missing.extend(keys_in(&source).filter(|k| text_in(Lang::Zh, k).is_none()));
            }
        }
    }

    fn keys_in(source: &str) -> impl Iterator<Item = String> + '_ {
        let calls = ["t(\"", "t1(\"", "t2(\"", "t3(\"", "tn(\""];
        calls.into_iter().flat_map(move |call| {
            source.match_indices(call).filter_map(move |(at, _)| {
                let before = source[..at].chars().next_back();
                let is_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '!');
                let key = source[at + call.len()..].split('"').next()?;
                (!is_word).then(|| key.to_string())
            })
        })
    }
}
