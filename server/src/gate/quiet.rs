//! Automerge trusts its input and panics on bad bytes. Here a panic becomes a value, silently:
//! the log shows one line with the source place, not a stack trace per hostile byte.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Source place of a caught panic, `file.rs:line`. Holds no data of the change.
#[derive(Debug)]
pub(super) struct Panicked(pub String);

/// Runs `work`; a panic in it ends here. Nothing that `work` borrowed mutably may be used afterwards.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    install();
    let outer = CATCHING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    result.map_err(|_payload| Panicked(PLACE.take()))
}

/// Puts one hook before the one that is there: threads that are catching stay quiet, all others speak as before.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| if CATCHING.get() { note(info) } else { before(info) }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|at| {
        let file = at.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!("{file}:{}", at.line())
    });
    PLACE.set(place.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_place_and_later_work_goes_on() {
        let place = catch(|| -> u8 { panic!("bad byte") }).expect_err("caught").0;
        assert!(place.starts_with("quiet.rs:"), "{place}");
        assert_eq!(catch(|| 7).expect("no panic"), 7);
        assert!(!CATCHING.get(), "other panics of this thread are shown again");
    }
}
