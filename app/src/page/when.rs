//! Times as people say them: 刚刚 · 12 分钟前 · 今天 10:32 · 昨天 · 11月23日 · 2025年11月23日.

use crate::i18n::{t, t1, t2};
use domain::{DAY_MS, date_of, date_text, start_of};

/// Device time now, UTC ms.
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// A moment for lists.
pub fn when(at_ms: i64) -> String {
    when_at(at_ms, now_ms())
}

fn when_at(at: i64, now: i64) -> String {
    let (year, month, day) = date_of(now);
    let today = start_of(year, month, day);
    let (y, m, d) = date_of(at);
    match now - at {
        gone if (0..60_000).contains(&gone) => t("when.now").into(),
        gone if (0..3_600_000).contains(&gone) => t1("when.minutes", gone / 60_000),
        _ if at >= today && at < today + DAY_MS => t1("when.today", clock(at)),
        _ if at >= today - DAY_MS && at < today => t1("when.yesterday", clock(at)),
        _ if y == year => t2("when.day", m, d),
        _ => crate::i18n::t3("when.date", y, m, d),
    }
}

/// `10:32` in Beijing.
pub fn clock(at_ms: i64) -> String {
    let minutes = (at_ms + 8 * 3_600_000).rem_euclid(DAY_MS) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Date and time in full, for details and print.
pub fn full(at_ms: i64) -> String {
    format!("{} {}", date_text(at_ms), clock(at_ms))
}

/// What is left until a deadline: `还剩 3 天`, `今天到期`, `已超期 2 天`; and whether it has passed.
pub fn due(due_ms: i64) -> (String, bool) {
    let left = due_ms - now_ms();
    match left.div_euclid(DAY_MS) {
        days if left < 0 => (t1("when.overdue", -days), true),
        0 => (t("when.due-today").into(), false),
        days => (t1("when.due-in", days), false),
    }
}
