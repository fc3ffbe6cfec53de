//! The validators of a server. Few, because judging is work for the processor; asked through pipes that the
//! runtime waits on, so that no thread is held while one thinks.

use super::super::refused::{Refused, Step, Trouble};
use super::super::wire::{After, Answer, Ask, Question, Raw, Told, Verdict};
use super::super::{blame, header};
use super::process::{End, Process};
use domain::{Hash, Meta, Values};
use std::borrow::Cow;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Time for a question.
const WALL: Duration = Duration::from_secs(2);
/// And for each of its changes: the longest text takes so long for every change onto it.
const WALL_EACH: Duration = Duration::from_millis(50);
/// Changes of one push that may end a validator; the rest is put off.
const CULPRITS: usize = 2;

/// Some validators, started when they are needed and replaced when they end.
pub struct Validators {
    program: PathBuf,
    idle: Mutex<Vec<Process>>,
    turns: Semaphore,
    ended: AtomicU64,
}

impl Validators {
    /// So many at once, made from this program, which knows [`super::COMMAND`].
    pub fn new(program: impl Into<PathBuf>, many: usize) -> Self {
        let (idle, turns, ended) = (Mutex::default(), Semaphore::new(many), AtomicU64::new(0));
        Self { program: program.into(), idle, turns, ended }
    }

    /// From the program that runs now, also when its file was replaced meanwhile.
    ///
    /// # Errors
    /// When nobody knows which program that is.
    pub fn of_this_program(many: usize) -> std::io::Result<Self> {
        let running = PathBuf::from("/proc/self/exe");
        let program = if running.exists() { running } else { std::env::current_exe()? };
        Ok(Self::new(program, many))
    }

    /// Starts one, to see that it works.
    ///
    /// # Errors
    /// Why no validator can be made here.
    pub async fn try_out(&self) -> std::io::Result<()> {
        let process = Process::start(&self.program).await?;
        self.put_back(process);
        Ok(())
    }

    /// How many ended before their time.
    pub fn ended(&self) -> u64 {
        self.ended.load(Ordering::Relaxed)
    }

    /// Process ids of those that wait for a question.
    pub fn pids(&self) -> Vec<u32> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Process::pid).collect()
    }

    /// Meta and values of a saved document; `None` when it cannot be read or ended its reader.
    pub async fn read(&self, snapshot: &[u8]) -> Option<(Meta, Values)> {
        match self.ask(&Ask::Read(Raw(Cow::Borrowed(snapshot))), WALL).await {
            Ok(Told::Content(content)) => content,
            _ => None,
        }
    }

    /// Judges; never fails, whatever happens to the validators.
    pub async fn answer(&self, question: Question<'_>) -> Answer {
        let many = question.changes.len();
        let ask = Ask::Judge(question);
        let told = self.ask(&ask, wall(many)).await;
        let Ask::Judge(question) = ask else { return put_off(many) };
        match told.and_then(|told| verdicts(told, many)) {
            Ok(answer) => answer,
            Err(End::Outside) => put_off(many),
            Err(End::Question) => self.one_by_one(&question).await,
        }
    }

    /// A question has ended a validator. Asked again change by change: what ends one a second time is refused,
    /// the others are judged as if it had not been there.
    async fn one_by_one(&self, question: &Question<'_>) -> Answer {
        let mut apart = Apart::new(question);
        for raw in &question.changes {
            let verdict = match apart.culprits {
                CULPRITS.. => Verdict::Refused(Refused::Later(Trouble::Busy)),
                _ => self.one_of(&mut apart, raw).await,
            };
            apart.note(raw, verdict);
        }
        Answer { verdicts: apart.verdicts, after: apart.after }
    }

    async fn one_of<'q>(&self, apart: &mut Apart<'q>, raw: &'q Raw<'q>) -> Verdict {
        let told = self.ask(&apart.ask(raw), wall(1)).await;
        match told.and_then(|told| verdicts(told, 1)) {
            Ok(answer) => apart.take(answer),
            Err(End::Outside) => Verdict::Refused(Refused::Later(Trouble::Away)),
            Err(End::Question) => apart.accuse(),
        }
    }

    async fn ask(&self, ask: &Ask<'_>, wall: Duration) -> Result<Told, End> {
        let Ok(_turn) = self.turns.acquire().await else { return Err(End::Outside) };
        let mut process = self.one().await?;
        let told = process.ask(ask, wall).await;
        match &told {
            Ok(_) => self.put_back(process),
            Err(end) => {
                self.ended.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(?end, "a validator ended");
            }
        }
        told
    }

    /// A waiting one that is still fit, or a new one.
    async fn one(&self) -> Result<Process, End> {
        while let Some(mut process) = self.waiting() {
            if process.is_fit() {
                return Ok(process);
            }
        }
        Process::start(&self.program).await.map_err(|error| {
            tracing::error!(%error, "no validator can be started");
            End::Outside
        })
    }

    fn waiting(&self) -> Option<Process> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put_back(&self, process: Process) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
    }
}

fn wall(changes: usize) -> Duration {
    WALL + WALL_EACH.saturating_mul(u32::try_from(changes).unwrap_or(u32::MAX))
}

fn verdicts(told: Told, many: usize) -> Result<Answer, End> {
    match told {
        Told::Verdicts(answer) if answer.verdicts.len() == many => Ok(answer),
        _ => Err(End::Question),
    }
}

fn put_off(many: usize) -> Answer {
    let verdict = Verdict::Refused(Refused::Later(Trouble::Away));
    Answer { verdicts: vec![verdict; many], after: None }
}

/// A push taken apart.
struct Apart<'q> {
    question: &'q Question<'q>,
    after: Option<After>,
    verdicts: Vec<Verdict>,
    refused: HashSet<Hash>,
    culprits: usize,
}

impl<'q> Apart<'q> {
    fn new(question: &'q Question<'q>) -> Self {
        Self { question, after: None, verdicts: vec![], refused: HashSet::new(), culprits: 0 }
    }

    /// One change onto what stands so far.
    fn ask(&self, raw: &'q Raw<'q>) -> Ask<'_> {
        let borrowed = |bytes| Raw(Cow::Borrowed(bytes));
        let stored = self.question.snapshot.as_ref().map(|raw| raw.0.as_ref());
        let now = self.after.as_ref().map(|after| after.snapshot.as_slice());
        Ask::Judge(Question {
            snapshot: now.or(stored).map(borrowed),
            shape: Cow::Borrowed(&self.question.shape),
            changes: vec![borrowed(&raw.0)],
        })
    }

    fn take(&mut self, answer: Answer) -> Verdict {
        let Answer { mut verdicts, after } = answer;
        self.after = after.or(self.after.take());
        match verdicts.pop() {
            Some(Verdict::Refused(refused)) => Verdict::Refused(blame(refused, &self.refused)),
            Some(verdict) => verdict,
            None => Verdict::Refused(Refused::Later(Trouble::Away)),
        }
    }

    fn accuse(&mut self) -> Verdict {
        self.culprits += 1;
        Verdict::Refused(Refused::Poison { step: Step::Validator, at: String::new() })
    }

    fn note(&mut self, raw: &Raw<'_>, verdict: Verdict) {
        if let Verdict::Refused(refused) = &verdict
            && refused.is_final()
        {
            self.refused.extend(header::read(&raw.0).ok().map(|header| header.hash));
        }
        self.verdicts.push(verdict);
    }
}
