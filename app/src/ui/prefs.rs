//! What a person chose about looks: theme, contrast, letter size, 关怀模式, language.
//! Kept in localStorage of this phone (no personal data), applied as attributes on `<html>`, where `style/` reads them.

use crate::i18n::{self, Lang};
use leptos::prelude::*;
use std::sync::LazyLock;

const KEY: &str = "ui.prefs";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the phone is set.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Letter sizes of the settings page: 标准 · 较大 · 大 · 特大 · 最大.
pub const FONT_STEPS: [&str; 5] = ["1", "1.15", "1.3", "1.5", "1.8"];

/// All choices together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// Light, dark or as the phone.
    pub theme: Theme,
    /// High contrast asked for here (the phone's own wish is followed anyway).
    pub contrast: bool,
    /// Index into [`FONT_STEPS`].
    pub font: u8,
    /// 关怀模式: bigger targets, one column, fewer things.
    pub care: bool,
    /// Language of the screens.
    pub lang: Lang,
}

impl Prefs {
    /// Reads `theme=dark;contrast=more;font=2;care=on;lang=en`; what it does not understand stays as by default.
    pub fn parse(kept: &str) -> Self {
        let mut prefs = Prefs::default();
        for (key, value) in kept.split(';').filter_map(|pair| pair.split_once('=')) {
            match key {
                "theme" => prefs.theme = Theme::from_name(value),
                "contrast" => prefs.contrast = value == "more",
                "font" => {
                    prefs.font = value.parse().ok().filter(|f| (*f as usize) < FONT_STEPS.len()).unwrap_or(0)
                }
                "care" => prefs.care = value == "on",
                "lang" => prefs.lang = Lang::from_tag(value),
                _ => {}
            }
        }
        prefs
    }

    /// The opposite of [`Prefs::parse`].
    pub fn print(&self) -> String {
        format!(
            "theme={};contrast={};font={};care={};lang={}",
            self.theme.name(),
            if self.contrast { "more" } else { "auto" },
            self.font,
            if self.care { "on" } else { "off" },
            self.lang.tag(),
        )
    }

    /// The letter size of now, as in `data-fs`.
    pub fn font_step(&self) -> &'static str {
        FONT_STEPS.get(self.font as usize).copied().unwrap_or("1")
    }
}

impl Theme {
    /// Value of `data-theme`.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme of a name; what is not known follows the phone.
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}

static PREFS: LazyLock<ArcRwSignal<Prefs>> = LazyLock::new(ArcRwSignal::default);

/// The choices of now; tracked in a reactive closure.
pub fn prefs() -> Prefs {
    PREFS.get()
}

/// Changes choices, keeps them and applies them at once: `change(|p| p.care = true)`.
pub fn change(how: impl FnOnce(&mut Prefs)) {
    let mut prefs = PREFS.get_untracked();
    how(&mut prefs);
    if let Some(storage) = storage() {
        // A full or forbidden storage only means that the choice ends with this page.
        let _ = storage.set_item(KEY, &prefs.print());
    }
    set(prefs);
}

/// Changes the language. English texts are fetched first; false when they could not be, and nothing has changed.
pub async fn speak(lang: Lang) -> bool {
    let ready = lang == Lang::Zh || i18n::english::fetch().await;
    if ready {
        change(|prefs| prefs.lang = lang);
    }
    ready
}

/// Reads what was kept on this phone and applies it. Call once, before the first view is drawn.
pub fn provide() {
    i18n::english::take_over();
    let kept = storage().and_then(|s| s.get_item(KEY).ok().flatten()).unwrap_or_default();
    set(Prefs::parse(&kept));
}

fn set(prefs: Prefs) {
    apply(&prefs);
    PREFS.set(prefs);
    i18n::set_lang(prefs.lang);
}

fn apply(prefs: &Prefs) {
    let Some(html) = document().document_element() else { return };
    let contrast = if prefs.contrast { "more" } else { "auto" };
    let care = if prefs.care { "on" } else { "off" };
    for (name, value) in [
        ("data-theme", prefs.theme.name()),
        ("data-contrast", contrast),
        ("data-fs", prefs.font_step()),
        ("data-care", care),
        ("lang", prefs.lang.tag()),
    ] {
        let _ = html.set_attribute(name, value);
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let prefs = Prefs { theme: Theme::Dark, contrast: true, font: 4, care: true, lang: Lang::En };
        assert_eq!(Prefs::parse(&prefs.print()), prefs);
    }

    #[test]
    fn rubbish_in_the_storage_means_defaults() {
        assert_eq!(Prefs::parse("theme=pink;font=99;;x;care=maybe;lang=ug"), Prefs::default());
        assert_eq!(Prefs::parse(""), Prefs::default());
    }
}
