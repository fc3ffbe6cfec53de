//! The one writer. It takes everything that waits into one BEGIN IMMEDIATE … COMMIT and answers after the
//! commit: a hundred phones share one fsync. Fail-stop: after a failed write its outcome is unknown, and
//! trying again may lie (a second fsync reports success for pages the kernel has dropped), so the writer
//! ends and the process must start again. Only a full disk is survived: SQLite rolls that back itself.

use super::tx::{WriteTx, new_lines, put_audit, put_parcel, settle_parcel, take_over};
use super::{Answer, Trouble, proofs, trouble};
use crate::log::place::{AfterCommit, place};
use crate::log::vouch::Vouch;
use crate::log::{AuditLine, Batch, NotPlaced, Parcel, Placed};
use domain::Hash;
use sqlx::{Connection, SqliteConnection};
use std::collections::VecDeque;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Jobs in one commit. More would make the first one wait too long.
const GROUP: usize = 128;
/// Jobs that may wait; whoever comes later waits for room.
const QUEUE: usize = 1024;

type Reply<T> = oneshot::Sender<T>;

/// What the writer is asked.
pub(super) enum Job {
    Append(Box<Batch>, Reply<Result<Placed, NotPlaced>>),
    Audit(Vec<AuditLine>, Reply<Answer<()>>),
    /// Those that say something new since a moment.
    AuditOnce(Vec<AuditLine>, i64, Reply<Answer<()>>),
    SetAside(Box<Parcel>, Reply<Answer<()>>),
    SettleParcel(Hash, bool, Reply<Answer<()>>),
    Epoch(String, Reply<Answer<()>>),
    /// These rules compute from a moment on.
    TakeOver(String, i64, Reply<Answer<()>>),
    /// The union's recovery key.
    RecoveryKey(Vec<u8>, Reply<Answer<()>>),
}

/// A done job, to be answered after the commit.
enum Done {
    Append(Result<(Placed, AfterCommit), NotPlaced>, Reply<Result<Placed, NotPlaced>>),
    Other(Reply<Answer<()>>),
}

pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    alive: watch::Receiver<()>,
    task: JoinHandle<()>,
}

impl Writer {
    pub fn start(conn: SqliteConnection, vouch: Vouch) -> Self {
        let (jobs, inbox) = mpsc::channel(QUEUE);
        let (life, alive) = watch::channel(());
        let task = tokio::spawn(async move {
            run(conn, vouch, inbox).await;
            drop(life);
        });
        Self { jobs, alive, task }
    }

    /// Puts a job and waits for its answer. The job is done even when nobody waits any more.
    pub async fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Answer<T> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).await.map_err(|_| Trouble::Stopped)?;
        answer.await.map_err(|_| Trouble::Stopped)
    }

    /// Comes back when the writer is gone, whatever the reason.
    pub async fn stopped(&self) {
        let mut alive = self.alive.clone();
        while alive.changed().await.is_ok() {}
    }

    pub async fn close(self) {
        drop(self.jobs);
        let _ = self.task.await;
    }
}

/// Serves until nobody can ask any more or a write fails.
async fn run(mut conn: SqliteConnection, mut vouch: Vouch, mut inbox: mpsc::Receiver<Job>) {
    while let Some(first) = inbox.recv().await {
        let mut group = VecDeque::from([first]);
        while group.len() < GROUP
            && let Ok(job) = inbox.try_recv()
        {
            group.push_back(job);
        }
        if let Err(trouble) = commit(&mut conn, &mut vouch, group).await {
            tracing::error!(%trouble, "a write failed; the log stops");
            return;
        }
    }
    if let Err(error) = conn.close().await {
        tracing::error!(%error, "closing the log");
    }
}

/// One transaction for the whole group. An error means that the writer must stop; then nobody hears an
/// answer, which reads as [`Trouble::Stopped`].
async fn commit(conn: &mut SqliteConnection, vouch: &mut Vouch, mut group: VecDeque<Job>) -> Answer<()> {
    if let Err(error) = sqlx::query("BEGIN IMMEDIATE").execute(&mut *conn).await {
        // Nothing was written, so nothing is in doubt.
        let trouble = trouble(error);
        tracing::error!(%trouble, "cannot begin to write");
        group.into_iter().for_each(|job| job.put_off(&trouble));
        return Ok(());
    }
    let mut done = Vec::with_capacity(group.len());
    let before = vouch.clone();
    match write(conn, vouch, &mut group, &mut done).await {
        Ok(()) => done.into_iter().for_each(Done::answer),
        Err(Trouble::Full) => {
            tracing::error!("the disk is full; nothing is accepted until there is room");
            // SQLite may have rolled back by itself; then this fails, and that is fine.
            let _ = sqlx::query("ROLLBACK").execute(&mut *conn).await;
            *vouch = before;
            done.into_iter().for_each(Done::refuse_full);
            group.into_iter().for_each(|job| job.put_off(&Trouble::Full));
        }
        Err(trouble) => return Err(trouble),
    }
    Ok(())
}

async fn write(
    conn: &mut SqliteConnection,
    vouch: &mut Vouch,
    group: &mut VecDeque<Job>,
    done: &mut Vec<Done>,
) -> Answer<()> {
    let before = vouch.clone();
    while let Some(job) = group.pop_front() {
        done.push(work(conn, vouch, job).await?);
    }
    // One signed word for all that goes down together.
    if vouch.differs(&before) {
        proofs::keep(conn, &vouch.checkpoint()).await?;
    }
    sqlx::query("COMMIT").execute(&mut *conn).await.map_err(trouble)?;
    Ok(())
}

async fn work(conn: &mut SqliteConnection, vouch: &mut Vouch, job: Job) -> Answer<Done> {
    match job {
        Job::Append(batch, reply) => match place(&mut WriteTx { conn, vouch }, *batch).await {
            Err(NotPlaced::Trouble(trouble)) => {
                let _ = reply.send(Err(NotPlaced::Trouble(trouble.clone())));
                Err(trouble)
            }
            placed => Ok(Done::Append(placed, reply)),
        },
        Job::Audit(lines, reply) => put_audit(conn, vouch, &lines).await.map(|()| Done::Other(reply)),
        Job::AuditOnce(lines, since_ms, reply) => {
            let lines = new_lines(conn, lines, since_ms).await?;
            put_audit(conn, vouch, &lines).await.map(|()| Done::Other(reply))
        }
        Job::SetAside(parcel, reply) => put_parcel(conn, &parcel).await.map(|()| Done::Other(reply)),
        Job::SettleParcel(id, adopted, reply) => {
            settle_parcel(conn, id, adopted).await.map(|()| Done::Other(reply))
        }
        Job::TakeOver(rules, at_ms, reply) => {
            take_over(conn, vouch, rules, at_ms).await.map(|()| Done::Other(reply))
        }
        Job::Epoch(epoch, reply) => {
            vouch.epoch.clone_from(&epoch);
            let query = sqlx::query("UPDATE meta SET value = ? WHERE key = 'epoch'").bind(epoch);
            query.execute(conn).await.map_err(trouble)?;
            Ok(Done::Other(reply))
        }
        Job::RecoveryKey(key, reply) => {
            let query = sqlx::query("INSERT OR REPLACE INTO recovery_key (id, key) VALUES (1, ?)").bind(key);
            query.execute(conn).await.map_err(trouble)?;
            Ok(Done::Other(reply))
        }
    }
}

impl Job {
    fn put_off(self, trouble: &Trouble) {
        match self {
            Self::Append(_, reply) => drop(reply.send(Err(NotPlaced::Trouble(trouble.clone())))),
            Self::Audit(_, reply)
            | Self::AuditOnce(_, _, reply)
            | Self::SetAside(_, reply)
            | Self::SettleParcel(_, _, reply)
            | Self::Epoch(_, reply)
            | Self::TakeOver(_, _, reply)
            | Self::RecoveryKey(_, reply) => drop(reply.send(Err(trouble.clone()))),
        }
    }
}

impl Done {
    fn answer(self) {
        match self {
            Self::Append(Ok((placed, then)), reply) => {
                then.tell(&placed);
                let _ = reply.send(Ok(placed));
            }
            Self::Append(Err(why), reply) => drop(reply.send(Err(why))),
            Self::Other(reply) => drop(reply.send(Ok(()))),
        }
    }
    fn refuse_full(self) {
        match self {
            Self::Append(_, reply) => drop(reply.send(Err(NotPlaced::Trouble(Trouble::Full)))),
            Self::Other(reply) => drop(reply.send(Err(Trouble::Full))),
        }
    }
}
