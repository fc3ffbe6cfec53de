//! Fields that save themselves: 500 ms after the last key the words are on the phone's disk. What others
//! write meanwhile flows in without taking a letter away from whoever is typing.

use crate::client::{Client, client};
use crate::i18n::{Lang, lang, t, t1};
use crate::page::{clock, now_ms, sentence};
use domain::bridge::{Answer, Ask, Opened};
use domain::{DocId, Edit, Value, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

const AUTOSAVE: Duration = Duration::from_millis(500);

/// Where a form's words are.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saved {
    /// As it was opened.
    #[default]
    Clean,
    /// Typed, not yet written.
    Dirty,
    /// On this phone's disk since then (device time, UTC ms).
    Here(i64),
    /// Not written, and why; the words are still in the field.
    Failed(String),
}

/// A form on one document.
#[derive(Clone, Copy)]
pub struct Form {
    doc: DocId,
    opened: Signal<Box<Opened>>,
    client: Client,
    /// Where the words are.
    pub saved: RwSignal<Saved>,
    pending: StoredValue<Vec<Callback<()>>>,
}

impl Form {
    /// A form on this document. Leaving the page writes what is still in its fields.
    pub fn new(doc: DocId, opened: impl Into<Signal<Box<Opened>>>) -> Self {
        let opened = opened.into();
        let form = Self {
            doc,
            opened,
            client: client(),
            saved: RwSignal::default(),
            pending: StoredValue::new(vec![]),
        };
        let _ = window_event_listener(leptos::ev::visibilitychange, move |_| {
            if document().hidden() {
                form.flush();
            }
        });
        form
    }

    /// Writes what is still in the fields now.
    pub fn flush(self) {
        let writes = self.pending.try_with_value(Clone::clone).unwrap_or_default();
        // A field that is gone has written its words when it went.
        writes.iter().for_each(|write| {
            write.try_run(());
        });
    }

    /// A long text that merges with others' typing.
    pub fn text(self, key: &'static str) -> RwSignal<String> {
        self.words(key, true)
    }

    /// A short text; the later edit wins.
    pub fn line(self, key: &'static str) -> RwSignal<String> {
        self.words(key, false)
    }

    fn words(self, key: &'static str, merges: bool) -> RwSignal<String> {
        let stored = Memo::new(move |_| self.opened.with(|opened| string_at(opened, key)));
        let value = RwSignal::new(stored.get_untracked());
        let base = StoredValue::new(stored.get_untracked());
        Effect::new(move |_| take_in(&stored.get(), value, base));
        let write = Callback::new(move |()| {
            let (Some(old), Some(new)) = (base.try_get_value(), value.try_get_untracked()) else { return };
            if old != new {
                let edit = if merges {
                    Edit::Text { key: key.into(), base: old, text: new.clone() }
                } else {
                    Edit::Set { key: key.into(), value: Value::Str(new.clone()) }
                };
                base.set_value(new);
                self.send(edit);
            }
        });
        self.pending.update_value(|pending| pending.push(write));
        // Here and not in `new`: a field lives shorter than its form, and takes its words along when it goes.
        on_cleanup(move || {
            write.try_run(());
        });
        let timer: StoredValue<Option<TimeoutHandle>> = StoredValue::new(None);
        Effect::new(move |first: Option<()>| {
            value.track();
            if first.is_none() || base.with_value(|base| value.with_untracked(|now| base == now)) {
                return;
            }
            self.saved.set(Saved::Dirty);
            if let Some(handle) = timer.get_value() {
                handle.clear();
            }
            timer.set_value(
                set_timeout_with_handle(
                    move || {
                        write.try_run(());
                    },
                    AUTOSAVE,
                )
                .ok(),
            );
        });
        value
    }

    /// Yes or no; written at once.
    pub fn yes(self, key: &'static str) -> RwSignal<bool> {
        let stored = Memo::new(move |_| self.opened.with(|o| o.values.get(key) == Some(&Value::Bool(true))));
        let value = RwSignal::new(stored.get_untracked());
        Effect::new(move |_| value.set(stored.get()));
        Effect::new(move |first: Option<()>| {
            let now = value.get();
            if first.is_some() && now != stored.get_untracked() {
                self.send(Edit::Set { key: key.into(), value: Value::Bool(now) });
            }
        });
        value
    }

    /// Writes one edit now.
    pub fn send(self, edit: Edit) {
        let (client, saved, doc) = (self.client, self.saved, self.doc);
        spawn_local(async move {
            let now = match client.ask(Ask::Edit { doc, edits: vec![edit] }).await {
                Answer::Refused(refusal) => Saved::Failed(sentence(&refusal)),
                Answer::Failed(_, zh, en) => Saved::Failed(if lang() == Lang::Zh { zh } else { en }),
                _ => Saved::Here(now_ms()),
            };
            saved.try_set(now);
        });
    }

    /// What the line under the form says.
    pub fn state_words(self) -> String {
        match self.saved.get() {
            Saved::Clean => String::new(),
            Saved::Dirty => t("form.saving").into(),
            Saved::Here(at) => t1("form.here", clock(at)),
            Saved::Failed(why) => why,
        }
    }
}

fn string_at(opened: &Opened, key: &str) -> String {
    match opened.values.get(key) {
        Some(Value::Str(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The store has `now`: show it, and what is typed but not yet written on top of it.
fn take_in(now: &str, value: RwSignal<String>, base: StoredValue<String>) {
    let old = base.get_value();
    if old == now {
        return;
    }
    let typed = value.get_untracked();
    let merged = match text::diff(&old, &typed) {
        None => now.to_string(),
        Some(mine) => text::apply(now, &text::rebase(&old, &mine, now)),
    };
    base.set_value(now.into());
    if merged != typed {
        value.set(merged);
    }
}
