//! The acts of a record as the kit's timeline: who did what, opinion, both clocks.

use super::opened::label;
use super::when::full;
use crate::i18n::{t, t2};
use crate::ui::{NodeState, Text, Timeline, TrackNode};
use domain::bridge::Opened;
use domain::{Moment, Signed};
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
    out.signed = Text::from(signed(moment));
    out.device_ms = Some(moment.at_ms);
    out.server_ms = moment.official_ms;
    out
}

/// Number and signature: `LB诉〔2026〕1号 · 已签署 · 手机 · 11月25日 10:32`.
fn signed(moment: &Moment) -> String {
    let how = match &moment.signed {
        Signed::Never => String::new(),
        Signed::Not => t("track.unsigned").into(),
        Signed::Waits => t("track.signed-waits").into(),
        Signed::By(device) => t2("track.signed", device, full(moment.at_ms)),
    };
    let parts = [moment.stamped.clone().unwrap_or_default(), how];
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" · ")
}

fn person(moment: &Moment, opened: &Opened) -> String {
    match moment.by_name.as_str() {
        "" if moment.official_ms.is_none() => t("page.me").into(),
        "" if moment.by == opened.meta.owner => t("page.confidential").into(),
        "" => t("page.somebody").into(),
        name => name.into(),
    }
}
