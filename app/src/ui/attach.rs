//! AttachField: pictures and files from camera, gallery or folder; thumbnail, size, progress, retry, remove.
//! It shows and asks; compressing, keeping and sending is the caller's (the worker's) work.

use super::button::IconButton;
use super::dom::{bytes, uid};
use super::glyph::{Glyph, icon};
use super::progress::Ring;
use super::text::Text;
use crate::i18n::{t, t1, t2};
use leptos::html;
use leptos::prelude::*;

/// Where one file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachState {
    /// Kept on this phone, goes up with the record.
    Waiting,
    /// Going up, 0–100.
    Sending(u32),
    /// The server has it.
    Delivered,
    /// Did not go up or could not be read; the sentence says why and what to do.
    Failed(String),
}

/// One file of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Names it to the caller.
    pub id: String,
    /// File name.
    pub name: String,
    /// Bytes, after compression.
    pub size: u64,
    /// `blob:` address of a small picture; none for other files.
    pub thumb: Option<String>,
    /// Where it is.
    pub state: AttachState,
}

/// A field for files.
#[component]
pub fn AttachField(
    /// Over it.
    #[prop(into)]
    label: Text,
    /// The files so far.
    #[prop(into)]
    items: Signal<Vec<Attachment>>,
    /// At most so many.
    #[prop(default = 9)]
    max: usize,
    /// Files were chosen; the caller may refuse some with a sentence in `error`.
    #[prop(into)]
    on_add: Callback<Vec<web_sys::File>>,
    /// 重试, with the id.
    #[prop(into)]
    on_retry: Callback<String>,
    /// Remove, with the id.
    #[prop(into)]
    on_remove: Callback<String>,
    /// Only pictures: no button for files.
    #[prop(optional)]
    pictures_only: bool,
    /// Why a file was not taken.
    #[prop(optional, into)]
    error: Text,
) -> impl IntoView {
    let full = Signal::derive(move || items.with(|i| i.len() >= max));
    let row = move |item: Attachment| attach_row(item, on_retry, on_remove);
    let said = move || {
        Some(error.get()).filter(|e| !e.is_empty()).map(|e| view! { {icon(Glyph::WARN)}<span>{e}</span> })
    };
    view! {
        <fieldset class="field attach">
            <legend class="field-label">{label.view()}" "<span class={"field-optional"}>{move || t2("ui.count", items.with(Vec::len), max)}</span></legend>
            <ul class="attach-list">
                {move || items.get().into_iter().map(row).collect_view()}
            </ul>
            <div class={"attach-buttons"}>
                {pick_button(Glyph::CAMERA, t("ui.camera"), "image/*", true, full, on_add)}
                {pick_button(Glyph::IMAGE, t("ui.gallery"), "image/*", false, full, on_add)}
                {(!pictures_only).then(|| pick_button(Glyph::CLIP, t("ui.file"), "", false, full, on_add))}
            </div>
            <p class="field-help is-error" aria-live="polite">{said}</p>
        </fieldset>
    }
    .into_any()
}

fn attach_row(item: Attachment, on_retry: Callback<String>, on_remove: Callback<String>) -> AnyView {
    let Attachment { id, name, size, thumb, state } = item;
    let picture = match thumb {
        Some(src) => view! { <img class="attach-thumb" src=src alt="" /> }.into_any(),
        None => view! { <span class="attach-thumb">{icon(Glyph::FILE)}</span> }.into_any(),
    };
    let failed = matches!(state, AttachState::Failed(_));
    let words = match &state {
        AttachState::Waiting => t("state.waiting").to_string(),
        AttachState::Sending(percent) => t1("ui.percent", percent),
        AttachState::Delivered => t("state.delivered").to_string(),
        AttachState::Failed(why) => why.clone(),
    };
    let ring = match state {
        AttachState::Sending(percent) => Some(view! { <Ring percent=Signal::stored(percent) /> }),
        _ => None,
    };
    let (again, gone) = (id.clone(), id);
    let retry_label = format!("{} {name}", t("ui.retry"));
    let remove_label = format!("{} {name}", t("ui.remove"));
    view! {
        <li class="attach-row" class:is-wrong=failed>
            {picture}
            <span class="cell-main"><span class="attach-name">{name}</span><span class="cell-note">{format!("{} · {words}", bytes(size))}</span></span>
            {ring}
            {failed.then(|| view! { <IconButton glyph=Glyph::REFRESH label=retry_label on_press=move || on_retry.run(again.clone()) /> })}
            <IconButton glyph=Glyph::CLOSE label=remove_label on_press=move || on_remove.run(gone.clone()) />
        </li>
    }
    .into_any()
}

/// A label that looks like a button over the browser's own file input: works everywhere, also with the keyboard.
fn pick_button(
    glyph: Glyph,
    words: &'static str,
    accept: &'static str,
    camera: bool,
    full: Signal<bool>,
    on_add: Callback<Vec<web_sys::File>>,
) -> AnyView {
    let id = uid("pick");
    let node = NodeRef::<html::Input>::new();
    let picked = move |_| {
        let Some(input) = node.get_untracked() else { return };
        let files: Vec<_> =
            input.files().map(|l| (0..l.length()).filter_map(|i| l.item(i)).collect()).unwrap_or_default();
        // Emptied, so that the same file can be chosen again after it was removed.
        input.set_value("");
        if !files.is_empty() {
            on_add.run(files);
        }
    };
    view! {
        <input class="sr pick-input" type="file" id=id.clone() node_ref=node accept=(!accept.is_empty()).then_some(accept)
            capture=camera.then_some("environment") multiple=!camera disabled=move || full.get() on:change=picked />
        <label class="btn btn-secondary pick" for=id><span class="btn-face">{icon(glyph)}<span>{words}</span></span></label>
    }
    .into_any()
}
