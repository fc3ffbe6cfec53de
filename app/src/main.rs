//! ui.wasm: the screens. They paint from rows and opened documents that the worker hands over; there is no
//! Automerge, no IndexedDB and no network in here (sign-in goes through `api`).

mod client;
mod i18n;
mod live;
mod modules;
mod page;
mod router;
mod shell;
mod ui;

fn main() {
    #[cfg(feature = "gallery")]
    if ui::gallery::asked() {
        return ui::gallery::start();
    }
    leptos::mount::mount_to_body(shell::App);
}
