//! Deadlines and moments in the words of pages; the words themselves are the kit's.

use crate::i18n::{t, t1};
use crate::ui::when;
use domain::{DAY_MS, date_of, start_of};

/// Device time now, UTC ms.
pub fn now_ms() -> i64 {
    when::now_ms()
}

/// A moment for lists.
pub fn when(at_ms: i64) -> String {
    when::ago(at_ms)
}

/// `10:32`.
pub fn clock(at_ms: i64) -> String {
    when::clock(at_ms)
}

/// Date and time in full, for details and print.
pub fn full(at_ms: i64) -> String {
    when::full(at_ms)
}

/// What is left until a deadline: `还剩 3 天`, `今天到期`, `已超期 2 天`; and whether it has passed.
pub fn due(due_ms: i64) -> (String, bool) {
    let (year, month, day) = date_of(now_ms());
    let days = (due_ms - start_of(year, month, day)).div_euclid(DAY_MS);
    match days {
        days if due_ms < now_ms() => (t1("when.overdue", (-days).max(1)), true),
        0 => (t("when.due-today").into(), false),
        days => (t1("when.due-in", days), false),
    }
}
