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

/// One document that a parcel touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thing {
    /// Title as it would be; "" when nobody knows.
    pub title: String,
    /// Field or step, and its words.
    pub news: Vec<(String, String)>,
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
                thing.news.extend(open.kind.timeline(&alone).into_iter().map(|one| (one.step.zh, one.words)));
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

fn changed(kind: &dyn AnyKind, before: Option<&Values>, after: &Values) -> Vec<(String, String)> {
    let is_new = |(key, value): &(&String, &Value)| before.and_then(|before| before.get(*key)) != Some(value);
    let show = |(key, value): (&String, &Value)| {
        let label = field_of(kind.fields(), key).map_or(key.as_str(), |field| field.zh);
        let text = match value {
            Value::Str(text) => text.chars().take(CHARS).collect(),
            other => format!("{other:?}"),
        };
        (label.to_string(), text)
    };
    after.iter().filter(is_new).map(show).collect()
}
