//! Who has just signed in for the first time on a phone chooses a lock, and what the server has for them comes
//! meanwhile: into a repo in memory. Nothing of it is kept until there is a lock; then it all goes behind it.

use crate::doc_rec::OPENING_KEY;
use crate::open::read_meta;
use store::{Col, Durability, Pair, Store, Trouble, Write};

/// Puts everything of `from`, whose repo is closed, into a place where no repo has been yet: in one write, so that a
/// cut leaves all of it or nothing. `false` when there are records already: they stay as they are, and what came
/// ahead comes again with the next round.
///
/// # Errors
/// What either store says; nothing was put then.
pub async fn move_in<S: Store, T: Store>(from: &S, to: &T) -> Result<bool, Trouble> {
    if read_meta(to).await?.is_some() {
        return Ok(false);
    }
    let mut batch = vec![];
    for col in Col::ALL {
        // A document that was being opened says nothing of the one who opens it next.
        let stays = |(key, _): &Pair| col != Col::Meta || key != OPENING_KEY;
        let pairs = from.all(col).await?.into_iter().filter(stays);
        batch.extend(pairs.map(|(key, value)| Write::Put(col, key, value)));
    }
    to.write(batch, Durability::Strict).await?;
    Ok(true)
}
