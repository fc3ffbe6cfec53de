//! What stopped the tool, and what the person in front of it can do about it.
//! A build tool fails on other people's machines; a message without a remedy is half a message.

use std::fmt::{self, Display};

/// Every fallible step of this tool.
pub type Result<T> = std::result::Result<T, Trouble>;

/// One failure: what happened, and (if known) the line to type or the thing to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    what: String,
    remedy: Option<String>,
}

impl Trouble {
    /// A failure in one sentence.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// Adds what the person can do.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\n  → {}", remedy.replace('\n', "\n    ")),
            None => Ok(()),
        }
    }
}

/// Says what was being done when a lower layer failed.
pub trait Doing<T> {
    /// `file.read().doing(|| "reading x".into())` → "reading x: no such file".
    fn doing(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Display> Doing<T> for std::result::Result<T, E> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Trouble::new(format!("{}: {error:#}", what())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_shows_its_remedy_under_it() {
        let trouble = Trouble::new("no linker").remedy("apt-get install gcc");
        assert_eq!(trouble.to_string(), "no linker\n  → apt-get install gcc");
    }

    #[test]
    fn a_lower_failure_keeps_its_own_words() {
        let failed: std::result::Result<(), _> = Err("no such file");
        assert_eq!(failed.doing(|| "reading x".into()).unwrap_err().to_string(), "reading x: no such file");
    }
}
