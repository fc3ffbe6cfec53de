//! The work bench: one document in memory while the changes of one push are judged in turn.
//! Loads once; after a caught panic everything in memory is thrown away and built again from bytes.

use super::decode;
use super::dry_run;
use super::header;
use super::limits::MAX_POISON_PER_PUSH;
use super::order::{self, Place};
use super::past::Past;
use super::paths::Paths;
use super::prescan;
use super::quiet::{Panicked, catch};
use super::refused::{Refused, Step, Trouble};
use super::shape::Shape;
use super::view::View;
use super::wire::{After, Answer, Verdict};
use automerge::Automerge;
use domain::Hash;
use std::collections::{BTreeSet, HashSet};

struct Bench<'a> {
    shape: &'a Shape,
    doc: Automerge,
    past: Past,
    view: View,
}

impl<'a> Bench<'a> {
    fn open(snapshot: Option<&[u8]>, shape: &'a Shape) -> Option<Self> {
        let doc = dry_run::load(snapshot)?;
        let (past, view) = catch(|| Some((Past::of(&doc)?, View::of(&doc, shape)))).ok()??;
        Some(Self { shape, doc, past, view })
    }

    /// Opens again and puts back what was already accepted.
    fn reopen(snapshot: Option<&[u8]>, shape: &'a Shape, accepted: &[&[u8]]) -> Option<Self> {
        let mut bench = Self::open(snapshot, shape)?;
        for raw in accepted {
            bench.judge(raw).ok()?;
        }
        Some(bench)
    }

    /// All steps but the final proof, cheapest first. On a refusal the document is as before, except
    /// after [`Refused::Poison`]: then the bench must be reopened.
    fn judge(&mut self, raw: &[u8]) -> Result<Hash, Refused> {
        let header = header::read(raw)?;
        // Before all that could fail on a retry: what is in is in, whatever the rules say today.
        if self.past.knows(&header.hash) {
            return Err(Refused::Duplicate);
        }
        let claims = prescan::scan(header.body)?;
        let place = order::check(&self.past, header.hash, &claims)?;
        let decoded = decode::decode(raw, &header.hash, &claims)?;
        let touched = self.look(&decoded, &claims, place).inspect_err(|_| self.view.forget())?;
        let next = dry_run::apply(&self.doc, decoded.change, &self.past, &claims);
        let next = next.and_then(|next| {
            dry_run::texts_fit(&self.doc, &next, self.shape, &touched)?;
            Ok(next)
        });
        self.doc = next.inspect_err(|_| self.view.forget())?;
        self.past.add(header.hash, &claims);
        self.view.arrive(header.hash);
        Ok(header.hash)
    }

    /// Checks every operation; returns the texts that were touched.
    fn look(
        &mut self,
        decoded: &decode::Decoded,
        claims: &prescan::Claims,
        place: Place,
    ) -> Result<BTreeSet<String>, Refused> {
        self.view.go_to(&claims.deps);
        let Self { shape, doc, view, .. } = self;
        let looked = catch(|| {
            let mut paths = Paths { shape, doc, view, place, touched: BTreeSet::new() };
            paths.check(&decoded.ops, claims.actor).map(|()| paths.touched)
        });
        looked.map_err(|Panicked(at)| Refused::Poison { step: Step::Look, at })?
    }

    fn after(&self, snapshot: Vec<u8>) -> After {
        let heads = self.past.heads();
        let content = dry_run::content_of(&self.doc);
        After { max_op: self.past.max_op(&heads), heads, snapshot, actors: self.past.actors(), content }
    }
}

/// Judges the changes of one push in their order. The first pass proves only the end result; when that
/// fails, a second pass proves after every change and so finds the bad one.
pub(super) fn run(snapshot: Option<&[u8]>, shape: &Shape, raws: &[&[u8]]) -> Answer {
    let careful = raws.len() == 1;
    match Run::new(snapshot, shape, raws, careful).finish() {
        Some(answer) => answer,
        None => Run::new(snapshot, shape, raws, true).finish().unwrap_or_else(|| put_off(raws.len())),
    }
}

fn put_off(count: usize) -> Answer {
    let verdict = Verdict::Refused(Refused::Later(Trouble::Unreadable));
    Answer { verdicts: vec![verdict; count], after: None }
}

struct Run<'a> {
    snapshot: Option<&'a [u8]>,
    shape: &'a Shape,
    raws: &'a [&'a [u8]],
    careful: bool,
    accepted: Vec<&'a [u8]>,
    refused: HashSet<Hash>,
    poisoned: usize,
    proven: Option<Vec<u8>>,
}

impl<'a> Run<'a> {
    fn new(snapshot: Option<&'a [u8]>, shape: &'a Shape, raws: &'a [&'a [u8]], careful: bool) -> Self {
        let (accepted, refused) = (Vec::new(), HashSet::new());
        Self { snapshot, shape, raws, careful, accepted, refused, poisoned: 0, proven: None }
    }

    /// `None` when only the end result turned out unsound, or the stored document does not load.
    fn finish(mut self) -> Option<Answer> {
        let mut bench = Bench::open(self.snapshot, self.shape)?;
        let mut verdicts = Vec::with_capacity(self.raws.len());
        for &raw in self.raws {
            verdicts.push(self.next(&mut bench, raw)?);
        }
        if self.accepted.is_empty() {
            return Some(Answer { verdicts, after: None });
        }
        let snapshot = match self.proven {
            Some(snapshot) => snapshot,
            None => dry_run::prove(&bench.doc).ok()?,
        };
        Some(Answer { verdicts, after: Some(bench.after(snapshot)) })
    }

    fn next(&mut self, bench: &mut Bench<'a>, raw: &'a [u8]) -> Option<Verdict> {
        if self.poisoned >= MAX_POISON_PER_PUSH {
            return Some(Verdict::Refused(Refused::Later(Trouble::Busy)));
        }
        let judged = bench.judge(raw).and_then(|hash| {
            if self.careful {
                self.proven = Some(dry_run::prove(&bench.doc)?);
            }
            Ok(hash)
        });
        match judged {
            Ok(hash) => {
                self.accepted.push(raw);
                Some(Verdict::Accepted(hash))
            }
            Err(refused) => self.refuse(bench, raw, refused).map(Verdict::Refused),
        }
    }

    /// Names the refusal, remembers it for those who follow it, and cleans the bench where needed.
    fn refuse(&mut self, bench: &mut Bench<'a>, raw: &[u8], refused: Refused) -> Option<Refused> {
        let hash = header::read(raw).ok().map(|header| header.hash);
        let is_in = hash.is_some_and(|hash| bench.past.knows(&hash));
        let poisoned = matches!(refused, Refused::Poison { .. });
        self.poisoned += usize::from(poisoned);
        // A change that is in the bench but was not proven has to go as well.
        if poisoned || (is_in && refused != Refused::Duplicate) {
            *bench = Bench::reopen(self.snapshot, self.shape, &self.accepted)?;
        }
        let refused = super::blame(refused, &self.refused);
        if refused.is_final() {
            self.refused.extend(hash);
        }
        Some(refused)
    }
}
