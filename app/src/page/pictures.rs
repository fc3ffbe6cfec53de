//! Pictures of a record: shown from the phone (or fetched once), added to a form, with where each one is.

use super::form::Form;
use super::shrink::shrink;
use crate::client::client;
use crate::i18n::{t, t1};
use crate::ui::{AttachField, AttachState, Attachment};
use domain::bridge::{Answer, Ask, BlobState, Opened};
use domain::{DocId, Edit, Hash, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_bytes::ByteBuf;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    /// Addresses of pictures already opened; they live as long as the page.
    static URLS: RefCell<HashMap<Hash, ArcRwSignal<Option<String>>>> = RefCell::default();
}

/// The `blob:` address of a picture, once it is here. `None` while it is not (no network, not sent yet).
pub fn picture(hash: Hash) -> ArcRwSignal<Option<String>> {
    if let Some(url) = URLS.with_borrow(|urls| urls.get(&hash).cloned()) {
        if url.get_untracked().is_none() {
            load(hash, url.clone());
        }
        return url;
    }
    let url = ArcRwSignal::new(None);
    URLS.with_borrow_mut(|urls| urls.insert(hash, url.clone()));
    load(hash, url.clone());
    url
}

fn load(hash: Hash, url: ArcRwSignal<Option<String>>) {
    let client = client();
    spawn_local(async move {
        if let Answer::Bytes(bytes) = client.ask(Ask::GetBlob(hash)).await {
            url.set(object_url(&bytes));
        }
    });
}

fn object_url(bytes: &[u8]) -> Option<String> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("image/jpeg");
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    web_sys::Url::create_object_url_with_blob(&blob).ok()
}

/// A picture in a page; a quiet frame with words while it is not here.
pub fn picture_view(hash: Hash, caption: String, class: &'static str) -> AnyView {
    let url = picture(hash);
    let alt = caption.clone();
    (move || match url.get() {
        Some(src) => view! { <img class=class src=src alt=alt.clone() loading="lazy" /> }.into_any(),
        None => view! { <span class="pic-wait">{t("pic.not-here")}</span> }.into_any(),
    })
    .into_any()
}

/// The pictures of a form's items field: added here, shrunk, kept, queued; captions are the items' texts.
#[component]
pub fn Pictures(
    /// The form.
    form: Form,
    /// The record as it stands.
    #[prop(into)]
    opened: Signal<Box<Opened>>,
    /// Name of the items field.
    field: &'static str,
    /// Over the field.
    label: &'static str,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let hashes = Memo::new(move |_| opened.with(|opened| items(opened, field)));
    let states = blob_states(hashes);
    let list = Signal::derive(move || {
        let states = states.get();
        hashes.get().into_iter().map(|(hash, caption)| attachment(hash, caption, states.get(&hash))).collect()
    });
    let add = move |files: Vec<web_sys::File>| spawn_local(add_all(form, field, files, said));
    let remove = move |id: String| form.send(Edit::Clear { key: format!("{field}/{id}") });
    let retry = move |_: String| super::act::sync_now();
    view! {
        <AttachField label items=list max=9 on_add=add on_retry=retry on_remove=remove pictures_only=true
            error=move || said.get() />
    }
}

/// Pictures of a record: hash and caption, in the order of their keys.
pub fn items(opened: &Opened, field: &str) -> Vec<(Hash, String)> {
    let prefix = format!("{field}/");
    let one = |(key, value): (&String, &Value)| match value {
        Value::Str(caption) => Some((Hash::parse(key.strip_prefix(&prefix)?)?, caption.clone())),
        _ => None,
    };
    opened.values.iter().filter_map(one).collect()
}

fn attachment(hash: Hash, caption: String, state: Option<&BlobState>) -> Attachment {
    let shown = match state {
        Some(state) if state.delivered => AttachState::Delivered,
        Some(state) if state.sent > 0 && state.size > 0 => {
            AttachState::Sending((state.sent * 100 / state.size) as u32)
        }
        _ => AttachState::Waiting,
    };
    let name = if caption.is_empty() { t("pic.picture").to_string() } else { caption };
    let size = state.map_or(0, |state| state.size);
    Attachment { id: hash.to_string(), name, size, thumb: picture(hash).get(), state: shown }
}

fn blob_states(hashes: Memo<Vec<(Hash, String)>>) -> RwSignal<HashMap<Hash, BlobState>> {
    let (states, client) = (RwSignal::new(HashMap::new()), client());
    Effect::new(move |_| {
        let wanted: Vec<Hash> = hashes.get().into_iter().map(|(hash, _)| hash).collect();
        spawn_local(async move {
            if let Answer::Blobs(list) = client.ask(Ask::Blobs(wanted)).await {
                states.try_set(list.into_iter().map(|state| (state.hash, state)).collect());
            }
        });
    });
    Effect::new(move |_| {
        if let Some(state) = client.blob.get() {
            states.update(|states| {
                states.insert(state.hash, state);
            });
        }
    });
    states
}

async fn add_all(form: Form, field: &'static str, files: Vec<web_sys::File>, said: RwSignal<String>) {
    said.try_set(String::new());
    for file in files {
        match keep_picture(&file, form.doc).await {
            Ok(hash) => {
                form.send(Edit::Set { key: format!("{field}/{hash}"), value: Value::Str(String::new()) })
            }
            Err(why) => {
                said.try_set(t1("pic.failed", why));
            }
        }
    }
}

/// Shrinks a picture of this document and keeps it on this phone, queued for the server.
async fn keep_picture(file: &web_sys::File, doc: DocId) -> Result<Hash, String> {
    let bytes = shrink(file).await.map_err(String::from)?;
    let ask = Ask::PutBlob { doc: Some(doc), bytes: ByteBuf::from(bytes), mime: "image/jpeg".into() };
    match client().ask(ask).await {
        Answer::Stored(hash) => Ok(hash),
        Answer::Failed(code, zh, en) => Err(super::failure(&code, &zh, &en)),
        Answer::Refused(refusal) => Err(super::sentence(&refusal)),
        _ => Err(t("pic.unreadable").into()),
    }
}
