//! One request, answered: acks, who you are, scopes gained and lost, documents page by page, end.

use super::history::History;
use super::out::Out;
use super::page::{Page, Pages, frames_of};
use super::plan::{Plan, Step};
use super::push::{Pushed, device_of};
use super::scopes::Scopes;
use super::{Desk, Trouble};
use crate::log::{Copy, Log, Reading};
use domain::{DocId, Scope, Who};
use std::collections::{BTreeMap, BTreeSet};
use sync::{End, Frame, Request};

/// Documents that one request may want whole; the others it must ask for again.
const WANTS: usize = 300;
/// Documents read from the log at a time.
const READ: usize = 50;

/// Where the caller stands.
struct Standing {
    who: Who,
    scopes: Scopes,
    /// The history as he is told.
    history: History,
}

impl<L: Log> Desk<L> {
    /// Answers one request of a signed-in person at a moment of official time. For callers who get it whole, to
    /// whom it is all one which run of the server answers.
    ///
    /// # Errors
    /// [`Trouble`]; then nothing was accepted that was not said to be.
    pub async fn answer(&self, person: DocId, request: Request, now_ms: i64) -> Result<Vec<Frame>, Trouble> {
        let mut frames = Vec::new();
        self.stream(person, request, now_ms, &mut frames).await?;
        frames.retain(|frame| !matches!(frame, Frame::Run(_)));
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
        let who = self.who(person, now_ms).ok_or(Trouble::NoSuchPerson)?;
        let history = self.history(&request).await?;
        // Before a phone has heard that this is another history, its outbox may rest on what was lost.
        let pushed = match history.is_other {
            true => Pushed::put_off(&request.push),
            false => self.push(&who, &request, now_ms).await?,
        };
        // Names registered by these pushes are scopes already.
        let who = self.who(person, now_ms).ok_or(Trouble::NoSuchPerson)?;
        let scopes = Scopes::of(&who, &request, history.is_other);
        let another = history.is_other.then(|| Frame::Another(history.epoch.clone()));
        let head = [Frame::Run(self.run)].into_iter().chain(another);
        let mut first: Vec<Frame> = head.chain(pushed.acks.iter().cloned()).collect();
        first.extend(scopes.frames(&who, self.has_news_of(&who, &scopes)));
        if !out.put(first).await {
            return Ok(());
        }
        self.hand_out(&request, pushed, &Standing { who, scopes, history }, now_ms, out).await
    }

    async fn hand_out<O: Out>(
        &self,
        request: &Request,
        pushed: Pushed,
        standing: &Standing,
        now_ms: i64,
        out: &mut O,
    ) -> Result<(), Trouble> {
        let cursors = standing.scopes.cursors.clone();
        let plan = Plan::of(self.log.feed(&self.behind(&cursors)).await?, &standing.scopes);
        let Pushed { begun, hashes: has, acks, .. } = pushed;
        let whole = request.want.iter().copied().collect();
        let reading = Reading { cursors, whole, begun, has, kinds: self.kinds };
        let mut run = Run::new(plan, self.pages);
        let all_wanted = self.wanted(&reading, standing, &mut run, out).await?;
        while run.goes_on() {
            for copy in self.log.read(&run.next_docs(), &reading).await? {
                self.look(&copy, standing, &mut run);
                run.take(copy, out).await;
            }
        }
        let (viewed, device) = (std::mem::take(&mut run.viewed), device_of(request));
        self.note_views(standing.who.person, &device, now_ms, viewed).await?;
        let left = run.left();
        if run.is_deaf {
            return Ok(());
        }
        let sent = run.sent;
        let mut last = run.last_page();
        let told = sent > 0 || !last.is_empty() || !acks.is_empty();
        last.extend(self.key_news(&standing.who, request, now_ms).await?);
        last.push(Frame::End(End {
            more: left > 0 || !all_wanted,
            left: left as u64,
            server_ms: now_ms,
            epoch: standing.history.epoch.clone(),
            // Last of all, so that it speaks about everything handed out before it.
            proof: self.proof(request, &standing.history, told).await?,
        }));
        out.put(last).await;
        Ok(())
    }

    /// True when something about the caller may be news to them that changes no scope: a longer term.
    fn has_news_of(&self, who: &domain::Who, scopes: &Scopes) -> bool {
        let own = domain::own_scope(who);
        scopes.cursors.get(&own).is_some_and(|cursor| self.shared.head(&own) > *cursor)
    }

    /// Scopes in which something happened after the cursor, by what is in memory: for most requests none,
    /// and then the disk is not touched.
    fn behind(&self, cursors: &BTreeMap<Scope, u64>) -> Vec<(Scope, u64)> {
        let is_behind = |(scope, cursor): &(&Scope, &u64)| self.shared.head(scope) > **cursor;
        cursors.iter().filter(is_behind).map(|(scope, cursor)| (scope.clone(), *cursor)).collect()
    }

    /// Whole documents that somebody opened. What may not be read is as gone as what never was, and what has only
    /// just come into a scope comes at its place: told of before, it might leave without his hearing of it. Returns
    /// false when some did not fit and must be asked for again.
    async fn wanted<O: Out>(
        &self,
        reading: &Reading,
        standing: &Standing,
        run: &mut Run,
        out: &mut O,
    ) -> Result<bool, Trouble> {
        let mut want = reading.whole.clone();
        for step in run.plan.steps.iter().filter(|step| step.came) {
            want.remove(&step.doc);
        }
        for (i, doc) in want.iter().enumerate() {
            if i >= WANTS || run.is_half_full() {
                return Ok(false);
            }
            let copy = self.log.read(&[*doc], reading).await?.pop().flatten();
            self.look(&copy, standing, run);
            match copy {
                Some(copy) => run.put(copy, out).await,
                None => run.page.put(Frame::Gone(*doc)),
            }
            run.whole.insert(*doc);
        }
        Ok(true)
    }

    /// Remembers a sensitive document that is about to be handed out.
    fn look(&self, copy: &Option<Copy>, standing: &Standing, run: &mut Run) {
        if let Some(copy) = copy.as_ref().filter(|copy| self.is_watched(&standing.who, copy)) {
            run.viewed.insert(copy.id);
        }
    }
}

/// Handing out along a plan.
struct Run {
    plan: Plan,
    pages: Pages,
    page: Page,
    /// Documents that went out whole because somebody wanted them.
    whole: BTreeSet<DocId>,
    /// Sensitive ones among all that went out.
    viewed: BTreeSet<DocId>,
    /// Steps done.
    done: usize,
    /// Steps that the pages sent so far speak of.
    told: usize,
    /// Pages sent.
    sent: usize,
    bytes: usize,
    /// Nobody listens any more.
    is_deaf: bool,
}

impl Run {
    fn new(plan: Plan, pages: Pages) -> Self {
        let (page, whole, viewed) = (Page::default(), BTreeSet::new(), BTreeSet::new());
        Self { plan, pages, page, whole, viewed, done: 0, told: 0, sent: 0, bytes: 0, is_deaf: false }
    }
    fn goes_on(&self) -> bool {
        self.left() > 0 && !self.is_enough()
    }
    fn is_enough(&self) -> bool {
        self.is_deaf || self.sent >= self.pages.pages || self.bytes >= self.pages.answer_bytes
    }
    fn is_half_full(&self) -> bool {
        self.bytes + self.page.bytes() >= self.pages.answer_bytes / 2
    }
    fn left(&self) -> usize {
        self.plan.steps.len() - self.done
    }
    fn next_docs(&self) -> Vec<DocId> {
        self.plan.steps[self.done..].iter().take(READ).map(|step| step.doc).collect()
    }

    /// Does the next step; sends the page when it is full.
    async fn take<O: Out>(&mut self, copy: Option<Copy>, out: &mut O) {
        if self.is_enough() {
            return;
        }
        let Step { doc, left, .. } = self.plan.steps[self.done].clone();
        if let Some(copy) = copy.filter(|copy| !self.whole.contains(&copy.id)) {
            self.put(copy, out).await;
        }
        left.into_iter().for_each(|scope| self.page.put(Frame::Left(scope, doc)));
        self.done += 1;
        if self.page.is_full(&self.pages, self.sent) {
            self.send(out).await;
        }
    }

    /// Puts a document on the page. One with very many acts fills pages of its own, whose cursors still
    /// stand before it: cut off in the middle, it comes again.
    async fn put<O: Out>(&mut self, copy: Copy, out: &mut O) {
        for (i, frame) in frames_of(copy).into_iter().enumerate() {
            if i > 0 {
                self.send(out).await;
            }
            self.page.put_doc(frame);
        }
    }

    async fn send<O: Out>(&mut self, out: &mut O) {
        let page = std::mem::take(&mut self.page);
        (self.sent, self.told) = (self.sent + 1, self.done);
        self.bytes += page.bytes();
        self.is_deaf |= !out.put(page.close(self.plan.cursors_after(self.done))).await;
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
