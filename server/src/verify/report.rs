//! What was found, in plain words.

use crate::log::Trouble;
use sync::Checkpoint;

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Finding {
    /// In both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
    pub(super) fn unreadable(why: &Trouble) -> Self {
        Self::new(
            format!("数据库有一部分读不出（{why}）"),
            format!("a part of the database cannot be read ({why})"),
        )
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Changes and acts.
    pub entries: u64,
    /// Documents.
    pub docs: u64,
    /// Audit lines.
    pub audit: u64,
    /// The last word of the log about itself.
    pub checkpoint: Option<Checkpoint>,
    /// What is wrong; at most [`Report::MOST`].
    pub findings: Vec<Finding>,
    /// Findings beyond those.
    pub more: usize,
}

impl Report {
    /// Findings that are kept in words.
    pub const MOST: usize = 100;

    /// Nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
    pub(super) fn add(&mut self, finding: Finding) {
        if self.findings.len() < Self::MOST {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
    pub(super) fn say(&mut self, is_wrong: bool, zh: impl Into<String>, en: impl Into<String>) {
        if is_wrong {
            self.add(Finding::new(zh, en));
        }
    }
    /// A part that could not be read to its end.
    pub(super) fn part(&mut self, done: Result<(), Trouble>) {
        if let Err(why) = done {
            self.add(Finding::unreadable(&why));
        }
    }
}
