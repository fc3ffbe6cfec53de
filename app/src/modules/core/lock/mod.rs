//! Locking this phone: the lock screen, choosing a lock, and 设置→锁. What the locks are made of is the
//! worker's business.

mod choose;
mod pad;
mod prove;
mod settings;
mod share;
mod unlock;

pub use settings::LockSettings;

use crate::i18n::{Lang, lang, t, t1};
use crate::shell::Phase;
use crate::ui::{NoticeBar, Tone};
use domain::bridge::Answer;
use leptos::prelude::*;

/// The page between sign-in and the app.
pub fn page(phase: Phase) -> AnyView {
    match phase {
        Phase::Locked => view! { <unlock::LockScreen /> }.into_any(),
        _ => view! { <choose::ChooseLock /> }.into_any(),
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
        Answer::Failed(code, zh, en) => format!("{}（{code}）", if lang() == Lang::Zh { zh } else { en }),
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
