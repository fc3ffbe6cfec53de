//! Choosing a lock: one calm screen after the first sign-in on a phone. Members choose a PIN; whoever holds
//! a post sees other people's matters and uses the phone's own finger or face, or a passphrase.

use super::pad::PinField;
use super::{failed, suggestion, trouble, wrong};
use crate::i18n::t;
use crate::page::Page;
use crate::shell::{ask_lock, gate, has_passkeys, make_passkey};
use crate::ui::{Button, ButtonKind, Field, FieldKind, Glyph};
use domain::lock::{LockAnswer, LockAsk, Secret, good_phrase, good_pin};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn ChooseLock() -> impl IntoView {
    let gate = gate();
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let strong = gate.coming.with_untracked(|who| who.as_ref().is_some_and(|who| who.needs_strong_lock()));
    let on_secret = Callback::new(move |secret: Secret| {
        let Some(who) = gate.coming.get_untracked() else { return };
        let old = gate.old.get_untracked();
        busy.set(true);
        said.set(String::new());
        spawn_local(async move {
            let first = old.is_none();
            let words = match ask_lock(LockAsk::Protect { who: who.clone(), secret, old }).await {
                Ok(LockAnswer::Open(who)) => return gate.enter(*who),
                // There is a place of theirs here already, and this is not how it opens: to its lock.
                Ok(LockAnswer::Wrong(0)) if first => return drop(gate.come(who).await),
                Ok(LockAnswer::Wrong(wait_ms)) => wrong(wait_ms),
                Ok(_) => t("core.lock-wrong").into(),
                Err(answer) => failed(answer),
            };
            busy.try_set(false);
            said.try_set(words);
        });
    });
    let why = t(if strong { "core.lock-why-strong" } else { "core.lock-why" });
    view! {
        <Page title=t("core.lock-choose") brand=true>
            <p class="lock-why">{why}</p>
            {trouble(said)}
            <NewSecret strong on_secret busy said />
            {suggestion(strong, busy, on_secret)}
            <p class="page-note">{t("core.lock-later")}</p>
        </Page>
    }
}

/// Asks for a new secret, twice.
#[component]
pub fn NewSecret(
    /// A PIN is not enough.
    strong: bool,
    /// The secret, good enough and typed twice alike.
    on_secret: Callback<Secret>,
    /// It is being put in force.
    busy: RwSignal<bool>,
    /// What to say when it does not work.
    said: RwSignal<String>,
    /// Stands below another way, which is the screen's primary.
    #[prop(optional)]
    beside: bool,
) -> impl IntoView {
    if strong {
        let usable = RwSignal::new(false);
        view! {
            <div class="lock">
                {new_passkey(on_secret, busy, said, usable)}{new_phrase(on_secret, busy, usable)}
            </div>
        }
        .into_any()
    } else {
        let kind = if beside { ButtonKind::Secondary } else { ButtonKind::Primary };
        view! { <div class="lock">{new_pin(on_secret, busy, kind)}</div> }.into_any()
    }
}

fn new_pin(on_secret: Callback<Secret>, busy: RwSignal<bool>, kind: ButtonKind) -> AnyView {
    let (pin, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let second = RwSignal::new(false);
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        if !second.get_untracked() {
            second.set(pin.with_untracked(|pin| good_pin(pin)));
        } else if pin.get_untracked() == again.get_untracked() {
            on_secret.run(Secret::Pin(pin.get_untracked()));
        }
    };
    let why_first =
        move || if pin.with(|pin| pin.is_empty() || good_pin(pin)) { "" } else { t("core.lock-pin-rule") };
    let why_again = move || {
        let same = again.with(|again| again.is_empty() || pin.with_untracked(|pin| pin == again));
        if same { "" } else { t("core.lock-not-same") }
    };
    let step = move || {
        if second.get() {
            view! {
                <PinField label=t("core.lock-pin-again") value=again />
                <Button label=t("core.lock-done") kind submit=true why_not=why_again loading=busy />
            }
            .into_any()
        } else {
            view! {
                <PinField label=t("core.lock-pin-new") value=pin />
                <Button label=t("core.lock-next") kind submit=true why_not=why_first />
            }
            .into_any()
        }
    };
    view! { <form class="login" on:submit=submit novalidate>{step}</form> }.into_any()
}

/// Only where the phone has a finger, a face or a code to ask for.
fn new_passkey(
    on_secret: Callback<Secret>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
    usable: RwSignal<bool>,
) -> AnyView {
    spawn_local(async move {
        usable.try_set(has_passkeys().await);
    });
    let press = move || {
        spawn_local(async move {
            match make_passkey().await {
                Some(secret) => on_secret.run(secret),
                None => drop(said.try_set(t("core.lock-no-passkey").into())),
            }
        });
    };
    let button = move || {
        usable.get().then(|| {
            view! {
                <Button label=t("core.lock-by-passkey") kind=ButtonKind::Primary glyph=Glyph::SHIELD loading=busy on_press=press />
                <p class="page-note">{t("core.lock-or-phrase")}</p>
            }
        })
    };
    view! { {button} }.into_any()
}

fn new_phrase(on_secret: Callback<Secret>, busy: RwSignal<bool>, second: RwSignal<bool>) -> AnyView {
    let (phrase, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let fault = move || {
        if phrase.with(String::is_empty) && again.with(String::is_empty) {
            ""
        } else if !phrase.with(|phrase| good_phrase(phrase)) {
            t("core.lock-phrase-rule")
        } else if phrase.get() != again.get() {
            t("core.lock-not-same")
        } else {
            ""
        }
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let words = phrase.get_untracked();
        if good_phrase(&words) && words == again.get_untracked() {
            on_secret.run(Secret::Phrase(words));
        }
    };
    // One primary a screen: finger or face, where there is one.
    let done = move || {
        let kind = if second.get() { ButtonKind::Secondary } else { ButtonKind::Primary };
        view! { <Button label=t("core.lock-done") kind submit=true why_not=fault loading=busy /> }
    };
    view! {
        <form class="login" on:submit=submit novalidate>
            <Field label=t("core.lock-phrase-new") value=phrase kind=FieldKind::Password help=t("core.lock-phrase-help") />
            <Field label=t("core.lock-phrase-again") value=again kind=FieldKind::Password enter_key="done" />
            {done}
        </form>
    }
    .into_any()
}
