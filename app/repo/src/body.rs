//! Raw Automerge bytes on the phone: load, take in changes, save. Reading and writing of values stays with
//! `domain::crdt`. Automerge trusts its input, so every call that meets foreign bytes is caught, and a
//! document is never used again after a failure: it is loaded anew from bytes.

use automerge::{Automerge, AutomergeError, Change, ChangeHash, ChangeMetadata, SaveOptions};
use domain::{DocId, Edit, Field, Hash, Meta, Refusal, Values, crdt};
use std::panic::{AssertUnwindSafe, catch_unwind};
use sync::actor_again;

/// Why bytes do not join a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clash {
    /// They follow changes that are not here.
    Missing,
    /// Their actor wrote something else under the same number: this phone was cloned or restored.
    Sequence,
    /// Automerge does not take them.
    Broken,
}

/// Runs what may panic. In the browser a panic ends the worker instead; `guard.rs` is for that.
pub(crate) fn caught<T>(run: impl FnOnce() -> Result<T, Clash>) -> Result<T, Clash> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(Clash::Broken))
}

/// A document from its saved bytes.
pub(crate) fn load(bytes: &[u8]) -> Result<Automerge, Clash> {
    caught(|| Automerge::load(bytes).map_err(|_| Clash::Broken))
}

/// An empty document, to take in the first change of one.
pub(crate) fn empty() -> Automerge {
    Automerge::new()
}

/// Takes in one raw change; one that is there already is fine.
pub(crate) fn apply(doc: &mut Automerge, raw: &[u8]) -> Result<(), Clash> {
    caught(|| {
        let change = Change::from_bytes(raw.to_vec()).map_err(|_| Clash::Broken)?;
        if change.deps().iter().any(|dep| doc.get_change_meta_by_hash(dep).is_none()) {
            return Err(Clash::Missing);
        }
        doc.apply_changes([change]).map_err(|error| match error {
            AutomergeError::DuplicateSeqNumber(..) => Clash::Sequence,
            _ => Clash::Broken,
        })
    })
}

/// Name of a raw change; `None` for bytes that are none.
pub(crate) fn name(raw: &[u8]) -> Option<Hash> {
    Change::from_bytes(raw.to_vec()).ok().map(|change| Hash(change.hash().0))
}

/// What a change meant: how it began the document, or edits.
pub(crate) type Meant = (Option<(Meta, Values)>, Vec<Edit>);

/// What this change of the document meant; `None` when it is not in there.
pub(crate) fn meant(doc: &Automerge, id: DocId, raw: &[u8]) -> Option<Meant> {
    let change = Change::from_bytes(raw.to_vec()).ok()?;
    doc.get_change_meta_by_hash(&change.hash())?;
    catch_unwind(AssertUnwindSafe(|| crdt::meant(doc, id, &change))).ok()
}

/// The name of the change that this one writes anew, if it does.
pub(crate) fn first_of(raw: &[u8]) -> Option<Hash> {
    let change = Change::from_bytes(raw.to_vec()).ok()?;
    let first = change.message().and_then(first_in)?;
    (change.actor_id().to_bytes() == actor_again(first)).then_some(first)
}

/// Who wrote a raw change.
pub(crate) fn actor(raw: &[u8]) -> Option<[u8; 16]> {
    let change = Change::from_bytes(raw.to_vec()).ok()?;
    change.actor_id().to_bytes().try_into().ok()
}

/// Is this very change in the document?
pub(crate) fn knows(doc: &Automerge, name: Hash) -> bool {
    doc.get_change_meta_by_hash(&ChangeHash(name.0)).is_some()
}

/// Is this change in the document, as it is, as it was first (a request given up may arrive late), or carried out
/// again by a clone of this phone?
pub(crate) fn has(doc: &Automerge, name: Hash, first: Hash) -> bool {
    [name, first].iter().any(|one| knows(doc, *one)) || !actors_of(doc, name, first).is_empty()
}

/// Who wrote it there, see [`has`].
pub(crate) fn actors_of(doc: &Automerge, name: Hash, first: Hash) -> Vec<[u8; 16]> {
    let changes = doc.get_changes_meta(&[]);
    let is_it = |change: &&ChangeMetadata| {
        [name.0, first.0].contains(&change.hash.0)
            || change.message.as_deref().is_some_and(|words| was(words, first))
    };
    changes.iter().filter(is_it).filter_map(|change| change.actor.to_bytes().try_into().ok()).collect()
}

/// The name that a change had first, by its message. What follows the name makes a sealed one unguessable.
fn first_in(message: &str) -> Option<Hash> {
    message.split(' ').next().and_then(Hash::parse)
}

/// Does this message say that its change was `first` before?
pub(crate) fn was(message: &str, first: Hash) -> bool {
    first_in(message) == Some(first)
}

/// The bytes to keep. Not deflated: records are of a kilobyte or two, and without it the worker has no deflater to
/// bring along. Deflated ones are read.
pub(crate) fn save(doc: &Automerge) -> Vec<u8> {
    doc.save_with_options(SaveOptions { deflate: false, ..SaveOptions::default() })
}

/// Every raw change, in an order that applies.
pub(crate) fn history(doc: &Automerge) -> Vec<Vec<u8>> {
    doc.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
}

/// Every change with its name and actor, in an order that applies.
pub(crate) fn signed_history(doc: &Automerge) -> Vec<Signed> {
    doc.get_changes(&[]).iter().map(named).collect()
}

/// The same of one raw change.
pub(crate) fn signed(raw: &[u8]) -> Option<Signed> {
    Change::from_bytes(raw.to_vec()).ok().map(|change| named(&change))
}

/// Name, actor and bytes of a change.
pub(crate) type Signed = (Hash, Vec<u8>, Vec<u8>);

fn named(change: &Change) -> Signed {
    (Hash(change.hash().0), change.actor_id().to_bytes().to_vec(), change.raw_bytes().to_vec())
}

/// A new document and its first change.
pub(crate) fn birth(
    actor: [u8; 16],
    meta: &Meta,
    fields: &[Field],
    values: &Values,
    message: Option<String>,
) -> Result<(Automerge, Vec<u8>), Refusal> {
    let doc = crdt::birth_as(actor, meta, fields, values, message)?;
    let first = history(&doc).pop().ok_or_else(|| Refusal::Unreadable("birth".into()))?;
    Ok((doc, first))
}

/// Writes edits as one change and returns it; `None` when nothing differs. After an error the document
/// must not be used again.
pub(crate) fn write(
    doc: &mut Automerge,
    actor: [u8; 16],
    fields: &[Field],
    edits: &[Edit],
    message: Option<String>,
) -> Result<Option<Vec<u8>>, Refusal> {
    caught_write(|| crdt::edit_as(doc, actor, fields, edits, message))
}

fn caught_write(run: impl FnOnce() -> Result<Option<Vec<u8>>, Refusal>) -> Result<Option<Vec<u8>>, Refusal> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(Refusal::Unreadable("write".into())))
}
