//! Table (desk): head that stays, columns to choose, rows to select, 50 a page, export. Under 600 px each row
//! becomes a card, because nobody reads a table on a phone.

use super::button::{Button, ButtonKind, IconButton};
use super::chip::{Chip, StateChip};
use super::dom::uid;
use super::glyph::{Glyph, icon};
use super::sheet::Sheet;
use super::text::Text;
use crate::i18n::{grouped, t, tn};
use leptos::prelude::*;

/// Rows shown at once.
pub const PAGE: usize = 50;

/// One column.
#[derive(Clone)]
pub struct Column {
    /// Its name.
    pub label: Text,
    /// Figures: right aligned, all digits of one width.
    pub figures: bool,
}

impl Column {
    /// A column of words.
    pub fn words(label: impl Into<Text>) -> Self {
        Column { label: label.into(), figures: false }
    }

    /// A column of figures.
    pub fn figures(label: impl Into<Text>) -> Self {
        Column { label: label.into(), figures: true }
    }
}

/// What stands in a cell.
#[derive(Clone)]
pub enum TableCell {
    /// Words or a figure, already as people read it.
    Words(String),
    /// A state.
    State(Chip),
}

/// One row.
#[derive(Clone)]
pub struct TableRow {
    /// Names it to the caller.
    pub id: String,
    /// One for each column; the first one is the row's name.
    pub cells: Vec<TableCell>,
}

#[derive(Clone, Copy)]
struct State {
    id: StoredValue<String>,
    columns: StoredValue<Vec<Column>>,
    hidden: RwSignal<Vec<usize>>,
    chosen: RwSignal<Vec<String>>,
    page: RwSignal<usize>,
    on_open: Option<Callback<String>>,
}

/// A table of records.
#[component]
pub fn Table(
    /// What the table holds; its caption.
    #[prop(into)]
    label: Text,
    /// The columns.
    columns: Vec<Column>,
    /// All rows; 50 at a time are drawn.
    #[prop(into)]
    rows: Signal<Vec<TableRow>>,
    /// Ids of the selected rows.
    chosen: RwSignal<Vec<String>>,
    /// A press on the first cell of a row, with its id.
    #[prop(optional, into)]
    on_open: Option<Callback<String>>,
    /// 导出 with the selected ids, or all when none is selected.
    #[prop(optional, into)]
    on_export: Option<Callback<Vec<String>>>,
) -> impl IntoView {
    let state = State {
        id: StoredValue::new(uid("table")),
        columns: StoredValue::new(columns),
        hidden: RwSignal::new(Vec::new()),
        chosen,
        page: RwSignal::new(0),
        on_open,
    };
    let pages = Signal::derive(move || rows.with(|r| r.len().div_ceil(PAGE)).max(1));
    let page = Signal::derive(move || state.page.get().min(pages.get() - 1));
    let shown =
        move || rows.with(|r| r.iter().skip(page.get() * PAGE).take(PAGE).cloned().collect::<Vec<_>>());
    let body = move || {
        state.hidden.track();
        shown().into_iter().map(|row| table_row(row, state)).collect_view()
    };
    view! {
        <div class="table-frame">
            {toolbar(state, on_export)}
            <div class="table-scroll" tabindex="0" role="region" aria-label=label.attr()>
                <table class="table">
                    <caption class="sr">{label.clone().view()}</caption>
                    <thead>{move || head(state, rows)}</thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            {pager(state.page, page, pages, rows)}
        </div>
    }
    .into_any()
}

fn toolbar(state: State, on_export: Option<Callback<Vec<String>>>) -> AnyView {
    let choosing = RwSignal::new(false);
    let count = move || {
        let n = state.chosen.with(Vec::len);
        (n > 0).then(|| tn("ui.selected", n))
    };
    let export = on_export.map(|cb| {
        view! { <Button label=t("ui.export") glyph=Glyph::DOWNLOAD small=true on_press=move || cb.run(state.chosen.get_untracked()) /> }
    });
    view! {
        <div class="table-tools">
            <span class="table-count" role="status">{count}</span>
            <Button label=t("ui.columns") glyph=Glyph::COLUMNS kind=ButtonKind::Text small=true on_press=move || choosing.set(true) />
            {export}
            <Sheet open=choosing title=t("ui.columns")>{column_choices(state)}</Sheet>
        </div>
    }
    .into_any()
}

fn column_choices(state: State) -> AnyView {
    let row = move |(i, column): (usize, Column)| {
        let toggle = move |ev| {
            let on = event_target_checked(&ev);
            state.hidden.update(|h| {
                h.retain(|c| *c != i);
                if !on {
                    h.push(i);
                }
            })
        };
        // The first column names the row and always stays.
        view! {
            <label class="cell choice">
                <input class="choice-input" type="checkbox" disabled=i == 0 prop:checked=!state.hidden.with_untracked(|h| h.contains(&i)) on:change=toggle />
                <span class="cell-main">{column.label.view()}</span>
            </label>
        }
        .into_any()
    };
    state.columns.get_value().into_iter().enumerate().map(row).collect_view().into_any()
}

fn visible(state: State) -> Vec<(usize, Column)> {
    let hidden = state.hidden.get();
    state.columns.get_value().into_iter().enumerate().filter(|(i, _)| !hidden.contains(i)).collect()
}

fn head(state: State, rows: Signal<Vec<TableRow>>) -> AnyView {
    let all = move || rows.with(|r| !r.is_empty() && r.len() == state.chosen.with(Vec::len));
    let toggle = move |ev| {
        let on = event_target_checked(&ev);
        state.chosen.set(if on {
            rows.with_untracked(|r| r.iter().map(|r| r.id.clone()).collect())
        } else {
            Vec::new()
        });
    };
    let names = visible(state)
        .into_iter()
        .map(|(_, c)| view! { <th scope="col" class:is-figures=c.figures>{c.label.view()}</th> }.into_any());
    view! {
        <tr>
            <th scope="col" class="table-pick"><label class="pick-cell"><input class="choice-input" type="checkbox" aria-label=t("ui.select-all") prop:checked=all on:change=toggle /></label></th>
            {names.collect_view()}
        </tr>
    }
    .into_any()
}

fn table_row(row: TableRow, state: State) -> AnyView {
    let TableRow { id, cells } = row;
    let name = cells.first().map(words_of).unwrap_or_default();
    let is = {
        let id = id.clone();
        Signal::derive(move || state.chosen.with(|c| c.contains(&id)))
    };
    let pick = {
        let id = id.clone();
        move |ev| {
            let on = event_target_checked(&ev);
            state.chosen.update(|c| {
                c.retain(|x| *x != id);
                if on {
                    c.push(id.clone());
                }
            })
        }
    };
    let label = format!("{} {name}", t("ui.select"));
    let open = state.on_open.map(|cb| (cb, id));
    let cells = visible(state).into_iter().filter_map(|(i, column)| {
        let cell = cells.get(i)?.clone();
        let open = if i == 0 { open.clone() } else { None };
        Some(table_cell(cell, column, i == 0, open))
    });
    view! {
        <tr aria-selected=move || is.get().to_string()>
            <td class="table-pick"><label class="pick-cell"><input class="choice-input" type="checkbox" aria-label=label prop:checked=move || is.get() on:change=pick /></label></td>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

fn words_of(cell: &TableCell) -> String {
    match cell {
        TableCell::Words(words) => words.clone(),
        TableCell::State(chip) => chip.word.get().to_string(),
    }
}

fn table_cell(
    cell: TableCell,
    column: Column,
    first: bool,
    open: Option<(Callback<String>, String)>,
) -> AnyView {
    let content = match cell {
        TableCell::Words(words) => words.into_any(),
        TableCell::State(chip) => view! { <StateChip chip /> }.into_any(),
    };
    let content = match open {
        Some((cb, id)) => view! { <button type="button" class="table-open" on:click=move |_| cb.run(id.clone())>{content}{icon(Glyph::NEXT)}</button> }.into_any(),
        None => content,
    };
    // Under 600 px the head is gone and each cell carries its column's name.
    let label = column.label.attr();
    if first {
        view! { <th scope="row" data-label=label>{content}</th> }.into_any()
    } else {
        view! { <td class:is-figures=column.figures data-label=label>{content}</td> }.into_any()
    }
}

fn pager(
    turn: RwSignal<usize>,
    page: Signal<usize>,
    pages: Signal<usize>,
    rows: Signal<Vec<TableRow>>,
) -> AnyView {
    let words = move || {
        let (all, from) = (rows.with(Vec::len), page.get() * PAGE);
        let part = format!("{}–{}", grouped((from + 1).min(all)), grouped((from + PAGE).min(all)));
        crate::i18n::t2("ui.page-of", part, grouped(all))
    };
    view! {
        <div class="pager">
            <span role="status">{words}</span>
            <IconButton glyph=Glyph::BACK label=t("ui.page-before") disabled=Signal::derive(move || page.get() == 0) on_press=move || turn.set(page.get_untracked().saturating_sub(1)) />
            <IconButton glyph=Glyph::NEXT label=t("ui.page-after") disabled=Signal::derive(move || page.get() + 1 >= pages.get()) on_press=move || turn.set(page.get_untracked() + 1) />
        </div>
    }
    .into_any()
}
