//! The child's side: reads a question, judges, answers, until the pipe closes.

use super::super::wire::{Ask, Told};
use super::{confine, pipe};
use std::io::{stdin, stdout};

/// Said once when the limits stand; the server asks nothing before.
pub(super) const READY: &[u8] = b"lianxin validator 1";

/// Serves until the server is gone. Returns the exit code: 0 the pipe closed, 3 no validator could be made.
/// Only ever called as a program of its own, on its first thread.
pub fn serve() -> u8 {
    if confine::confine().is_err() {
        return 3;
    }
    let (mut questions, mut answers) = (stdin().lock(), stdout().lock());
    if pipe::write(&mut answers, READY).is_err() {
        return 0;
    }
    while let Ok(message) = pipe::read(&mut questions) {
        // Whoever speaks something else here is not our server.
        let Some(ask) = domain::from_cbor::<Ask<'static>>(&message) else { return 3 };
        let told = match ask {
            Ask::Judge(question) => Told::Verdicts(question.answer()),
            Ask::Read(snapshot) => Told::Content(super::super::dry_run::read(&snapshot.0)),
        };
        if pipe::write(&mut answers, &domain::to_cbor(&told)).is_err() {
            break;
        }
    }
    0
}
