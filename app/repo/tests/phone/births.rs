//! Claim: every kind's sample, put into a document and read back, is the same; no field hides behind what
//! the kernel writes beside it.

use domain::{AnyKind, DocId, Meta, OrgCode, Raw, crdt, modules};

fn born(kind: &dyn AnyKind) -> (Meta, Raw) {
    let meta = Meta {
        id: DocId([5; 16]),
        kind: kind.name().into(),
        owner: DocId([6; 16]),
        unit: OrgCode::new("LB02.9"),
        born_ms: 1_767_600_000_000,
    };
    let doc =
        crdt::birth([7; 16], &meta, kind.fields(), &kind.sample()).expect("the sample fits its own fields");
    let (read, values) = crdt::read(&doc, meta.id).expect("meta keys");
    (meta, Raw { meta: read, values, entries: vec![] })
}

#[test]
fn every_kinds_sample_survives_its_birth() {
    for kind in modules::kinds() {
        let (meta, raw) = born(*kind);
        assert_eq!(raw.meta, meta, "{}", kind.name());
        let mut read = raw.values.clone();
        // Texts are made at birth even when they are empty.
        read.retain(|_, value| *value != domain::Value::from(""));
        assert_eq!(read, kind.sample(), "{}", kind.name());
    }
}
