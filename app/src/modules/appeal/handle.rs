//! The next step of whoever looks at a matter: the one that is due as the button, the others behind ⋯.

use super::sheets::{
    AnswerSheet, AssignSheet, DeclineSheet, ExtendSheet, ForwardSheet, OpenSheet, RateSheet,
};
use crate::i18n::t;
use crate::page::{OpinionSheet, allowed, by_steps, step_words};
use crate::router::go;
use crate::ui::{ActionItem, Button, ButtonKind, Glyph, PrimaryBar};
use domain::bridge::Opened;
use domain::modules::appeal::MatterAct;
use domain::{DocId, OrgCode, to_cbor};
use leptos::prelude::*;

/// Steps in the order in which one of them is the main button. What only the handler may do comes before what the
/// rights officer may do as well, because one person may be both.
const MAIN: [&str; 8] =
    ["register", "accept", "start", "answer", "assign", "rate", "open_answer", "grant_extend"];
/// Steps behind ⋯.
const MORE: [&str; 9] = [
    "decline",
    "forward",
    "object",
    "assign",
    "propose_extend",
    "open_answer",
    "archive",
    "withdraw",
    "grant_extend",
];

/// The bar, if there is anything this person may do. The sheets stand beside it: what is typed into them stays
/// while the bar follows what others do.
pub fn bar(id: DocId, opened: ReadSignal<Box<Opened>>) -> AnyView {
    let open = RwSignal::new(None::<&'static str>);
    let unit = opened.with_untracked(|opened| opened.meta.unit.clone());
    view! {
        {by_steps(opened, Box::new(move |opened| buttons(id, opened, open)))}
        {sheets(id, &unit, open)}
    }
    .into_any()
}

fn buttons(id: DocId, opened: &Opened, open: RwSignal<Option<&'static str>>) -> Option<AnyView> {
    if allowed(opened, "submit") {
        return Some(go_on(id));
    }
    let main = MAIN.iter().copied().find(|step| allowed(opened, step));
    let more = MORE.iter().copied().filter(|step| Some(*step) != main && allowed(opened, step));
    let more: Vec<ActionItem> = more.map(|step| action(step, step_words(opened, step), open)).collect();
    if main.is_none() && more.is_empty() {
        return None;
    }
    let words = main.map(|step| step_words(opened, step)).unwrap_or_default();
    Some(
        view! {
            <PrimaryBar more=more>
                {main.map(|step| view! { <Button label=words kind=ButtonKind::Primary on_press=move || open.set(Some(step)) /> })}
            </PrimaryBar>
        }
        .into_any(),
    )
}

fn go_on(id: DocId) -> AnyView {
    let edit = move || go(&format!("/rights/edit/{id}"));
    view! { <PrimaryBar><Button label=t("appeal.go-on") kind=ButtonKind::Primary on_press=edit /></PrimaryBar> }.into_any()
}

fn action(step: &'static str, words: String, open: RwSignal<Option<&'static str>>) -> ActionItem {
    let glyph = match step {
        "forward" => Glyph::SHARE,
        "archive" => Glyph::ARCHIVE,
        "assign" => Glyph::USERS,
        "propose_extend" | "grant_extend" => Glyph::CLOCK,
        "open_answer" => Glyph::GLOBE,
        _ => Glyph::RETURN,
    };
    let action = ActionItem::new(words, glyph, move || open.set(Some(step)));
    if matches!(step, "withdraw" | "decline") { action.dangerous() } else { action }
}

/// A switch for one sheet out of the one signal.
fn sheet(open: RwSignal<Option<&'static str>>, step: &'static str) -> RwSignal<bool> {
    let shown = RwSignal::new(false);
    Effect::new(move |_| shown.set(open.get() == Some(step)));
    Effect::new(move |_| {
        if !shown.get() && open.get_untracked() == Some(step) {
            open.set(None);
        }
    });
    shown
}

fn sheets(id: DocId, unit: &OrgCode, open: RwSignal<Option<&'static str>>) -> AnyView {
    let say = move |step: &'static str,
                    title: &'static str,
                    ask: &'static str,
                    required: bool,
                    make: fn(String) -> MatterAct| {
        let act = move |words: String| to_cbor(&make(words));
        view! { <OpinionSheet open=sheet(open, step) title=t(title) ask=t(ask) required verb=t(title) doc=id act /> }.into_any()
    };
    view! {
        {say("register", "appeal.s-register", "appeal.a-register", false, |note| MatterAct::Register { note })}
        {say("accept", "appeal.s-accept", "appeal.a-words", false, |words| MatterAct::Accept { words })}
        {say("object", "appeal.s-object", "appeal.reason", true, |reason| MatterAct::Object { reason })}
        {say("start", "appeal.s-start", "appeal.a-words", false, |words| MatterAct::Start { words })}
        {say("grant_extend", "appeal.s-grant", "appeal.a-words", false, |words| MatterAct::GrantExtend { words })}
        {say("archive", "appeal.s-archive", "appeal.a-archive", false, |_| MatterAct::Archive)}
        {say("withdraw", "appeal.withdraw", "appeal.a-withdraw", false, |reason| MatterAct::Withdraw { reason })}
        <DeclineSheet id open=sheet(open, "decline") />
        <ForwardSheet id open=sheet(open, "forward") unit=unit.clone() />
        <AssignSheet id open=sheet(open, "assign") unit=unit.clone() />
        <AnswerSheet id open=sheet(open, "answer") />
        <ExtendSheet id open=sheet(open, "propose_extend") />
        <RateSheet id open=sheet(open, "rate") />
        <OpenSheet id open=sheet(open, "open_answer") />
    }
    .into_any()
}
