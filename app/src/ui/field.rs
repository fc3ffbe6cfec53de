//! Field: label above, help below, error below with an icon and a remedy. Text, number, phone, password, PIN, long text.
//! The words are the caller's signal, which autosaves; nothing is kept here.

use super::button::IconButton;
use super::dom::uid;
use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::{t, t2};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What is written into a field; sets keyboard, autocomplete and shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of words.
    #[default]
    Line,
    /// Several lines; grows with its words.
    Long,
    /// Digits.
    Number,
    /// A telephone number.
    Phone,
    /// A secret with a show button.
    Password,
    /// A secret of digits.
    Pin,
}

impl FieldKind {
    fn input_mode(self) -> &'static str {
        match self {
            FieldKind::Number | FieldKind::Pin => "numeric",
            FieldKind::Phone => "tel",
            _ => "text",
        }
    }
}

/// Ids and words around a control, shared by all kinds of fields.
pub(super) struct Frame {
    /// Id of the control.
    pub id: String,
    /// Over it.
    pub label: Text,
    /// Under it while there is no error.
    pub help: Text,
    /// Under it, with icon; empty means none.
    pub error: Text,
    /// Says 选填 when it may stay empty.
    pub optional: bool,
}

impl Frame {
    /// Ids for `aria-describedby`: help and error stand in one element.
    pub fn described_by(&self) -> String {
        format!("{}-d", self.id)
    }

    /// Value of `aria-invalid`.
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + Sync + Clone + 'static {
        let error = self.error.clone();
        move || (!error.get().is_empty()).then_some("true")
    }

    /// Label, control, then help or error, with something at the right of that line (the counter).
    pub fn wrap(self, control: AnyView, aside: Option<AnyView>) -> AnyView {
        let described = self.described_by();
        let Frame { id, label, help, error, optional } = self;
        let has_error = {
            let error = error.clone();
            move || !error.get().is_empty()
        };
        let line = move || {
            let said = error.get();
            if said.is_empty() {
                help.clone().view()
            } else {
                view! { {icon(Glyph::WARN)}<span>{said}</span> }.into_any()
            }
        };
        view! {
            <div class="field" class:is-wrong=has_error>
                <label class="field-label" for=id>
                    {label.view()}
                    {optional.then(|| view! { <span class="field-optional">{t("ui.optional")}</span> })}
                </label>
                {control}
                <div class={"field-foot"}>
                    <p class="field-help" id=described aria-live="polite">{line}</p>
                    {aside}
                </div>
            </div>
        }
        .into_any()
    }
}

/// A labelled field for words.
#[component]
pub fn Field(
    /// Over the field; never only a placeholder.
    #[prop(into)]
    label: Text,
    /// The words.
    value: RwSignal<String>,
    /// One line unless said otherwise.
    #[prop(optional)]
    kind: FieldKind,
    /// Under the field: what is expected.
    #[prop(optional, into)]
    help: Text,
    /// What is wrong and how to mend it; empty when nothing is.
    #[prop(optional, into)]
    error: Text,
    /// At most so many characters; long texts then show a counter.
    #[prop(optional)]
    max: Option<usize>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// Cannot be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// `autocomplete` of HTML: `current-password`, `name`, `tel`. Without it browsers do not write down what stands in
    /// the field to restore a tab.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Word on the keyboard's enter key: `next`, `done`, `send`.
    #[prop(default = "next")]
    enter_key: &'static str,
    /// Enter was pressed (not in long texts).
    #[prop(optional, into)]
    on_enter: Option<Callback<()>>,
    /// The field was left.
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let frame = Frame { id: uid("field"), label, help, error, optional };
    let parts = Parts { value, max, disabled, on_enter, on_leave, autocomplete, enter_key };
    let control = match kind {
        FieldKind::Long => long_control(&frame, parts),
        FieldKind::Password | FieldKind::Pin => password_control(&frame, parts, kind),
        _ => line_control(
            &frame,
            parts,
            Signal::stored(if kind == FieldKind::Phone { "tel" } else { "text" }),
            kind,
        ),
    };
    let counter = max.filter(|_| kind == FieldKind::Long).map(|max| counter(value, max));
    frame.wrap(control, counter)
}

#[derive(Clone, Copy)]
struct Parts {
    value: RwSignal<String>,
    max: Option<usize>,
    disabled: Signal<bool>,
    on_enter: Option<Callback<()>>,
    on_leave: Option<Callback<()>>,
    autocomplete: &'static str,
    enter_key: &'static str,
}

fn line_control(frame: &Frame, p: Parts, shape: Signal<&'static str>, kind: FieldKind) -> AnyView {
    let node = NodeRef::<html::Input>::new();
    // Written only when it differs, so that a Chinese input method is never disturbed in mid-word.
    Effect::new(move |_| {
        let words = p.value.get();
        if let Some(input) = node.get().filter(|input| input.value() != words) {
            input.set_value(&words);
        }
    });
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        if let (Some(cb), "Enter", false) = (p.on_enter, ev.key().as_str(), ev.is_composing()) {
            ev.prevent_default();
            cb.run(());
        }
    };
    view! {
        <input
            class="field-input" id=frame.id.clone() node_ref=node type=move || shape.get() inputmode=kind.input_mode()
            autocomplete=p.autocomplete enterkeyhint=p.enter_key maxlength=p.max.map(|m| m.to_string())
            disabled=move || p.disabled.get() aria-invalid=frame.invalid() aria-describedby=frame.described_by()
            on:input=move |ev| p.value.set(event_target_value(&ev)) on:keydown=on_key
            on:blur=move |_| if let Some(cb) = p.on_leave { cb.run(()) }
        />
    }
    .into_any()
}

fn password_control(frame: &Frame, p: Parts, kind: FieldKind) -> AnyView {
    let shown = RwSignal::new(false);
    let shape = Signal::derive(move || if shown.get() { "text" } else { "password" });
    let input = line_control(frame, p, shape, kind);
    let toggle = move || {
        let (glyph, words) = if shown.get() { (Glyph::EYE_OFF, "ui.hide") } else { (Glyph::EYE, "ui.show") };
        view! { <IconButton glyph label=t(words) on_press=move || shown.update(|s| *s = !*s) /> }
    };
    view! { <div class="field-with-button">{input}{toggle}</div> }.into_any()
}

fn long_control(frame: &Frame, p: Parts) -> AnyView {
    let node = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        let words = p.value.get();
        if let Some(area) = node.get() {
            if area.value() != words {
                area.set_value(&words);
            }
            grow(&area);
        }
    });
    view! {
        <textarea
            class="field-input field-long" id=frame.id.clone() node_ref=node rows="3" autocomplete="off"
            disabled=move || p.disabled.get() aria-invalid=frame.invalid() aria-describedby=frame.described_by()
            on:input=move |ev| p.value.set(event_target_value(&ev))
            on:blur=move |_| if let Some(cb) = p.on_leave { cb.run(()) }
        ></textarea>
    }
    .into_any()
}

/// As high as its words; the two pixels are the borders.
fn grow(area: &web_sys::HtmlTextAreaElement) {
    let style = area.unchecked_ref::<web_sys::HtmlElement>().style();
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", area.scroll_height() + 2));
}

/// Too many characters do not vanish: the counter turns, and the caller refuses with a sentence.
fn counter(value: RwSignal<String>, max: usize) -> AnyView {
    let used = move || value.with(|v| v.chars().count());
    view! { <span class="field-count" class:is-over=move || { used() > max }>{move || t2("ui.count", used(), max)}</span> }
        .into_any()
}
