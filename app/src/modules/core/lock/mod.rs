//! Locking this phone: the lock screen, choosing a lock, and 设置→锁. What the locks are made of is the
//! worker's business.

mod choose;
mod pad;
mod prove;
mod settings;
mod share;
mod unlock;

pub use settings::LockSettings;

use crate::i18n::{t, t1};
use crate::page::failure;
use crate::shell::{Phase, is_demo};
use crate::ui::{Button, Glyph, NoticeBar, Tone};
use domain::bridge::Answer;
use domain::lock::Secret;
use leptos::prelude::*;

/// The page between sign-in and the app.
pub fn page(phase: Phase) -> AnyView {
    match phase {
        Phase::Locked => view! { <unlock::LockScreen /> }.into_any(),
        _ => view! { <choose::ChooseLock /> }.into_any(),
    }
}

/// In the demonstration nobody has to think of a secret, nor to remember it.
const DEMO_PIN: &str = "271828";
const DEMO_PHRASE: &str = "矿灯亮着回家路上平安";

/// A button with the secret that the demonstration suggests; nothing elsewhere.
fn suggestion(
    strong: bool,
    busy: RwSignal<bool>,
    on_secret: Callback<Secret>,
) -> impl Fn() -> Option<AnyView> {
    let (words, make): (_, fn(String) -> Secret) =
        if strong { (DEMO_PHRASE, Secret::Phrase) } else { (DEMO_PIN, Secret::Pin) };
    move || {
        let press = move || on_secret.run(make(words.into()));
        is_demo().then(|| {
            view! { <Button label=t1("core.lock-demo", words) glyph=Glyph::LOCK loading=busy on_press=press /> }.into_any()
        })
    }
}

/// A wrong secret, and how long to wait.
fn wrong(wait_ms: i64) -> String {
    match wait_ms {
        0 => t("core.lock-wrong").into(),
        1..60_000 => t1("core.lock-wait", (wait_ms + 999) / 1000),
        _ => t1("core.lock-wait-minutes", (wait_ms + 59_999) / 60_000),
    }
}

/// What failed, in the person's language.
fn failed(answer: Answer) -> String {
    match answer {
        Answer::Failed(code, zh, en) => failure(&code, &zh, &en),
        _ => t("core.lock-wrong").into(),
    }
}

/// What went wrong, said aloud.
fn trouble(said: RwSignal<String>) -> impl Fn() -> Option<AnyView> {
    move || {
        let words = said.get();
        (!words.is_empty())
            .then(|| view! { <div role="alert"><NoticeBar tone=Tone::Warn text=words /></div> }.into_any())
    }
}
