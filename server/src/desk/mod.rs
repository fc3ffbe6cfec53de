//! The desk: takes what phones push, says what became of it, hands out what they may know. It knows who
//! somebody is and in what order things came; what things mean it asks the rulebook (`domain`), whether bytes
//! are sound the gate. It names no module.
//!
//! Sans HTTP and sans clock: [`Desk::answer`] takes a request and the time and gives frames, so that the same
//! code serves sockets and the harness.

mod answer;
mod cards;
mod devices;
mod document;
mod enrol;
mod files;
mod found;
mod history;
mod keys;
mod names;
mod out;
mod page;
mod parcels;
mod people;
mod plan;
mod preview;
mod proof;
mod push;
mod push_act;
mod push_change;
mod push_sealed;
mod renew;
mod round;
mod scopes;
mod settle;
mod shared;
mod slot;
mod turns;
mod watch;

pub use devices::{Signing, is_key, is_signed};
pub use document::Document;
pub use found::{Founded, Founding, SOURCE};
pub use out::Out;
pub use page::Pages;
pub use preview::Thing;
pub(crate) use push_change::kinds_named_in;

use crate::gate::Judge;
use crate::log::{Kinds, Log, Trouble as LogTrouble};
use domain::{AnyKind, DocId, Scope, Who};
use shared::Shared;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use sync::Hint;
use tokio::sync::broadcast;
use turns::Turns;
use watch::Views;

/// Why a whole request was not served. Nothing about single pushes, nobody's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The session names a person that the log does not know (any more).
    NoSuchPerson,
    /// Somebody else wrote the same things at the same moment; nothing of this batch was written.
    Conflict,
    /// A module panicked; nothing of this batch was written.
    Module,
    /// The log cannot answer.
    Log(LogTrouble),
}
impl From<LogTrouble> for Trouble {
    fn from(trouble: LogTrouble) -> Self {
        Self::Log(trouble)
    }
}
impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchPerson => f.write_str("no such person"),
            Self::Conflict => f.write_str("somebody else wrote at the same moment"),
            Self::Module => f.write_str("a module panicked"),
            Self::Log(trouble) => trouble.fmt(f),
        }
    }
}
impl std::error::Error for Trouble {}

/// The desk over a log.
pub struct Desk<L> {
    log: L,
    epoch: String,
    kinds: Kinds,
    shared: Arc<Shared>,
    turns: Turns,
    pages: Pages,
    views: Views,
    judge: Judge,
    signing: Signing,
    /// The union's recovery key, where there is one.
    recovery: Option<Vec<u8>>,
    /// Which run of the server this is.
    run: u64,
}

impl<L: Log> Desk<L> {
    /// Opens for business: reads who is who and how far the scopes are.
    ///
    /// # Errors
    /// What the log says.
    pub async fn open(log: L) -> Result<Self, Trouble> {
        Self::with_kinds(log, domain::modules::kinds).await
    }

    /// The same with another list of kinds, for tests of what no kind of ours does.
    ///
    /// # Errors
    /// What the log says.
    pub async fn with_kinds(log: L, kinds: Kinds) -> Result<Self, Trouble> {
        let shared = Shared::new(log.everybody().await?, log.heads().await?, log.last().await?);
        shared.name(files::Named::read(&log).await?);
        let epoch = log.epoch().await?;
        let recovery = log.recovery_key().await?.filter(|key| key.len() == sync::POINT_BYTES);
        Ok(Self {
            epoch,
            kinds,
            shared: Arc::new(shared),
            turns: Turns::default(),
            pages: Pages::default(),
            views: Views::default(),
            judge: Judge::Here,
            signing: Signing::Required,
            recovery,
            run: RandomState::new().build_hasher().finish(),
            log,
        })
    }

    /// The same desk with another rule about signatures.
    #[must_use]
    pub fn with_signing(self, signing: Signing) -> Self {
        Self { signing, ..self }
    }

    /// The same desk with other pages: smaller ones for slow links, tiny ones for tests.
    #[must_use]
    pub fn with_pages(self, pages: Pages) -> Self {
        Self { pages, ..self }
    }

    /// Which run of the server this is.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// The same desk as another run of the server, for runs that are to repeat themselves.
    #[must_use]
    pub fn with_run(self, run: u64) -> Self {
        Self { run, ..self }
    }

    /// The same desk with the gate elsewhere.
    #[must_use]
    pub fn with_judge(self, judge: Judge) -> Self {
        Self { judge, ..self }
    }

    /// The log under the desk.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// Gives the log back, to close it.
    pub fn into_log(self) -> L {
        self.log
    }

    /// Name of the log's history.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// A person as they are at this moment of official time, with aliases: posts whose term is over are not
    /// held, without anybody acting. `None` for anything that is not a person.
    pub fn who(&self, person: DocId, now_ms: i64) -> Option<Who> {
        self.shared.who(person).map(|who| who.at(now_ms))
    }

    /// A person with all posts ever receipted and not ended, whatever their terms: for names, not for rights.
    pub fn described(&self, person: DocId) -> Option<Who> {
        self.shared.who(person)
    }

    /// The person with this staff number, with all posts ever receipted and not ended, whatever their terms.
    pub fn who_by_no(&self, no: &str) -> Option<Who> {
        self.shared.who_by_no(no)
    }

    /// The scopes that a person holds now; none for a stranger.
    pub fn held(&self, person: DocId, now_ms: i64) -> BTreeSet<Scope> {
        self.who(person, now_ms).map(|who| domain::scopes_held(&who)).unwrap_or_default()
    }

    /// Hints after each commit, all of one commit in one message. Who lags behind the channel has missed
    /// some and should take that for a hint about everything.
    pub fn watch(&self) -> broadcast::Receiver<Arc<[Hint]>> {
        self.shared.watch()
    }

    fn kind(&self, name: &str) -> Option<&'static dyn AnyKind> {
        (self.kinds)().iter().copied().find(|kind| kind.name() == name)
    }
}
