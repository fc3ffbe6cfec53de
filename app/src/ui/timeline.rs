//! Timeline: the track of an approval: node, person, opinion, signature, and both clocks where they differ.

use super::glyph::{Glyph, icon};
use super::text::Text;
use super::when;
use crate::i18n::{t, t1};
use leptos::prelude::*;

/// How a node of the track stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// Agreed, handled, done.
    Done,
    /// Sent back.
    Returned,
    /// Refused.
    Rejected,
    /// Waits for somebody now.
    Now,
    /// Not reached yet.
    Later,
}

impl NodeState {
    fn look(self) -> (&'static str, Glyph, &'static str) {
        match self {
            NodeState::Done => ("ok", Glyph::CHECK, t("track.done")),
            NodeState::Returned => ("warn", Glyph::RETURN, t("track.returned")),
            NodeState::Rejected => ("warn", Glyph::VOID, t("track.rejected")),
            NodeState::Now => ("info", Glyph::CLOCK, t("track.now")),
            NodeState::Later => ("off", Glyph::MORE, t("track.later")),
        }
    }
}

/// One node.
#[derive(Clone)]
pub struct TrackNode {
    /// What the node is: 分会审核.
    pub node: Text,
    /// Who acted, or who may.
    pub person: Text,
    /// How it stands.
    pub state: NodeState,
    /// The opinion given.
    pub opinion: Text,
    /// 已签署 · 手机: how it was signed, when it was.
    pub signed: Text,
    /// The phone's clock when it was done, UTC ms.
    pub device_ms: Option<i64>,
    /// The server's clock when it gave the receipt, UTC ms; none until then.
    pub server_ms: Option<i64>,
}

impl TrackNode {
    /// A node with only the words that all have.
    pub fn new(node: impl Into<Text>, person: impl Into<Text>, state: NodeState) -> Self {
        let none = Text::default;
        TrackNode {
            node: node.into(),
            person: person.into(),
            state,
            opinion: none(),
            signed: none(),
            device_ms: None,
            server_ms: None,
        }
    }
}

/// The whole track, oldest first.
#[component]
pub fn Timeline(
    /// The nodes.
    nodes: Vec<TrackNode>,
) -> impl IntoView {
    view! { <ol class="track">{nodes.into_iter().map(track_node).collect_view()}</ol> }.into_any()
}

fn track_node(n: TrackNode) -> AnyView {
    let (tone, glyph, word) = n.state.look();
    let current = (n.state == NodeState::Now).then_some("step");
    view! {
        <li class="track-node" data-tone=tone aria-current=current>
            <span class={"track-dot"}>{icon(glyph)}</span>
            <div class={"track-main"}>
                <p class="track-head"><span class="track-name">{n.node.view()}</span><span class={"track-word"}>{word}</span></p>
                <p class="track-person">{n.person.view()}</p>
                {(!n.opinion.is_none()).then(|| view! { <blockquote class="track-opinion">{n.opinion.view()}</blockquote> })}
                {(!n.signed.is_none()).then(|| view! { <p class="track-signed">{icon(Glyph::SIGN)}<span>{n.signed.view()}</span></p> })}
                {clocks(n.device_ms, n.server_ms)}
            </div>
        </li>
    }
    .into_any()
}

/// Both times are kept; both are shown when the minute differs or the server has not spoken yet.
fn clocks(device_ms: Option<i64>, server_ms: Option<i64>) -> Option<AnyView> {
    let by_phone = device_ms.map(|ms| t1("track.device", when::full(ms)));
    let by_server = match (device_ms, server_ms) {
        (_, Some(ms)) => t1("track.server", when::full(ms)),
        (Some(_), None) => t("track.no-receipt").to_string(),
        (None, None) => return None,
    };
    let same = matches!((device_ms, server_ms), (Some(d), Some(s)) if d / 60_000 == s / 60_000);
    let phone_line = by_phone.filter(|_| !same).map(|words| view! { <span>{words}</span> });
    Some(view! { <p class="track-time">{phone_line}<span>{by_server}</span></p> }.into_any())
}
