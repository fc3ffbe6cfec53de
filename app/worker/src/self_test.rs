//! The store tries itself in this very browser: the same conformance suite as everywhere, on a database
//! of its own, plain and as a vault. A support page and the end-to-end tests start the worker with `#self-test`.

use crate::browser::{object, scope};
use crate::shelf::Disk;
use store::vault::{OpenKey, Strength, Vaulted, Web};
use store::{Col, Durability, IndexedDb, Store, Write, conformance};
use wasm_bindgen::JsValue;

const DATABASE: &str = "lianxin.self-test";

/// Was the worker started for this?
pub fn asked() -> bool {
    scope().location().hash() == "#self-test"
}

/// Runs the suite and posts `{checked}`; a broken promise traps, which the page sees as an error.
pub async fn run() {
    let _ = IndexedDb::destroy(DATABASE).await;
    let store = IndexedDb::open(DATABASE).await.expect("a database");
    let key = OpenKey::<Web>::of(&[7; 32], Strength::Ordinary).await.expect("WebCrypto");
    let disk = Disk::Indexed(store.clone());
    let vault = Vaulted::new(disk.clone(), Some(key));
    let mut checked = conformance::run(&Vaulted::<_, Web>::new(disk, None)).await;
    vault.write(Col::ALL.into_iter().map(Write::Clear).collect(), Durability::Strict).await.expect("cleared");
    checked += conformance::run(&vault).await;
    store.close();
    let _ = IndexedDb::destroy(DATABASE).await;
    let _ = scope().post_message(&object(&[("checked", JsValue::from_f64(checked as f64))]));
}
