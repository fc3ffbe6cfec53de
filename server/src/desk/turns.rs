//! One push at a time for each person. Everything else is settled by the log, which turns a batch down when
//! something it rests on has moved; but a narrow act moves nothing, and its rules look only at the
//! actor's own narrow acts: two requests of one person must not judge at the same time.

use domain::DocId;
use tokio::sync::{Mutex, MutexGuard};

const SHELVES: usize = 256;

pub(super) struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..SHELVES).map(|_| Mutex::new(())).collect())
    }
}

impl Turns {
    /// Waits for this person's turn. Some persons share a shelf; they wait a little longer.
    pub async fn of(&self, person: DocId) -> MutexGuard<'_, ()> {
        let shelf =
            person.0.iter().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
        self.0[shelf % SHELVES].lock().await
    }
}
