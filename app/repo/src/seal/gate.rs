//! The gate on the phone. The server cannot look into an envelope, so whoever opens one checks what the
//! server would have checked: that it is the change it says it is, that it writes nothing but the kind's
//! fields, and that nobody writes what is another's. What fails is left out, with what rests on it.

use crate::body::{self, Clash};
use automerge::{Automerge, Change, ObjType, ROOT, ReadDoc};
use domain::{AnyKind, DocId, FieldKind, Hash, OrgCode, Raw, SAID, Value, Who, crdt, field_of, fits};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};
use sync::Header;

/// An opened envelope.
pub(crate) struct Letter {
    pub header: Header,
    /// The change that was in it.
    pub raw: ByteBuf,
    /// The envelope as it came.
    pub envelope: ByteBuf,
}

/// What becomes of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entrance {
    /// It is part of the document now.
    Joined,
    /// What it follows is still shut: its key has not come yet.
    Early,
    /// Under its number stands something else here, which another history of the server had confirmed.
    Clash,
    /// It may not join.
    Refused,
}

/// Where letters are tried on, in order.
pub(crate) struct Door {
    kind: &'static dyn AnyKind,
    id: DocId,
    doc: Automerge,
    /// What the server took of this phone's, and follows something that is not here yet.
    own: Vec<Vec<u8>>,
}

impl Door {
    /// At a document as it is confirmed here; `None` when that does not open.
    pub fn at(
        kind: &'static dyn AnyKind,
        id: DocId,
        body: Option<&[u8]>,
        accepted: &[&[u8]],
    ) -> Option<Self> {
        let doc = body.map_or(Ok(body::empty()), body::load).ok()?;
        let own = accepted.iter().map(|raw| raw.to_vec()).collect();
        let mut door = Self { kind, id, doc, own };
        door.join_own();
        Some(door)
    }
    fn join_own(&mut self) {
        loop {
            let early = self.own.len();
            self.own.retain(|raw| body::apply(&mut self.doc, raw).is_err());
            if self.own.len() == early {
                return;
            }
        }
    }
    /// All that was let in; `None` when that is nothing.
    pub fn whole(&self) -> Option<Vec<u8>> {
        (!self.doc.get_heads().is_empty()).then(|| body::save(&self.doc))
    }
    /// May it join the document? Then it does. `refused`: what it may not rest on; it is added otherwise.
    pub fn admit(&mut self, letter: &Letter, refused: &mut BTreeSet<Hash>) -> Entrance {
        match try_on(self.kind, self.id, &self.doc, letter, refused) {
            Ok(next) => {
                self.doc = next;
                self.join_own();
                return Entrance::Joined;
            }
            Err(Clash::Missing) => return Entrance::Early,
            Err(Clash::Sequence) => return Entrance::Clash,
            Err(Clash::Broken) => refused.insert(letter.header.name),
        };
        Entrance::Refused
    }
}

fn try_on(
    kind: &'static dyn AnyKind,
    id: DocId,
    doc: &Automerge,
    letter: &Letter,
    refused: &BTreeSet<Hash>,
) -> Result<Automerge, Clash> {
    if letter.header.deps.iter().any(|dep| refused.contains(dep)) {
        return Err(Clash::Broken);
    }
    body::caught(|| {
        is_what_it_says(letter)?;
        let mut next = doc.clone();
        body::apply(&mut next, &letter.raw)?;
        let (before, after) = (contents(kind, doc)?, contents(kind, &next)?);
        let meta = match letter.header.meta() {
            Some(meta) => meta,
            None => crdt::read(doc, id).ok_or(Clash::Broken)?.0,
        };
        let (found, values) = crdt::read(&next, id).ok_or(Clash::Broken)?;
        let is_writer = may_write(kind, Raw { meta: meta.clone(), values, entries: vec![] }, &letter.header);
        let others = before.iter().chain(&after).any(|(key, _)| {
            let is_new_word = key.split('/').next() == Some(SAID) && !before.contains_key(key);
            !is_writer && !is_new_word && before.get(key) != after.get(key)
        });
        if found != meta || others { Err(Clash::Broken) } else { Ok(next) }
    })
}

/// The change inside is the one that the header speaks of.
fn is_what_it_says(letter: &Letter) -> Result<(), Clash> {
    let change = Change::from_bytes(letter.raw.to_vec()).map_err(|_| Clash::Broken)?;
    let header = &letter.header;
    let deps: BTreeSet<[u8; 32]> = change.deps().iter().map(|dep| dep.0).collect();
    let same = change.hash().0 == header.name.0
        && change.actor_id().to_bytes() == &header.actor[..]
        && change.seq() == header.seq
        && deps == header.deps.iter().map(|dep| dep.0).collect();
    if same { Ok(()) } else { Err(Clash::Broken) }
}

/// By person alone: what posts somebody held when writing, a phone cannot know.
fn may_write(kind: &'static dyn AnyKind, raw: Raw, header: &Header) -> bool {
    let who = Who {
        person: header.by,
        no: String::new(),
        name: String::new(),
        unit: OrgCode::default(),
        member: false,
        posts: vec![],
        aliases: vec![],
    };
    kind.may_edit(&raw, &who).is_ok()
}

type Contents = BTreeMap<String, Vec<Value>>;

/// Every value under every key, those that lost to others included; an error for what no form writes.
fn contents(kind: &'static dyn AnyKind, doc: &Automerge) -> Result<Contents, Clash> {
    let mut all = Contents::new();
    for key in doc.keys(ROOT) {
        let mut values = vec![];
        for (value, object) in doc.get_all(ROOT, key.as_str()).map_err(|_| Clash::Broken)? {
            let plain = match value {
                automerge::Value::Object(ObjType::Text) => doc.text(&object).ok().map(Value::Str),
                automerge::Value::Object(_) => None,
                automerge::Value::Scalar(scalar) => crdt::plain(&scalar),
            };
            values.push(plain.ok_or(Clash::Broken)?);
        }
        if !crdt::META_KEYS.contains(&key.as_str()) {
            let field = field_of(kind.fields(), &key).ok_or(Clash::Broken)?;
            let is_right =
                |value: &Value| fits(field, value) && (field.kind != FieldKind::Text || values.len() == 1);
            if !values.iter().all(is_right) {
                return Err(Clash::Broken);
            }
        }
        all.insert(key, values);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ActId, Edit, Meta, Values};
    use serde_bytes::ByteArray;
    use sync::What;

    const OWNER: DocId = DocId([1; 16]);
    const READER: DocId = DocId([2; 16]);
    const ID: DocId = DocId([3; 16]);

    fn kind() -> &'static dyn AnyKind {
        domain::modules::kind("appeal.matter").expect("a kind")
    }

    fn letter(by: DocId, raw: &[u8], first: bool) -> Letter {
        let change = Change::from_bytes(raw.to_vec()).expect("a change");
        let (kind, unit) = ("appeal.matter".into(), OrgCode::new("LB04"));
        let owner_key = ByteBuf::from(vec![4; 65]);
        let what = if first { What::Born { kind, unit, born_ms: 5, owner_key } } else { What::Change };
        let header = Header {
            doc: ID,
            by,
            actor: ByteArray::new(change.actor_id().to_bytes().try_into().expect("16 bytes")),
            seq: change.seq(),
            name: Hash(change.hash().0),
            deps: change.deps().iter().map(|dep| Hash(dep.0)).collect(),
            kid: ByteArray::default(),
            nonce: ByteArray::default(),
            files: vec![],
            what,
        };
        Letter { header, raw: ByteBuf::from(raw), envelope: ByteBuf::new() }
    }

    fn born() -> (Automerge, Vec<u8>) {
        let unit = OrgCode::new("LB04");
        let meta = Meta { id: ID, kind: kind().name().into(), owner: OWNER, unit, born_ms: 5 };
        let values = Values::from([("title".into(), "标题".into())]);
        body::birth([7; 16], &meta, kind().fields(), &values, None).expect("born")
    }

    fn set(doc: &mut Automerge, actor: u8, key: &str, value: &str) -> Vec<u8> {
        let edit = Edit::Set { key: key.into(), value: value.into() };
        body::write(doc, [actor; 16], kind().fields(), &[edit], None).expect("writes").expect("differs")
    }

    fn pass(letters: Vec<Letter>) -> usize {
        let (mut door, mut refused) = (Door::at(kind(), ID, None, &[]).expect("opens"), BTreeSet::new());
        letters.iter().filter(|letter| door.admit(letter, &mut refused) == Entrance::Joined).count()
    }

    #[test]
    fn the_owner_writes_fields_and_everybody_else_only_words_of_steps() {
        let (mut doc, first) = born();
        let own = set(&mut doc, 7, "title", "改过的标题");
        let said = set(&mut doc, 8, &domain::said_key(ActId([9; 16])), "a0");
        let all = |by: DocId, third: &[u8]| {
            pass(vec![letter(OWNER, &first, true), letter(OWNER, &own, false), letter(by, third, false)])
        };
        assert_eq!(all(READER, &said), 3);
        let mut other = doc.clone();
        let foreign = set(&mut other, 8, "title", "别人改的");
        let letters = vec![
            letter(OWNER, &first, true),
            letter(OWNER, &own, false),
            letter(READER, &said, false),
            letter(READER, &foreign, false),
        ];
        assert_eq!(pass(letters), 3, "another's field");
        let again = set(&mut doc, 8, &domain::said_key(ActId([9; 16])), "b0");
        let letters = vec![
            letter(OWNER, &first, true),
            letter(OWNER, &own, false),
            letter(READER, &said, false),
            letter(READER, &again, false),
        ];
        assert_eq!(pass(letters), 3, "words are said once");
    }

    #[test]
    fn what_follows_something_still_shut_waits_for_it_and_is_not_refused() {
        let (mut doc, first) = born();
        let second = letter(OWNER, &set(&mut doc, 7, "title", "二"), false);
        let (mut door, mut refused) = (Door::at(kind(), ID, None, &[]).expect("opens"), BTreeSet::new());
        assert_eq!(door.admit(&second, &mut refused), Entrance::Early);
        assert_eq!(door.admit(&letter(OWNER, &first, true), &mut refused), Entrance::Joined);
        assert_eq!(door.admit(&second, &mut refused), Entrance::Joined);
        assert_eq!(refused.len(), 0);
    }

    #[test]
    fn another_change_under_a_number_that_stands_here_is_a_clash_of_histories() {
        let (mut doc, first) = born();
        let mut other = doc.clone();
        let mine = letter(OWNER, &set(&mut doc, 7, "title", "二"), false);
        let theirs = letter(OWNER, &set(&mut other, 7, "title", "三"), false);
        let (mut door, mut refused) = (Door::at(kind(), ID, None, &[]).expect("opens"), BTreeSet::new());
        let each = [&letter(OWNER, &first, true), &mine, &theirs].map(|one| door.admit(one, &mut refused));
        assert_eq!(each, [Entrance::Joined, Entrance::Joined, Entrance::Clash]);
        assert_eq!(refused.len(), 0);
    }

    #[test]
    fn a_change_that_is_not_the_one_in_front_is_left_out_with_what_rests_on_it() {
        let (mut doc, first) = born();
        let second = set(&mut doc, 7, "title", "二");
        let third = set(&mut doc, 7, "title", "三");
        let mut lying = letter(OWNER, &second, false);
        lying.header.seq += 1;
        assert_eq!(pass(vec![letter(OWNER, &first, true), lying, letter(OWNER, &third, false)]), 1);
        let mut stranger = letter(READER, &first, true);
        stranger.header.name = Hash([0; 32]);
        assert_eq!(pass(vec![stranger]), 0);
        assert_eq!(pass(vec![letter(READER, &first, true)]), 0, "begun in another's name");
        let garbage =
            Letter { raw: ByteBuf::from(vec![0x85, 0x6f, 0x4a, 0x83, 1]), ..letter(OWNER, &second, false) };
        let panics = std::panic::catch_unwind(|| pass(vec![letter(OWNER, &first, true)]));
        assert_eq!(panics.ok(), Some(1));
        assert!(is_what_it_says(&garbage).is_err());
    }
}
