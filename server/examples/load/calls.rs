//! Failing system calls by `strace`: what a dying or a full disk says to a program.

use crate::crash::Dice;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::time::sleep;

/// What fails and how: reads and writes of a bad disk, a full disk, a disk that does not flush. The number: the
/// call that fails is one of the first so many of its kind, fewer for what happens seldom.
const KINDS: [(&str, &str, u64); 6] = [
    ("pwrite64", "EIO", 40),
    ("pwrite64", "ENOSPC", 40),
    ("fsync,fdatasync", "EIO", 6),
    ("pread64", "EIO", 40),
    ("fsync,fdatasync", "ENOSPC", 6),
    ("ftruncate", "EIO", 1),
];
/// How long `strace` holds on.
const HOLD: Duration = Duration::from_millis(1_500);

/// How many calls of each kind have failed so far.
#[derive(Default)]
pub struct Calls {
    failed: BTreeMap<(&'static str, &'static str), usize>,
    turn: usize,
}

impl Calls {
    pub fn failed(&self) -> usize {
        self.failed.values().sum()
    }

    pub fn told(&self) -> String {
        let each = self.failed.iter().map(|((call, error), n)| format!("{n} {call} {error}"));
        format!("{} failed calls ({})", self.failed(), each.collect::<Vec<_>>().join(", "))
    }

    /// Holds on to the process for a moment; in it, one call of each of its threads fails.
    pub async fn let_one_fail(&mut self, pid: u32, dice: &mut Dice) {
        let (call, error, deep) = KINDS[self.turn % KINDS.len()];
        self.turn += 1;
        let when = 1 + dice.below(deep);
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-p", &pid.to_string(), "-e", &format!("trace={call}")]);
        command.args(["-e", &format!("inject={call}:error={error}:when={when}")]);
        command.stderr(Stdio::piped()).stdout(Stdio::null());
        let child = command.spawn().expect("strace is there: apt-get install strace");
        sleep(HOLD).await;
        // Asked to end, it lets go of the process; killed, it would take it along.
        let _ = Command::new("kill").arg(child.id().to_string()).status();
        let seen = tokio::task::spawn_blocking(|| child.wait_with_output()).await;
        let seen = seen.expect("a thread").expect("strace has ended").stderr;
        let failed = String::from_utf8_lossy(&seen).matches("(INJECTED)").count();
        *self.failed.entry((call, error)).or_default() += failed;
    }
}
