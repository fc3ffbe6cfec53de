//! 设置→锁: after how long it locks, another PIN or passphrase, when the server was last asked.

use super::choose::NewSecret;
use super::prove::Prove;
use super::share;
use super::{failed, trouble, wrong};
use crate::client::client;
use crate::i18n::{t, t1};
use crate::page::{Page, skeleton, when};
use crate::shell::{ask_lock, gate};
use crate::ui::{Cell, CellGroup, Choice, Glyph, RadioCells, Text};
use domain::bridge::Ask;
use domain::lock::{Door, IDLE_MINUTES, LockAnswer, LockAsk, Secret};
use leptos::prelude::*;
use leptos::task::spawn_local;

type State = (Door, u32, i64);

/// The page.
#[component]
pub fn LockSettings() -> impl IntoView {
    let state = RwSignal::new(None::<State>);
    spawn_local(async move { take(state, ask_lock(LockAsk::State).await.ok()) });
    let content = move || match state.get() {
        Some(now) => shown(state, now),
        None => skeleton(3),
    };
    view! {
        <Page title=t("core.lock-title") back="/settings">
            {content}
        </Page>
    }
}

fn take(state: RwSignal<Option<State>>, answer: Option<LockAnswer>) {
    if let Some(LockAnswer::State(door, idle, confirmed)) = answer {
        state.try_set(Some((door, idle, confirmed)));
    }
}

fn shown(state: RwSignal<Option<State>>, now: State) -> AnyView {
    let changing = RwSignal::new(false);
    let door = now.0.clone();
    // Whoever changes the secret sees nothing else: with large letters it would lie below the screen.
    let usual = move || {
        let (_, idle, confirmed_ms) = &now;
        (!changing.get()).then(|| usual(*idle, *confirmed_ms))
    };
    view! { {usual}<ChangeSecret door state asked=changing /> }.into_any()
}

fn usual(idle: u32, confirmed_ms: i64) -> AnyView {
    let chosen = RwSignal::new(idle.to_string());
    let choices =
        IDLE_MINUTES.map(|minutes| Choice::new(minutes.to_string(), t1("core.lock-minutes", minutes)));
    Effect::new(move |before: Option<u32>| {
        let minutes = chosen.get().parse().unwrap_or(idle);
        if before.is_some_and(|before| before != minutes) {
            spawn_local(async move { drop(client().ask(Ask::Idle(minutes)).await) });
        }
        minutes
    });
    view! {
        <CellGroup>
            <Cell title=t("core.lock-now") note=t("core.lock-now-note") glyph=Glyph::LOCK on_press=move || gate().lock() />
        </CellGroup>
        <RadioCells label=t("core.lock-idle") choices=choices.to_vec() chosen />
        <CellGroup note=t("core.lock-lease-note")>
            <Cell title=t("core.lock-confirmed") value=Text::from(when(confirmed_ms)) glyph=Glyph::SERVER />
        </CellGroup>
    }
    .into_any()
}

/// First one that opens now, then the new one.
#[component]
fn ChangeSecret(door: Door, state: RwSignal<Option<State>>, asked: RwSignal<bool>) -> impl IntoView {
    let old = RwSignal::new(None::<Secret>);
    let (busy, said) = (RwSignal::new(false), RwSignal::new(String::new()));
    let strong = !door.pin;
    let on_old = Callback::new(move |secret: Secret| old.set(Some(secret)));
    let door_id = door.id;
    let on_new = Callback::new(move |new: Secret| {
        let Some(before) = old.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = ask_lock(LockAsk::Change { old: before, new: new.clone() }).await;
            if matches!(answer, Ok(LockAnswer::State(..)))
                && let Err(words) = share::leave(door_id, new).await
            {
                busy.try_set(false);
                return drop(said.try_set(words));
            }
            busy.try_set(false);
            match answer {
                Ok(LockAnswer::Wrong(wait_ms)) => drop(said.try_set(wrong(wait_ms))),
                Ok(now) => {
                    crate::page::toasts().tell(crate::ui::Tone::Ok, t("core.lock-changed"));
                    take(state, Some(now));
                }
                Err(answer) => drop(said.try_set(failed(answer))),
            }
            old.try_set(None);
        });
    });
    let on_pin = Callback::new(move |pin: Secret| {
        if let Secret::Pin(pin) = pin {
            on_new.run(share::begin(pin));
        }
    });
    let content = move || match (asked.get(), old.get().is_some()) {
        (false, _) => {
            let title = t(if strong { "core.lock-change-strong" } else { "core.lock-change" });
            view! {
                <CellGroup>
                    <Cell title glyph=Glyph::EDIT on_press=move || asked.set(true) />
                </CellGroup>
            }
            .into_any()
        }
        (true, false) => {
            let door = door.clone();
            view! { <p class="lock-why">{t("core.lock-first-old")}</p><Prove door on_secret=on_old busy said /> }.into_any()
        }
        (true, true) => {
            let by_pin = strong.then(|| {
                view! {
                    <p class="lock-why">{t("core.lock-share-why")}</p>
                    <NewSecret strong=false on_secret=on_pin busy said beside=true />
                }
            });
            view! { <NewSecret strong on_secret=on_new busy said />{by_pin} }.into_any()
        }
    };
    view! { {trouble(said)}{content} }.into_any()
}
