//! `GET /events`: hints that asking is worth it, as server-sent events. They carry no content, may be lost,
//! and end with the session, and when the person loses a scope (a post taken, a term over): the browser then
//! connects again as who they are now.

use crate::access::Digest;
use crate::caller::Caller;
use crate::fault::Fault;
use crate::house::House;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::{DocId, Scope, Validity, scopes_held};
use futures_util::StreamExt;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use sync::Hint;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::sync::mpsc;
use tokio::time::{Instant, interval, sleep_until};
use tokio_stream::wrappers::ReceiverStream;

/// One line for a scope at most so often.
const PACE: Duration = Duration::from_millis(50);
/// A sign of life, and a look whether the session is still in force.
const ALIVE: Duration = Duration::from_secs(20);
/// A look at terms, which end by their date without anybody acting.
const TERMS: Duration = Duration::from_secs(1);
/// Streams of one person: a few tabs on a few devices.
const PER_PERSON: usize = 12;
/// Streams in all.
const IN_ALL: usize = 8_000;

/// Counts open streams.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<DocId, usize>>>);

/// One open stream; counted until it is dropped.
struct Open(Streams, DocId);

impl Streams {
    fn open(&self, person: DocId) -> Option<Open> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let mine = open.entry(person).or_default();
        if *mine >= PER_PERSON || all >= IN_ALL {
            return None;
        }
        *mine += 1;
        Some(Open(self.clone(), person))
    }
}
impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = open.get_mut(&self.1) {
            *mine -= 1;
            if *mine == 0 {
                open.remove(&self.1);
            }
        }
    }
}

/// Opens a stream for whoever is signed in.
pub async fn events(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Fault> {
    let open = house.streams.open(caller.who.person).ok_or_else(|| Fault::busy().after(60))?;
    let (out, lines) = mpsc::channel(16);
    let teller = Teller::new(&house, &caller, out);
    tokio::spawn(async move {
        let _open = open;
        teller.run(house).await;
    });
    let start = futures_util::stream::once(async {
        Event::default().retry(Duration::from_secs(5)).comment("lianxin")
    });
    let lines = start.chain(ReceiverStream::new(lines)).map(Ok::<_, Infallible>);
    let mut response = Sse::new(lines).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no")); // nginx would hold lines back
    Ok(response)
}

/// Tells one stream what concerns it.
struct Teller {
    person: DocId,
    session: Digest,
    /// The device behind it; when that is revoked the stream ends with the commit.
    device: Option<DocId>,
    scopes: BTreeSet<Scope>,
    waiting: BTreeMap<Scope, u64>,
    next: Instant,
    hints: Receiver<Arc<[Hint]>>,
    ended: Receiver<Digest>,
    out: mpsc::Sender<Event>,
}

impl Teller {
    fn new(house: &House, caller: &Caller, out: mpsc::Sender<Event>) -> Self {
        Self {
            person: caller.who.person,
            session: caller.session.digest,
            device: caller.session.device,
            scopes: scopes_held(&caller.who),
            waiting: BTreeMap::new(),
            next: Instant::now(),
            hints: house.desk.watch(),
            ended: house.access.ended(),
            out,
        }
    }

    /// Ends when the listener goes, when the session ends, or when it fell behind: then the browser connects
    /// again and asks for everything.
    async fn run(mut self, house: Arc<House>) {
        let (mut look, mut terms) = (interval(ALIVE), interval(TERMS));
        loop {
            let due = self.next;
            tokio::select! {
                hints = self.hints.recv() => match hints {
                    Ok(hints) if self.is_revoked(&house) => return self.last_word(&hints).await,
                    Ok(hints) => if !hints.iter().all(|hint| self.hear(&house, hint)) { return },
                    Err(_) => return,
                },
                () = sleep_until(due), if !self.waiting.is_empty() => if !self.tell().await { return },
                ended = self.ended.recv() => match ended {
                    Ok(digest) if digest == self.session => return,
                    Err(RecvError::Closed) => return,
                    _ => {}
                },
                _ = terms.tick() => if !self.look_up(&house) { return },
                _ = look.tick() => if !self.still_in_force(&house).await { return },
                () = self.out.closed() => return,
            }
        }
    }

    /// False when the stream is over.
    fn hear(&mut self, house: &House, hint: &Hint) -> bool {
        if !self.scopes.contains(&hint.scope) {
            return true;
        }
        let n = self.waiting.entry(hint.scope.clone()).or_default();
        *n = hint.n.max(*n);
        // News about the person themselves may be a new post, and with it new scopes.
        !hint.scope.0.starts_with("person:") || self.look_up(house)
    }

    /// The device was revoked: one more hint, so that the phone asks again at once and hears why.
    async fn last_word(&mut self, hints: &[Hint]) {
        if let Some(hint) = hints.iter().find(|hint| self.scopes.contains(&hint.scope)) {
            let _ = self.out.send(Event::default().data(hint.line())).await;
        }
    }

    async fn tell(&mut self) -> bool {
        for (scope, n) in std::mem::take(&mut self.waiting) {
            let line = Hint { scope, n }.line();
            if self.out.send(Event::default().data(line)).await.is_err() {
                return false;
            }
        }
        self.next = Instant::now() + PACE;
        true
    }

    /// Who they are now; false when they hold less than before.
    fn look_up(&mut self, house: &House) -> bool {
        let now = house.desk.held(self.person, house.now_ms());
        let keeps = self.scopes.is_subset(&now);
        self.scopes = now;
        keeps
    }

    fn is_revoked(&self, house: &House) -> bool {
        let device = self.device.and_then(|id| house.desk.device(id));
        device.is_some_and(|device| device.validity == Validity::Revoked)
    }

    async fn still_in_force(&mut self, house: &House) -> bool {
        let session = house.access.in_force(self.session, house.now_ms()).await;
        matches!(session, Ok(Some(_))) && !self.is_revoked(house) && self.look_up(house)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_cannot_take_all_streams() {
        let (streams, me, you) = (Streams::default(), DocId([1; 16]), DocId([2; 16]));
        let open: Vec<_> = (0..PER_PERSON).map(|_| streams.open(me).unwrap()).collect();
        assert!(streams.open(me).is_none());
        assert!(streams.open(you).is_some());
        drop(open);
        assert!(streams.open(me).is_some());
        assert!(streams.0.lock().unwrap().is_empty(), "closed streams are not remembered");
    }
}
