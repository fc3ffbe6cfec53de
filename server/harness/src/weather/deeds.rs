//! What people do on a random day.

use super::day::Run;
use super::steps;
use crate::{Dice, Phone};
use domain::bridge::{Answer, Ask, Opened, Resolve};
use domain::{Carry, DocId, Edit, OrgCode, Seal, Values};

/// A question to a phone, and the mark that it puts into a text.
pub(super) struct Deed {
    pub ask: Ask,
    pub mark: Option<(DocId, String)>,
}

impl From<Ask> for Deed {
    fn from(ask: Ask) -> Self {
        Self { ask, mark: None }
    }
}

impl Deed {
    /// Something that this person may think of now; `None` when nothing comes of it.
    pub fn any(run: &mut Run, phone: &Phone, dice: &Dice) -> Option<Self> {
        match dice.below(100) {
            0..16 => Some(new_draft(run, dice).into()),
            16..46 => write(run, phone, dice),
            46..54 => set_title(run, phone, dice),
            54..76 => decide(run, phone, dice),
            76..84 => Some(new_matter(run, dice).into()),
            84..89 if dice.chance(500) => Some(photo(None, run, dice).into()),
            84..89 => pictured(run, phone, dice),
            89..93 => undo(phone, dice),
            93..97 => settle(phone, dice),
            97..99 => Some(Ask::Open(dice.pick(&crate::cast::EVERYBODY)?.id()).into()),
            _ => Some(Ask::Export.into()),
        }
    }
}

/// Two letters that no other deed writes. With shared ones (`〔19〕`, `〔119〕`) a phone that compares two texts
/// cannot tell whose bracket or digit it sees, and pieces of two marks could make up a third one.
fn mark(run: &Run) -> String {
    let own = run.deeds as u32 % 0xffff;
    [0xf_0000 + own, 0x10_0000 + own].into_iter().filter_map(char::from_u32).collect()
}

fn new_draft(run: &Run, dice: &Dice) -> Ask {
    let long = if dice.chance(30) { "井口宣讲走进区队。".repeat(300) } else { String::new() };
    let values = Values::from([
        ("title".into(), format!("稿件{}", run.deeds).into()),
        ("text".into(), format!("开头。{}{long}", mark(run)).into()),
        ("column".into(), "news".into()),
        ("audience".into(), "members".into()),
        ("confirm".into(), true.into()),
    ]);
    Ask::Create { kind: "news.draft".into(), unit: OrgCode::new("LB04.3"), values, alias: false }
}

fn new_matter(run: &Run, dice: &Dice) -> Ask {
    let alias = dice.chance(500);
    let values = Values::from([
        ("kind".into(), "claim".into()),
        ("title".into(), format!("事项{}", run.deeds).into()),
        ("text".into(), format!("请求。{}", mark(run)).into()),
        ("openly".into(), true.into()),
        ("named".into(), (!alias).into()),
    ]);
    Ask::Create { kind: "appeal.matter".into(), unit: OrgCode::new("LB04"), values, alias }
}

/// Takes a picture for a matter and puts it in there.
fn pictured(run: &mut Run, phone: &Phone, dice: &Dice) -> Option<Deed> {
    let opened = some_doc(run, phone, dice, &["appeal.matter"]).filter(|opened| opened.may_edit)?;
    let doc = opened.meta.id;
    let Answer::Stored(hash) = phone.ask(photo(Some(doc), run, dice)) else { return None };
    // No two edits say the same: one that is carried out again where another said it would rightly vanish.
    let edit = Edit::Set { key: format!("pics/{hash}"), value: format!("照片{}", run.deeds).into() };
    Some(Ask::Edit { doc, edits: vec![edit] }.into())
}

fn photo(doc: Option<DocId>, run: &Run, dice: &Dice) -> Ask {
    let size = if dice.chance(60) { 300_000 } else { 3_000 };
    let bytes: Vec<u8> = (0..size).map(|i: usize| (i as u64 ^ run.deeds) as u8).collect();
    Ask::PutBlob { doc, bytes: bytes.into(), mime: "image/jpeg".into() }
}

/// A random document of these kinds that opens here.
fn some_doc(run: &mut Run, phone: &Phone, dice: &Dice, kinds: &[&str]) -> Option<Opened> {
    let kind = dice.pick(kinds)?;
    let lines = phone.list(kind);
    let id = dice.pick(&lines)?.row.id;
    let ahead = domain::modules::kind(kind).is_some_and(|kind| kind.carry() == Carry::Ahead);
    match phone.ask(Ask::Open(id)) {
        Answer::Opened(opened) if ahead => {
            run.remember(phone, &opened);
            Some(*opened)
        }
        _ => None,
    }
}

/// Puts a mark somewhere into a text, on what the screen shows or showed a while ago.
fn write(run: &mut Run, phone: &Phone, dice: &Dice) -> Option<Deed> {
    let old: Vec<(DocId, String)> = run
        .shown
        .range((phone.0.at, DocId([0; 16]))..=(phone.0.at, DocId([255; 16])))
        .map(|(key, text)| (key.1, text.clone()))
        .collect();
    let (doc, base) = match dice.pick(&old).filter(|_| dice.chance(350)) {
        Some(stale) => stale.clone(),
        None => {
            let opened = some_doc(run, phone, dice, &["news.draft", "news.draft", "appeal.matter"])?;
            let base = run.shown.get(&(phone.0.at, opened.meta.id))?.clone();
            (opened.meta.id, base)
        }
    };
    let mut letters: Vec<char> = base.chars().collect();
    let at = dice.below(letters.len() + 1);
    let words = if dice.chance(15) { format!("{}{}", mark(run), "长句。".repeat(800)) } else { mark(run) };
    letters.splice(at..at, words.chars());
    let edit = Edit::Text { key: "text".into(), base, text: letters.into_iter().collect() };
    Some(Deed { ask: Ask::Edit { doc, edits: vec![edit] }, mark: Some((doc, mark(run))) })
}

fn set_title(run: &mut Run, phone: &Phone, dice: &Dice) -> Option<Deed> {
    let opened = some_doc(run, phone, dice, &["news.draft", "appeal.matter"])?;
    // A field that only the later version knows: the server cannot see it on a sealed matter, older phones leave it out.
    let is_later = Seal::of(&opened.values) == Seal::Open && dice.chance(300);
    let (key, title) = (if is_later { "wish" } else { "title" }, format!("题{}", run.deeds));
    let edit = Edit::Set { key: key.into(), value: title.into() };
    Some(Ask::Edit { doc: opened.meta.id, edits: vec![edit] }.into())
}

/// Presses a random button that is not grey.
fn decide(run: &mut Run, phone: &Phone, dice: &Dice) -> Option<Deed> {
    let kinds =
        ["news.draft", "news.draft", "appeal.matter", "appeal.matter", "news.article", "appeal.answer"];
    let opened = some_doc(run, phone, dice, &kinds)?;
    let open: Vec<&str> = opened
        .steps
        .iter()
        .filter(|view| view.refusal.is_none())
        .map(|view| view.step.code.as_str())
        .collect();
    let step = dice.pick(&open)?;
    let act = steps::act(&opened.meta.kind, step, run.deeds, dice)?;
    Some(Ask::Act { doc: opened.meta.id, act: act.into() }.into())
}

fn undo(phone: &Phone, dice: &Dice) -> Option<Deed> {
    let waiting = phone.outbox();
    let seq = dice.pick(&waiting)?.seq;
    Some(Ask::Undo { seq }.into())
}

fn settle(phone: &Phone, dice: &Dice) -> Option<Deed> {
    let all = phone.attention();
    let id = dice.pick(&all)?.id;
    let how = if dice.chance(500) { Resolve::Reuse } else { Resolve::Discard };
    Some(Ask::Settle { id, how }.into())
}
