//! Where questions are answered: in this process, or in one of their own.

use super::apart::Validators;
use super::dry_run;
use super::wire::{Answer, Question};
use domain::{Meta, Values};

/// Who answers the gate's questions.
#[derive(Default)]
pub enum Judge {
    /// This process: for the server's own documents, tools, tests and the harness.
    #[default]
    Here,
    /// Validators in processes of their own: for what comes from outside.
    Apart(Validators),
}

impl Judge {
    /// Judges; never panics, whatever the bytes are.
    pub async fn answer(&self, question: Question<'_>) -> Answer {
        match self {
            Self::Here => question.answer(),
            Self::Apart(validators) => validators.answer(question).await,
        }
    }

    /// Meta (with a blank id) and values of a saved document, which may be hostile as well; `None` when it is
    /// no document of ours.
    pub async fn read(&self, snapshot: &[u8]) -> Option<(Meta, Values)> {
        match self {
            Self::Here => dry_run::read(snapshot),
            Self::Apart(validators) => validators.read(snapshot).await,
        }
    }
}
