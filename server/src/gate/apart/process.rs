//! One validator as the server holds it: started, asked, and ended on any trouble.

use super::super::wire::{Ask, Told};
use super::serve::READY;
use super::{COMMAND, pipe};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::time::timeout;

/// A busy machine may take long to start a program.
const START: Duration = Duration::from_secs(10);
/// Working time after which a fresh one takes over: memory of old work goes back, and the processor time that
/// a validator may use in all is never reached by honest work.
const RETIRE: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The question did it: crash, too much memory or time, nonsense for an answer.
    Question,
    /// Somebody or something else: killed from outside, cannot start, the machine is too busy.
    Outside,
}

pub(super) struct Process {
    child: Reaped,
    questions: Sender,
    answers: Receiver,
    busy: Duration,
}

/// A child that ends with whoever holds it and is waited for, so that no dead one stays in the table.
struct Reaped(Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// Starts one and waits until its limits stand.
    pub async fn start(program: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        command.arg(COMMAND).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Not ended by a Ctrl-C that is meant for the server, which still has pushes to finish.
        command.process_group(0);
        let mut child = Reaped(command.spawn()?);
        let (Some(stdin), Some(stdout)) = (child.0.stdin.take(), child.0.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let questions = Sender::from_owned_fd(OwnedFd::from(stdin))?;
        let answers = Receiver::from_owned_fd(OwnedFd::from(stdout))?;
        let mut process = Self { child, questions, answers, busy: Duration::ZERO };
        let first = timeout(START, pipe::take(&mut process.answers)).await??;
        if first == READY { Ok(process) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    pub fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// Whether it may be asked once more.
    pub fn is_fit(&mut self) -> bool {
        self.busy < RETIRE && matches!(self.child.0.try_wait(), Ok(None))
    }

    /// Asks within `wall` time. After an error this validator must not be asked again.
    pub async fn ask(&mut self, ask: &Ask<'_>, wall: Duration) -> Result<Told, End> {
        let (question, begun, used) = (domain::to_cbor(ask), Instant::now(), self.cpu());
        let spoken = async {
            pipe::put(&mut self.questions, &question).await?;
            pipe::take(&mut self.answers).await
        };
        let answer = timeout(wall, spoken).await;
        self.busy += begun.elapsed();
        match answer {
            Ok(Ok(answer)) => domain::from_cbor(&answer).ok_or(End::Question),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(End::Question),
            Ok(Err(_)) => Err(self.how_it_died()),
            Err(_) => Err(self.was_it_working(used, wall)),
        }
    }

    /// The pipe closed. The signal sent here comes too late to change how it ended, but makes sure that it did.
    fn how_it_died(&mut self) -> End {
        let _ = self.child.0.kill();
        match self.child.0.wait() {
            Ok(status) if !is_from_outside(status) => End::Question,
            _ => End::Outside,
        }
    }

    /// One that hardly got the processor in all that time is not to blame.
    fn was_it_working(&self, before: Option<Duration>, wall: Duration) -> End {
        match (before, self.cpu()) {
            (Some(before), Some(now)) if now.saturating_sub(before) < wall / 4 => End::Outside,
            _ => End::Question,
        }
    }

    /// Processor time so far, where Linux tells.
    fn cpu(&self) -> Option<Duration> {
        let told = std::fs::read_to_string(format!("/proc/{}/schedstat", self.pid())).ok()?;
        told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    }
}

/// Ended by a signal that only somebody else sends. The kernel sends it too when the whole machine is out of
/// memory; whose fault that was cannot be known, and the limit of the validator is far below.
fn is_from_outside(status: ExitStatus) -> bool {
    use nix::libc::{SIGHUP, SIGINT, SIGKILL, SIGTERM};
    matches!(status.signal(), Some(SIGHUP | SIGINT | SIGKILL | SIGTERM))
}
