//! Progress: a bar with n/N, time left and a way out; a ring for files. Never a bare spinner for more than a second.

use super::button::{Button, ButtonKind};
use super::text::Text;
use crate::i18n::{grouped, t, t1, t2, tn};
use leptos::prelude::*;

/// How far a piece of work is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Finished so far.
    pub done: u32,
    /// All of it; 0 while not known.
    pub total: u32,
    /// Estimated seconds left, when there is an estimate.
    pub eta_s: Option<u32>,
}

impl Done {
    /// 0–100, rounded down, so that 100 means finished.
    pub fn percent(&self) -> u32 {
        if self.total == 0 {
            0
        } else {
            (u64::from(self.done.min(self.total)) * 100 / u64::from(self.total)) as u32
        }
    }

    fn words(&self) -> String {
        let counted = t2("ui.of", grouped(self.done as usize), grouped(self.total as usize));
        match self.eta_s {
            None => counted,
            Some(s) if s < 60 => format!("{counted} · {}", tn("ui.eta-s", s.max(1) as usize)),
            Some(s) => format!("{counted} · {}", tn("ui.eta-min", s.div_ceil(60) as usize)),
        }
    }
}

/// A bar with words.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: Text,
    /// How far.
    #[prop(into)]
    done: Signal<Done>,
    /// Stops it; what is finished stays.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let cancel = on_cancel.map(|cb| {
        view! { <Button label=t("ui.stop") kind=ButtonKind::Text small=true on_press=move || cb.run(()) /> }
    });
    view! {
        <div class="progress">
            <div class={"progress-head"}><span class="progress-label">{label.clone().view()}</span>{cancel}</div>
            <div class="progress-track" role="progressbar" aria-label=label.attr() aria-valuemin="0" aria-valuemax="100"
                aria-valuenow=move || done.get().percent().to_string() aria-valuetext=move || done.get().words()>
                <div class="progress-fill" style:width=move || format!("{}%", done.get().percent())></div>
            </div>
            <p class="progress-words">{move || done.get().words()}</p>
        </div>
    }
    .into_any()
}

/// A small ring for one file.
#[component]
pub fn Ring(
    /// 0–100.
    #[prop(into)]
    percent: Signal<u32>,
) -> impl IntoView {
    let rest = move || (100 - percent.get().min(100)).to_string();
    view! {
        <span class="ring" role="img" aria-label=move || t1("ui.percent", percent.get())>
            <svg viewBox="0 0 24 24" aria-hidden="true">
                <circle class="ring-track" cx="12" cy="12" r={"10"}></circle>
                <circle class="ring-fill" cx="12" cy="12" r="10" pathLength="100" stroke-dasharray="100" stroke-dashoffset=rest></circle>
            </svg>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Done;

    #[test]
    fn hundred_means_finished() {
        let at = |done, total| Done { done, total, eta_s: None }.percent();
        assert_eq!(
            [at(0, 0), at(999, 1000), at(1000, 1000), at(7, 3), at(u32::MAX, u32::MAX)],
            [0, 99, 100, 100, 100]
        );
    }

    #[test]
    fn the_time_left_is_told_in_round_words() {
        let words = |eta_s| Done { done: 1200, total: 6800, eta_s }.words();
        assert_eq!(words(None), "1,200/6,800");
        assert_eq!(words(Some(0)), "1,200/6,800 · 约剩 1 秒");
        assert_eq!(words(Some(61)), "1,200/6,800 · 约剩 2 分钟");
    }
}
