//! Empty, ErrorView, NoRight: no pictures; what, why, and the button for the next step.

use super::button::{Button, ButtonKind};
use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

fn blank(glyph: Glyph, what: Text, why: Text, next: Option<(Text, Callback<()>)>, code: Text) -> AnyView {
    let button = next.map(|(label, cb)| {
        view! { <Button label kind=ButtonKind::Secondary on_press=move || cb.run(()) /> }
    });
    view! {
        <div class="blank">
            <span class={"blank-icon"}>{icon(glyph)}</span>
            <p class="blank-what">{what.view()}</p>
            <p class="blank-why">{why.view()}</p>
            {button}
            {(!code.is_none()).then(|| view! { <p class="blank-code">{code.view()}</p> })}
        </div>
    }
    .into_any()
}

/// Nothing here yet.
#[component]
pub fn Empty(
    /// What is not there.
    #[prop(into)]
    what: Text,
    /// Why, or when there will be something.
    #[prop(optional, into)]
    why: Text,
    /// An icon for the kind of thing.
    #[prop(default = Glyph::ARCHIVE)]
    glyph: Glyph,
    /// The next step.
    #[prop(optional)]
    next: Option<(Text, Callback<()>)>,
) -> impl IntoView {
    blank(glyph, what, why, next, Text::default())
}

/// Something did not work: what happened, what to do, the code in small type.
#[component]
pub fn ErrorView(
    /// What happened.
    #[prop(into)]
    what: Text,
    /// What to do.
    #[prop(into)]
    remedy: Text,
    /// `E-SYNC-12`
    #[prop(optional, into)]
    code: Text,
    /// The button that does it.
    #[prop(optional)]
    next: Option<(Text, Callback<()>)>,
) -> impl IntoView {
    view! { <div role="alert">{blank(Glyph::WARN, what, remedy, next, code)}</div> }.into_any()
}

/// This person may not see it; says who may.
#[component]
pub fn NoRight(
    /// Whom to ask, or which role sees it.
    #[prop(into)]
    why: Text,
    /// The next step.
    #[prop(optional)]
    next: Option<(Text, Callback<()>)>,
) -> impl IntoView {
    blank(Glyph::LOCK, Text::from(t("ui.no-right")), why, next, Text::default())
}
