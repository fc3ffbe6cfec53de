//! The English texts: a file of their own beside the program (app/bundle/README.md), fetched by whoever chose English.
//! Phones that keep the program keep the file too, so the choice works without a network.

use super::hash::key_hash;
use leptos::prelude::window;
use std::sync::OnceLock;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Sorted by the hash of the key; lives as long as the page.
static TEXTS: OnceLock<Vec<(u32, &'static str)>> = OnceLock::new();

/// True when the texts are here.
pub fn here() -> bool {
    TEXTS.get().is_some()
}

/// The text of a key by its hash.
pub fn text(hash: u32) -> Option<&'static str> {
    let texts = TEXTS.get()?;
    let row = texts.binary_search_by_key(&hash, |row| row.0).ok()?;
    texts.get(row).map(|row| row.1)
}

/// Takes what the boot file fetched beside the program, if this person reads English.
pub fn take_over() {
    if let Some(file) = on_window("LIANXIN_ENGLISH").and_then(|file| file.as_string()) {
        take(file);
    }
}

/// Makes sure that the texts are here; false when they could not be fetched.
pub async fn fetch() -> bool {
    if !here()
        && let Some(file) = asked().await
    {
        take(file);
    }
    here()
}

async fn asked() -> Option<String> {
    let call: js_sys::Function = on_window("LIANXIN_WORDS")?.dyn_into().ok()?;
    let coming: js_sys::Promise = call.call0(&JsValue::NULL).ok()?.dyn_into().ok()?;
    JsFuture::from(coming).await.ok()?.as_string()
}

fn on_window(name: &str) -> Option<JsValue> {
    js_sys::Reflect::get(&window(), &name.into()).ok()
}

/// Lines of key, tab, text. A second file is of no use: it would be the same.
fn take(file: String) {
    let _ = TEXTS.set(rows(file.leak()));
}

fn rows(file: &'static str) -> Vec<(u32, &'static str)> {
    let pairs = file.lines().filter_map(|line| line.split_once('\t'));
    let mut rows: Vec<_> = pairs.map(|(key, text)| (key_hash(key), text)).collect();
    rows.sort_unstable_by_key(|row| row.0);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_lines_becomes_texts_by_key() {
        let rows = rows("state.draft\tDraft\nrubbish\nui.save\tSave");
        assert_eq!(rows.len(), 2);
        assert!(rows.contains(&(key_hash("state.draft"), "Draft")) && rows.is_sorted());
    }

    #[test]
    fn before_the_file_has_come_there_is_no_english() {
        assert!(!here() && text(key_hash("state.draft")).is_none());
    }
}
