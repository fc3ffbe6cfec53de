//! 查看原材料: an address that is known only by the record's number leads on to the page of its kind.

use crate::i18n::t;
use crate::modules::address;
use crate::page::{Missing, Page, id_of, with_doc};
use crate::router::replace;
use leptos::prelude::*;

/// Leads on once the record is here; until then, or when it cannot be shown, says so.
pub fn page(id: &str) -> AnyView {
    let Some(id) = id_of(id) else { return view! { <Missing /> }.into_any() };
    let content = with_doc(id, move |opened| {
        match opened.with_untracked(|opened| address(&opened.meta.kind, id)) {
            Some(to) => replace(&to),
            None => return view! { <Missing /> }.into_any(),
        }
        ().into_any()
    });
    view! { <Page title=t("core.see-record") back="/sync">{content}</Page> }.into_any()
}
