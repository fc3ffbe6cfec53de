//! QR card: white in every theme, large, with the code as text under it for those who cannot scan.

use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// A drawn QR code: who makes it (the worker) chooses the way.
#[derive(Clone)]
pub enum QrArt {
    /// `d` of an SVG path on a grid of `size` modules.
    Path {
        /// Modules a side.
        size: usize,
        /// Path data.
        d: String,
    },
    /// Dark modules row by row; `size` × `size`.
    Modules {
        /// Modules a side.
        size: usize,
        /// `true` is dark.
        dark: Vec<bool>,
    },
}

impl QrArt {
    fn drawn(self) -> (usize, String) {
        match self {
            QrArt::Path { size, d } => (size, d),
            QrArt::Modules { size, dark } => (size, path_of(size, &dark)),
        }
    }
}

/// Dark modules as horizontal bars: a tenth of the nodes of one square each.
pub fn path_of(size: usize, dark: &[bool]) -> String {
    let mut d = String::new();
    for (y, row) in dark.chunks(size.max(1)).take(size).enumerate() {
        let mut x = 0;
        while x < row.len() {
            let run = row[x..].iter().take_while(|m| **m).count();
            if run > 0 {
                d.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    d
}

/// A white card with the code, a hint about brightness and the text.
#[component]
pub fn QrCard(
    /// The drawing, without quiet zone.
    art: QrArt,
    /// What it is for.
    #[prop(into)]
    title: Text,
    /// The same content for people: `LX-7F3K-92QD`.
    #[prop(into)]
    code: String,
) -> impl IntoView {
    let (size, d) = art.drawn();
    // Four modules of quiet around, as the standard asks for.
    let view_box = format!("-4 -4 {0} {0}", size + 8);
    view! {
        <figure class="qr">
            <figcaption class="qr-title">{title.clone().view()}</figcaption>
            <svg class="qr-art" viewBox=view_box role="img" aria-label=title.attr() shape-rendering="crispEdges">
                <path d=d></path>
            </svg>
            <p class="qr-code">{code}</p>
            <p class="qr-hint">{icon(Glyph::SUN)}<span>{t("ui.qr-hint")}</span></p>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn runs_of_dark_modules_become_one_bar() {
        let dark = [true, true, false, false, false, false, true, false, true];
        assert_eq!(path_of(3, &dark), "M0 0h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z");
    }

    #[test]
    fn a_matrix_of_the_wrong_length_draws_what_is_there() {
        assert_eq!(path_of(2, &[true]), "M0 0h1v1h-1z");
        assert_eq!(path_of(0, &[true]), "");
        assert_eq!(path_of(1, &[true, true]), "M0 0h1v1h-1z");
    }
}
