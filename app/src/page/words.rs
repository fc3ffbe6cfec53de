//! The task that brings one field's words to the disk, one write at a time. It outlives the field: what the
//! disk would not take is tried again, and waits for the next field on the same words.

use super::form::Form;
use super::typing::Typing;
use crate::i18n::t;
use crate::ui::Tone;
use domain::DocId;
use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const AUTOSAVE: Duration = Duration::from_millis(500);
/// A full phone is asked again so often whether there is room now.
const AGAIN: Duration = Duration::from_secs(3);

thread_local! {
    /// Words that were typed and that no disk has, with their document.
    static HOMELESS: RefCell<Vec<(DocId, Words)>> = RefCell::default();
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// While there are such words the browser asks before it closes the page.
fn ask_before_closing() {
    if !WATCHED.replace(true) {
        let _ = window_event_listener(leptos::ev::beforeunload, |event| {
            if HOMELESS.with_borrow(|words| !words.is_empty()) {
                event.prevent_default();
            }
        });
    }
}

/// The words of one field and where they are.
#[derive(Clone)]
pub(super) struct Words(Arc<Mutex<State>>);

struct State {
    key: &'static str,
    typing: Typing,
    /// The field that shows them, while there is one.
    value: Option<RwSignal<String>>,
    busy: bool,
    waiting: Vec<oneshot::Sender<()>>,
    timer: Option<TimeoutHandle>,
    trouble: Option<String>,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Words {
    /// Those that an earlier field could not bring to the disk, or fresh ones.
    pub fn of(doc: DocId, key: &'static str, stored: &str, merges: bool) -> Self {
        let left = HOMELESS.with_borrow(|all| {
            let found = all.iter().find(|(of, words)| *of == doc && words.lock().key == key);
            found.map(|(_, words)| words.clone())
        });
        if let Some(left) = left {
            left.lock().typing.take_in(stored);
            return left;
        }
        let (typing, waiting) = (Typing::new(stored, merges), vec![]);
        let state = State { key, typing, value: None, busy: false, waiting, timer: None, trouble: None };
        Self(Arc::new(Mutex::new(state)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the field shows.
    pub fn shown(&self) -> String {
        self.lock().typing.shown().into()
    }

    /// The field that shows them from now on.
    pub fn show_in(&self, value: RwSignal<String>) {
        self.lock().value = Some(value);
    }

    /// Is anything typed that the disk does not have?
    pub fn is_unwritten(&self) -> bool {
        self.lock().typing.is_unwritten()
    }

    /// Why the disk does not have them, if it was asked and would not.
    pub fn trouble(&self) -> Option<String> {
        let state = self.lock();
        state.trouble.clone().filter(|_| state.typing.is_unwritten())
    }

    /// Takes what the field has now; true when the disk does not have it.
    pub fn typed(&self, now: &str) -> bool {
        let mut state = self.lock();
        state.typing.type_in(now);
        state.typing.is_unwritten()
    }

    /// The disk has these now.
    pub fn take_in(&self, now: &str, form: Form) {
        self.change(|typing| typing.take_in(now));
        self.settle(form);
    }

    /// Nothing is left to try again when the disk has the words after all: a write whose answer was lost with the
    /// tab that leads had been done.
    pub fn settle(&self, form: Form) {
        let is_over = {
            let state = self.lock();
            state.trouble.is_some() && !state.typing.is_unwritten()
        };
        if is_over {
            HOMELESS.with_borrow_mut(|all| all.retain(|(_, words)| words != self));
            self.end_trouble();
            form.tell();
        }
    }

    /// A change that did not come from the keyboard: the field shows it.
    fn change(&self, how: impl FnOnce(&mut Typing)) {
        let (value, shown) = {
            let mut state = self.lock();
            how(&mut state.typing);
            (state.value, state.typing.shown().to_string())
        };
        if let Some(value) = value.filter(|value| value.try_with_untracked(|now| *now != shown) == Some(true))
        {
            value.try_set(shown);
        }
    }

    /// Writes when nobody has typed for a while.
    pub fn write_later(&self, form: Form) {
        self.write_in(AUTOSAVE, form);
    }

    fn write_in(&self, wait: Duration, form: Form) {
        let words = self.clone();
        let timer = set_timeout_with_handle(move || words.write_soon(form), wait).ok();
        if let Some(before) = std::mem::replace(&mut self.lock().timer, timer) {
            before.clear();
        }
    }

    /// Writes now, and does not wait for it.
    pub fn write_soon(&self, form: Form) {
        let words = self.clone();
        spawn_local(async move { words.write(form).await });
    }

    /// Writes until the disk has what was typed, or would not take it.
    pub async fn write(&self, form: Form) {
        while let Some(other) = self.join() {
            let _ = other.await;
        }
        if !self.begin() {
            return self.settle(form);
        }
        while self.write_once(form).await {}
        self.end();
        form.tell();
    }

    /// True when something was written: there may be more by now.
    async fn write_once(&self, form: Form) -> bool {
        let edit = {
            let mut state = self.lock();
            let key = state.key;
            state.typing.hand_over(key)
        };
        let Some(edit) = edit else { return false };
        let said = form.ask(edit).await;
        HOMELESS.with_borrow_mut(|all| all.retain(|(_, words)| words != self));
        let Some((why, may_help)) = said else {
            self.change(Typing::written);
            self.end_trouble();
            return true;
        };
        HOMELESS.with_borrow_mut(|all| all.push((form.doc, self.clone())));
        ask_before_closing();
        self.change(Typing::not_written);
        let first = self.lock().trouble.replace(why.clone()).is_none();
        if first && self.lock().value.is_none() {
            super::toasts().fail(why);
        }
        if may_help {
            self.write_in(AGAIN, form);
        }
        false
    }

    fn end_trouble(&self) {
        let (was, gone) = {
            let mut state = self.lock();
            (state.trouble.take(), state.value.is_none())
        };
        if was.is_some() && gone {
            super::toasts().tell(Tone::Ok, t("page.kept"));
        }
    }

    /// Whoever writes already: wait for them.
    fn join(&self) -> Option<oneshot::Receiver<()>> {
        let mut state = self.lock();
        state.busy.then(|| {
            let (sender, receiver) = oneshot::channel();
            state.waiting.push(sender);
            receiver
        })
    }

    fn begin(&self) -> bool {
        let mut state = self.lock();
        state.busy = state.typing.is_unwritten();
        state.busy
    }

    fn end(&self) {
        let waiting = {
            let mut state = self.lock();
            state.busy = false;
            std::mem::take(&mut state.waiting)
        };
        for one in waiting {
            let _ = one.send(());
        }
    }

    /// This field goes; what is not on the disk is written, or waits for the next one.
    pub fn leave(&self, value: RwSignal<String>, form: Form) {
        let unwritten = {
            let mut state = self.lock();
            if state.value == Some(value) {
                state.value = None;
            }
            state.typing.is_unwritten()
        };
        if unwritten {
            self.write_soon(form);
        }
    }
}
