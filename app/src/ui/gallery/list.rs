//! A list of 6,800 people with search and filters, refreshed by button and pull.

use super::framed;
use super::people::person;
use crate::ui::*;
use leptos::prelude::*;
use std::sync::Arc;

pub fn page() -> AnyView {
    framed("会员", roster("gallery"))
}

/// The list itself, also used beside a detail.
pub fn roster(keep: &'static str) -> AnyView {
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::new());
    let busy = RwSignal::new(false);
    let hits = Memo::new(move |_| {
        query.with(|q| {
            (0..6_800)
                .filter(|i| q.is_empty() || person(*i).name.contains(q.as_str()))
                .collect::<Vec<usize>>()
        })
    });
    let version = Memo::new(move |last: Option<&u64>| {
        hits.track();
        last.map_or(0, |v| v + 1)
    });
    let row: RowView = Arc::new(move |i| {
        let who = person(hits.with_untracked(|h| h.get(i).copied().unwrap_or(0)));
        let chip = (i % 5 == 0).then(|| view! { <StateChip chip=RecordState::Waiting.chip() /> }.into_any());
        view! { <Cell title=who.name note=who.note href="#">{chip}</Cell> }.into_any()
    });
    let refresh = move || {
        busy.set(true);
        after_ms(1200, Box::new(move || busy.set(false)));
    };
    let filters = vec![
        Filter { id: "mine", label: "本单位".into(), count: Some(412) },
        Filter { id: "new", label: "新入会".into(), count: Some(38) },
        Filter { id: "out", label: "外派".into(), count: None },
    ];
    let recent = Signal::stored(vec!["红柳滩".to_string(), "阿依古丽".to_string()]);
    let empty = ViewFn::from(
        || view! { <Empty what="没有找到" why="请换一个姓名或工号再试。" glyph=Glyph::SEARCH /> },
    );
    view! {
        <SearchBar label="搜索姓名、工号" query filters chosen recent offline=true />
        <List count=move || hits.with(Vec::len) row load=Signal::stored(Load::Ready) empty version
            updated_ms=Signal::stored(Some(when::now_ms() - 720_000)) on_refresh=refresh refreshing=busy keep />
    }
    .into_any()
}
