//! core.wasm: the program in the dedicated worker. It joins the repo to IndexedDB, to the network and to
//! the screens; what records mean and how sync goes is decided below, in `repo`.
#![cfg(target_arch = "wasm32")]

mod ahead;
mod browser;
mod core;
mod fetch;
mod hints;
mod host;
mod idle;
mod keys;
mod link;
mod locks;
mod rounds;
mod sealer;
mod self_test;
mod shelf;
mod signer;
mod tabs;
mod wire;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once when the worker starts. With `#self-test` behind its address it tries the store on a
/// database of its own and tells how that went, instead of serving anybody.
#[wasm_bindgen(start)]
pub fn start() {
    if self_test::asked() {
        wasm_bindgen_futures::spawn_local(self_test::run());
        return;
    }
    core::start();
}
