//! Whose rules computed the caches. When those of another version of the program have taken over, a line of the
//! audit says since which place, under which name, and how the feed stood then: what earlier rules made of it
//! nobody can compute any more. Like every line it is chained, and the checkpoint signs the chain.

use super::AuditLine;
use super::feed::FeedRow;
use domain::{DocId, Hash, office};
use sha2::{Digest, Sha256};

/// Before place, hash of the feed and name of the rules, in the code of the audit line.
pub(crate) const RENEWED: &str = "renewed/";
/// Of no document.
pub(crate) const NOWHERE: DocId = DocId([0; 16]);

/// Rules took over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TakeOver {
    /// Last place before it.
    pub since: u64,
    /// Hash of the feed as it stood.
    pub base: Hash,
    /// Name of the rules.
    pub rules: String,
}

impl TakeOver {
    pub fn line(&self, at_ms: i64) -> AuditLine {
        let Self { since, base, rules } = self;
        let code = format!("{RENEWED}{since}/{base}/{rules}");
        AuditLine { at_ms, person: office(), device: String::new(), doc: NOWHERE, code }
    }
    pub fn of(code: &str) -> Option<Self> {
        let mut parts = code.strip_prefix(RENEWED)?.splitn(3, '/');
        let (since, base, rules) = (parts.next()?.parse().ok()?, Hash::parse(parts.next()?)?, parts.next()?);
        Some(Self { since, base, rules: rules.into() })
    }
}

/// Hash of a feed, its lines by scope and document.
#[derive(Default)]
pub(crate) struct FeedHash(Sha256);

impl FeedHash {
    pub fn take(&mut self, row: &FeedRow) {
        self.0.update((row.scope.0.len() as u32).to_be_bytes());
        self.0.update(row.scope.0.as_bytes());
        self.0.update(row.doc.0);
        for n in [row.n, row.first.unwrap_or(0), row.entered, u64::from(row.here)] {
            self.0.update(n.to_be_bytes());
        }
    }
    pub fn end(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_was_put_into_it() {
        let one = TakeOver { since: 17, base: Hash([7; 32]), rules: "a/b".into() };
        assert_eq!(TakeOver::of(&one.line(5).code), Some(one));
        assert_eq!(TakeOver::of("renewed/17/xy/a"), None);
    }
}
