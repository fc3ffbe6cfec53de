//! Doing a step: the rulebook is asked by the worker before anything is kept; the answer is a toast with
//! 撤销 while it has not been sent, or the sentence that says why not. The words typed stay in the sheet.

use super::opened::{failure, label, sentence};
use crate::client::client;
use crate::i18n::t;
use crate::ui::{Button, ButtonKind, Field, FieldKind, Sheet, Text, Toaster, Tone};
use domain::bridge::{Answer, Ask, Opened};
use domain::{DocId, StepView, to_cbor};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::cell::Cell;

thread_local! {
    static TOASTS: Cell<Option<Toaster>> = const { Cell::new(None) };
}

/// The shell's toasts, for handlers that run outside of any view.
pub fn toasts() -> Toaster {
    TOASTS.get().expect("the shell provides the toasts before anything else")
}

/// Once, by the shell.
pub fn keep_toasts(toasts: Toaster) {
    TOASTS.set(Some(toasts));
}

/// Keeps an act and tells; `done` runs once it is kept.
pub fn act<A: serde::Serialize>(doc: DocId, act: &A, done: impl FnOnce() + 'static) {
    let ask = Ask::Act { doc, act: ByteBuf::from(to_cbor(act)) };
    tell(ask, Box::new(done));
}

/// Asks for something that is kept, and tells how it went.
pub fn tell(ask: Ask, done: Box<dyn FnOnce()>) {
    let (client, toasts) = (client(), self::toasts());
    spawn_local(async move {
        match client.ask(ask).await {
            Answer::Kept { seq: Some(seq), .. } => {
                let undo = move || {
                    spawn_local(async move {
                        let said = match client.ask(Ask::Undo { seq }).await {
                            Answer::Refused(refusal) => sentence(&refusal),
                            Answer::Failed(code, zh, en) => failure(&code, &zh, &en),
                            _ => t("page.undone").into(),
                        };
                        toasts.tell(Tone::Info, said);
                    })
                };
                toasts.tell_with_undo(t("page.kept"), undo);
                done();
            }
            Answer::Kept { .. } | Answer::Done => done(),
            Answer::Refused(refusal) => toasts.fail(sentence(&refusal)),
            Answer::Failed(code, zh, en) => toasts.fail(failure(&code, &zh, &en)),
            _ => {}
        }
    });
}

/// Draws buttons for a record; `None` draws nothing.
pub type Buttons = Box<dyn Fn(&Opened) -> Option<AnyView> + Send + Sync>;

/// A part of the page that shows buttons: built anew when status, steps or acts change, not with every letter
/// that somebody types. A button that is replaced under the finger loses its press.
pub fn by_steps(opened: ReadSignal<Box<Opened>>, render: Buttons) -> AnyView {
    let facts = |o: &Opened| (o.status.clone(), o.steps.clone(), o.entries.len(), o.row.facts.clone());
    let facts = Memo::new(move |_| opened.with(|opened| facts(opened)));
    (move || {
        // Read, not only tracked: a memo that nobody reads never looks at its sources.
        facts.with(|_| ());
        opened.with_untracked(|opened| render(opened))
    })
    .into_any()
}

/// The step of this code as a button shows it.
pub fn step_of(opened: &Opened, code: &str) -> Option<StepView> {
    opened.steps.iter().find(|view| view.step.code == code).cloned()
}

/// True when the step is allowed now.
pub fn allowed(opened: &Opened, code: &str) -> bool {
    step_of(opened, code).is_some_and(|view| view.refusal.is_none())
}

/// The words of a step.
pub fn step_words(opened: &Opened, code: &str) -> String {
    step_of(opened, code).map(|view| label(&view.step)).unwrap_or_default()
}

/// A sheet that asks for an opinion or reason before a step.
#[component]
pub fn OpinionSheet(
    /// Shown or not.
    open: RwSignal<bool>,
    /// The step.
    #[prop(into)]
    title: Text,
    /// Over the field.
    #[prop(into)]
    ask: Text,
    /// Words people use often (常用意见).
    #[prop(optional)]
    common: Vec<&'static str>,
    /// Must something be written?
    #[prop(optional)]
    required: bool,
    /// The verb on the button.
    #[prop(into)]
    verb: Text,
    /// The record.
    doc: DocId,
    /// The step with these words, as CBOR.
    #[prop(into)]
    act: Callback<String, Vec<u8>>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let why_not =
        move || if required && words.with(|w| w.trim().is_empty()) { t("page.write-first") } else { "" };
    // Closed without the step, the words stay for the next time; with it they have done their work.
    let send = move || {
        let done = move || {
            words.set(String::new());
            open.set(false);
        };
        tell(Ask::Act { doc, act: ByteBuf::from(act.run(words.get_untracked())) }, Box::new(done));
    };
    let chips = StoredValue::new(common);
    let (title, ask, verb) = (StoredValue::new(title), StoredValue::new(ask), StoredValue::new(verb));
    view! {
        <Sheet open title=title.get_value()>
            <div class="opinion">
                <div class="chips">
                    {chips.get_value().into_iter().map(|text| view! {
                        <button type="button" class="chip-btn" on:click=move |_| words.set(text.into())>{text}</button>
                    }).collect_view()}
                </div>
                <Field label=ask.get_value() value=words kind=FieldKind::Long max=500 />
                <Button label=verb.get_value() kind=ButtonKind::Primary why_not=why_not
                    on_press=send />
            </div>
        </Sheet>
    }
}

/// Asks the worker to sync soon.
pub fn sync_now() {
    let client = client();
    spawn_local(async move { drop(client.ask(Ask::SyncNow).await) });
}

/// Begins a document and goes on with it; tells when it cannot.
pub fn tell_created(ask: Ask, then: impl FnOnce(DocId) + 'static) {
    let (client, toasts) = (client(), self::toasts());
    spawn_local(async move {
        match client.ask(ask).await {
            Answer::Kept { doc, .. } => then(doc),
            Answer::Refused(refusal) => toasts.fail(sentence(&refusal)),
            Answer::Failed(code, zh, en) => toasts.fail(failure(&code, &zh, &en)),
            _ => {}
        }
    });
}
