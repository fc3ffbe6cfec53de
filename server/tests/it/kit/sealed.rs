//! A phone that seals, by hand: just enough to begin a sealed matter, write into it and give keys.

use super::phone::NOW;
use automerge::{Automerge, Change};
use domain::{ActId, AnyKind, DocId, Edit, Entry, Hash, Meta, OrgCode, Values, crdt, to_cbor};
use serde::Serialize;
use serde_bytes::{ByteArray, ByteBuf};
use sync::{Header, Item, Kid, Pair, What, Wrap, native, pad, tag_of, wrap_info};

/// Who writes, under which name and actor.
#[derive(Clone)]
pub struct Pen {
    pub by: DocId,
    pub actor: [u8; 16],
}

/// A sealed matter as its readers have it.
#[derive(Clone)]
pub struct Matter {
    pub doc: DocId,
    pub body: Automerge,
    pub keys: Vec<(Kid, [u8; 32])>,
    pub owner: Pair,
    made: u64,
}

pub fn kind() -> &'static dyn AnyKind {
    domain::modules::kind("appeal.matter").expect("a kind")
}

fn bytes32(n: u64) -> [u8; 32] {
    let mut all = Hash::of(&n.to_be_bytes()).0;
    all[0] &= 0x7f;
    all
}

impl Matter {
    /// Begins one; the envelope goes up.
    pub fn begin(pen: &Pen, id: u64, unit: &str, values: Values) -> (Self, Item) {
        let doc = DocId::from_random(DocId::derive(&[b"sealed", &id.to_be_bytes()]).0);
        let meta = Meta {
            id: doc,
            kind: kind().name().into(),
            owner: pen.by,
            unit: OrgCode::new(unit),
            born_ms: NOW,
        };
        let body =
            crdt::birth_as(pen.actor, &meta, kind().fields(), &values, Some(secret(id))).expect("born");
        let raw = body.get_changes(&[]).remove(0).raw_bytes().to_vec();
        let owner = native::pair_of(bytes32(id)).expect("a pair");
        let mut matter = Self { doc, body, keys: vec![], owner, made: id << 32 };
        matter.new_key();
        let what = What::Born {
            kind: meta.kind.clone(),
            unit: meta.unit.clone(),
            born_ms: NOW,
            owner_key: matter.owner.public.clone(),
        };
        let item = matter.seal(pen, &raw, what);
        (matter, item)
    }

    /// One more generation.
    pub fn new_key(&mut self) -> Kid {
        self.made += 1;
        let all = bytes32(self.made);
        let kid = ByteArray::new(all[..16].try_into().expect("16 bytes"));
        self.keys.push((kid, bytes32(self.made ^ 0xffff)));
        kid
    }

    /// A change by somebody; the envelope goes up.
    pub fn edit(&mut self, pen: &Pen, edit: Edit) -> Item {
        self.made += 1;
        let message = Some(secret(self.made));
        let raw = crdt::edit_as(&mut self.body, pen.actor, kind().fields(), &[edit], message);
        let raw = raw.expect("an edit").expect("differs");
        self.seal(pen, &raw, What::Change)
    }
    /// Words of a step.
    pub fn said(&mut self, pen: &Pen, act: ActId, words: &str) -> Item {
        self.edit(pen, Edit::Set { key: domain::said_key(act), value: words.into() })
    }

    pub fn header(&self, pen: &Pen, raw: &[u8], what: What) -> Header {
        let change = Change::from_bytes(raw.to_vec()).expect("a change");
        let (kid, _) = self.keys.last().expect("a key");
        Header {
            doc: self.doc,
            by: pen.by,
            actor: ByteArray::new(pen.actor),
            seq: change.seq(),
            name: Hash(change.hash().0),
            deps: change.deps().iter().map(|dep| Hash(dep.0)).collect(),
            kid: *kid,
            nonce: ByteArray::new(bytes32(self.made)[..12].try_into().expect("12 bytes")),
            files: vec![],
            what,
        }
    }
    fn seal(&self, pen: &Pen, raw: &[u8], what: What) -> Item {
        self.close(&self.header(pen, raw, what), raw)
    }
    /// Closes under the key of the header's generation, or the latest.
    pub fn close(&self, header: &Header, raw: &[u8]) -> Item {
        let of_kid = self.keys.iter().find(|(kid, _)| *kid == header.kid);
        let (_, key) = of_kid.or(self.keys.last()).expect("a key");
        let cipher = native::encrypt(key, &header.nonce, &header.bytes(), &pad(raw)).expect("encrypts");
        Item::Change(ByteBuf::from(header.close(&cipher)))
    }

    /// The latest key for these public keys.
    pub fn give(&mut self, pen: &Pen, to: &[&[u8]], recovery: Option<&[u8]>) -> Item {
        self.made += 1;
        let (kid, key) = *self.keys.last().expect("a key");
        let bound = wrap_info(self.doc, &kid);
        let mut seed = self.made;
        let mut wrap = |to: &[u8]| {
            seed += 1 << 20;
            ByteBuf::from(native::wrap(bytes32(seed), to, &bound, &key).expect("wraps"))
        };
        let wraps = to.iter().map(|to| Wrap { to: tag_of(self.doc, to), key: wrap(to) }).collect();
        let recovery = recovery.map(&mut wrap);
        let header = Header {
            doc: self.doc,
            by: pen.by,
            actor: ByteArray::new(bytes32(self.made)[16..].try_into().expect("16 bytes")),
            seq: 1,
            name: Hash([0; 32]),
            deps: vec![],
            kid,
            nonce: ByteArray::default(),
            files: vec![],
            what: What::Keys { wraps, recovery, own: vec![] },
        };
        Item::Change(ByteBuf::from(header.close(b"")))
    }

    /// A decision, as it goes up.
    pub fn act(&mut self, pen: &Pen, act: &impl Serialize) -> Item {
        self.made += 1;
        Item::Act(Entry {
            id: ActId::derive(&[b"act", &self.doc.0, &self.made.to_be_bytes()]),
            doc: self.doc,
            by: pen.by,
            device: String::new(),
            at_ms: NOW,
            about: crdt::heads(&self.body),
            act: ByteBuf::from(to_cbor(act)),
            signature: None,
            receipt: None,
        })
    }
}

fn secret(n: u64) -> String {
    Hash::of(&n.to_be_bytes()).to_string()[..32].into()
}
