//! Times for people: 刚刚 / 12 分钟前 / 今天 10:32 / 昨天 / 11月23日 / 2025年11月23日, the full time on tap.
//! Days are Beijing days, as everywhere in the product.

use super::text::Text;
use crate::i18n::{Lang, lang, t, t1, tn};
use domain::{DAY_MS, date_of, start_of};
use leptos::prelude::*;

const MINUTE: i64 = 60_000;

/// `10:32`
pub fn clock(at_ms: i64) -> String {
    let (y, m, d) = date_of(at_ms);
    let minutes = (at_ms - start_of(y, m, d)) / MINUTE;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `11月23日` or `2025年11月23日`; `23 Nov`, `23 Nov 2025` in English.
pub fn day(at_ms: i64, with_year: bool) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (y, m, d) = date_of(at_ms);
    match (lang(), with_year) {
        (Lang::Zh, false) => format!("{m}月{d}日"),
        (Lang::Zh, true) => format!("{y}年{m}月{d}日"),
        (Lang::En, false) => format!("{d} {}", MONTHS[m as usize - 1]),
        (Lang::En, true) => format!("{d} {} {y}", MONTHS[m as usize - 1]),
    }
}

/// The short form, for lists and chips, seen at `now_ms`.
pub fn short(at_ms: i64, now_ms: i64) -> String {
    let (year, month, date) = date_of(now_ms);
    let (today, age) = (start_of(year, month, date), now_ms - at_ms);
    if (0..MINUTE).contains(&age) {
        t("when.now").to_string()
    } else if (0..60 * MINUTE).contains(&age) {
        tn("when.minutes", (age / MINUTE) as usize)
    } else if (today..today + DAY_MS).contains(&at_ms) {
        t1("when.today", clock(at_ms))
    } else if (today - DAY_MS..today).contains(&at_ms) {
        t("when.yesterday").to_string()
    } else {
        day(at_ms, date_of(at_ms).0 != year)
    }
}

/// The full form: `2026年11月23日 10:32`.
pub fn full(at_ms: i64) -> String {
    format!("{} {}", day(at_ms, true), clock(at_ms))
}

/// Like [`short`], seen now by the phone's clock.
pub fn ago(at_ms: i64) -> String {
    short(at_ms, now_ms())
}

/// The phone's clock, UTC ms. Only for showing: what counts is stamped by worker and server.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A time that shows its full form when tapped. Not inside something that is itself a button: there use [`ago`].
#[component]
pub fn When(
    /// UTC milliseconds.
    at_ms: i64,
    /// Words before it: 更新于.
    #[prop(optional, into)]
    before: Text,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let words = move || if open.get() { full(at_ms) } else { ago(at_ms) };
    let expanded = move || open.get().to_string();
    view! {
        <button type="button" class="when" aria-expanded=expanded on:click=move |_| open.update(|o| *o = !*o)>
            {before.view()} " " <span>{words}</span>
        </button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 10:32 in Beijing.
    const NOW: i64 = 1_795_401_120_000;

    #[test]
    fn near_times_are_told_as_people_tell_them() {
        let say = |ago: i64| short(NOW - ago, NOW);
        assert_eq!(say(5_000), "刚刚");
        assert_eq!(say(12 * MINUTE), "12 分钟前");
        assert_eq!(say(2 * 60 * MINUTE), "今天 08:32");
        assert_eq!(say(DAY_MS), "昨天");
        assert_eq!(say(20 * DAY_MS), "11月3日");
        assert_eq!(say(365 * DAY_MS), "2025年11月23日");
        assert_eq!(full(NOW), "2026年11月23日 10:32");
    }

    #[test]
    fn a_clock_ahead_of_ours_is_not_called_now() {
        assert_eq!(short(NOW + 3 * MINUTE, NOW), "今天 10:35");
    }

    #[test]
    fn yesterday_ends_at_midnight_in_beijing() {
        let midnight = NOW - (10 * 60 + 32) * MINUTE;
        assert_eq!(short(midnight - 1, NOW), "昨天");
        assert_eq!(short(midnight, NOW), "今天 00:00");
    }
}
