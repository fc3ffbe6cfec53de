//! What a parcel would do, without doing it: it is judged on the desk like everything else, and the desk is
//! thrown away.

use super::round::{Outcome, Round};
use super::{Desk, Trouble};
use crate::log::{Log, Parcel};
use domain::{AnyKind, DocId, Raw, Refusal, Value, Values, field_of};
use std::collections::BTreeMap;
use sync::{Fate, Item};

/// Text of one field that is shown.
const CHARS: usize = 300;

/// Chinese and English.
pub type Said = (String, String);

/// One document that a parcel touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thing {
    /// Title as it would be; "" when nobody knows.
    pub title: String,
    /// Field or step, and its words; Chinese and English.
    pub news: Vec<(Said, Said)>,
    /// Why some of it would not stand.
    pub refused: Vec<Refusal>,
}

impl<L: Log> Desk<L> {
    /// Document by document, what is in a parcel and how it would be judged now.
    ///
    /// # Errors
    /// What the log says.
    pub async fn preview(&self, parcel: &Parcel, now_ms: i64) -> Result<Vec<Thing>, Trouble> {
        let Some(who) = self.who(parcel.person, now_ms) else { return Ok(vec![]) };
        let mut before: BTreeMap<DocId, Values> = BTreeMap::new();
        for push in &parcel.pushes {
            if let Some(stored) = self.log.load(push.doc).await? {
                before.insert(push.doc, stored.values);
            }
        }
        let mut round = Round::new(self, who, "", now_ms);
        round.pardoned = Some(parcel.device);
        round.take_all(&parcel.pushes).await?;
        let mut things: BTreeMap<DocId, Thing> = BTreeMap::new();
        for (doc, slot) in &round.slots {
            let Some(open) = &slot.open else { continue };
            let thing = things.entry(*doc).or_default();
            thing.title = open.kind.row(&open.raw()).title;
            thing.news = changed(open.kind, before.get(doc), &open.values);
        }
        for (place, push) in parcel.pushes.iter().enumerate() {
            let thing = things.entry(push.doc).or_default();
            let open = round.slots.get(&push.doc).and_then(|slot| slot.open.as_ref());
            if let (Item::Act(entry), Some(open)) = (&push.item, open) {
                let alone = Raw { entries: vec![entry.clone()], ..open.raw() };
                thing.news.extend(
                    open.kind
                        .timeline(&alone)
                        .into_iter()
                        .map(|one| ((one.step.zh, one.step.en), (one.words.clone(), one.words))),
                );
            }
            if let Some((_, Outcome::Fate(Fate::Refused(refusal)))) = round.outcomes.get(&place)
                && !thing.refused.contains(refusal)
            {
                thing.refused.push(refusal.clone());
            }
        }
        let is_touched =
            |(doc, thing): (DocId, Thing)| parcel.pushes.iter().any(|push| push.doc == doc).then_some(thing);
        Ok(things.into_iter().filter_map(is_touched).collect())
    }
}

fn changed(kind: &dyn AnyKind, before: Option<&Values>, after: &Values) -> Vec<(Said, Said)> {
    let is_new = |(key, value): &(&String, &Value)| before.and_then(|before| before.get(*key)) != Some(value);
    let show = |(key, value): (&String, &Value)| {
        let field = field_of(kind.fields(), key);
        let label = field.map_or((key.as_str(), key.as_str()), |field| (field.zh, field.en));
        let said = in_words(kind, key, value)?;
        Some(((label.0.to_string(), label.1.to_string()), said))
    };
    after.iter().filter(is_new).filter_map(show).collect()
}

/// A value as people say it; `None` for an empty one.
fn in_words(kind: &dyn AnyKind, key: &str, value: &Value) -> Option<Said> {
    let both = |text: String| (text.clone(), text);
    match value {
        Value::Str(text) if text.is_empty() => None,
        Value::Str(text) => {
            Some(kind.said(key, text).unwrap_or_else(|| both(text.chars().take(CHARS).collect())))
        }
        Value::Bool(true) => Some(("是".into(), "yes".into())),
        Value::Bool(false) => Some(("否".into(), "no".into())),
        Value::Int(n) => Some(both(n.to_string())),
    }
}
