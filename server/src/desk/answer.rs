//! One request, answered: acks, who you are, scopes gained and lost, documents page by page, end.

use super::out::Out;
use super::page::{Page, Pages};
use super::plan::{Plan, Step};
use super::push::Pushed;
use super::scopes::Scopes;
use super::{Desk, Trouble};
use crate::log::{Log, Reading};
use domain::{DocId, Scope};
use std::collections::BTreeMap;
use sync::{End, Frame, Request};

/// Documents that one request may want whole; the others it must ask for again.
const WANTS: usize = 300;
/// Documents read from the log at a time.
const READ: usize = 50;

impl<L: Log> Desk<L> {
    /// Answers one request of a signed-in person at a moment of official time.
    ///
    /// # Errors
    /// [`Trouble`]; then nothing was accepted that was not said to be.
    pub async fn answer(&self, person: DocId, request: Request, now_ms: i64) -> Result<Vec<Frame>, Trouble> {
        let mut frames = Vec::new();
        self.stream(person, request, now_ms, &mut frames).await?;
        Ok(frames)
    }

    /// The same, page by page. An answer that ends without [`Frame::End`] was cut off: the caller asks
    /// again from the last page that it wrote.
    ///
    /// # Errors
    /// As [`Desk::answer`]; frames may have gone out before.
    pub async fn stream<O: Out>(
        &self,
        person: DocId,
        request: Request,
        now_ms: i64,
        out: &mut O,
    ) -> Result<(), Trouble> {
        let who = self.who(person).ok_or(Trouble::NoSuchPerson)?;
        let afresh = !request.epoch.is_empty() && request.epoch != self.epoch;
        // Before a phone has heard that this is another history, its outbox may rest on what was lost.
        let pushed = match afresh {
            true => Pushed::put_off(&request.push),
            false => self.push(&who, &request, now_ms).await?,
        };
        // Names registered by these pushes are scopes already.
        let who = self.who(person).ok_or(Trouble::NoSuchPerson)?;
        let scopes = Scopes::of(&who, &request, afresh);
        let mut first = pushed.acks.clone();
        first.extend(scopes.frames(&who));
        if !first.is_empty() && !out.put(first).await {
            return Ok(());
        }
        self.hand_out(&request, &pushed, &scopes, now_ms, out).await
    }

    async fn hand_out<O: Out>(
        &self,
        request: &Request,
        pushed: &Pushed,
        scopes: &Scopes,
        now_ms: i64,
        out: &mut O,
    ) -> Result<(), Trouble> {
        let (begun, has, kinds) = (pushed.begun.clone(), pushed.hashes.clone(), self.kinds);
        let cursors = scopes.cursors.clone();
        let mut reading = Reading { cursors, whole: true, begun, has, kinds };
        let mut page = Page::default();
        let wants_left = self.wanted(&request.want, &reading, &mut page).await?;
        reading.whole = false;
        let plan = Plan::of(self.log.feed(&self.behind(&scopes.cursors)).await?, scopes);
        let mut run = Run { plan, reading, page, done: 0, told: 0, sent: 0, bytes: 0, pages: self.pages };
        while run.goes_on() {
            let copies = self.log.read(&run.next_docs(), &run.reading).await?;
            for copy in copies {
                if !run.take(copy, out).await {
                    return Ok(());
                }
            }
        }
        let left = run.left();
        let more = left > 0 || wants_left;
        let mut last = run.last_page();
        last.push(Frame::End(End { more, left: left as u64, server_ms: now_ms, epoch: self.epoch.clone() }));
        out.put(last).await;
        Ok(())
    }

    /// Scopes in which something happened after the cursor, by what is in memory: for most requests none,
    /// and then the disk is not touched.
    fn behind(&self, cursors: &BTreeMap<Scope, u64>) -> Vec<(Scope, u64)> {
        let is_behind = |(scope, cursor): &(&Scope, &u64)| self.shared.head(scope) > **cursor;
        cursors.iter().filter(is_behind).map(|(scope, cursor)| (scope.clone(), *cursor)).collect()
    }

    /// Whole documents that somebody opened. What may not be read is as gone as what never was. Returns
    /// true when some did not fit and must be asked for again.
    async fn wanted(&self, want: &[DocId], reading: &Reading, page: &mut Page) -> Result<bool, Trouble> {
        for (i, doc) in want.iter().enumerate() {
            if i >= WANTS || page.bytes() >= self.pages.answer_bytes / 2 {
                return Ok(true);
            }
            match self.log.read(&[*doc], reading).await?.pop().flatten() {
                Some(copy) => page.put_doc(copy),
                None => page.put(Frame::Gone(*doc)),
            }
        }
        Ok(false)
    }
}

/// Handing out along a plan.
struct Run {
    plan: Plan,
    reading: Reading,
    page: Page,
    /// Steps done.
    done: usize,
    /// Steps that the pages sent so far speak of.
    told: usize,
    /// Pages sent.
    sent: usize,
    bytes: usize,
    pages: Pages,
}

impl Run {
    fn goes_on(&self) -> bool {
        self.left() > 0 && !self.is_enough()
    }
    fn is_enough(&self) -> bool {
        self.sent >= self.pages.pages || self.bytes >= self.pages.answer_bytes
    }
    fn left(&self) -> usize {
        self.plan.steps.len() - self.done
    }
    fn next_docs(&self) -> Vec<DocId> {
        self.plan.steps[self.done..].iter().take(READ).map(|step| step.doc).collect()
    }

    /// Does the next step; sends the page when it is full. `false` when nobody listens any more.
    async fn take<O: Out>(&mut self, copy: Option<crate::log::Copy>, out: &mut O) -> bool {
        if self.is_enough() {
            return true;
        }
        let Step { doc, left, .. } = &self.plan.steps[self.done];
        if let Some(copy) = copy {
            self.page.put_doc(copy);
        }
        left.iter().for_each(|scope| self.page.put(Frame::Left(scope.clone(), *doc)));
        self.done += 1;
        !self.page.is_full(&self.pages) || self.send(out).await
    }

    async fn send<O: Out>(&mut self, out: &mut O) -> bool {
        let page = std::mem::take(&mut self.page);
        (self.sent, self.told) = (self.sent + 1, self.done);
        self.bytes += page.bytes();
        out.put(page.close(self.plan.cursors_after(self.done))).await
    }

    /// What is on the page that is not full, with where the caller stands; nothing when that was said.
    fn last_page(self) -> Vec<Frame> {
        let untold = self.done > self.told || (self.sent == 0 && self.plan.moves_cursors());
        if self.page.is_blank() && !untold {
            return vec![];
        }
        self.page.close(self.plan.cursors_after(self.done))
    }
}
