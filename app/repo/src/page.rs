//! An answer of the server, taken in page by page, each with one store write: what became of my pushes, what
//! is new, and the cursors that say so. A page that was cut off before its cursors does not count. Nor does what became
//! of my pushes before the end of the answer, which proves the history that they are in: a server that is restored
//! afterwards must be found out by it.

use crate::acks::Verdicts;
use crate::guard::crossed_out;
use crate::keep::Txn;
use crate::merge::News;
use crate::stop::Stop;
use crate::{Host, Link, Repo};
use domain::bridge::Event;
use domain::{DocId, Scope, Who};
use futures_util::{Stream, StreamExt};
use std::collections::{BTreeMap, BTreeSet};
use store::Store;
use sync::{DocFrame, End, Fate, Frame, KeyNews, Request};

/// The frames of one page, sorted.
#[derive(Default)]
struct Page {
    run: Option<u64>,
    acks: Vec<(u64, Fate)>,
    me: Option<Who>,
    removed: Vec<Scope>,
    docs: Vec<DocFrame>,
    left: Vec<(Scope, DocId)>,
    gone: Vec<DocId>,
    keys: Vec<KeyNews>,
    cursors: Option<BTreeMap<Scope, u64>>,
    end: Option<End>,
}

/// What the round needs to know of an answer.
#[derive(Default)]
pub(crate) struct Taken {
    /// It came to its end.
    pub whole: bool,
    /// The server has more, or another history to talk about.
    pub more: bool,
    /// Documents of which nothing more goes up in this round.
    pub held: BTreeSet<DocId>,
    /// Waiting changes were written anew: worth sending again at once.
    pub rewritten: bool,
    /// The session belongs to somebody else; nothing was taken in.
    pub stranger: bool,
    /// Pushes answered.
    pub answered: u32,
    /// What became of my pushes, of an answer that did not come to its end.
    pub unproven: Vec<(u64, Fate)>,
    /// The run of the server that answers.
    run: u64,
    /// Documents on which bytes of mine are spoilt.
    spoilt: BTreeSet<DocId>,
}

impl Page {
    /// The next page, up to its cursors and the end that may follow them; `first` is the frame with which it
    /// begins, and afterwards that of the page after it. Of a page that was cut off only the acks count, if they do.
    async fn next(
        frames: &mut (impl Stream<Item = Frame> + Unpin),
        first: &mut Option<Frame>,
    ) -> Option<Self> {
        let mut page = Self::default();
        page.put(first.take()?);
        while let Some(frame) = frames.next().await {
            if page.cursors.is_some() && !matches!(frame, Frame::End(_)) {
                *first = Some(frame);
                return Some(page);
            }
            page.put(frame);
        }
        if page.cursors.is_none() && page.end.is_none() {
            page = Self { acks: page.acks, ..Self::default() };
        }
        Some(page)
    }
    fn put(&mut self, frame: Frame) {
        match frame {
            Frame::Ack { seq, fate } => self.acks.push((seq, fate)),
            Frame::Me(who) => self.me = Some(who),
            // The whole answer was looked at for it; of a scope, its documents and its cursor follow.
            Frame::Another(_) | Frame::ScopeAdded(_) => {}
            Frame::Run(run) => self.run = Some(run),
            Frame::ScopeRemoved(scope) => self.removed.push(scope),
            Frame::Doc(doc) => self.docs.push(*doc),
            Frame::Left(scope, doc) => self.left.push((scope, doc)),
            Frame::Gone(doc) => self.gone.push(doc),
            Frame::Keys(news) => self.keys.push(*news),
            Frame::Cursors(cursors) => self.cursors = Some(cursors),
            Frame::End(end) => self.end = Some(end),
        }
    }
    fn is_blank(&self) -> bool {
        self.acks.is_empty() && self.cursors.is_none() && self.end.is_none()
    }
    fn bytes(&self) -> u64 {
        let size = |doc: &DocFrame| match &doc.body {
            sync::BodyFrame::None => 200,
            sync::BodyFrame::Snapshot(bytes) => 200 + bytes.len() as u64,
            sync::BodyFrame::Delta(changes) => 200 + changes.iter().map(|raw| raw.len() as u64).sum::<u64>(),
        };
        self.docs.iter().map(size).sum()
    }
}

impl<S: Store, L: Link, H: Host> Repo<S, L, H> {
    /// Takes an answer in, page by page as they come. For the one who talks. Who it is for stands on its first page.
    pub(crate) async fn take_in(
        &self,
        mut frames: impl Stream<Item = Frame> + Unpin,
        asked: &Request,
    ) -> Result<Taken, Stop> {
        let mine = self.mem.borrow().meta.who.person;
        // Whoever has seen nothing yet takes the pages in as they come; otherwise the whole answer is here.
        let is_streamed = self.is_first(asked);
        let (mut taken, mut acks) = (Taken::default(), vec![]);
        let mut first = frames.next().await;
        while let Some(mut page) = Page::next(&mut frames, &mut first).await {
            if is_streamed {
                acks.append(&mut page.acks);
                page.acks = if page.end.is_some() { std::mem::take(&mut acks) } else { vec![] };
            }
            if page.me.as_ref().is_some_and(|me| me.person != mine) {
                return Ok(Taken { stranger: true, ..Taken::default() });
            }
            if let Some(run) = page.run {
                taken.run = run;
                // The server was started anew while this phone had half an answer of it. If it came back from an
                // older copy, nothing proves what was in that half.
                if self.mem.borrow().meta.half.is_some_and(|half| half != run) {
                    self.bring_back().await?;
                    return Ok(Taken { whole: true, more: true, ..Taken::default() });
                }
            }
            if let Some(end) = page.end.as_ref().filter(|_| is_streamed) {
                self.witness(&[Frame::End(end.clone())], asked).await?;
            }
            if !page.is_blank() {
                let _turn = self.turn.lock().await;
                self.take_page(page, asked, &mut taken).await?;
            }
        }
        self.mend_spoilt(asked, &taken).await?;
        taken.unproven = acks;
        Ok(taken)
    }

    /// What a device that is out is told about its work counts as it is.
    pub(crate) async fn take_unproven(&self, asked: &Request, taken: &mut Taken) -> Result<(), Stop> {
        let acks = std::mem::take(&mut taken.unproven);
        if acks.is_empty() {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        self.take_page(Page { acks, ..Page::default() }, asked, taken).await
    }

    /// Carries out anew what is spoilt, on documents that came whole with this answer. Before, something of it
    /// may stand at the server without this phone having heard of it, and would stand there twice.
    async fn mend_spoilt(&self, asked: &Request, taken: &Taken) -> Result<(), Stop> {
        let known = taken.spoilt.iter().filter(|doc| taken.whole && asked.want.contains(doc));
        let known: Vec<DocId> = known.copied().collect();
        if known.is_empty() {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        let mut txn = Txn::default();
        self.renew_generation(&mut txn);
        for doc in known {
            *self.mem.borrow_mut().replays.entry(doc).or_default() += 1;
            self.replay(&mut txn, doc, false).await?;
        }
        self.keep(txn).await
    }

    async fn take_page(&self, mut page: Page, asked: &Request, taken: &mut Taken) -> Result<(), Stop> {
        let mut txn = Txn { extra: vec![crossed_out()], ..Txn::default() };
        let mut verdicts = self.verdicts(std::mem::take(&mut page.acks));
        taken.whole = page.end.is_some();
        let in_vain = verdicts.refused.keys().filter_map(|place| Some(self.mem.borrow().out.get(place)?.doc));
        let in_vain: BTreeSet<DocId> =
            in_vain.chain(verdicts.patient.iter().chain(&verdicts.spoilt).copied()).collect();
        self.recall_all(in_vain.intersection(&self.returning()).copied()).await?;
        self.put_off_more(&verdicts.patient, verdicts.stands.keys());
        taken.held.append(&mut verdicts.held);
        taken.rewritten |= !verdicts.spoilt.is_empty() || !verdicts.unfounded.is_empty();
        taken.answered += verdicts.answered;
        taken.spoilt.append(&mut verdicts.spoilt);
        let unheard = taken.spoilt.iter().filter(|doc| !asked.want.contains(doc));
        unheard.for_each(|doc| self.ask_whole(&mut txn, *doc));
        page.removed.iter().for_each(|scope| self.scope_gone(&mut txn, scope));
        let (bytes, count) = (page.bytes(), page.docs.len() as u64);
        self.join_news(&mut txn, &mut page, verdicts, (asked, &taken.spoilt)).await?;
        page.left.iter().for_each(|(scope, id)| self.out_of_scope(&mut txn, *id, scope));
        page.gone.iter().for_each(|id| self.not_for_me(&mut txn, *id));
        self.give_keys(&mut txn, std::mem::take(&mut page.keys)).await?;
        self.stand(&mut txn, &page, count, bytes, taken);
        if page.end.as_ref().is_some_and(|end| !end.more) {
            self.unpark_old(&mut txn);
            self.let_go_unseen(&mut txn);
            // Not before: a later page may bring what an earlier one took away.
            self.let_go(&mut txn).await?;
        }
        let proven = page.end.is_some().then(|| self.believe(&mut txn)).flatten();
        self.keep(txn).await?;
        self.believed(proven);
        self.end_of_page(asked, &page);
        if page.me.is_some() {
            self.tell(Event::Me(self.who()));
        }
        Ok(())
    }

    async fn join_news(
        &self,
        txn: &mut Txn,
        page: &mut Page,
        verdicts: Verdicts,
        (asked, spoilt): (&Request, &BTreeSet<DocId>),
    ) -> Result<(), Stop> {
        let Verdicts { stands, refused, unfounded, .. } = verdicts;
        let mut news = gather(stands, std::mem::take(&mut page.docs), asked);
        news.iter_mut().for_each(|(id, one)| one.spoilt = one.wanted && spoilt.contains(id));
        self.unseal_news(txn, &mut news).await?;
        self.merge_all(txn, &news).await?;
        // The server's row says nothing of what is sealed.
        let is_sealed = |id: &DocId| self.row(txn, *id).is_some_and(|row| row.sealed.is_some());
        let sealed: BTreeSet<DocId> = news.keys().copied().filter(is_sealed).collect();
        let mut unsettled: BTreeMap<DocId, bool> = news
            .iter()
            .filter(|(id, news)| {
                sealed.contains(id) || !news.stands.is_empty() || !self.pending(txn, **id).is_empty()
            })
            .map(|(id, news)| (*id, news.is_fresh()))
            .collect();
        for doc in self.refuse(txn, refused).await? {
            unsettled.entry(doc).or_insert(false);
        }
        self.mem.borrow_mut().resend.extend(unfounded);
        for (doc, fresh) in unsettled {
            let server_row = news.get(&doc).is_some_and(|news| news.frame.is_some());
            if !server_row || sealed.contains(&doc) || !self.pending(txn, doc).is_empty() {
                self.settle(txn, doc, fresh).await?;
            }
        }
        Ok(())
    }

    /// Merges document by document; what must be opened is written down first, suspects one by one.
    async fn merge_all(&self, txn: &mut Txn, news: &BTreeMap<DocId, News>) -> Result<(), Stop> {
        let here = |id: DocId| self.row(txn, id).is_some_and(|row| row.whole);
        let risky: Vec<DocId> =
            news.iter().filter(|(id, news)| news.opens_bytes(here(**id))).map(|(id, _)| *id).collect();
        let (alone, together): (Vec<DocId>, Vec<DocId>) = {
            let mem = self.mem.borrow();
            risky.into_iter().partition(|id| mem.meta.suspects.contains(id))
        };
        for id in &alone {
            self.opening(&[*id]).await?;
            self.merge(txn, *id, &news[id]).await?;
            self.opened(&[*id]).await?;
        }
        if !together.is_empty() {
            self.opening(&together).await?;
        }
        for (id, one) in news.iter().filter(|(id, _)| !alone.contains(id)) {
            self.merge(txn, *id, one).await?;
        }
        Ok(())
    }

    /// A wanted document that is not there or not for this person.
    fn not_for_me(&self, txn: &mut Txn, id: DocId) {
        let Some(mut row) = self.row(txn, id) else { return };
        row.lacking = false;
        // What is here stays until its scope goes: the server may only have forgotten it (restored backup).
        row.leaving |= !row.whole;
        txn.rows.insert(id, Some(row));
    }

    /// Cursors, who I am, clock and epoch.
    fn stand(&self, txn: &mut Txn, page: &Page, count: u64, bytes: u64, taken: &mut Taken) {
        let now = self.host.now_ms();
        let empty = self.mem.borrow().out.keys().all(|place| matches!(txn.out.get(place), Some(None)));
        let meta = self.meta(txn);
        if let Some(me) = &page.me {
            meta.who = me.clone();
        }
        meta.cursors.extend(page.cursors.iter().flatten().map(|(scope, n)| (scope.clone(), *n)));
        meta.first = meta.first.map(|(docs, size)| (docs + count, size + bytes));
        let Some(end) = &page.end else {
            meta.half = Some(taken.run);
            return;
        };
        meta.half = None;
        meta.skew_ms = end.server_ms.saturating_sub(now);
        meta.restored_ms = meta.restored_ms.map(|at| at.min(end.server_ms));
        // Another history: its server has handed out everything afresh and put all pushes off.
        let restored = !meta.epoch.is_empty() && meta.epoch != end.epoch;
        meta.epoch = end.epoch.clone();
        taken.rewritten |= restored;
        taken.more = end.more || restored;
        if !taken.more {
            meta.first = None;
            meta.synced_ms = if empty { Some(now) } else { meta.synced_ms };
            self.show_heard(txn);
        }
    }

    fn end_of_page(&self, asked: &Request, page: &Page) {
        let mut mem = self.mem.borrow_mut();
        if let Some(end) = &page.end {
            mem.net.left = end.left;
            mem.wants.retain(|id| !asked.want.contains(id));
        }
    }
}

fn gather(
    stands: BTreeMap<DocId, Vec<(u64, crate::OutItem, Option<domain::Receipt>)>>,
    docs: Vec<DocFrame>,
    asked: &Request,
) -> BTreeMap<DocId, News> {
    let mut news: BTreeMap<DocId, News> = BTreeMap::new();
    for (id, stands) in stands {
        news.entry(id).or_default().stands = stands;
    }
    for frame in docs {
        let one = news.entry(frame.id).or_default();
        one.wanted = asked.want.contains(&frame.id);
        one.whole = frame.body.is_whole();
        one.frame = Some(frame);
    }
    news
}
