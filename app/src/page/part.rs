//! Pages in a part of their own: the program's first download leaves them out, and they are fetched when one of them
//! is first opened (docs/adding-a-module.md). Once the phone says 可离线使用 all parts lie in it.

use super::lines::skeleton;
use super::shell_page::{Missing, Page};
use crate::i18n::t;
use crate::shell::update;
use crate::ui::{ErrorView, Text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;

/// The part could not be fetched.
pub use leptos::wasm_split::SplitLoaderError as PartMissing;

/// The pages of a module by the segments of the address.
pub type Pages = fn(&[&str]) -> Option<AnyView>;
/// What a module's `#[wasm_split(<name>)]` function gives: its pages, once they are here.
pub type Loading = Pin<Box<dyn Future<Output = Result<Pages, PartMissing>>>>;

thread_local! {
    /// The parts that are here, by name: their pages open at once, without a skeleton in between.
    static HERE: RefCell<Vec<(&'static str, Pages)>> = const { RefCell::new(Vec::new()) };
}

/// The page for this address in the part of this name.
pub fn part(name: &'static str, load: fn() -> Loading, path: &[&str]) -> AnyView {
    if let Some(pages) = HERE.with_borrow(|here| here.iter().find(|(of, _)| *of == name).map(|one| one.1)) {
        return draw(pages, path);
    }
    let came = RwSignal::new(None::<bool>);
    let fetch = move || {
        came.set(None);
        spawn_local(async move {
            let pages = load().await;
            if let Ok(pages) = pages {
                HERE.with_borrow_mut(|here| here.push((name, pages)));
            }
            // The person may have gone elsewhere meanwhile.
            came.try_set(Some(pages.is_ok()));
        });
    };
    fetch();
    let path: Vec<String> = path.iter().map(|segment| (*segment).to_string()).collect();
    (move || match came.get() {
        None => view! { <Page title=t("app.name") back="/">{skeleton(5)}</Page> }.into_any(),
        Some(true) => part(name, load, &path.iter().map(String::as_str).collect::<Vec<_>>()),
        Some(false) => missing(Callback::new(move |()| fetch())),
    })
    .into_any()
}

fn draw(pages: Pages, path: &[&str]) -> AnyView {
    pages(path).unwrap_or_else(|| view! { <Missing /> }.into_any())
}

/// Without a network and before everything was kept here; or the server has a newer version by now.
fn missing(again: Callback<()>) -> AnyView {
    let next = Callback::new(move |()| if update::waits() { update::activate() } else { again.run(()) });
    view! {
        <Page title=t("app.name") back="/">
            <ErrorView what=t("page.part-missing") remedy=t("page.part-missing-why") code="E-BOOT-3"
                next=(Text::from(t("ui.retry")), next) />
        </Page>
    }
    .into_any()
}
