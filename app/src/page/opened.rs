//! Opening a record: loading, refused, failed, or here. The page below gets it typed and follows changes.

use crate::i18n::{Lang, either, lang, t};
use crate::live::{Shown, use_doc};
use crate::ui::{ErrorView, NoRight, Skeleton};
use domain::bridge::Opened;
use domain::{Body, Doc, DocId, Kind, Raw, Refusal};
use leptos::prelude::*;

/// A sentence of the rulebook in the language of now.
pub fn sentence(refusal: &Refusal) -> String {
    if lang() == Lang::Zh { refusal.zh() } else { refusal.en() }
}

/// Words with something in brackets behind them, as the language of now writes brackets.
pub fn bracketed(words: &str, inner: impl std::fmt::Display) -> String {
    if lang() == Lang::Zh { format!("{words}（{inner}）") } else { format!("{words} ({inner})") }
}

/// What failed, with its code for whoever is asked about it.
pub fn failure(code: &str, zh: &str, en: &str) -> String {
    bracketed(either(zh, en), code)
}

/// Words of a label in the language of now.
pub fn label(label: &domain::Label) -> String {
    either(&label.zh, &label.en).into()
}

/// The document as its kind sees it.
pub fn typed<K: Kind>(opened: &Opened) -> Doc<K> {
    let (meta, values, entries) = (opened.meta.clone(), opened.values.clone(), opened.entries.clone());
    Doc::of(&Raw { meta, values, entries })
}

/// The body as its kind sees it, without acts.
pub fn body<B: Body>(opened: &Opened) -> B {
    B::read(&opened.values)
}

/// Both ends of the signal that follows a record.
type Ends = (ReadSignal<Box<Opened>>, WriteSignal<Box<Opened>>);

/// Shows a record once it is here. `render` is called once for each document and gets a signal that
/// follows it; while it loads there is a skeleton, and when it cannot be shown a sentence says why.
pub fn with_doc(
    id: DocId,
    render: impl Fn(ReadSignal<Box<Opened>>) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let shown = use_doc(move || Some(id));
    let doc: StoredValue<Option<Ends>> = StoredValue::new(None);
    // The signal belongs to the page: made inside the memo it would die with the memo's next turn.
    let page = Owner::current().unwrap_or_default();
    // 0 loading, 1 here, 2 cannot be shown.
    let phase = Memo::new(move |_| {
        shown.with(|shown| match shown {
            Shown::Doc(opened) => {
                match doc.get_value() {
                    Some((_, set)) => set.set(opened.clone()),
                    None => doc.set_value(Some(page.with(|| signal(opened.clone())))),
                }
                1
            }
            Shown::Loading if doc.with_value(Option::is_some) => 1,
            Shown::Loading => 0,
            _ => 2,
        })
    });
    (move || match phase.get() {
        1 => doc.get_value().map(|(read, _)| render(read)).into_any(),
        2 => shown.with(trouble),
        _ => view! { <Skeleton /> }.into_any(),
    })
    .into_any()
}

fn trouble(shown: &Shown) -> AnyView {
    match shown {
        Shown::Refused(Refusal::Unknown) => view! { <NoRight why=t("page.gone") /> }.into_any(),
        Shown::Refused(refusal) => view! { <NoRight why=sentence(refusal) /> }.into_any(),
        Shown::Failed(code, zh, en) => {
            // Its own sentence says what to do: what is not here yet comes with a network.
            let remedy = if code == "E-NOT-HERE" { "" } else { t("page.try-again") };
            let what = either(zh, en).to_string();
            view! { <ErrorView what remedy code=code.clone() /> }.into_any()
        }
        _ => ().into_any(),
    }
}
