//! How high a long list is, block by block: measured where it was drawn, estimated where it was not.
//! Pure, so that the arithmetic of scrolling is tested without a browser.

/// Rows drawn and dropped together.
pub const BLOCK: usize = 8;

/// Heights of all blocks of a list, in CSS px.
#[derive(Clone, Debug)]
pub struct Heights {
    rows: usize,
    row_px: f64,
    measured: Vec<Option<f64>>,
}

impl Heights {
    /// A list nobody has drawn yet, each row about `row_px` high.
    pub fn new(rows: usize, row_px: f64) -> Self {
        Heights { rows, row_px, measured: vec![None; rows.div_ceil(BLOCK)] }
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> usize {
        self.measured.len()
    }

    /// The rows of a block.
    pub fn rows_of(&self, block: usize) -> std::ops::Range<usize> {
        (block * BLOCK).min(self.rows)..((block + 1) * BLOCK).min(self.rows)
    }

    /// Keeps what a block was measured at; the estimate for the others follows full blocks.
    pub fn measure(&mut self, block: usize, px: f64) {
        let rows = self.rows_of(block).len();
        if px <= 0.0 || rows == 0 || block >= self.measured.len() {
            return;
        }
        if self.measured[block].is_none() && self.measured.iter().all(Option::is_none) {
            self.row_px = px / rows as f64;
        }
        self.measured[block] = Some(px);
    }

    /// Forgets measurements (letter size or width changed) and begins again from an estimate of the old ones.
    pub fn forget(&mut self) {
        self.measured.iter_mut().for_each(|m| *m = None);
    }

    fn of(&self, block: usize) -> f64 {
        self.measured[block].unwrap_or(self.rows_of(block).len() as f64 * self.row_px)
    }

    /// Height of everything before a block.
    pub fn before(&self, block: usize) -> f64 {
        (0..block.min(self.blocks())).map(|b| self.of(b)).sum()
    }

    /// Height of everything from a block on.
    pub fn after(&self, block: usize) -> f64 {
        (block.min(self.blocks())..self.blocks()).map(|b| self.of(b)).sum()
    }

    /// The blocks that touch the stretch from `top` to `bottom`, both in px from the list's upper edge.
    pub fn within(&self, top: f64, bottom: f64) -> (usize, usize) {
        let (mut y, mut first, mut end) = (0.0, None, 0);
        for block in 0..self.blocks() {
            let next = y + self.of(block);
            if next > top && y < bottom {
                first.get_or_insert(block);
                end = block + 1;
            }
            y = next;
        }
        first.map_or_else(|| self.edge(top), |first| (first, end))
    }

    /// A stretch outside the list shows the end that is nearer.
    fn edge(&self, top: f64) -> (usize, usize) {
        let last = self.blocks();
        if top > 0.0 { (last.saturating_sub(1), last) } else { (0, last.min(1)) }
    }
}

/// A stretch of blocks, end excluded.
pub type Range = (usize, usize);

/// What to draw in this frame: what is on the screen at once, what is `wanted` around it one block a frame, so that
/// no frame takes long on a slow phone. What is no longer wanted goes at once.
pub fn next_range(drawn: Range, seen: Range, wanted: Range) -> Range {
    if seen.0 < drawn.0 || seen.1 > drawn.1 {
        return seen;
    }
    let end = if drawn.1 < wanted.1 { drawn.1 + 1 } else { wanted.1 };
    let grew = end > drawn.1;
    let first = if drawn.0 > wanted.0 && !grew { drawn.0 - 1 } else { drawn.0.max(wanted.0) };
    (first, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_the_screen_is_drawn() {
        let list = Heights::new(6_800, 72.0);
        assert_eq!(list.blocks(), 850);
        let (first, end) = list.within(100_000.0, 101_000.0);
        assert!(end - first <= 4, "{first}..{end}");
        assert!(list.before(first) <= 100_000.0 && list.before(end) >= 101_000.0);
    }

    #[test]
    fn blanks_and_blocks_always_add_up_to_the_whole() {
        let mut list = Heights::new(100, 72.0);
        list.measure(2, 750.0);
        list.measure(12, 300.0);
        for block in 0..=list.blocks() {
            assert!((list.before(block) + list.after(block) - list.after(0)).abs() < 1e-6);
        }
    }

    #[test]
    fn the_first_measurement_corrects_the_estimate() {
        let mut list = Heights::new(80, 72.0);
        list.measure(0, 8.0 * 130.0);
        assert_eq!(list.after(1), 9.0 * 8.0 * 130.0);
    }

    #[test]
    fn beyond_either_end_the_nearest_block_is_drawn() {
        let list = Heights::new(20, 10.0);
        assert_eq!(list.within(-900.0, -500.0), (0, 1));
        assert_eq!(list.within(9_000.0, 9_500.0), (2, 3));
        assert_eq!(Heights::new(0, 10.0).within(0.0, 100.0), (0, 0));
    }

    #[test]
    fn each_frame_draws_little_and_the_screen_first() {
        let (seen, wanted) = ((50, 52), (49, 54));
        let mut drawn = (0, 3);
        let mut frames = Vec::new();
        while drawn != wanted {
            drawn = next_range(drawn, seen, wanted);
            frames.push(drawn);
            assert!(frames.len() < 10, "it settles: {frames:?}");
        }
        assert_eq!(frames, [(50, 52), (50, 53), (50, 54), (49, 54)]);
    }

    #[test]
    fn blocks_left_behind_go_at_once() {
        assert_eq!(next_range((10, 20), (15, 17), (14, 18)), (14, 18));
        assert_eq!(next_range((14, 18), (15, 17), (14, 18)), (14, 18));
    }

    #[test]
    fn the_last_block_may_be_short() {
        let list = Heights::new(9, 10.0);
        assert_eq!(list.rows_of(1), 8..9);
        assert_eq!(list.after(0), 90.0);
    }
}
