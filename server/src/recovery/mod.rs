//! The union's recovery key: its public half lies at the server and every sealed document is wrapped for it;
//! its secret half exists only as three shares on paper, of which two open everything and one tells nothing.

mod share;
mod split;

pub use share::{NotAShare, Share};

use sync::{Pair, native};

/// A new pair and its three shares; `None` when the machine has no randomness. The secret half is forgotten
/// with the return value.
pub fn make() -> Option<(Pair, [Share; 3])> {
    loop {
        let (mut secret, mut slope) = ([0; 32], [0; 32]);
        getrandom::fill(&mut secret).and_then(|()| getrandom::fill(&mut slope)).ok()?;
        // One number in four billion is no secret of the curve.
        if let Some(pair) = native::pair_of(secret) {
            let mark = Share::mark_of(&pair.public);
            let share = |x: u8| Share { x, mark, y: split::point(&secret, &slope, x) };
            return Some((pair, [1, 2, 3].map(share)));
        }
    }
}

/// The pair behind two shares; `None` when they are one and the same, or not of this key.
pub fn join(one: &Share, other: &Share, public: &[u8]) -> Option<Pair> {
    let secret = split::secret((one.x, &one.y), (other.x, &other.y))?;
    native::pair_of(secret).filter(|pair| pair.public == public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_shares_open_and_no_other_two_do() {
        let (pair, shares) = make().expect("randomness");
        for (i, j) in [(0, 1), (0, 2), (1, 2), (2, 0)] {
            assert_eq!(join(&shares[i], &shares[j], &pair.public), Some(pair.clone()));
        }
        assert_eq!(join(&shares[0], &shares[0], &pair.public), None, "one twice is one");
        let (_, others) = make().expect("randomness");
        assert_eq!(join(&shares[0], &others[1], &pair.public), None);
    }
}
