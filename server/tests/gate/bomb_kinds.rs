//! Bombs of every kind that we could think of, made for a document of one of our own kinds. Small bytes that
//! mean enormous work, promises that are not kept, numbers at their ends, things that do not exist here.

use crate::kit::{Phone, body, chunk, forge, put_op, sleb, uleb};
use automerge::legacy::{ElementId, Key, ObjectId, OpId, OpType};
use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ObjType, ROOT, ReadDoc, ScalarValue};
use domain::{DocId, Meta, OrgCode, crdt};
use std::io::Write;

/// A bomb and what it is called.
pub type Bomb = (String, Vec<u8>);

/// The document that they are thrown at, as bytes and on the phone of its owner.
pub fn target() -> (Vec<u8>, Phone) {
    let kind = domain::modules::kind("appeal.matter").expect("a kind");
    let owner = DocId([7; 16]);
    let meta = Meta { id: owner, kind: kind.name().into(), owner, unit: OrgCode::new("LB02"), born_ms: 1 };
    let doc = crdt::birth([1; 16], &meta, kind.fields(), &kind.sample()).expect("the sample fits");
    (doc.save(), Phone { doc })
}

/// All of them.
pub fn all() -> Vec<Bomb> {
    let (_, phone) = target();
    let mut bombs = vec![];
    bombs.extend(runs(&phone));
    bombs.extend(chunks(&phone));
    bombs.extend(headers(&phone));
    bombs.extend(numbers(&phone));
    bombs.extend(objects(&phone));
    bombs.extend(keys(&phone));
    bombs.extend(contents(&phone));
    bombs.into_iter().map(|(name, raw)| (name.to_string(), raw)).collect()
}

type Named = Vec<(&'static str, Vec<u8>)>;

/// What stands before the columns of a change that follows the document's last one.
fn head(phone: &Phone) -> Vec<u8> {
    let last = phone.doc.get_heads()[0];
    let mut head = vec![1];
    head.extend(last.0);
    head.push(16);
    head.extend([2; 16]);
    head.push(1); // the first of this actor
    head.extend(uleb(start_of_next(phone)));
    head.extend([0, 0, 0]); // no time, no message, no other actors
    head
}

fn start_of_next(phone: &Phone) -> u64 {
    phone.doc.get_changes_meta(&[]).iter().map(|meta| meta.max_op).max().unwrap_or(0) + 1
}

fn with_columns(phone: &Phone, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut all = head(phone);
    all.extend(uleb(columns.len() as u64));
    for (spec, data) in columns {
        all.extend(uleb(*spec));
        all.extend(uleb(data.len() as u64));
    }
    columns.iter().for_each(|(_, data)| all.extend(data));
    chunk(1, &all)
}

fn run(rows: i64, value: &[u8]) -> Vec<u8> {
    [sleb(rows), value.to_vec()].concat()
}

/// Run lengths that expand to millions of rows.
fn runs(phone: &Phone) -> Named {
    const MANY: i64 = 1_000_000_000;
    let one = || (0x42, run(1, &[1]));
    let bomb = |columns: Vec<(u64, Vec<u8>)>| with_columns(phone, &columns);
    let nulls = |rows: i64| [vec![0], uleb(rows as u64)].concat();
    let literals = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f, 1].to_vec();
    vec![
        ("operations-run", bomb(vec![(0x42, run(MANY, &[1]))])),
        ("operations-nulls", bomb(vec![(0x42, nulls(MANY))])),
        ("operations-literals-i64-min", bomb(vec![(0x42, literals)])),
        ("operations-i64-max", bomb(vec![(0x42, run(i64::MAX, &[1]))])),
        ("objects-actor-run", bomb(vec![(0x01, run(MANY, &[0])), one()])),
        ("objects-counter-run", bomb(vec![(0x02, run(MANY, &[1])), one()])),
        ("keys-actor-run", bomb(vec![(0x11, run(MANY, &[0])), one()])),
        ("keys-counter-delta-run", bomb(vec![(0x13, run(MANY, &[1])), one()])),
        ("keys-string-run", bomb(vec![(0x15, run(MANY, &[1, b'k'])), one()])),
        ("insert-booleans", bomb(vec![(0x34, uleb(MANY as u64)), one()])),
        ("value-lengths-run", bomb(vec![one(), (0x56, run(MANY, &[0x16]))])),
        ("predecessor-counts-run", bomb(vec![one(), (0x70, run(MANY, &[0]))])),
        ("predecessor-counts-sum", bomb(vec![(0x42, run(2, &[1])), (0x70, run(2, &uleb(1 << 40)))])),
        ("predecessor-actors-run", bomb(vec![one(), (0x71, run(MANY, &[0]))])),
        ("predecessor-counters-delta-run", bomb(vec![one(), (0x73, run(MANY, &[1]))])),
        ("mark-expands-booleans", bomb(vec![one(), (0x94, uleb(MANY as u64))])),
        ("mark-names-run", bomb(vec![one(), (0xa5, run(MANY, &[1, b'm']))])),
    ]
}

fn deflated(bytes: usize) -> Vec<u8> {
    let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..bytes >> 20).for_each(|_| out.write_all(&zeros).expect("in memory"));
    out.finish().expect("in memory")
}

/// The checksum of a deflated change covers what it inflates to; a true one is not needed to hurt.
fn chunks(phone: &Phone) -> Named {
    let raw = phone.copy(2).put("title", "平常的修改");
    let zeros = deflated(60 << 20);
    let doc = phone.doc.clone();
    let bundle = doc.bundle(doc.get_changes(&[]).iter().map(Change::hash)).expect("a bundle");
    let long = phone.copy(2).splice("text", 0, 0, &"长文本".repeat(300));
    let squeezed = Change::try_from(long.as_slice()).expect("a change").bytes().to_vec();
    let mut wrong_sum = raw.clone();
    wrong_sum[5] ^= 1;
    let mut longer = raw.clone();
    longer.extend([0; 100]);
    vec![
        ("chunk-deflated-60-mib-of-zeros", chunk(2, &zeros)),
        ("chunk-deflated-by-automerge", squeezed),
        ("chunk-document", doc.save()),
        ("chunk-document-deflated-column", chunk(0, &zeros)),
        ("chunk-bundle", bundle.bytes().to_vec()),
        ("chunk-bundle-of-zeros", chunk(3, &[0; 60_000])),
        ("chunk-type-unknown", chunk(9, body(&raw))),
        ("chunk-wrong-checksum", wrong_sum),
        ("chunk-cut-off", raw[..raw.len() / 2].to_vec()),
        ("chunk-with-a-tail", longer),
        ("chunk-two-changes", [raw.clone(), raw.clone()].concat()),
        ("chunk-length-lies", [&raw[..9], &uleb(u64::MAX), body(&raw)].concat()),
        ("chunk-empty-file", vec![]),
        ("chunk-magic-only", raw[..4].to_vec()),
        ("chunk-of-zeros", vec![0; 64 * 1024]),
        ("chunk-10-mb-of-text", "十兆字节".repeat(900_000).into_bytes()),
        ("column-deflate-bit", with_columns(phone, &[(0x42 | 8, zeros)])),
        ("column-unknown", with_columns(phone, &[(0x43, run(1, &[1]))])),
        ("column-unknown-u32-max", with_columns(phone, &[(u64::from(u32::MAX), run(1, &[1]))])),
        ("column-twice", with_columns(phone, &[(0x42, run(1, &[1])), (0x42, run(1, &[1]))])),
        ("columns-many", with_columns(phone, &(0..500).map(|i| (0x42 + 16 * i, vec![])).collect::<Vec<_>>())),
    ]
}

/// Headers that are too long or promise more than they hold.
fn headers(phone: &Phone) -> Named {
    let raw = phone.copy(2).put("title", "平常的修改");
    let made = |parts: &[&[u8]]| chunk(1, &parts.concat());
    let (last, own) = (phone.doc.get_heads()[0].0, [&[16_u8][..], &[2; 16]].concat());
    let one = [&[1_u8][..], &last].concat();
    let hashes =
        |count: u16| (0..count).flat_map(|i| DocId::derive(&[&i.to_le_bytes()]).0.repeat(2)).collect();
    let (deps, few): (Vec<u8>, Vec<u8>) = (hashes(1_900), hashes(66));
    let actors: Vec<u8> =
        (0..3_000_u16).flat_map(|i| [&[16][..], &[0; 14], &i.to_be_bytes()].concat()).collect();
    let start = uleb(start_of_next(phone));
    let huge = uleb(u64::MAX);
    let megabyte = vec![1; 1 << 20];
    vec![
        ("actor-one-mebibyte", made(&[&one, &uleb(1 << 20), &megabyte, &[1], &start, &[0, 0, 0, 0]])),
        ("actor-17-bytes", forge(&raw, |change| change.actor_id = ActorId::from(vec![1; 17]))),
        ("actor-60-kb", forge(&raw, |change| change.actor_id = ActorId::from(vec![1; 60_000]))),
        ("actors-3000", made(&[&one, &own, &[1], &start, &[0, 0], &uleb(3_000), &actors, &[0]])),
        ("actors-promised-u64-max", made(&[&one, &own, &[1], &start, &[0, 0], &huge])),
        ("predecessors-1900", made(&[&uleb(1_900), &deps, &own, &[1], &start, &[0, 0, 0, 0]])),
        ("predecessors-66", made(&[&uleb(66), &few, &own, &[1], &start, &[0, 0, 0, 0]])),
        ("predecessors-promised-u64-max", made(&[&huge])),
        ("predecessors-unknown", forge(&raw, |change| change.deps = vec![automerge::ChangeHash([9; 32])])),
        ("message-60-kb", forge(&raw, |change| change.message = Some("话".repeat(20_000)))),
        ("message-promised-u64-max", made(&[&one, &own, &[1], &start, &[0], &huge])),
        ("extra-bytes-60-kb", forge(&raw, |change| change.extra_bytes = vec![7; 60_000])),
        ("columns-promised-u64-max", made(&[&one, &own, &[1], &start, &[0, 0, 0], &huge])),
        ("number-spelled-too-long", made(&[&one, &own, &[0x81, 0x00], &start, &[0, 0, 0, 0]])),
        ("number-of-eleven-bytes", made(&[&one, &own, &[0xff; 11], &start, &[0, 0, 0, 0]])),
    ]
}

/// Numbers at their ends, and jumps.
fn numbers(phone: &Phone) -> Named {
    let raw = phone.copy(2).put("title", "平常的修改");
    let (last, own) = (phone.doc.get_heads()[0].0, [&[16_u8][..], &[2; 16]].concat());
    let one = [&[1_u8][..], &last].concat();
    let columns = [&[1][..], &uleb(0x42), &[2], &run(1, &[1])].concat();
    let numbered = |seq: u64, start: u64, time: i64| {
        let parts: [&[u8]; 7] = [&one, &own, &uleb(seq), &uleb(start), &sleb(time), &[0, 0], &columns];
        chunk(1, &parts.concat())
    };
    let start = start_of_next(phone);
    vec![
        ("start-u32-max", numbered(1, u64::from(u32::MAX), 0)),
        ("start-u64-max", numbered(1, u64::MAX, 0)),
        ("start-zero", numbered(1, 0, 0)),
        (
            "start-jumps",
            forge(&raw, |change| change.start_op = (start + 1_000_000).try_into().expect("not zero")),
        ),
        ("start-goes-back", numbered(1, 1, 0)),
        ("sequence-jumps", forge(&raw, |change| change.seq = 1_000)),
        ("sequence-u64-max", numbered(u64::MAX, start, 0)),
        ("sequence-zero", numbered(0, start, 0)),
        ("sequence-used", forge(&raw, |change| change.actor_id = ActorId::from([1; 16]))),
        ("time-i64-max", numbered(1, start, i64::MAX)),
        ("time-i64-min", numbered(1, start, i64::MIN)),
    ]
}

/// Objects and actions that do not exist here.
fn objects(phone: &Phone) -> Named {
    let raw = phone.copy(2).put("title", "平常的修改");
    let text = phone.text_id("text");
    let action = |action: OpType| forge(&raw, |change| change.operations[0].action = action.clone());
    let nested = |depth: usize, kind: ObjType| {
        phone.copy(2).edit(|tx| {
            let mut at = ROOT;
            for _ in 0..depth {
                at = match kind {
                    ObjType::List if at != ROOT => tx.insert_object(&at, 0, kind).expect("object"),
                    _ => tx.put_object(&at, "title", kind).expect("object"),
                };
            }
        })
    };
    let many = phone.copy(2).edit(|tx| {
        (0..1_900)
            .for_each(|i| drop(tx.put_object(ROOT, format!("pics/{i}"), ObjType::Text).expect("object")));
    });
    let mark = phone.copy(2).edit(|tx| {
        tx.mark(&text, Mark::new("bold".into(), true, 0, 2), ExpandMark::Both).expect("mark");
    });
    let columns = |code: u8| {
        let mut all = vec![(0x15, run(1, &[5, b't', b'i', b't', b'l', b'e'])), (0x42, run(1, &[code]))];
        all.push((0x70, run(1, &[0])));
        with_columns(phone, &all)
    };
    vec![
        ("maps-1500-deep", nested(1_500, ObjType::Map)),
        ("lists-1500-deep", nested(1_500, ObjType::List)),
        ("objects-1900", many),
        ("list-in-a-field", nested(1, ObjType::List)),
        ("table-in-a-field", action(OpType::Make(ObjType::Table))),
        ("counter", phone.copy(2).put("title", ScalarValue::counter(1))),
        ("increment", action(OpType::Increment(i64::MAX))),
        ("mark", mark),
        ("block", phone.copy(2).edit(|tx| drop(tx.split_block(&text, 1).expect("block")))),
        ("action-unknown", columns(99)),
        ("action-unknown-high", columns(127)),
    ]
}

/// Keys, places and predecessors that are not the author's to write.
fn keys(phone: &Phone) -> Named {
    let raw = phone.copy(2).put("title", "平常的修改");
    let keyed = |key: &str| phone.copy(2).put(key, "x");
    vec![
        ("key-unknown", keyed("approved")),
        ("key-meta", keyed("@owner")),
        ("key-empty", keyed("")),
        ("key-of-60-kb", keyed(&"k".repeat(60_000))),
        ("key-with-nul", keyed("title\0")),
        ("item-name-of-81", keyed(&format!("pics/{}", "名".repeat(81)))),
        ("object-unknown", forge(&raw, |change| change.operations[0].obj = ObjectId::Id(stranger(1)))),
        (
            "predecessor-of-unknown-actor",
            forge(&raw, |change| change.operations[0].pred = vec![stranger(1)].into()),
        ),
        ("predecessor-of-another-key", forge(&raw, |change| change.operations[0].key = "place".into())),
        (
            "operations-2001",
            forge(&raw, |change| {
                let ops = (0..2_001).map(|i| put_op(&format!("pics/{i}"), "x"));
                change.operations = ops.collect();
            }),
        ),
        (
            "letter-at-unknown-place",
            forge(&phone.copy(2).splice("text", 0, 0, "字"), |change| {
                change.operations[0].key = Key::Seq(ElementId::Id(stranger(9)));
            }),
        ),
    ]
}

fn stranger(counter: u64) -> OpId {
    OpId(counter, ActorId::from([9; 16]))
}

/// Values too long or of other types, births that are none.
fn contents(phone: &Phone) -> Named {
    let empty = |doc: &mut Automerge| {
        let hash = doc.empty_commit(CommitOptions::default());
        doc.get_change_by_hash(&hash).expect("there").raw_bytes().to_vec()
    };
    let unknown = ScalarValue::Unknown { type_code: 12, bytes: vec![7; 50_000] };
    let birth = Phone::new(3).edit(|tx| tx.put(ROOT, "@kind", "appeal.matter").expect("put"));
    let joined = format!("e{}", "\u{301}".repeat(20_000));
    let letters = phone.copy(2).splice("text", 0, 0, "字");
    vec![
        ("string-of-60-kb", phone.copy(2).put("title", "长".repeat(20_000))),
        (
            "letter-of-40-kb",
            forge(&letters, |change| {
                change.operations[0].action = OpType::Put(joined.as_str().into());
            }),
        ),
        ("text-of-a-megabyte", phone.copy(2).splice("text", 0, 0, &"字".repeat(350_000))),
        ("text-of-ten-megabytes", phone.copy(2).put("title", "x".repeat(10_000_000))),
        ("bytes-of-50-kb", phone.copy(2).put("title", ScalarValue::Bytes(vec![0; 50_000]))),
        ("float", phone.copy(2).put("title", ScalarValue::F64(f64::NAN))),
        ("value-type-unknown", phone.copy(2).put("title", unknown)),
        ("null", phone.copy(2).put("title", ScalarValue::Null)),
        ("text-replaced-by-a-string", phone.copy(2).put("text", "整个换掉")),
        ("text-deleted", phone.copy(2).delete("text")),
        ("nothing-at-all", empty(&mut phone.copy(2).doc)),
        ("second-birth", birth),
    ]
}
