//! Document ids in addresses: the UUID, nothing that tells what or whose it is.

use domain::DocId;

/// Reads an id from a segment of the address.
pub fn id_of(segment: &str) -> Option<DocId> {
    DocId::parse(segment)
}
