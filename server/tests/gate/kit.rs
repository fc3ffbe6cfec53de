//! People with phones and one stored document behind the gate. Everybody is deterministic.

use automerge::legacy::{Op, OpType};
use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, Automerge, Change, ExpandedChange, ObjId, ObjType, ROOT, ReadDoc, ScalarValue};
use server::gate::{self, Admitted, FieldShape, Refused, Shape, ShapeKind, StoredDoc};

/// A kind with one field of every type.
pub fn shape() -> Shape {
    let field = |name: &'static str, kind, max_len| FieldShape { name: name.into(), kind, max_len };
    Shape {
        meta_keys: ["kind", "owner", "unit", "born"].map(Into::into).to_vec(),
        fields: vec![
            field("body", ShapeKind::Text, 20_000),
            field("note", ShapeKind::Text, 12),
            field("title", ShapeKind::Str, 20),
            field("amount", ShapeKind::Int, 0),
            field("urgent", ShapeKind::Bool, 0),
            field("photo", ShapeKind::Bytes, 32),
            field("items", ShapeKind::Items, 10),
        ],
    }
}

/// A phone with its own copy of the one document of a test.
#[derive(Clone)]
pub struct Phone {
    pub doc: Automerge,
}

impl Phone {
    pub fn new(name: u8) -> Self {
        Self { doc: Automerge::new().with_actor(ActorId::from([name; 16])) }
    }
    /// The same document on another phone.
    pub fn copy(&self, name: u8) -> Self {
        Self { doc: self.doc.fork().with_actor(ActorId::from([name; 16])) }
    }
    /// Whatever the closure writes, as one raw change.
    pub fn edit(&mut self, write: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
        let mut tx = self.doc.transaction();
        write(&mut tx);
        let hash = tx.commit().0.expect("the edit writes something");
        self.doc.get_change_by_hash(&hash).expect("just written").raw_bytes().to_vec()
    }
    pub fn put(&mut self, key: &str, value: impl Into<ScalarValue>) -> Vec<u8> {
        self.edit(|tx| tx.put(ROOT, key, value).expect("put"))
    }
    pub fn delete(&mut self, key: &str) -> Vec<u8> {
        self.edit(|tx| tx.delete(ROOT, key).expect("delete"))
    }
    pub fn splice(&mut self, key: &str, at: usize, del: isize, text: &str) -> Vec<u8> {
        let id = self.text_id(key);
        self.edit(|tx| tx.splice_text(&id, at, del, text).expect("splice"))
    }
    /// Takes a change of somebody else.
    pub fn take(&mut self, raw: &[u8]) {
        self.doc.apply_changes([Change::try_from(raw).expect("a change")]).expect("applies");
    }
    pub fn text_id(&self, key: &str) -> ObjId {
        self.doc.get(ROOT, key).expect("get").expect("text made at birth").1
    }
    pub fn text(&self, key: &str) -> String {
        self.doc.text(self.text_id(key)).expect("text")
    }
    /// The first change of an ordinary document.
    pub fn birth(&mut self) -> Vec<u8> {
        self.edit(write_birth)
    }
}

pub fn write_birth(tx: &mut Transaction<'_>) {
    tx.put(ROOT, "kind", "test.kind").expect("put");
    tx.put(ROOT, "owner", "0b7e6b8e-7d2c-4a7c-8f3e-1c2d3e4f5a6b").expect("put");
    tx.put(ROOT, "unit", "LB02").expect("put");
    tx.put(ROOT, "born", 1_795_000_000_000_i64).expect("put");
    let body = tx.put_object(ROOT, "body", ObjType::Text).expect("text");
    tx.splice_text(&body, 0, 0, "井下通风检查").expect("splice");
    tx.put_object(ROOT, "note", ObjType::Text).expect("text");
    tx.put(ROOT, "title", "通知").expect("put");
}

/// The stored side: one snapshot, replaced whenever the gate lets a change in.
#[derive(Clone, Default)]
pub struct Store {
    pub snapshot: Option<Vec<u8>>,
}

impl Store {
    pub fn push(&mut self, raw: &[u8]) -> Result<Admitted, Refused> {
        let admitted = self.ask(raw)?;
        check_sound(self.snapshot.as_deref(), &admitted);
        self.snapshot = Some(admitted.snapshot.clone());
        Ok(admitted)
    }
    /// The verdict, without storing anything.
    pub fn ask(&self, raw: &[u8]) -> Result<Admitted, Refused> {
        gate::admit(&StoredDoc { snapshot: self.snapshot.as_deref() }, &shape(), raw)
    }
    pub fn doc(&self) -> Automerge {
        Automerge::load(self.snapshot.as_deref().expect("something stored")).expect("stored documents load")
    }
    pub fn text(&self, key: &str) -> String {
        Phone { doc: self.doc() }.text(key)
    }
}

/// A phone and a store that both hold the same new document.
pub fn born() -> (Phone, Store) {
    let (mut phone, mut store) = (Phone::new(1), Store::default());
    store.push(&phone.birth()).expect("an ordinary birth is let in");
    (phone, store)
}

/// What the verdict must be, with a readable failure.
#[track_caller]
pub fn refused(result: Result<Admitted, Refused>) -> Refused {
    let refused = result.expect_err("refused");
    assert!(!refused.code().is_empty() && !refused.zh().is_empty() && !refused.en().is_empty());
    refused
}

/// Everything that people do later with an accepted document must work, and nothing forbidden is in it.
#[track_caller]
pub fn check_sound(before: Option<&[u8]>, admitted: &Admitted) {
    let doc = Automerge::load(&admitted.snapshot).expect("accepted snapshots load");
    let heads: Vec<[u8; 32]> = doc.get_heads().iter().map(|head| head.0).collect();
    assert_eq!(heads, admitted.heads.iter().map(|head| head.0).collect::<Vec<_>>());
    assert!(doc.get_change_by_hash(&automerge::ChangeHash(admitted.hash.0)).is_some());
    let again = Automerge::load(&doc.save()).expect("loads a second time");
    assert_eq!(again.hydrate(None), doc.hydrate(None), "content survives");
    check_keys(&doc);
    check_meta(before, &doc);
    check_later_life(doc);
}

/// No key that the shape does not have.
fn check_keys(doc: &Automerge) {
    let shape = shape();
    for key in doc.keys(ROOT) {
        let name = key.split('/').next().unwrap_or_default();
        let known =
            shape.fields.iter().any(|f| f.name == name) || shape.meta_keys.iter().any(|meta| *meta == key);
        assert!(known, "forbidden key {key:?}");
    }
}

/// Meta stands as it was born, without a rival value.
fn check_meta(before: Option<&[u8]>, doc: &Automerge) {
    let Some(before) = before else { return };
    let before = Automerge::load(before).expect("stored documents load");
    for key in shape().meta_keys {
        let read = |doc: &Automerge| {
            let all = doc.get_all(ROOT, key.as_ref()).expect("readable");
            all.into_iter().map(|(value, _)| value.into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(read(&before), read(doc), "{key}");
    }
}

/// Merge, fork, travel in time, diff, sync, edit: none may panic after the gate said yes.
fn check_later_life(mut doc: Automerge) {
    let heads = doc.get_heads();
    let mut friend = doc.fork();
    if let Some(first) = doc.get_changes_meta(&[]).first().map(|meta| meta.hash) {
        drop(doc.diff(&[first], &heads));
        doc.fork_at(&[first]).expect("fork_at the birth");
    }
    let mut state = automerge::sync::State::new();
    drop(automerge::sync::SyncDoc::generate_sync_message(&doc, &mut state));
    for change in doc.get_changes(&[]) {
        Change::try_from(change.raw_bytes()).expect("history reads back");
    }
    friend.set_actor(ActorId::from([0xfe; 16]));
    let mut tx = friend.transaction();
    tx.put(ROOT, "title", "后来").expect("still editable");
    tx.commit();
    doc.merge(&mut friend).expect("merges");
    Automerge::load(&doc.save()).expect("loads after the next edit");
}

/// Rewrites a change's operations or header fields, with everything else as Automerge would write it.
pub fn forge(raw: &[u8], alter: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let mut change = Change::try_from(raw).expect("a change").decode();
    alter(&mut change);
    Change::from(change).raw_bytes().to_vec()
}

/// A put of a string with every detail open to forging.
pub fn put_op(key: &str, value: &str) -> Op {
    Op {
        action: OpType::Put(value.into()),
        obj: automerge::legacy::ObjectId::Root,
        key: key.into(),
        pred: Vec::new().into(),
        insert: false,
    }
}

/// Puts a true length and checksum in front of a body.
pub fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    hashed.extend(uleb(body.len() as u64));
    hashed.extend(body);
    let checksum = domain::Hash::of(&hashed).0;
    [&[0x85, 0x6f, 0x4a, 0x83], &checksum[..4], &hashed].concat()
}

/// The body behind the header of a raw change.
pub fn body(raw: &[u8]) -> &[u8] {
    let digits = raw[9..].iter().position(|byte| byte & 0x80 == 0).expect("a length") + 1;
    &raw[9 + digits..]
}

pub fn uleb(mut value: u64) -> Vec<u8> {
    let mut out = vec![];
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

pub fn sleb(mut value: i64) -> Vec<u8> {
    let mut out = vec![];
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// Repeatable chance (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Highest memory that this process ever held, in KiB (Linux).
pub fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("VmHWM");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
