//! Everything from one store into another: from a database of before there were vaults, or from a vault
//! that is no longer strong enough. It may be cut at any moment and is then done again from the start: the
//! old store is not touched, and goes only after the mark at the end of the new one is on the disk.

use crate::{Col, Durability, Pair, Store, Trouble, Write};

/// Key in `meta` of the mark that everything is there.
pub const HAS_MOVED: &[u8] = b"moved";

/// Is everything there already?
///
/// # Errors
/// What the store says.
pub async fn has_moved<S: Store>(to: &S) -> Result<bool, Trouble> {
    Ok(to.get(Col::Meta, HAS_MOVED).await?.is_some())
}

/// Copies everything and says so at the end. The old store may go after that, and not before. What is `new` lies in
/// the new store from the first moment on, and is not overwritten.
///
/// # Errors
/// What either store says; the old one is as it was.
pub async fn move_all<S: Store, T: Store>(from: &S, to: &T, new: Vec<Write>) -> Result<(), Trouble> {
    if has_moved(to).await? {
        return Ok(());
    }
    let fixed: Vec<Vec<u8>> = new
        .iter()
        .filter_map(|write| match write {
            Write::Put(Col::Meta, key, _) => Some(key.clone()),
            _ => None,
        })
        // The mark of an earlier move says nothing about this one.
        .chain([HAS_MOVED.to_vec()])
        .collect();
    let begin = Col::ALL.into_iter().map(Write::Clear).chain(new).collect();
    to.write(begin, Durability::Strict).await?;
    for col in Col::ALL {
        copy(from, to, col, &fixed).await?;
    }
    to.write(vec![Write::Put(Col::Meta, HAS_MOVED.to_vec(), vec![1])], Durability::Strict).await
}

async fn copy<S: Store, T: Store>(from: &S, to: &T, col: Col, fixed: &[Vec<u8>]) -> Result<(), Trouble> {
    if col != Col::Blobs {
        let ours = |(key, _): &Pair| col != Col::Meta || !fixed.contains(key);
        let pairs = from.all(col).await?.into_iter().filter(ours);
        let batch = pairs.map(|(key, value)| Write::Put(col, key, value)).collect();
        return to.write(batch, Durability::Strict).await;
    }
    // Pictures are too much to hold all at once.
    for key in from.keys(col).await? {
        if let Some(value) = from.get(col, &key).await? {
            to.write(vec![Write::Put(col, key, value)], Durability::Relaxed).await?;
        }
    }
    Ok(())
}
