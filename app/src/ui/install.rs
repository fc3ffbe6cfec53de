//! InstallGuide: how to put the app on the home screen, in three pictures, for Android and iPhone; and the bar
//! for the browser inside a chat app, where writing, voting and signing are off.

use super::chip::Tone;
use super::glyph::{Glyph, icon_in};
use super::noticebar::NoticeBar;
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// Whose steps are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Chrome and its relatives on Android.
    Android,
    /// Safari on iPhone and iPad.
    Apple,
}

impl Platform {
    /// Which steps fit a browser's `userAgent`.
    pub fn of(agent: &str) -> Self {
        let apple = agent.contains("iPhone") || agent.contains("iPad") || agent.contains("Macintosh");
        if apple { Platform::Apple } else { Platform::Android }
    }

    fn steps(self) -> [(Glyph, &'static str); 3] {
        match self {
            Platform::Android => [
                (Glyph::PIC_MENU, t("install.android-1")),
                (Glyph::PIC_INSTALL, t("install.android-2")),
                (Glyph::PIC_HOME, t("install.android-3")),
            ],
            Platform::Apple => [
                (Glyph::PIC_SHARE, t("install.apple-1")),
                (Glyph::PIC_ADD, t("install.apple-2")),
                (Glyph::PIC_HOME, t("install.apple-3")),
            ],
        }
    }
}

/// Whether the page runs inside a chat app's browser (微信、企业微信、钉钉、飞书、QQ).
pub fn in_chat_browser(agent: &str) -> bool {
    ["MicroMessenger", "wxwork", "DingTalk", "Lark", "Feishu", "QQ/"].iter().any(|name| agent.contains(name))
}

/// Three steps with pictures, for the phone in the hand first; the other phone behind a tab.
#[component]
pub fn InstallGuide(
    /// The phone in the hand.
    platform: Platform,
) -> impl IntoView {
    let shown = RwSignal::new(platform);
    let tab = move |p: Platform, words: &'static str| {
        view! {
            <button type="button" class="pill" aria-pressed=move || (shown.get() == p).to_string() on:click=move |_| shown.set(p)>{words}</button>
        }
        .into_any()
    };
    view! {
        <section class="install">
            <h2 class="install-title">{t("install.title")}</h2>
            <p class="install-why">{t("install.why")}</p>
            <div class="chips" role="group" aria-label=t("install.which")>
                {tab(Platform::Android, t("install.android"))}
                {tab(Platform::Apple, t("install.apple"))}
            </div>
            <ol class="install-steps">{move || shown.get().steps().into_iter().map(step).collect_view()}</ol>
        </section>
    }
    .into_any()
}

fn step((picture, words): (Glyph, &'static str)) -> AnyView {
    view! { <li class="install-step">{icon_in("pic", picture)}<p>{words}</p></li> }.into_any()
}

/// Says how to get out of a chat app's browser, with a button that copies the address.
#[component]
pub fn ChatBrowserBar(
    /// Copies the address of the page.
    #[prop(into)]
    on_copy: Callback<()>,
) -> impl IntoView {
    view! {
        <NoticeBar tone=Tone::Info glyph=Glyph::EXTERNAL text=t("install.chat") action=(Text::from(t("install.copy")), on_copy) />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_fit_the_phone() {
        assert_eq!(Platform::of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)"), Platform::Apple);
        assert_eq!(Platform::of("Mozilla/5.0 (Linux; Android 10; Redmi)"), Platform::Android);
    }

    #[test]
    fn chat_browsers_are_known_and_others_are_not() {
        assert!(in_chat_browser("Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0.40"));
        assert!(in_chat_browser("Mozilla/5.0 (iPhone) AliApp(DingTalk/6.5)"));
        assert!(!in_chat_browser("Mozilla/5.0 (Linux; Android 12) Chrome/110"));
    }
}
