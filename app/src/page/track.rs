//! The acts of a record as the kit's timeline: who did what, opinion, both clocks.

use super::opened::label;
use crate::i18n::t;
use crate::ui::{NodeState, Text, Timeline, TrackNode};
use domain::Moment;
use domain::bridge::Opened;
use leptos::prelude::*;

/// The whole track. What still waits on this phone is marked as being under way.
pub fn track(opened: &Opened) -> AnyView {
    let nodes = opened.timeline.iter().map(|moment| node(moment, opened)).collect();
    view! { <Timeline nodes /> }.into_any()
}

fn node(moment: &Moment, opened: &Opened) -> TrackNode {
    // By the step, not by its tone: 催办 and 划转 warn too, and send nothing back.
    let state = match moment.step.code.as_str() {
        _ if moment.official_ms.is_none() => NodeState::Now,
        "return" | "object" => NodeState::Returned,
        "decline" => NodeState::Rejected,
        _ => NodeState::Done,
    };
    let mut out = TrackNode::new(label(&moment.step), person(moment, opened), state);
    out.opinion = Text::from(moment.words.clone());
    out.signed = Text::from(moment.stamped.clone().unwrap_or_default());
    out.device_ms = Some(moment.at_ms);
    out.server_ms = moment.official_ms;
    out
}

fn person(moment: &Moment, opened: &Opened) -> String {
    match moment.by_name.as_str() {
        "" if moment.official_ms.is_none() => t("page.me").into(),
        "" if moment.by == opened.meta.owner => t("page.confidential").into(),
        "" => t("page.somebody").into(),
        name => name.into(),
    }
}
