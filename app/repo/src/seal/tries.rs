//! Letters on which a worker died. In the browser a panic ends the worker, and a reader's letter that panics
//! would end every other reader's at each start. So the names of what is tried on are written down first and
//! crossed out after. Whoever finds some at the next start tries them one by one; one that is found alone
//! again is never tried any more.

use super::gate::Letter;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::{Hash, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Col, Store};

const TRIES_KEY: &[u8] = b"letters";

/// What was tried, what is suspected, what is known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tries {
    now: Vec<Hash>,
    suspects: BTreeSet<Hash>,
    poison: BTreeSet<Hash>,
}

impl Tries {
    /// As the last worker left it, judged.
    pub fn heed(mut self) -> Self {
        let left = std::mem::take(&mut self.now);
        match left.as_slice() {
            [one] if self.suspects.remove(one) => drop(self.poison.insert(*one)),
            several => self.suspects.extend(several),
        }
        self
    }
    pub fn is_poison(&self, letter: &Letter) -> bool {
        self.poison.contains(&letter.header.name)
    }
    /// Must each of these be tried alone?
    pub fn suspects(&self, letters: &[Letter]) -> bool {
        letters.iter().any(|letter| self.suspects.contains(&letter.header.name))
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// What the last worker left written down.
    pub(super) async fn tries(&self) -> Result<Tries, Stop> {
        let kept = self.store.get(Col::Meta, TRIES_KEY).await?;
        Ok(kept.and_then(|bytes| from_cbor::<Tries>(&bytes)).unwrap_or_default().heed())
    }
    /// Writes down what is tried on now.
    pub(super) async fn trying(&self, tries: &mut Tries, letters: &[Letter]) -> Result<(), Stop> {
        tries.now = letters.iter().map(|letter| letter.header.name).collect();
        self.note(TRIES_KEY, to_cbor(tries)).await
    }
    /// Crosses it out: none of these ended the worker.
    pub(super) async fn tried(&self, tries: &mut Tries, letters: &[Letter]) -> Result<(), Stop> {
        for letter in letters {
            tries.suspects.remove(&letter.header.name);
        }
        self.trying(tries, &[]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_ends_the_worker_alone_twice_is_poison_and_its_neighbours_are_not() {
        let [one, other] = [Hash([1; 32]), Hash([2; 32])];
        let both = Tries { now: vec![one, other], ..Tries::default() }.heed();
        assert_eq!(
            (both.suspects.len(), both.poison.len()),
            (2, 0),
            "somebody closed the app, or one of them"
        );
        let alone = Tries { now: vec![one], ..both }.heed();
        assert_eq!((alone.suspects, alone.poison), ([other].into(), [one].into()));
        let innocent = Tries { now: vec![one], ..Tries::default() }.heed();
        assert_eq!(innocent.poison.len(), 0, "once is no proof");
    }
}
