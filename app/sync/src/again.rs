//! Words that could not go up as they were written go up once more, under an actor that follows from what they
//! were first. So both the phone that writes them anew and the server that takes them in know what they are, sealed
//! or not.

use domain::Hash;
use sha2::{Digest, Sha256};

/// The actor that writes the change `first` anew, and nothing else: the same on every clone of a phone. Its only
/// change has the number 1. At the server stands either `first` or this, never both: a request that its phone gave
/// up may arrive after the words in it were written anew, or before.
pub fn actor_again(first: Hash) -> [u8; 16] {
    let full = Sha256::new().chain_update(b"again").chain_update(first.0).finalize();
    let mut actor = [0; 16];
    actor.copy_from_slice(&full[..16]);
    actor
}
