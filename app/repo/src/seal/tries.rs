//! Letters on which a worker died. In the browser a panic ends the worker, and a reader's letter that panics
//! would end every other reader's at each start. So the names of what is tried on are written down first and
//! crossed out after. Whoever finds some at the next start tries them one by one. A worker also ends when
//! somebody closes the app, so that one end proves nothing: a letter that was found alone several times is laid
//! aside for a week, with what follows it, and tried again then.

use super::gate::Letter;
use crate::keep::Txn;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{DAY_MS, DocId, Hash, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Col, Store};

const TRIES_KEY: &[u8] = b"letters";
/// So often must a letter be found alone.
const PROOF: u8 = 4;
/// So long is it laid aside.
const ASIDE_MS: i64 = 7 * DAY_MS;

/// What was tried, what is suspected, what is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Tries {
    now: Vec<Hash>,
    doc: DocId,
    /// How often each was found alone.
    suspects: BTreeMap<Hash, u8>,
    aside: BTreeMap<Hash, (DocId, i64)>,
}

impl Tries {
    /// As the last worker left it, judged.
    fn heed(mut self, now_ms: i64) -> Self {
        let left = std::mem::take(&mut self.now);
        let is_alone = left.len() == 1;
        for name in left {
            let times =
                self.suspects.entry(name).and_modify(|times| *times += u8::from(is_alone)).or_insert(0);
            if *times >= PROOF {
                // After its week it has one try only.
                *times = PROOF - 1;
                self.aside.insert(name, (self.doc, now_ms + ASIDE_MS));
            }
        }
        self
    }
    /// Documents with letters whose week is over.
    fn over(&mut self, now_ms: i64) -> Vec<DocId> {
        let over = |(_, (doc, until_ms)): (&Hash, &(DocId, i64))| (*until_ms <= now_ms).then_some(*doc);
        let docs = self.aside.iter().filter_map(over).collect();
        self.aside.retain(|_, (_, until_ms)| *until_ms > now_ms);
        docs
    }
    /// Is this letter laid aside?
    pub fn is_poison(&self, letter: &Letter) -> bool {
        self.aside.contains_key(&letter.header.name)
    }
    /// Must each of these be tried alone?
    pub fn suspects(&self, letters: &[Letter]) -> bool {
        letters.iter().any(|letter| self.suspects.contains_key(&letter.header.name))
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// What the last worker left written down; documents whose letters may be tried again are asked for.
    pub(super) async fn tries(&self, txn: &mut Txn) -> Result<Tries, Stop> {
        let kept = self.store.get(Col::Meta, TRIES_KEY).await?;
        let kept = kept.and_then(|bytes| from_cbor::<Tries>(&bytes)).unwrap_or_default();
        let now_ms = self.official_now();
        // Only once in the life of a worker: what it left itself is no sign of an end.
        let mut tries = match std::mem::replace(&mut self.mem.borrow_mut().letters_heeded, true) {
            true => Tries { now: vec![], ..kept.clone() },
            false => kept.clone().heed(now_ms),
        };
        tries.over(now_ms).into_iter().for_each(|doc| self.ask_whole(txn, doc));
        if tries != kept {
            self.note(TRIES_KEY, to_cbor(&tries)).await?;
        }
        Ok(tries)
    }
    /// Writes down what is tried on now.
    pub(super) async fn trying(&self, tries: &mut Tries, letters: &[Letter]) -> Result<(), Stop> {
        tries.now = letters.iter().map(|letter| letter.header.name).collect();
        tries.doc = letters.first().map(|letter| letter.header.doc).unwrap_or_default();
        self.note(TRIES_KEY, to_cbor(tries)).await
    }
    /// Crosses it out: none of these ended the worker.
    pub(super) async fn tried(&self, tries: &mut Tries, letters: &[Hash]) -> Result<(), Stop> {
        for name in letters {
            tries.suspects.remove(name);
        }
        self.trying(tries, &[]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOC: DocId = DocId([7; 16]);

    fn died_on(names: &[Hash], before: Tries, now_ms: i64) -> Tries {
        Tries { now: names.to_vec(), doc: DOC, ..before }.heed(now_ms)
    }

    #[test]
    fn a_letter_that_ends_the_worker_alone_again_and_again_is_laid_aside_and_its_neighbours_are_not() {
        let [one, other] = [Hash([1; 32]), Hash([2; 32])];
        let both = died_on(&[one, other], Tries::default(), 0);
        assert_eq!(
            (both.suspects.len(), both.aside.len()),
            (2, 0),
            "somebody closed the app, or one of them"
        );
        let thrice = (0..3).fold(both, |before, _| died_on(&[one], before, 0));
        assert_eq!(thrice.aside.len(), 0, "somebody may close the app three times");
        let often = died_on(&[one], thrice, 5);
        assert_eq!(often.aside, [(one, (DOC, 5 + ASIDE_MS))].into());
        assert!(!often.aside.contains_key(&other));
    }

    #[test]
    fn after_a_week_it_has_one_try() {
        let one = Hash([1; 32]);
        let mut tries = (0..5).fold(Tries::default(), |before, _| died_on(&[one], before, 0));
        assert_eq!(tries.over(ASIDE_MS - 1), vec![]);
        assert_eq!((tries.over(ASIDE_MS), tries.aside.len()), (vec![DOC], 0));
        assert_eq!(died_on(&[one], tries, ASIDE_MS).aside.len(), 1);
    }
}
