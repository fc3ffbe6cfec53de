//! List: head with 更新于 and a refresh button, pull to refresh, skeleton rows while the first rows are read,
//! empty and error views, end text. The rows themselves are a [`VirtualList`].

use super::button::IconButton;
use super::dom::deco;
use super::empty::ErrorView;
use super::glyph::Glyph;
use super::pull::pull_to_refresh;
use super::text::Text;
use super::vlist::{RowView, VirtualList};
use super::when::When;
use crate::i18n::{t, tn};
use leptos::html;
use leptos::prelude::*;

/// Where the rows of a list are.
#[derive(Clone)]
pub enum Load {
    /// The first rows are being read; nothing to show yet.
    Loading,
    /// There are rows, perhaps none.
    Ready,
    /// They could not be read: what happened, what to do, code.
    Failed(Text, Text, Text),
}

/// A list of records.
#[component]
pub fn List(
    /// How many rows there are.
    #[prop(into)]
    count: Signal<usize>,
    /// Draws one row, usually a Cell.
    row: RowView,
    /// Where the rows are.
    #[prop(into)]
    load: Signal<Load>,
    /// Shown when there are none: an Empty.
    empty: ViewFn,
    /// Another number whenever the rows behind the numbers change.
    #[prop(optional, into)]
    version: Signal<u64>,
    /// When the rows were last confirmed with the server, UTC ms.
    #[prop(optional, into)]
    updated_ms: Signal<Option<i64>>,
    /// Asks for news: the button and the pull.
    #[prop(optional, into)]
    on_refresh: Option<Callback<()>>,
    /// News are under way.
    #[prop(optional, into)]
    refreshing: Signal<bool>,
    /// Name under which the place is kept on return.
    #[prop(optional, into)]
    keep: String,
    /// About how high a row is.
    #[prop(default = 72.0)]
    row_px: f64,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let keep = StoredValue::new(keep);
    let is_empty = Memo::new(move |_| count.get() == 0);
    let body = move || match load.get() {
        Load::Loading => view! { <Skeleton /> }.into_any(),
        Load::Failed(what, remedy, code) => {
            let next = on_refresh.map(|cb| (Text::from(t("ui.retry")), cb));
            match next {
                Some(next) => view! { <ErrorView what remedy code next /> }.into_any(),
                None => view! { <ErrorView what remedy code /> }.into_any(),
            }
        }
        Load::Ready if is_empty.get() => empty.run(),
        Load::Ready => view! {
            <VirtualList count version row=row.clone() keep=keep.get_value() row_px />
            <p class="list-end">{move || tn("ui.list-end", count.get())}</p>
        }
        .into_any(),
    };
    if let Some(cb) = on_refresh {
        pull_to_refresh(node, cb);
    }
    view! {
        <div class="list" node_ref=node aria-busy=move || refreshing.get().then_some("true")>
            {list_head(updated_ms, on_refresh, refreshing)}
            {body}
        </div>
    }
    .into_any()
}

fn list_head(
    updated_ms: Signal<Option<i64>>,
    on_refresh: Option<Callback<()>>,
    refreshing: Signal<bool>,
) -> AnyView {
    let updated = move || updated_ms.get().map(|at_ms| view! { <When at_ms before=t("ui.updated") /> });
    let label = move || t(if refreshing.get() { "ui.refreshing" } else { "ui.refresh" });
    let button = on_refresh.map(|cb| {
        view! { <IconButton glyph=Glyph::REFRESH label on_press=move || cb.run(()) disabled=refreshing /> }
    });
    view! {
        <div class="list-head">
            <div class={"list-pull"} aria-hidden="true"></div>
            {updated}
            <span class="list-busy" role="status">{move || refreshing.get().then(|| t("ui.refreshing"))}</span>
            {button}
        </div>
    }
    .into_any()
}

/// Grey rows in the shape of what comes; read out as one sentence.
#[component]
pub fn Skeleton(
    /// How many rows.
    #[prop(default = 3)]
    rows: usize,
) -> impl IntoView {
    let row = |_| {
        view! { <div class="skeleton" aria-hidden="true">{deco("skeleton-line")}{deco("skeleton-line is-short")}</div> }.into_any()
    };
    view! { <div class="skeletons" role="status"><span class="sr">{t("ui.loading")}</span>{(0..rows).map(row).collect_view()}</div> }
        .into_any()
}
