//! A one-time code on a sheet: the digits, and a QR code that leads to the page which takes them.

use crate::i18n::{t, t1};
use crate::page::{clock, failure, skeleton};
use crate::ui::{NoticeBar, QrArt, QrCard, Sheet, Tone};
use api::{CallError, DeviceCode};
use domain::DocId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Opens when it is told whose code to ask for: `Some(None)` is my own.
#[component]
pub fn CodeSheet(
    /// Whose device; set to open.
    whose: RwSignal<Option<Option<DocId>>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let given = RwSignal::new(None::<Result<DeviceCode, CallError>>);
    Effect::new(move |_| {
        let Some(person) = whose.get() else { return };
        whose.set(None);
        given.set(None);
        open.set(true);
        spawn_local(async move {
            let answer = api::device_code(person).await;
            given.try_set(Some(answer));
        });
    });
    view! {
        <Sheet open title=t("devices.code")>
            {move || given.with(|given| given.as_ref().map_or_else(|| skeleton(3), shown))}
        </Sheet>
    }
}

fn shown(given: &Result<DeviceCode, CallError>) -> AnyView {
    match given {
        Ok(code) => {
            let art = QrArt::Modules { size: code.size as usize, dark: code.dark.clone() };
            let digits = format!("{} {}", &code.code[..4], &code.code[4..]);
            view! {
                <QrCard art title=t("devices.code-title") code=digits />
                <p class="group-note">{t1("devices.code-until", clock(code.until_ms))}</p>
            }
            .into_any()
        }
        Err(error) => {
            let words = failure(error.code(), &error.zh(), &error.en());
            view! { <NoticeBar tone=Tone::Warn text=words /> }.into_any()
        }
    }
}
