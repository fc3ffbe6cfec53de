//! The whole app: overlays, router, chrome, and the page that the address names.

use super::calm::say_when_calm;
use super::{about, boot, nav, offer_update, status, tell_alive, update};
use crate::client::{Client, client};
use crate::i18n::{Localized, t};
use crate::modules::devices::{Out, Stranger};
use crate::page::{Missing, Page, keep_toasts, sync_now};
use crate::router::{self, go, use_location};
use crate::shell::Phase;
use crate::ui::{ErrorView, SideNav, TabBar, Text, Toasts, prefs, provide_sync_line};
use leptos::prelude::*;

/// The app.
#[component]
pub fn App() -> impl IntoView {
    prefs::provide();
    router::provide();
    let client = Client::provide();
    say_when_calm(client);
    about();
    let phase = boot(client).phase;
    let update = offer_update();
    view! {
        <Localized>
            <Toasts>
                <Whole phase update />
            </Toasts>
        </Localized>
    }
}

/// Inside or outside, below everything that both need.
#[component]
fn Whole(phase: RwSignal<Phase>, update: Signal<bool>) -> impl IntoView {
    keep_toasts(crate::ui::toasts());
    // From a page to the lock, from the lock to the form: one begins at the top.
    Effect::new(move |_| {
        if phase.get() != Phase::In {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    move || match phase.get() {
        Phase::Starting => ().into_any(),
        Phase::Stuck(why) => view! { <Stuck why /> }.into_any(),
        Phase::SignedOut => view! { <Outside /> }.into_any(),
        Phase::Locked | Phase::Protect => {
            view! { <div class="app is-outside">{crate::modules::core::lock_page(phase.get())}</div> }
                .into_any()
        }
        Phase::In => view! { <Inside update /> }.into_any(),
    }
}

/// The phone's databases do not open: what happened, and the way to try again. Nothing of them is touched.
#[component]
fn Stuck(why: String) -> impl IntoView {
    let again = Callback::new(|()| drop(window().location().reload()));
    view! {
        <div class="app is-outside">
            <Page title=t("app.name")><ErrorView what=why remedy=t("page.nothing-lost") next=(Text::from(t("ui.retry")), again) /></Page>
        </div>
    }
}

/// The address as segments, without query.
fn segments() -> Memo<Vec<String>> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|p| p.split('/').filter(|s| !s.is_empty()).map(Into::into).collect()))
}

/// Pages for whoever is not signed in.
#[component]
fn Outside() -> impl IntoView {
    let segments = segments();
    view! { <div class="app is-outside">{move || outside(&segments.get())}</div> }
}

fn outside(segments: &[String]) -> AnyView {
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    crate::modules::core::public_page(&path)
}

/// Pages for whoever is.
#[component]
fn Inside(update: Signal<bool>) -> impl IntoView {
    let client = client();
    tell_alive();
    let path = use_location().pathname;
    let me = Memo::new(move |_| client.me.get());
    let folded = RwSignal::new(false);
    let on_sync = { move || if update.get_untracked() { update::activate() } else { go("/sync") } };
    // Taken out of the pocket: perhaps there is a network again.
    let seen = window_event_listener(leptos::ev::visibilitychange, |_| {
        if !document().hidden() {
            sync_now();
        }
    });
    on_cleanup(move || seen.remove());
    provide_sync_line(status::bar(update), on_sync);
    // A device that does not count shows nothing else: revoked, or not enrolled and still empty.
    let gate =
        Memo::new(move |_| client.sync.with(|sync| (sync.revoked, sync.stranger && sync.first.is_some())));
    let chrome = move || {
        me.get().filter(|_| gate.get() == (false, false)).map(|who| {
            view! {
                <SideNav title=t("app.name") groups=nav::groups(&who) path folded />
                <TabBar items=nav::tabs(&who) path />
            }
        })
    };
    view! {
        <div class="app">
            {chrome}
            <div class="app-main">
                {move || match gate.get() {
                    (true, _) => view! { <Out /> }.into_any(),
                    (_, true) => view! { <Stranger /> }.into_any(),
                    _ => view! { <Pages /> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// The page that the address names. List and detail share one view, so that the list stays while one
/// walks through its records.
#[component]
fn Pages() -> impl IntoView {
    let segments = segments();
    // Pages are built anew only when their key changes: `/news/…` keeps its list on a desk.
    let head = Memo::new(move |_| segments.with(|s| crate::modules::page_key(s)));
    move || {
        // Read, not only tracked: a memo that nobody reads never looks at its sources.
        head.get();
        let path = segments.get_untracked();
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        crate::modules::all()
            .iter()
            .find_map(|module| (module.page)(&parts))
            .unwrap_or_else(|| view! { <Missing /> }.into_any())
    }
}
