//! The proof: apply the change to a copy, save it, load it again, compare. What does not survive that on
//! the server would be unreadable for everybody after the next compaction.

use super::limits::*;
use super::past::Past;
use super::prescan::Claims;
use super::quiet::{Panicked, catch};
use super::refused::{Refused, Size, Step};
use super::shape::{FieldShape, Shape};
use automerge::{Automerge, Change, ObjId, ROOT, ReadDoc, SaveOptions, Value};
use domain::{DocId, Hash, Meta, Values};
use std::collections::BTreeSet;

fn poison(step: Step) -> impl Fn(Panicked) -> Refused {
    move |Panicked(at)| Refused::Poison { step, at }
}

fn unsound(step: Step) -> Refused {
    Refused::Poison { step, at: String::new() }
}

/// Applies the change to a copy. `doc` stays as it was unless this panics (then it must not be used again).
pub(super) fn apply(
    doc: &Automerge,
    change: Change,
    past: &Past,
    claims: &Claims,
) -> Result<Automerge, Refused> {
    let expected = past.heads_after(Hash(change.hash().0), &claims.deps);
    let applied = catch(|| {
        let mut next = doc.clone();
        next.apply_changes([change]).ok()?;
        let heads: BTreeSet<Hash> = next.get_heads().iter().map(|head| Hash(head.0)).collect();
        (heads == expected).then_some(next)
    });
    applied.map_err(poison(Step::Apply))?.ok_or_else(|| unsound(Step::Apply))
}

/// Holds the texts to their limits, but lets anybody shorten one that is over (a limit may have shrunk).
pub(super) fn texts_fit(
    before: &Automerge,
    after: &Automerge,
    shape: &Shape,
    touched: &BTreeSet<String>,
) -> Result<(), Refused> {
    if touched.is_empty() {
        return Ok(());
    }
    let fits = catch(|| {
        let new = text_sizes(after, shape);
        let each_fits = shape.texts().zip(&new).all(|(field, size)| size.chars <= field.max_len);
        if each_fits && total(&new) <= MAX_TEXT_BYTES {
            return true;
        }
        let old = text_sizes(before, shape);
        let grows = |(field, (old, new)): (&FieldShape, (&TextSize, &TextSize))| {
            new.chars > field.max_len && new.chars > old.chars
        };
        let one_grows = shape.texts().zip(old.iter().zip(&new)).any(grows);
        let all_grow = total(&new) > MAX_TEXT_BYTES && total(&new) > total(&old);
        !one_grows && !all_grow
    });
    if fits.map_err(poison(Step::Apply))? { Ok(()) } else { Err(Refused::TooBig(Size::Text)) }
}

#[derive(Default)]
struct TextSize {
    chars: usize,
    bytes: usize,
}

fn total(sizes: &[TextSize]) -> usize {
    sizes.iter().map(|size| size.bytes).sum()
}

/// Sizes in the order of the shape's texts; a text that was never made counts as empty.
fn text_sizes(doc: &Automerge, shape: &Shape) -> Vec<TextSize> {
    let size = |text: String| TextSize { chars: text.chars().count(), bytes: text.len() };
    shape.texts().map(|field| text_of(doc, &field.name).map(size).unwrap_or_default()).collect()
}

fn text_of(doc: &Automerge, key: &str) -> Option<String> {
    let (_, id) = doc.get(ROOT, key).ok()??;
    doc.text(&id).ok()
}

/// Snapshots up to here are kept as they are. A page of a hundred of them, compressed as one, takes a fraction
/// of a hundred that were each deflated; only a long text gains more from being deflated by itself.
const PLAIN_BYTES: usize = 8 * 1024;

fn save(doc: &Automerge) -> Vec<u8> {
    let plain = doc.save_with_options(SaveOptions { deflate: false, ..SaveOptions::default() });
    if plain.len() <= PLAIN_BYTES { plain } else { doc.save() }
}

/// Saves, loads with all hashes checked, and compares. Returns the snapshot.
pub(super) fn prove(doc: &Automerge) -> Result<Vec<u8>, Refused> {
    let snapshot = catch(|| save(doc)).map_err(poison(Step::Save))?;
    if snapshot.len() > MAX_DOC_BYTES {
        return Err(Refused::TooBig(Size::Document));
    }
    let equal = catch(|| {
        let again = Automerge::load(&snapshot).ok()?;
        (again.get_heads() == doc.get_heads() && content(&again) == content(doc)).then_some(())
    });
    equal.map_err(poison(Step::Load))?.ok_or_else(|| unsound(Step::Load))?;
    Ok(snapshot)
}

/// Loads a snapshot that the gate itself made earlier; `None` when it is damaged.
pub(super) fn load(snapshot: Option<&[u8]>) -> Option<Automerge> {
    match snapshot {
        None => Some(Automerge::new()),
        Some(bytes) => catch(|| Automerge::load(bytes).ok()).ok().flatten(),
    }
}

/// Meta and values; `None` when it is no document of ours. The caller names the document.
pub(super) fn content_of(doc: &Automerge) -> Option<(Meta, Values)> {
    catch(|| domain::crdt::read(doc, DocId::default())).ok().flatten()
}

/// The same of a saved document.
pub(super) fn read(snapshot: &[u8]) -> Option<(Meta, Values)> {
    content_of(&load(Some(snapshot))?)
}

/// Everything that can be read in a flat document, with all conflicting values. No recursion: what lies
/// deeper than a text does not exist, so the allowlist keeps this complete.
type Content = Vec<(String, Vec<(Value<'static>, ObjId, Option<String>)>)>;

fn content(doc: &Automerge) -> Content {
    let at_key = |key: String| {
        let found = doc.get_all(ROOT, key.as_str()).unwrap_or_default();
        let read = |(value, id): (Value<'_>, ObjId)| {
            let text = if value.is_object() { doc.text(&id).ok() } else { None };
            (value.into_owned(), id, text)
        };
        (key, found.into_iter().map(read).collect())
    };
    doc.keys(ROOT).map(at_key).collect()
}

/// The net below the rules: what they would refuse earlier is put straight onto a document here, because
/// one day a rule may be wrong.
#[cfg(test)]
mod tests {
    use super::*;
    use automerge::legacy::{OpId, OpType};
    use automerge::transaction::Transactable;
    use automerge::{ActorId, ExpandedChange, ObjType};

    fn doc() -> Automerge {
        let mut doc = Automerge::new().with_actor(ActorId::from([1; 16]));
        let made = doc.transact(|tx| {
            let text = tx.put_object(ROOT, "body", ObjType::Text)?;
            tx.splice_text(&text, 0, 0, "abc")?;
            tx.put(ROOT, "title", "x")
        });
        made.map(|_| doc).map_err(|failure| failure.error).expect("an ordinary document")
    }

    /// The next change of another person, altered.
    fn next(doc: &Automerge, alter: impl FnOnce(&mut ExpandedChange)) -> (Change, Claims) {
        let mut other = doc.fork().with_actor(ActorId::from([2; 16]));
        let written = other.transact::<_, _, automerge::AutomergeError>(|tx| tx.put(ROOT, "title", "y"));
        let hash = written.map_err(|failure| failure.error).expect("edit").hash.expect("a change");
        let mut change = other.get_change_by_hash(&hash).expect("there").decode();
        alter(&mut change);
        let change = Change::from(change);
        let header = super::super::header::read(change.raw_bytes()).expect("a header");
        let claims = super::super::prescan::scan(header.body).expect("claims");
        (change, claims)
    }

    fn run(alter: impl FnOnce(&mut ExpandedChange)) -> Result<Vec<u8>, Refused> {
        let doc = doc();
        let past = Past::of(&doc).expect("history");
        let (change, claims) = next(&doc, alter);
        prove(&apply(&doc, change, &past, &claims)?)
    }

    fn step_of(result: Result<Vec<u8>, Refused>) -> (Step, bool) {
        match result.expect_err("caught") {
            Refused::Poison { step, at } => (step, !at.is_empty()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_honest_change_is_proven() {
        assert!(run(|_| {}).expect("sound").len() > 50);
    }

    #[test]
    fn an_unknown_actor_panics_inside_and_is_a_value_outside() {
        let stranger = OpId(1, ActorId::from([9; 16]));
        let caught = run(|change| change.operations[0].pred = vec![stranger].into());
        assert_eq!(step_of(caught), (Step::Apply, true));
    }

    #[test]
    fn a_document_that_would_not_load_again_is_noticed() {
        let nothing = OpId(77, ActorId::from([1; 16]));
        let caught = run(|change| {
            change.operations[0].action = OpType::Delete;
            change.operations[0].pred = vec![nothing].into();
        });
        assert!(matches!(step_of(caught).0, Step::Apply | Step::Load));
    }

    #[test]
    fn a_change_that_only_waits_in_the_queue_is_not_applied() {
        let caught = run(|change| change.deps = vec![automerge::ChangeHash([5; 32])]);
        assert_eq!(step_of(caught), (Step::Apply, false));
    }

    #[test]
    fn a_used_sequence_number_is_not_applied() {
        let caught = run(|change| change.actor_id = ActorId::from([1; 16]));
        assert_eq!(step_of(caught), (Step::Apply, false));
    }
}
