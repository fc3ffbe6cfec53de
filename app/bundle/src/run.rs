//! Runs other programs: output into a log file and into memory, a sign of life every minute,
//! and without the variables that `cargo run` leaves behind for us.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, PipeReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::say;
use crate::trouble::{Doing, Result, Trouble};

/// How long a program may be silent before we say what it was doing last.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);
/// How often we look whether the program has ended although something it started still holds the pipe.
const LOOK: Duration = Duration::from_millis(500);

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// Ended with status 0.
    pub ok: bool,
    /// Both output streams, as they came.
    pub text: String,
}

impl Ran {
    /// The last `lines` lines.
    pub fn tail(&self, lines: usize) -> String {
        tail(&self.text, lines)
    }

    /// `Ok` only when the program ended well; otherwise its last lines are the trouble.
    pub fn or_trouble(self, what: &str) -> Result<String> {
        if self.ok {
            return Ok(self.text);
        }
        Err(Trouble::new(format!("{what} failed:\n{}", self.tail(60))))
    }
}

fn last_words(text: &str) -> &str {
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("nothing said yet")
}

/// The last `lines` lines of a text.
pub fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// Runs to the end with the output kept in `log` and in the result. Stdin is closed: nothing ever asks.
pub fn logged(command: &mut Command, log: &Path) -> Result<Ran> {
    let mut file = create(log)?;
    let (reader, writer) = std::io::pipe().doing(|| "opening a pipe".into())?;
    let second = writer.try_clone().doing(|| "opening a pipe".into())?;
    command.stdin(Stdio::null()).stdout(second).stderr(writer);
    let mut child = command.spawn().doing(|| format!("starting {}", name(command)))?;
    command.stdout(Stdio::null()).stderr(Stdio::null()); // drops our ends of the pipe, or it would never close
    let lines = lines_of(reader);
    let mut text = String::new();
    let (mut last_beat, mut ended) = (Instant::now(), None::<ExitStatus>);
    loop {
        match lines.recv_timeout(LOOK) {
            Ok(line) => {
                file.write_all(line.as_bytes()).doing(|| format!("writing {}", log.display()))?;
                text.push_str(&line);
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if ended.is_some() => break,
            Err(RecvTimeoutError::Timeout) => {
                ended = child.try_wait().doing(|| format!("waiting for {}", name(command)))?;
            }
        }
        if last_beat.elapsed() > SIGN_OF_LIFE {
            last_beat = Instant::now();
            say::note(&format!("… {}", last_words(&text)));
        }
    }
    let status = child.wait().doing(|| format!("waiting for {}", name(command)))?;
    Ok(Ran { ok: status.success(), text })
}

/// Runs where a person may watch: in a terminal the program draws itself, elsewhere it is logged.
pub fn shown(command: &mut Command, log: &Path, what: &str) -> Result<()> {
    if !say::watched() {
        return logged(command, log)?.or_trouble(what).map(drop);
    }
    let status = command.stdin(Stdio::null()).status().doing(|| format!("starting {}", name(command)))?;
    if status.success() { Ok(()) } else { Err(Trouble::new(format!("{what} failed (see above)"))) }
}

/// The output of a short program, or `None` when it is missing or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs for at most `limit`; `false` when it failed, was missing or took longer.
pub fn within(limit: Duration, command: &mut Command) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        return false;
    };
    let started = Instant::now();
    while started.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => thread::sleep(LOOK),
            Err(_) => return false,
        }
    }
    // Both fail only if the child has ended by itself meanwhile, which is what we want.
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// The cargo that started us, without what `cargo run` set for this one package: build scripts of other
/// packages watch those variables and would rebuild each time.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_package(&mut command);
    command
}

/// Removes the variables that describe the package `bundle`.
pub fn forget_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(describes_package) {
            command.env_remove(name);
        }
    }
}

fn describes_package(name: &str) -> bool {
    const PREFIXES: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    const NAMES: [&str; 4] = ["CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"];
    PREFIXES.iter().any(|prefix| name.starts_with(prefix)) || NAMES.contains(&name)
}

/// Whether a program of this name is on the PATH.
pub fn on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

fn create(log: &Path) -> Result<File> {
    if let Some(dir) = log.parent() {
        fs::create_dir_all(dir).doing(|| format!("creating {}", dir.display()))?;
    }
    File::create(log).doing(|| format!("creating {}", log.display()))
}

fn lines_of(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
    receiver
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(name: &str) -> std::path::PathBuf {
        env::temp_dir().join(format!("lianxin-run-{}-{name}", std::process::id()))
    }

    fn shell(line: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        command
    }

    #[test]
    fn both_streams_reach_the_log_and_the_result() {
        let log = log("both");
        let ran = logged(&mut shell("echo out; echo err >&2; exit 3"), &log).unwrap();
        assert!(!ran.ok && ran.text.contains("out\n") && ran.text.contains("err\n"));
        assert_eq!(fs::read_to_string(&log).unwrap(), ran.text);
        fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_program_left_running_in_the_background_does_not_hold_us() {
        let log = log("background");
        let started = Instant::now();
        assert!(logged(&mut shell("sleep 30 & echo started"), &log).unwrap().ok);
        assert!(started.elapsed() < Duration::from_secs(10));
        fs::remove_file(log).unwrap();
    }

    #[test]
    fn a_program_that_takes_too_long_is_stopped() {
        assert!(!within(Duration::from_millis(200), &mut shell("sleep 20")));
        assert!(within(Duration::from_secs(20), &mut shell("exit 0")));
        assert!(!within(Duration::from_secs(20), &mut Command::new("no-such-program-here")));
    }

    #[test]
    fn only_the_variables_of_this_package_are_forgotten() {
        assert!(describes_package("CARGO_PKG_NAME") && describes_package("CARGO_MANIFEST_DIR"));
        assert!(!describes_package("CARGO_HOME") && !describes_package("CARGO_TARGET_DIR"));
    }

    #[test]
    fn the_tail_is_the_end() {
        assert_eq!(tail("a\nb\nc\n", 2), "b\nc");
        assert_eq!(tail("a", 60), "a");
    }
}
