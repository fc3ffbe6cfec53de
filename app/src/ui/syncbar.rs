//! SyncBar: one calm line under the AppBar that says where this phone's words are. Exactly the texts of guide §6.

use super::chip::{Chip, Tone};
use super::dom::after_ms;
use super::glyph::{Glyph, icon};
use crate::i18n::{t, t1, t2, tn};
use leptos::prelude::*;

/// How long 已同步 stays.
const SYNCED_MS: u64 = 3_000;

/// The one thing worth saying about sync now; the worker's news folded by the shell, most urgent first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SyncState {
    /// Online and all delivered: nothing is shown.
    #[default]
    Quiet,
    /// No network; how many records wait on this phone.
    Offline {
        /// Records not yet sent.
        waiting: u32,
    },
    /// Sending now.
    Syncing {
        /// Records sent of this round.
        done: u32,
        /// Records of this round.
        total: u32,
    },
    /// The server confirmed everything; gone after three seconds.
    Synced {
        /// The clock of this phone, `10:32`.
        at: String,
    },
    /// Refused or failed, each with a reason in 同步中心.
    NotSent(u32),
    /// Two versions of a field want a decision.
    NeedsChoice(u32),
    /// Not delivered for more than three days.
    Stale(u32),
    /// A new version is installed and waits for the person.
    UpdateReady,
}

impl SyncState {
    /// Tone, icon and words; `None` when there is nothing to say.
    pub fn chip(&self) -> Option<Chip> {
        let (tone, glyph, words) = match self {
            SyncState::Quiet => return None,
            SyncState::Offline { waiting: 0 } => (Tone::Off, Glyph::CLOUD_OFF, t("sync.offline").to_string()),
            SyncState::Offline { waiting } => {
                (Tone::Off, Glyph::CLOUD_OFF, tn("sync.offline-waiting", *waiting as usize))
            }
            SyncState::Syncing { done, total } => {
                (Tone::Info, Glyph::REFRESH, t2("sync.syncing", done, total))
            }
            SyncState::Synced { at } => (Tone::Ok, Glyph::CLOUD_OK, t1("sync.synced", at)),
            SyncState::NotSent(n) => (Tone::Warn, Glyph::WARN, tn("sync.not-sent", *n as usize)),
            SyncState::NeedsChoice(n) => (Tone::Warn, Glyph::CHOICE, tn("sync.needs-choice", *n as usize)),
            SyncState::Stale(n) => (Tone::Warn, Glyph::CLOCK, tn("sync.stale", *n as usize)),
            SyncState::UpdateReady => (Tone::Info, Glyph::DOWNLOAD, t("sync.update").to_string()),
        };
        Some(Chip::new(tone, glyph, words))
    }
}

/// What the AppBars below show under themselves.
#[derive(Clone, Copy)]
pub(super) struct SyncLine {
    state: Signal<SyncState>,
    on_press: Callback<()>,
}

/// Puts the line under every AppBar below. Called once, by the shell, with what a tap does: 同步中心, or the update.
pub fn provide_sync_line(state: impl Into<Signal<SyncState>>, on_press: impl Into<Callback<()>>) {
    provide_context(SyncLine { state: state.into(), on_press: on_press.into() });
}

/// The line of the shell, if there is a shell.
pub(super) fn sync_line() -> Option<AnyView> {
    // A context outlives the pages below it: on the lock screen, the line of the app that was open before is still
    // found, and nobody feeds it any more.
    use_context::<SyncLine>()
        .filter(|line| line.state.try_get_untracked().is_some())
        .map(|line| view! { <SyncBar state=line.state on_press=line.on_press /> }.into_any())
}

/// A line of 32 px; a tap leads to 同步中心 (or installs the update).
#[component]
pub fn SyncBar(
    /// What to say.
    #[prop(into)]
    state: Signal<SyncState>,
    /// A tap.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let shown = RwSignal::new(SyncState::Quiet);
    Effect::new(move |_| {
        let now = state.get();
        if let SyncState::Synced { .. } = &now {
            let said = now.clone();
            after_ms(
                SYNCED_MS,
                Box::new(move || {
                    if shown.try_get_untracked() == Some(said) {
                        shown.set(SyncState::Quiet);
                    }
                }),
            );
        }
        shown.set(now);
    });
    let line = move || {
        shown.get().chip().map(|chip| {
            view! {
                <button type="button" class="syncbar" data-tone=chip.tone.name() on:click=move |_| on_press.run(())>
                    {icon(chip.glyph)}
                    <span>{chip.word.view()}</span>
                </button>
            }
            .into_any()
        })
    };
    view! { <div class="syncbar-place" role="status">{line}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(state: SyncState) -> String {
        state.chip().map(|c| c.word.get().to_string()).unwrap_or_default()
    }

    #[test]
    fn the_texts_are_those_of_the_guide() {
        assert_eq!(words(SyncState::Offline { waiting: 3 }), "离线 · 3 条待上传");
        assert_eq!(words(SyncState::Syncing { done: 2, total: 3 }), "正在同步 2/3");
        assert_eq!(words(SyncState::Synced { at: "10:32".into() }), "已同步 10:32");
        assert_eq!(words(SyncState::NotSent(2)), "2 条未送达 · 查看");
        assert_eq!(words(SyncState::NeedsChoice(1)), "1 处需要确认");
        assert_eq!(words(SyncState::Stale(5)), "有 5 条超过 3 天未送达 · 处理");
        assert_eq!(words(SyncState::UpdateReady), "新版本已就绪 · 更新");
        assert_eq!(words(SyncState::Quiet), "");
    }

    #[test]
    fn offline_is_grey_and_never_a_warning() {
        let chip = SyncState::Offline { waiting: 9 }.chip().expect("it is shown");
        assert_eq!((chip.tone, chip.glyph), (Tone::Off, Glyph::CLOUD_OFF));
    }
}
