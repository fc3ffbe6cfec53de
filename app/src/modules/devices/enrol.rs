//! Where a code is typed, and what the whole screen says of a device that does not count: not yet, or no
//! more. Nothing on the phone is touched by either.

use crate::client::client;
use crate::i18n::t;
use crate::page::{Page, failure, sync_now};
use crate::router::go;
use crate::shell::gate;
use crate::ui::{Button, ButtonKind, Empty, Field, FieldKind, Glyph, NoticeBar, Text, Tone};
use domain::bridge::{Answer, Ask};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page for who comes here by a QR code or a notice.
#[component]
pub fn Enrol() -> impl IntoView {
    view! { <Page title=t("devices.enrol") back="/">{form()}</Page> }
}

/// The whole screen of a phone that is signed in and has nothing yet, because nobody vouched for it.
#[component]
pub fn Stranger() -> impl IntoView {
    let gate = gate();
    view! {
        <Page title=t("devices.enrol")>
            {form()}
            <div class="block">
                <Button label=t("core.sign-out") kind=ButtonKind::Text on_press=move || spawn_local(gate.leave()) />
            </div>
        </Page>
    }
}

/// The whole screen of a revoked device.
#[component]
pub fn Out() -> impl IntoView {
    let gate = gate();
    let out = Callback::new(move |()| spawn_local(gate.leave()));
    view! {
        <Page title=t("devices.out")>
            <Empty what=t("devices.out") why=t("devices.out-why") glyph=Glyph::LOCK
                next=(Text::from(t("core.sign-out")), out) />
        </Page>
    }
}

fn form() -> AnyView {
    let client = client();
    let (code, busy, said) =
        (RwSignal::new(from_address()), RwSignal::new(false), RwSignal::new(String::new()));
    let why = move || if code.with(|code| code.trim().is_empty()) { t("devices.code-first") } else { "" };
    let send = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = client.ask(Ask::Enrol(code.get_untracked())).await;
            busy.try_set(false);
            match answer {
                Answer::Failed(number, zh, en) => {
                    said.try_set(failure(&number, &zh, &en));
                }
                _ => {
                    crate::page::toasts().tell(Tone::Ok, t("devices.enrolled"));
                    go("/");
                }
            }
        });
    };
    let trouble = move || {
        let words = said.get();
        (!words.is_empty())
            .then(|| view! { <div role="alert"><NoticeBar tone=Tone::Warn text=words /></div> })
    };
    view! {
        <NoticeBar tone=Tone::Info text=t("devices.enrol-why") />
        <div class="login">
            <Field label=t("devices.code") value=code kind=FieldKind::Number autocomplete="one-time-code" />
            {trouble}
            <Button label=t("devices.enrol-go") kind=ButtonKind::Primary why_not=why loading=busy on_press=send />
            <Button label=t("devices.look-again") on_press=sync_now />
        </div>
    }
    .into_any()
}

/// The digits behind the `#` of the QR code's address; they go from the address bar at once.
fn from_address() -> String {
    let hash = window().location().hash().unwrap_or_default();
    let digits: String = hash.chars().filter(char::is_ascii_digit).take(8).collect();
    if !digits.is_empty()
        && let Ok(history) = window().history()
    {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/enrol"));
    }
    digits
}
