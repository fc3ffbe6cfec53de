//! Signing in: staff number and password. In the demo the invented people stand below as chips.
//! After the first sign-in on a phone the app starts without a network.

use crate::client::client;
use crate::i18n::{Lang, lang, t};
use crate::page::{Page, failure};
use crate::router::go;
use crate::shell::{Phase, gate, use_about};
use crate::ui::{Button, ButtonKind, Cell, CellGroup, Field, FieldKind, Glyph, NoticeBar, Text, Tone};
use api::DemoAccount;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The sign-in page; `again` when a session ended while somebody is at work: nothing of theirs is touched.
#[component]
pub fn Login(again: bool) -> impl IntoView {
    let me = client().me.get_untracked().filter(|_| again);
    let no = RwSignal::new(me.map(|who| who.no).unwrap_or_default());
    let password = RwSignal::new(String::new());
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let send = sign_in(no, password, busy, said);
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        send.run(());
    };
    let trouble = move || {
        let words = said.get();
        (!words.is_empty())
            .then(|| view! { <div role="alert"><NoticeBar tone=Tone::Warn text=words /></div> })
    };
    let content = view! {
        {(!window().is_secure_context())
            .then(|| view! { <NoticeBar tone=Tone::Warn text=t("core.lock-not-kept") /> })}
        {again.then(|| view! { <NoticeBar tone=Tone::Info text=t("core.login-again") /> })}
        <form class="login" on:submit=submit novalidate>
            // Not `username`: what stands in such a field browsers write into their list of open tabs, on the disk.
            <Field label=t("core.staff-no") value=no kind=FieldKind::Number />
            <Field label=t("core.password") value=password kind=FieldKind::Password autocomplete="current-password" />
            {trouble}
            <Button label=t("core.sign-in") kind=ButtonKind::Primary submit=true loading=busy
                loading_label=t("core.signing-in") />
        </form>
        {(!again).then(back_to_lock)}
        {move || demo_chips(no, password)}
        {(!again).then(below)}
    };
    if again {
        view! { <Page title=t("core.sign-in") back="/">{content}</Page> }.into_any()
    } else {
        view! { <Page title=t("app.name") brand=true>{welcome()}{content}</Page> }.into_any()
    }
}

fn welcome() -> AnyView {
    view! {
        <div class="welcome">
            <img src={"/icons/mark.svg"} alt="" width="72" height="72" />
            <p class="welcome-name">{t("core.welcome")}</p>
            <p class="welcome-note">{t("core.welcome-note")}</p>
        </div>
    }
    .into_any()
}

/// Whoever came here from a locked phone goes back there.
fn back_to_lock() -> Option<AnyView> {
    let gate = gate();
    let back = move || gate.phase.set(Phase::Locked);
    (!gate.doors.with_untracked(Vec::is_empty)).then(|| {
        view! { <CellGroup><Cell title=t("core.lock-back") glyph=Glyph::LOCK on_press=back /></CellGroup> }.into_any()
    })
}

fn below() -> AnyView {
    view! {
        <CellGroup>
            <Cell title=t("core.install") note=t("core.install-note") glyph=Glyph::DEVICE href="/install" />
            <Cell title=t("core.about") glyph=Glyph::INFO href="/about" />
        </CellGroup>
    }
    .into_any()
}

/// Signs in with what stands in the fields, opens the person's database, shows the page that was asked for.
fn sign_in(
    no: RwSignal<String>,
    password: RwSignal<String>,
    busy: RwSignal<bool>,
    said: RwSignal<String>,
) -> Callback<()> {
    let gate = gate();
    Callback::new(move |()| {
        let (number, secret) = (no.get_untracked().trim().to_string(), password.get_untracked());
        if number.is_empty() || secret.is_empty() {
            said.set(t("core.fill-both").into());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::sign_in(number, secret).await;
            match answer {
                Ok(who) => {
                    password.try_set(String::new());
                    if let Some(words) = gate.come(who).await {
                        said.try_set(words);
                    }
                    if window().location().pathname().is_ok_and(|path| path == "/login") {
                        go("/");
                    }
                }
                Err(error) => {
                    said.try_set(failure(error.code(), &error.zh(), &error.en()));
                }
            }
            busy.try_set(false);
        });
    })
}

fn demo_chips(no: RwSignal<String>, password: RwSignal<String>) -> Option<AnyView> {
    let accounts = use_about().get()?.demo.filter(|list| !list.is_empty())?;
    let cell = move |one: DemoAccount| {
        let post = if lang() == Lang::Zh { one.post.clone() } else { one.post_en.clone() };
        let fill = move || {
            no.set(one.no.clone());
            password.set(one.password.clone());
        };
        view! { <Cell title=one.name.clone() note=Text::from(post) glyph=Glyph::USER on_press=fill /> }
    };
    let cells = accounts.into_iter().map(cell).collect_view();
    Some(
        view! { <CellGroup title=t("core.demo-people") note=t("core.demo-note")>{cells}</CellGroup> }
            .into_any(),
    )
}
