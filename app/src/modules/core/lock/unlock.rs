//! The lock screen. Names and contents lie behind it; it knows the end of a staff number and how many
//! entries wait.

use super::prove::Prove;
use super::{failed, suggestion, trouble, wrong};
use crate::i18n::{t, t1};
use crate::page::Page;
use crate::shell::{Gate, Phase, ask_lock, gate};
use crate::ui::{Button, ButtonKind, Cell, CellGroup, Glyph, NoticeBar, Sheet, Tone};
use domain::lock::{Door, LockAnswer, LockAsk, Secret};
use domain::{DocId, Who};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn LockScreen() -> impl IntoView {
    let gate = gate();
    let said = RwSignal::new(String::new());
    let content = move || {
        let doors = gate.doors.get();
        let first = doors.first()?.clone();
        Some(view! { {one(gate, first, said)}{others(gate, doors, said)} })
    };
    view! {
        <Page title=t("app.name") brand=true>
            {content}
            {ways_out(gate)}
        </Page>
    }
}

fn one(gate: Gate, door: Door, said: RwSignal<String>) -> AnyView {
    let busy = RwSignal::new(false);
    let (id, strong, usual) = (door.id, !door.pin, door.pin || door.phrase);
    let on_secret = Callback::new(move |secret: Secret| {
        said.set(String::new());
        busy.set(true);
        spawn_local(async move {
            let words = match try_open(gate, id, secret.clone(), gate.coming.get_untracked()).await {
                Tried::In => None,
                Tried::Not(words) => Some(words),
                Tried::Over => ask_server(gate, id, secret).await,
            };
            busy.try_set(false);
            if let Some(words) = words {
                said.try_set(words);
            }
        });
    });
    view! {
        <div class="welcome">
            <img src={"/icons/mark.svg"} alt="" width="56" height="56" />
            <h1 class="welcome-name">{t1("core.lock-whose", &door.hint)}</h1>
            <p class="welcome-note">{t("core.lock-locked-note")}</p>
        </div>
        {move || gate.coming.with(Option::is_some).then(|| view! { <NoticeBar tone=Tone::Info text=t("core.lock-signed-in") /> })}
        {trouble(said)}
        <Prove door on_secret busy said />
        {usual.then(|| suggestion(strong, busy, on_secret))}
    }
    .into_any()
}

/// What came of a try.
enum Tried {
    /// It opened.
    In,
    /// It did not; why.
    Not(String),
    /// The secret is right, and the lease is over.
    Over,
}

/// Tries a secret; `coming` is whom the server named just now.
async fn try_open(gate: Gate, door: DocId, secret: Secret, coming: Option<Who>) -> Tried {
    match ask_lock(LockAsk::Open { door, secret: secret.clone(), coming }).await {
        Ok(LockAnswer::Open(who)) => gate.enter(*who),
        Ok(LockAnswer::Stronger(who)) => gate.protect(*who, Some(secret)),
        Ok(LockAnswer::Wrong(wait_ms)) => return Tried::Not(wrong(wait_ms)),
        Ok(LockAnswer::Expired) => return Tried::Over,
        Ok(_) => return Tried::Not(t("core.lock-sign-in-once").into()),
        Err(answer) => return Tried::Not(failed(answer)),
    }
    Tried::In
}

/// The lease is over: the server is asked once whether this phone still may. Whom it names may be somebody else
/// who signed in here; that opens nothing, and gives them no right over this place.
async fn ask_server(gate: Gate, door: DocId, secret: Secret) -> Option<String> {
    let who = match api::me().await {
        Ok(Some(who)) => who,
        Ok(None) | Err(api::CallError::SignedOut) => return Some(t("core.lock-sign-in-once").into()),
        Err(_) => return Some(t("core.lock-needs-net").into()),
    };
    match try_open(gate, door, secret, Some(who)).await {
        Tried::In => None,
        Tried::Not(words) => Some(words),
        Tried::Over => Some(t("core.lock-sign-in-once").into()),
    }
}

/// More people on this phone.
fn others(gate: Gate, doors: Vec<Door>, said: RwSignal<String>) -> Option<AnyView> {
    let cell = move |(at, door): (usize, Door)| {
        let press = move || {
            said.set(String::new());
            gate.doors.update(|doors| doors.swap(0, at));
        };
        view! { <Cell title=t1("core.lock-whose", &door.hint) glyph=Glyph::USER on_press=press /> }
    };
    (doors.len() > 1).then(|| {
        let cells = doors.into_iter().enumerate().skip(1).map(cell).collect_view();
        view! { <CellGroup title=t("core.lock-others")>{cells}</CellGroup> }.into_any()
    })
}

/// For whoever forgot, and for somebody else: sign in; and then, to begin anew.
fn ways_out(gate: Gate) -> AnyView {
    let anew = RwSignal::new(false);
    let sign_in = move || gate.phase.set(Phase::SignedOut);
    let begin = move || {
        let door = gate.doors.with(|doors| doors.first().cloned())?;
        gate.coming.get()?;
        let press = move || anew.set(true);
        Some(view! {
            <Cell title=t("core.lock-anew") note=t("core.lock-anew-note") glyph=Glyph::REFRESH on_press=press />
            <Anew open=anew door />
        })
    };
    view! {
        <CellGroup>
            <Cell title=t("core.lock-forgot") note=t("core.lock-forgot-note") glyph=Glyph::HELP on_press=sign_in />
            {begin}
        </CellGroup>
    }
    .into_any()
}

/// What was not sent cannot be brought back without the secret; it is said how much that is.
#[component]
fn Anew(open: RwSignal<bool>, door: Door) -> impl IntoView {
    let gate = gate();
    let warning = match door.unsent {
        0 => t("core.lock-anew-clean").to_string(),
        n => t1("core.lock-anew-unsent", n),
    };
    let go = move || {
        open.set(false);
        let Some(who) = gate.coming.get_untracked() else { return };
        spawn_local(async move {
            if ask_lock(LockAsk::Anew(door.id)).await == Ok(LockAnswer::New) {
                gate.doors.set(vec![]);
                drop(gate.come(who).await);
            }
        });
    };
    view! {
        <Sheet open title=t("core.lock-anew")>
            <NoticeBar tone=Tone::Danger text=warning.clone() />
            <Button label=t("core.lock-anew") kind=ButtonKind::Danger on_press=go />
        </Sheet>
    }
}
