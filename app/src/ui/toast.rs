//! Toast (3 s, tells), Snackbar (8 s, offers 撤销) and, for a step that was refused, a message that stays until it
//! is closed. `<Toasts>` stands once around the app, `toasts()` gives the handle
//! anywhere below.

use super::button::IconButton;
use super::chip::Tone;
use super::dom::after_ms;
use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

const TOAST_MS: u64 = 3_000;
const UNDO_MS: u64 = 8_000;

#[derive(Clone)]
enum After {
    /// Goes by itself.
    Fade,
    /// Goes by itself, offers to take back what was done.
    Undo(Callback<()>),
    /// Stays until closed.
    Stay,
}

#[derive(Clone)]
struct Message {
    id: u32,
    tone: Tone,
    text: Text,
    after: After,
}

/// Says short things at the bottom of the screen; a new one takes the place of the old one.
#[derive(Clone, Copy)]
pub struct Toaster {
    now: RwSignal<Option<Message>>,
    /// Pointer or focus is on the message: its time stands still.
    held: RwSignal<bool>,
    next: StoredValue<u32>,
}

impl Toaster {
    /// Tells that something is done: 已保存在本机.
    pub fn tell(&self, tone: Tone, text: impl Into<Text>) {
        self.show(tone, text.into(), After::Fade);
    }

    /// Tells that something is done and offers to take it back for eight seconds.
    pub fn tell_with_undo(&self, text: impl Into<Text>, undo: impl Into<Callback<()>>) {
        self.show(Tone::Ok, text.into(), After::Undo(undo.into()));
    }

    /// Tells why a step was not done. Stays until closed, because nobody must miss it.
    pub fn fail(&self, text: impl Into<Text>) {
        self.show(Tone::Warn, text.into(), After::Stay);
    }

    fn show(&self, tone: Tone, text: Text, after: After) {
        // The page may be gone when an answer comes late.
        let Some(last) = self.next.try_get_value() else { return };
        let id = last + 1;
        self.next.set_value(id);
        self.held.set(false);
        let ms = match after {
            After::Fade => Some(TOAST_MS),
            After::Undo(_) => Some(UNDO_MS),
            After::Stay => None,
        };
        self.now.set(Some(Message { id, tone, text, after }));
        if let Some(ms) = ms {
            self.expire(id, ms);
        }
    }

    fn expire(self, id: u32, ms: u64) {
        let check = move || {
            let current = self.now.try_with_untracked(|m| m.as_ref().map(|m| m.id)).flatten() == Some(id);
            match (current, self.held.try_get_untracked()) {
                (true, Some(true)) => self.expire(id, 1_000),
                (true, _) => self.now.set(None),
                _ => {}
            }
        };
        after_ms(ms, Box::new(check));
    }
}

/// The handle. Ask while building the view and keep the copy for later.
///
/// # Panics
/// When there is no [`Toasts`] around the caller.
pub fn toasts() -> Toaster {
    expect_context::<Toaster>()
}

/// Stands around the app; shows the messages in a live region that is always there, over sheets and dialogs.
#[component]
pub fn Toasts(
    /// The app.
    children: Children,
) -> impl IntoView {
    let toasts = Toaster { now: RwSignal::new(None), held: RwSignal::new(false), next: StoredValue::new(0) };
    provide_context(toasts);
    let body = move || toasts.now.get().map(|message| message_view(message, toasts));
    let hold = move |held: bool| move |_| toasts.held.set(held);
    view! {
        {children()}
        <div class="toasts" role="status" on:mouseenter=hold(true) on:mouseleave=hold(false)>{body}</div>
    }
    .into_any()
}

fn message_view(message: Message, toasts: Toaster) -> AnyView {
    let end = match message.after {
        After::Fade => ().into_any(),
        After::Stay => {
            let close = move || toasts.now.set(None);
            view! { <IconButton glyph=Glyph::CLOSE label=t("ui.close") on_press=close /> }.into_any()
        }
        After::Undo(undo) => undo_button(undo, toasts),
    };
    view! {
        <div class="toast" data-tone=message.tone.name()>
            {icon(message.tone.glyph())}
            <span class="toast-text">{message.text.view()}</span>
            {end}
        </div>
    }
    .into_any()
}

fn undo_button(undo: Callback<()>, toasts: Toaster) -> AnyView {
    let press = move |_| {
        toasts.now.set(None);
        undo.run(());
    };
    let hold = move |held: bool| move |_| toasts.held.set(held);
    view! {
        <button type="button" class="toast-undo" on:click=press on:focus=hold(true) on:blur=hold(false)>{t("ui.undo")}</button>
    }
    .into_any()
}
