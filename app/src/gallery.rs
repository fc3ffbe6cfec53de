//! The gallery of the design system as a program of its own (feature `gallery`, never in what phones get):
//! all components in all states, for eyes, for axe and for the end-to-end suite.

// Words of the app that the gallery does not say.
#[allow(dead_code)]
mod i18n;
mod ui;

fn main() {
    ui::gallery::start();
}
