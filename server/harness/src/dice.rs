//! Chance that repeats itself: SplitMix64 from one seed.

use std::cell::Cell;

/// Dice with a seed.
#[derive(Clone, Debug)]
pub struct Dice(Cell<u64>);

impl Dice {
    /// The dice of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }
    /// Any number.
    pub fn roll(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number under `n`; 0 when `n` is 0.
    pub fn below(&self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.roll() % n as u64) as usize }
    }
    /// True so many times in a thousand.
    pub fn chance(&self, per_mille: u32) -> bool {
        self.roll() % 1_000 < u64::from(per_mille)
    }
    /// One of them.
    pub fn pick<'t, T>(&self, all: &'t [T]) -> Option<&'t T> {
        all.get(self.below(all.len()))
    }
    /// 16 bytes.
    pub fn bytes16(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.roll().to_le_bytes());
        bytes[8..].copy_from_slice(&self.roll().to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn the_same_seed_rolls_the_same_and_another_does_not() {
        let rolls = |seed| {
            (0..50).map(|_| Dice::new(seed)).map(|dice| (dice.roll(), dice.roll())).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7), rolls(7));
        assert_ne!(rolls(7), rolls(8));
        let dice = Dice::new(1);
        let hits = (0..10_000).filter(|_| dice.chance(250)).count();
        assert!((2_200..2_800).contains(&hits), "{hits}");
    }
}
