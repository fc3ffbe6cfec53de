//! StateChip: state as wash + icon + word. The words and tones of the guide §6 live here and nowhere else.

use super::glyph::{Glyph, icon};
use super::text::Text;
use crate::i18n::t;
use leptos::prelude::*;

/// The meaning of a colour. Colour never stands alone: an icon and a word go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Done, delivered, passed.
    Ok,
    /// On its way, plain information.
    Info,
    /// Somebody must look at it.
    Warn,
    /// Offline, draft, archived: calm grey.
    Off,
    /// Void, deletion: outline, never filled.
    Danger,
}

impl Tone {
    /// Value of `data-tone`, which `style/_chip.scss` turns into colours.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Ok => "ok",
            Tone::Info => "info",
            Tone::Warn => "warn",
            Tone::Off => "off",
            Tone::Danger => "danger",
        }
    }

    /// The icon that goes with the tone when there is none of its own.
    pub fn glyph(self) -> Glyph {
        match self {
            Tone::Ok => Glyph::OK,
            Tone::Info => Glyph::INFO,
            Tone::Warn => Glyph::WARN,
            Tone::Off => Glyph::CLOUD_OFF,
            Tone::Danger => Glyph::DANGER,
        }
    }
}

/// What a chip shows.
#[derive(Clone)]
pub struct Chip {
    /// Colour.
    pub tone: Tone,
    /// Shape.
    pub glyph: Glyph,
    /// Word.
    pub word: Text,
    /// Struck through (已作废).
    pub struck: bool,
}

impl Chip {
    /// A chip of one's own, for words outside §6 (a column, a kind).
    pub fn new(tone: Tone, glyph: Glyph, word: impl Into<Text>) -> Self {
        Chip { tone, glyph, word: word.into(), struck: false }
    }
}

/// Where a record is between this phone and the union.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordState {
    /// 草稿
    Draft,
    /// 待上传
    Waiting,
    /// 上传中
    Sending,
    /// 已送达: the server said so.
    Delivered,
    /// 未送达: refused or failed; say the reason beside it.
    NotSent,
    /// 需确认: two versions want a decision.
    NeedsChoice,
    /// 被退回
    Returned,
    /// 已作废
    Void,
}

impl RecordState {
    /// How it is shown.
    pub fn chip(self) -> Chip {
        self.into()
    }
}

impl ApprovalState {
    /// How it is shown.
    pub fn chip(self) -> Chip {
        self.into()
    }
}

impl From<RecordState> for Chip {
    fn from(state: RecordState) -> Self {
        use RecordState::*;
        let (tone, glyph, word) = match state {
            Draft => (Tone::Off, Glyph::DRAFT, t("state.draft")),
            Waiting => (Tone::Info, Glyph::CLOCK, t("state.waiting")),
            Sending => (Tone::Info, Glyph::CLOUD_UP, t("state.sending")),
            Delivered => (Tone::Ok, Glyph::CLOUD_OK, t("state.delivered")),
            NotSent => (Tone::Warn, Glyph::WARN, t("state.not-sent")),
            NeedsChoice => (Tone::Warn, Glyph::CHOICE, t("state.needs-choice")),
            Returned => (Tone::Warn, Glyph::RETURN, t("state.returned")),
            Void => (Tone::Off, Glyph::VOID, t("state.void")),
        };
        Chip { struck: state == Void, ..Chip::new(tone, glyph, word) }
    }
}

/// Where a decision is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalState {
    /// 审批中
    InReview,
    /// 已同意
    Approved,
    /// 已驳回
    Rejected,
    /// 已撤回
    Withdrawn,
    /// 已办结
    Closed,
}

impl From<ApprovalState> for Chip {
    fn from(state: ApprovalState) -> Self {
        match state {
            ApprovalState::InReview => Chip::new(Tone::Info, Glyph::CLOCK, t("state.in-review")),
            ApprovalState::Approved => Chip::new(Tone::Ok, Glyph::OK, t("state.approved")),
            ApprovalState::Rejected => Chip::new(Tone::Warn, Glyph::VOID, t("state.rejected")),
            ApprovalState::Withdrawn => Chip::new(Tone::Off, Glyph::RETURN, t("state.withdrawn")),
            ApprovalState::Closed => Chip::new(Tone::Ok, Glyph::CHECK, t("state.closed")),
        }
    }
}

/// Wash, icon and word.
#[component]
pub fn StateChip(
    /// A state of §6 or a [`Chip`] of one's own.
    #[prop(into)]
    chip: Chip,
) -> impl IntoView {
    view! {
        <span class="chip" data-tone=chip.tone.name() class:is-struck=chip.struck>
            {icon(chip.glyph)}
            <span>{chip.word.view()}</span>
        </span>
    }
    .into_any()
}
