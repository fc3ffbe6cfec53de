//! Giving the secret of a place: finger or face, PIN, passphrase, whatever it opens with.

use super::pad::PinField;
use super::share;
use crate::i18n::t;
use crate::shell::ask_passkey;
use crate::ui::{Button, ButtonKind, Field, FieldKind, Glyph};
use domain::lock::{Door, Secret};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asks for a secret of this place.
#[component]
pub fn Prove(
    /// The place.
    door: Door,
    /// The secret, right or wrong.
    on_secret: Callback<Secret>,
    /// It is being tried.
    busy: RwSignal<bool>,
    /// What to say when the passkey gave nothing.
    said: RwSignal<String>,
) -> impl IntoView {
    // Behind a strong lock a PIN opens only together with the server's half.
    let (door_id, whole) = (door.id, !door.pin);
    let on_given = Callback::new(move |secret: Secret| match secret {
        Secret::Pin(pin) if whole => {
            busy.set(true);
            spawn_local(async move {
                let made = share::whole(door_id, pin).await;
                busy.try_set(false);
                match made {
                    Ok(secret) => on_secret.run(secret),
                    Err(words) => drop(said.try_set(words)),
                }
            });
        }
        other => on_secret.run(other),
    });
    let (pin, phrase) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // One primary a screen: the quickest way.
    let (no_finger, no_pin) = (door.passkey.is_none(), !(door.pin || door.shared));
    let kind = |first: bool| if first { ButtonKind::Primary } else { ButtonKind::Secondary };
    let form = |first| Form { busy, on_secret: on_given, kind: kind(first) };
    let by_pin = (door.pin || door.shared).then(|| {
        let field = view! { <PinField label=t("core.lock-pin") value=pin /> };
        form(no_finger).view(field.into_any(), pin, Secret::Pin)
    });
    let by_phrase = door.phrase.then(|| {
        let field = view! {
            <Field label=t("core.lock-phrase") value=phrase kind=FieldKind::Password enter_key="done" />
        };
        form(no_finger && no_pin).view(field.into_any(), phrase, Secret::Phrase)
    });
    view! { <div class="lock">{by_passkey(door, on_secret, busy, said)}{by_pin}{by_phrase}</div> }.into_any()
}

fn by_passkey(
    door: Door,
    on_secret: Callback<Secret>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
) -> Option<AnyView> {
    let press = {
        let door = door.clone();
        move || {
            let door = door.clone();
            spawn_local(async move {
                match ask_passkey(&door).await {
                    Some(secret) => on_secret.run(secret),
                    None => drop(said.try_set(t("core.lock-no-passkey").into())),
                }
            });
        }
    };
    door.passkey.is_some().then(|| {
        view! { <Button label=t("core.lock-by-passkey") kind=ButtonKind::Primary glyph=Glyph::SHIELD loading=busy on_press=press /> }
            .into_any()
    })
}

/// One field and its button.
#[derive(Clone, Copy)]
struct Form {
    busy: RwSignal<bool>,
    on_secret: Callback<Secret>,
    kind: ButtonKind,
}

impl Form {
    fn view(self, field: AnyView, value: RwSignal<String>, make: fn(String) -> Secret) -> AnyView {
        let Form { busy, on_secret, kind } = self;
        let submit = move |ev: leptos::ev::SubmitEvent| {
            ev.prevent_default();
            let given = value.get_untracked();
            if !given.is_empty() && !busy.get_untracked() {
                value.set(String::new());
                on_secret.run(make(given));
            }
        };
        view! {
            <form class="login" on:submit=submit novalidate>
                {field}
                <Button label=t("core.lock-open") kind submit=true loading=busy
                    loading_label=t("core.lock-opening") />
            </form>
        }
        .into_any()
    }
}
