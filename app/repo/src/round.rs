//! One round of sync: push, pull page after page, then files, until nothing is left to say. Never two
//! rounds at once; the caller decides when to start the next ([`next_delay`] helps).

use crate::doc_rec::TRIED_KEY;
use crate::link::LinkTrouble;
use crate::outbox::{due, returning, unborn};
use crate::page::Taken;
use crate::stop::{Stop, store_words};
use crate::witness::is_other;
use crate::{Host, Link, Repo};
use domain::{DocId, to_cbor};
use futures_channel::mpsc::unbounded;
use futures_util::future::join;
use futures_util::{StreamExt, stream};
use std::collections::BTreeSet;
use store::{Durability, Store, Trouble};
use sync::{Frame, Request};

/// Why a round ended early. Nothing that waits is lost by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoundTrouble {
    /// On the way to the server.
    Link(LinkTrouble),
    /// In the store of this phone.
    Store(Trouble),
    /// The server's history does not continue what this phone has seen; nothing was taken in.
    Broken,
    /// The data on this phone was removed.
    Closed,
}

impl From<Stop> for RoundTrouble {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Store(trouble) => Self::Store(trouble),
            Stop::NotHere(trouble) => Self::Link(trouble),
            Stop::Closed => Self::Closed,
            Stop::Refused(refusal) => Self::Store(Trouble::Other(refusal.code().into())),
        }
    }
}

/// Documents asked for in one request.
const WANTS: usize = 100;
/// Waiting changes written anew are sent again at once, but not for ever.
const RESTARTS: u32 = 3;

/// What a round remembers from request to request.
#[derive(Default)]
struct Plan {
    /// Next place to send.
    from: u64,
    held: BTreeSet<DocId>,
    asked: BTreeSet<DocId>,
    restarts: u32,
    answered: u32,
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Pushes what waits, pulls what is new, sends files. Whatever stops it, everything that was not
    /// acknowledged stays in the outbox. Cheap when there is nothing to do: one request.
    pub async fn sync_round(&self) -> Result<(), RoundTrouble> {
        let _talk = self.talk.lock().await;
        self.note_running(0);
        let done = self.talk_it_through().await;
        self.note_end(done.as_ref().err());
        done
    }

    /// Is there something for the next round: things to send or documents to fetch?
    pub fn has_errand(&self) -> bool {
        let mem = self.mem.borrow();
        let lacking = || mem.rows.iter().any(|(_, rec)| rec.lacking);
        !mem.out.is_empty()
            || !mem.key_pushes.is_empty()
            || !mem.wants.is_empty()
            || !mem.blobs_waiting().is_empty()
            || lacking()
    }

    fn plan(&self) -> Plan {
        Plan { held: self.put_off(), ..Plan::default() }
    }

    async fn talk_it_through(&self) -> Result<(), RoundTrouble> {
        let mut plan = self.plan();
        loop {
            let request = self.request(&mut plan).await?;
            let (before, again) = (self.mem.borrow().out.len(), self.returning());
            let taken = match self.exchange(&request).await {
                // Its work is put aside request by request before this phone says that it is out.
                Err(RoundTrouble::Link(LinkTrouble::Revoked)) if self.is_between(0, before) => {
                    plan = self.plan();
                    continue;
                }
                other => other?,
            };
            plan.answered += taken.answered;
            self.note_running(plan.answered);
            plan.held.extend(taken.held.iter().copied());
            if taken.rewritten && plan.restarts < RESTARTS {
                plan = Plan {
                    restarts: plan.restarts + 1,
                    asked: plan.asked,
                    answered: plan.answered,
                    ..self.plan()
                };
            }
            if again != self.returning() {
                plan.from = 0;
            }
            if !taken.more && !self.has_more(&plan) {
                break;
            }
        }
        self.send_blobs().await
    }

    fn is_between(&self, low: usize, high: usize) -> bool {
        let waiting = self.mem.borrow().out.len();
        low < waiting && waiting < high
    }

    pub(crate) fn returning(&self) -> BTreeSet<DocId> {
        returning(&self.mem.borrow().out)
    }

    fn has_more(&self, plan: &Plan) -> bool {
        let unsent = {
            let out = &self.mem.borrow().out;
            let (unborn, is_due) = (unborn(out), due(out, &plan.held));
            out.range(plan.from..).any(|(_, item)| is_due(item) && !unborn.contains(&item.doc))
        };
        let keys = !self.mem.borrow().key_pushes.is_empty();
        unsent || keys || !self.wanted(&plan.asked).is_empty()
    }

    fn wanted(&self, asked: &BTreeSet<DocId>) -> Vec<DocId> {
        let mem = self.mem.borrow();
        let lacking = mem.rows.iter().filter(|(_, rec)| rec.lacking).map(|(id, _)| id);
        let all: BTreeSet<DocId> = mem.wants.iter().copied().chain(lacking).collect();
        all.difference(asked).take(WANTS).copied().collect()
    }

    async fn request(&self, plan: &mut Plan) -> Result<Request, Stop> {
        let _turn = self.turn.lock().await;
        if self.is_broken() {
            return Ok(self.only_ask());
        }
        let mut push = self.pack_again().await?;
        let waiting = self.pack(plan.from, &plan.held, sync::REQUEST_PUSHES - push.len());
        if let Some(last) = waiting.last().map(|push| push.seq) {
            self.note_flying(waiting.iter().map(|push| push.seq).collect(), last).await?;
            plan.from = last + 1;
        }
        push.extend(waiting);
        let keys = self.keys_to_ask(&push);
        self.seal_pushes(&mut push).await?;
        push.splice(0..0, self.take_key_pushes());
        let want = self.wanted(&plan.asked);
        plan.asked.extend(want.iter().copied());
        Ok(Request { push, want, keys, ..self.only_ask() })
    }

    fn only_ask(&self) -> Request {
        let seen = Some(self.seen());
        let mem = self.mem.borrow();
        let (device, epoch) = (mem.meta.device.clone(), mem.meta.epoch.clone());
        let cursors = mem.meta.cursors.clone();
        let (push, want, keys) = (vec![], vec![], vec![]);
        Request { proto: sync::PROTO, device, epoch, cursors, push, want, seen, keys }
    }

    /// Writes down how far things may have gone out, before they do.
    async fn note_flying(&self, places: BTreeSet<u64>, last: u64) -> Result<(), Stop> {
        let higher = {
            let mut mem = self.mem.borrow_mut();
            mem.flying = places;
            let higher = last > mem.tried;
            mem.tried = mem.tried.max(last);
            higher
        };
        if higher {
            // Forgotten, it would let a person take back what is at the server, and a sealed record's key with it.
            self.note_as(Durability::Strict, TRIED_KEY, to_cbor(&last)).await?;
        }
        Ok(())
    }

    /// One request and its answer. The first of all has nothing that it could contradict, so each page is taken in
    /// as it comes: on a slow link the first ones can be read while the others are under way, and whoever closes
    /// the app keeps them. Every later one is looked at as a whole before.
    async fn exchange(&self, request: &Request) -> Result<Taken, RoundTrouble> {
        let (sender, frames) = unbounded::<Frame>();
        let talk = async {
            let sender = sender;
            // When nobody takes in any more (a full disk), the rest is let pass.
            self.link.sync(request, &mut |frame| drop(sender.unbounded_send(frame))).await
        };
        let (told, taken) = if self.is_first(request) {
            let (told, taken) = join(talk, self.take_in(frames, request)).await;
            (told, taken.map_err(RoundTrouble::from))
        } else {
            let told = talk.await;
            // A device that is out is told what becomes of its work, and nothing else.
            let is_out = told == Err(LinkTrouble::Revoked);
            (told, self.take_believed(frames.collect().await, request, is_out).await)
        };
        self.mem.borrow_mut().flying.clear();
        let mut taken = taken?;
        if told == Err(LinkTrouble::Revoked) {
            self.take_unproven(request, &mut taken).await?;
        }
        told.map_err(RoundTrouble::Link)?;
        if taken.stranger {
            return Err(RoundTrouble::Link(LinkTrouble::SessionEnded));
        }
        if !taken.whole {
            return Err(RoundTrouble::Link(LinkTrouble::Offline));
        }
        Ok(taken)
    }

    /// Takes an answer in if it continues what this phone has seen.
    async fn take_believed(
        &self,
        mut frames: Vec<Frame>,
        request: &Request,
        is_out: bool,
    ) -> Result<Taken, RoundTrouble> {
        if !is_out && !frames.iter().any(|frame| matches!(frame, Frame::End(_))) {
            frames.retain(|frame| !matches!(frame, Frame::Ack { .. }));
        }
        if !self.witness(&frames, request).await? {
            return Err(RoundTrouble::Broken);
        }
        self.set_clock(&frames).await;
        if is_another(&frames, request) {
            self.bring_back().await?;
        }
        Ok(self.take_in(stream::iter(frames), request).await?)
    }

    /// What time it is, before anything of the answer is judged by it.
    async fn set_clock(&self, frames: &[Frame]) {
        let _turn = self.turn.lock().await;
        let end = frames.iter().find_map(|frame| if let Frame::End(end) = frame { Some(end) } else { None });
        if let Some(end) = end {
            self.mem.borrow_mut().meta.skew_ms = end.server_ms.saturating_sub(self.host.now_ms());
        }
    }

    /// Fetches one document now, beside whatever waits.
    pub(crate) async fn fetch(&self, id: DocId) -> Result<(), Stop> {
        self.mem.borrow_mut().wants.insert(id);
        let _talk = self.talk.lock().await;
        if !self.mem.borrow().wants.contains(&id) {
            return Ok(()); // the round that was running brought it
        }
        let mut plan = Plan { from: u64::MAX, ..Plan::default() };
        let request = self.request(&mut plan).await?;
        let done = self.exchange(&request).await;
        self.note_end(done.as_ref().err());
        match done {
            Ok(_) => Ok(()),
            Err(RoundTrouble::Link(trouble)) => Err(Stop::NotHere(trouble)),
            Err(RoundTrouble::Store(trouble)) => Err(Stop::Store(trouble)),
            Err(RoundTrouble::Broken) => Err(Stop::NotHere(LinkTrouble::Offline)),
            Err(RoundTrouble::Closed) => Err(Stop::Closed),
        }
    }

    fn note_running(&self, answered: u32) {
        {
            let mut mem = self.mem.borrow_mut();
            let waiting = mem.out.len() as u32;
            mem.net.running = Some((answered, answered + waiting));
        }
        self.tell_state();
    }

    fn note_end(&self, trouble: Option<&RoundTrouble>) {
        {
            let net = &mut self.mem.borrow_mut().net;
            net.running = None;
            net.online =
                !matches!(trouble, Some(RoundTrouble::Link(LinkTrouble::Offline | LinkTrouble::Portal)));
            let is = |why: LinkTrouble| matches!(trouble, Some(RoundTrouble::Link(found)) if *found == why);
            net.session_ended = is(LinkTrouble::SessionEnded);
            net.stranger = is(LinkTrouble::Stranger);
            net.revoked = is(LinkTrouble::Revoked);
            net.trouble = match trouble {
                Some(RoundTrouble::Link(trouble)) => trouble.words(),
                Some(RoundTrouble::Store(trouble)) => Some(store_words(trouble)),
                Some(RoundTrouble::Broken | RoundTrouble::Closed) | None => None,
            };
        }
        self.tell_state();
    }
}

/// Does this answer speak of another history than the request?
fn is_another(frames: &[Frame], asked: &Request) -> bool {
    frames.iter().any(|frame| match frame {
        Frame::Another(_) => true,
        Frame::End(end) => is_other(end, asked),
        _ => false,
    })
}

/// How long to wait after so many failures in a row, in milliseconds: 2 s doubling to 5 minutes, and a
/// random half of it, so that a shift coming out of the mine does not knock at once.
pub fn next_delay(failures: u32, random: u64) -> u64 {
    let full = 2_000u64.saturating_mul(1 << failures.min(16)).min(300_000);
    full / 2 + random % (full / 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::next_delay;

    #[test]
    fn delays_grow_to_five_minutes_and_differ_from_phone_to_phone() {
        assert_eq!((next_delay(0, 0), next_delay(0, 1_000)), (1_000, 2_000));
        assert_eq!((next_delay(40, 0), next_delay(40, 150_000)), (150_000, 300_000));
        let all: Vec<u64> = (0..20).map(|n| next_delay(n, 7)).collect();
        assert!(all.is_sorted());
        assert_ne!(next_delay(5, 1), next_delay(5, 2));
    }
}
