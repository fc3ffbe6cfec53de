//! Hints: "scope X is at n now". They come as server-sent events and only say that asking is worth it;
//! a lost hint costs time, never data.

use domain::Scope;

/// One hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The scope in which something happened.
    pub scope: Scope,
    /// Where it stands now.
    pub n: u64,
}

impl Hint {
    /// The data line of the event: `17 unit:LB02`.
    pub fn line(&self) -> String {
        format!("{} {}", self.n, self.scope)
    }
    /// Reads a data line; `None` for anything else.
    pub fn parse(line: &str) -> Option<Self> {
        let (n, scope) = line.split_once(' ')?;
        Some(Self { scope: Scope(scope.into()), n: n.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_survives_its_line() {
        let hint = Hint { scope: Scope("unit:LB02".into()), n: 17 };
        assert_eq!(hint.line(), "17 unit:LB02");
        assert_eq!(Hint::parse(&hint.line()), Some(hint));
        assert_eq!(Hint::parse("<html>"), None);
    }
}
