//! Wrong PINs: each costs more patience than the one before. It keeps a colleague who finds the phone from
//! trying; whoever copies the disk tries elsewhere, and only the cost of a guess stands against that.

use serde::{Deserialize, Serialize};

/// Tries that cost nothing.
const FREE: u32 = 4;
/// The pause after the first try beyond.
const PAUSE_MS: i64 = 30_000;
/// The longest pause: a person who forgot starts anew with the password instead.
const LONGEST_MS: i64 = 3_600_000;

/// Wrong tries in a row, and until when the next one waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// In a row.
    pub wrong: u32,
    /// When the last was, device time UTC ms.
    pub at_ms: i64,
}

impl Tries {
    /// Milliseconds to wait before the next try; a clock set back does not shorten it.
    pub fn wait_ms(&self, now_ms: i64) -> i64 {
        let Some(beyond) = self.wrong.checked_sub(FREE + 1) else { return 0 };
        let pause = LONGEST_MS.min(PAUSE_MS << beyond.min(20));
        let passed = now_ms.saturating_sub(self.at_ms).max(0);
        (pause - passed).max(0)
    }
    /// One more wrong one.
    pub fn wrong(&mut self, now_ms: i64) {
        self.wrong = self.wrong.saturating_add(1);
        self.at_ms = now_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_wrong_pin_waits_and_each_one_longer_up_to_an_hour() {
        let mut tries = Tries::default();
        let mut waits = vec![];
        for i in 0..14 {
            tries.wrong(i);
            waits.push(tries.wait_ms(i) / 1000);
        }
        assert_eq!(waits[..7], [0, 0, 0, 0, 30, 60, 120]);
        assert_eq!(waits[13], 3600);
        assert_eq!(tries.wait_ms(13 + LONGEST_MS), 0, "never for good");
    }

    #[test]
    fn a_clock_set_back_waits_the_whole_pause() {
        let tries = Tries { wrong: 5, at_ms: 1_000_000 };
        assert_eq!(tries.wait_ms(0), 30_000);
    }
}
