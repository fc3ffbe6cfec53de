//! How long a phone may work on without the server's word that it still may: a lost phone that never
//! meets the network again closes by itself. Nothing is lost then; it needs the network once.

/// A clock may be wrong by so much before it counts as set back.
const SLACK_MS: i64 = 10 * 60_000;

/// Kept inside the vault, so nobody changes it without the key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lease {
    /// When the server last confirmed this device, device time UTC ms.
    pub confirmed_ms: i64,
    /// Latest device time seen since.
    pub seen_ms: i64,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In force.
    Good,
    /// Too long without the server.
    Over,
    /// The clock shows less than it once did: how long it really was nobody knows.
    ClockBack,
}

impl Lease {
    /// The server answered just now.
    pub fn confirmed(now_ms: i64) -> Self {
        Self { confirmed_ms: now_ms, seen_ms: now_ms }
    }
    /// Time went on.
    pub fn seen(&mut self, now_ms: i64) {
        self.seen_ms = self.seen_ms.max(now_ms);
    }
    /// How it stands now, for a lease of so many milliseconds.
    pub fn standing(&self, now_ms: i64, length_ms: i64) -> Standing {
        if now_ms < self.seen_ms - SLACK_MS {
            Standing::ClockBack
        } else if now_ms.max(self.seen_ms) - self.confirmed_ms > length_ms {
            Standing::Over
        } else {
            Standing::Good
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn three_days_are_three_days() {
        let lease = Lease::confirmed(1_000 * HOUR);
        assert_eq!(lease.standing(1_072 * HOUR, 72 * HOUR), Standing::Good);
        assert_eq!(lease.standing(1_072 * HOUR + 1, 72 * HOUR), Standing::Over);
    }

    #[test]
    fn a_clock_set_back_does_not_lengthen_it() {
        let mut lease = Lease::confirmed(1_000 * HOUR);
        lease.seen(1_071 * HOUR);
        assert_eq!(lease.standing(1_001 * HOUR, 72 * HOUR), Standing::ClockBack);
        assert_eq!(lease.standing(1_071 * HOUR - 60_000, 72 * HOUR), Standing::Good, "a small correction");
        lease.seen(1_073 * HOUR);
        assert_eq!(lease.standing(1_073 * HOUR - 60_000, 72 * HOUR), Standing::Over, "what was seen counts");
        assert_eq!(Lease::confirmed(1_001 * HOUR).standing(1_001 * HOUR, 72 * HOUR), Standing::Good);
    }
}
