//! Rows of any kind as cells: title, note, status chip, where my own writes are.

use super::opened::label;
use super::when::when;
use crate::ui::{Chip, Glyph, RecordState, Skeleton, StateChip, Text, Tone};
use domain::bridge::{Line, Sent};
use leptos::prelude::*;

/// Grey rows while the first ones are read.
pub fn skeleton(rows: usize) -> AnyView {
    view! { <Skeleton rows /> }.into_any()
}

/// Tone of the kernel as tone of the kit.
pub fn tone(tone: domain::Tone) -> Tone {
    match tone {
        domain::Tone::Off => Tone::Off,
        domain::Tone::Info => Tone::Info,
        domain::Tone::Ok => Tone::Ok,
        domain::Tone::Warn => Tone::Warn,
        domain::Tone::Danger => Tone::Danger,
    }
}

/// The chip of a status.
pub fn status_chip(status: &domain::Label) -> Chip {
    let tone = tone(status.tone);
    let glyph = match (status.code.as_str(), tone) {
        ("draft", _) => Glyph::DRAFT,
        // What has ended lies in the archive; the crossed cloud is for what has no network.
        (_, Tone::Off) => Glyph::ARCHIVE,
        _ => tone.glyph(),
    };
    Chip::new(tone, glyph, Text::from(label(status)))
}

/// Where my own writes to a record are; nothing when all is delivered.
pub fn sent_chip(sent: Sent) -> Option<RecordState> {
    match sent {
        Sent::Delivered => None,
        Sent::Waiting => Some(RecordState::Waiting),
        Sent::Sending => Some(RecordState::Sending),
        Sent::Attention => Some(RecordState::NotSent),
    }
}

/// Number, official or temporary; both are searchable.
pub fn number(line: &Line) -> String {
    line.row.number.clone().or_else(|| line.temporary.clone()).unwrap_or_default()
}

/// Second line of a row: number, time, note; the note last, because only its beginning may have room.
pub fn note(line: &Line) -> String {
    let parts = [number(line), when(line.row.at_ms), line.row.note.clone()];
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

/// The chips at the end of a row.
pub fn chips(line: &Line) -> AnyView {
    let sent = sent_chip(line.sent).map(|state| view! { <StateChip chip=state.chip() /> });
    view! { {sent}<StateChip chip=status_chip(&line.row.status) /> }.into_any()
}
