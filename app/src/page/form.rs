//! Fields that save themselves: 500 ms after the last key the words are on the phone's disk. What others
//! write meanwhile flows in without taking a letter away from whoever is typing. What could not be written
//! stays in the field and is tried again; it outlives the page, and waits for whoever opens the form anew.

use super::words::Words;
use crate::client::{Client, client};
use crate::i18n::{t, t1};
use crate::page::{clock, failure, now_ms, sentence};
use domain::bridge::{Answer, Ask, Opened};
use domain::{DocId, Edit, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    pub(super) doc: DocId,
    opened: Signal<Box<Opened>>,
    client: Client,
    /// Where the words are.
    pub saved: RwSignal<Saved>,
    fields: StoredValue<Vec<Words>>,
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
            fields: StoredValue::new(vec![]),
        };
        let hidden = window_event_listener(leptos::ev::visibilitychange, move |_| {
            if document().hidden() {
                form.flush();
            }
        });
        on_cleanup(move || hidden.remove());
        form
    }

    /// Writes what is still in the fields now.
    pub fn flush(self) {
        self.words().into_iter().for_each(|words| words.write_soon(self));
    }

    /// Goes on once everything in the fields is on the disk; the line under the form says why when it is not.
    pub fn then(self, next: impl FnOnce() + 'static) {
        let all = self.words();
        spawn_local(async move {
            for words in &all {
                words.write(self).await;
            }
            match all.iter().find_map(|words| words.trouble()) {
                Some(why) => super::toasts().fail(why),
                None => next(),
            }
        });
    }

    fn words(self) -> Vec<Words> {
        self.fields.try_with_value(Clone::clone).unwrap_or_default()
    }

    /// A long text that merges with others' typing.
    pub fn text(self, key: &'static str) -> RwSignal<String> {
        self.field(key, true)
    }

    /// A short text; the later edit wins.
    pub fn line(self, key: &'static str) -> RwSignal<String> {
        self.field(key, false)
    }

    fn field(self, key: &'static str, merges: bool) -> RwSignal<String> {
        let stored = Memo::new(move |_| self.opened.with(|opened| string_at(opened, key)));
        let words = Words::of(self.doc, key, &stored.get_untracked(), merges);
        let value = RwSignal::new(words.shown());
        words.show_in(value);
        self.fields.update_value(|fields| fields.push(words.clone()));
        let (typed, taking) = (words.clone(), words.clone());
        Effect::new(move |_| taking.take_in(&stored.get(), self));
        Effect::new(move |_| {
            let unwritten = value.with(|now| typed.typed(now));
            if unwritten {
                self.tell();
                typed.write_later(self);
            } else {
                typed.settle(self);
            }
        });
        // Here and not in `new`: a field lives shorter than its form, and takes its words along when it goes.
        on_cleanup(move || {
            self.fields.try_update_value(|fields| fields.retain(|other| *other != words));
            words.leave(value, self);
        });
        value
    }

    /// Yes or no; written at once, and back as it was when it could not be.
    pub fn yes(self, key: &'static str) -> RwSignal<bool> {
        let stored = Memo::new(move |_| self.opened.with(|o| o.values.get(key) == Some(&Value::Bool(true))));
        let value = RwSignal::new(stored.get_untracked());
        Effect::new(move |_| value.set(stored.get()));
        Effect::new(move |first: Option<()>| {
            let now = value.get();
            if first.is_some() && now != stored.get_untracked() {
                spawn_local(async move {
                    if !self.wrote(Edit::Set { key: key.into(), value: Value::Bool(now) }).await {
                        value.try_set(!now);
                    }
                });
            }
        });
        value
    }

    /// Writes one edit now.
    pub fn send(self, edit: Edit) {
        spawn_local(async move {
            self.wrote(edit).await;
        });
    }

    async fn wrote(self, edit: Edit) -> bool {
        let trouble = self.ask(edit).await.map(|(why, _)| why);
        let ok = trouble.is_none();
        self.saved.try_set(trouble.map_or_else(|| Saved::Here(now_ms()), Saved::Failed));
        ok
    }

    /// Why it was not written, and whether trying again may help.
    pub(super) async fn ask(self, edit: Edit) -> Option<(String, bool)> {
        match self.client.ask(Ask::Edit { doc: self.doc, edits: vec![edit] }).await {
            Answer::Refused(refusal) => Some((sentence(&refusal), false)),
            Answer::Failed(code, zh, en) => Some((failure(&code, &zh, &en), true)),
            _ => None,
        }
    }

    /// Says where the words of all fields are.
    pub(super) fn tell(self) {
        let all = self.words();
        let trouble = all.iter().find_map(|words| words.trouble());
        let now = match trouble {
            Some(why) => Saved::Failed(why),
            None if all.iter().any(|words| words.is_unwritten()) => Saved::Dirty,
            None => Saved::Here(now_ms()),
        };
        self.saved.try_set(now);
    }

    fn state_words(self) -> String {
        match self.saved.get() {
            Saved::Clean => String::new(),
            Saved::Dirty => t("form.saving").into(),
            Saved::Here(at) => t1("form.here", clock(at)),
            Saved::Failed(why) => why,
        }
    }

    /// The line under the form: where the words are. What could not be saved stays in sight while one writes.
    pub fn state_line(self) -> AnyView {
        let failed = move || self.saved.with(|saved| matches!(saved, Saved::Failed(_)));
        view! { <p class="form-state" class:is-failed=failed role="status">{move || self.state_words()}</p> }
            .into_any()
    }
}

fn string_at(opened: &Opened, key: &str) -> String {
    match opened.values.get(key) {
        Some(Value::Str(text)) => text.clone(),
        _ => String::new(),
    }
}
