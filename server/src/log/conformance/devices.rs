//! Devices, and what revoked ones sent, in every home.

use super::*;
use domain::{Device, Validity};

pub(super) async fn devices_are_remembered_as_they_stand_now<L: Log>(log: &L) {
    let device = |validity| Device {
        id: id(90),
        person: id(200),
        key: vec![4; 65].into(),
        wrap_key: vec![4; 65].into(),
        wrap_proof: vec![0; 64].into(),
        label: "手机".into(),
        validity,
        settled: BTreeMap::new(),
        overseers: BTreeSet::new(),
    };
    let sheet = Sample::begin(90, "机");
    let mut seen = None;
    for (validity, sheet) in [(Validity::Requested, &sheet), (Validity::Revoked, &sheet.edit("旧机"))] {
        let mut batch = batch(id(200));
        batch.seen = vec![(id(90), seen)];
        batch.items = vec![sheet.item()];
        let state = DocState { device: Some(device(validity)), ..sheet.state(&["a"], None) };
        batch.settle = settle(vec![state]);
        let placed = log.append(batch).await.unwrap();
        assert_eq!(placed.devices, [device(validity)]);
        seen = Some(placed.last);
    }
    assert_eq!(log.everybody().await.unwrap().devices, [device(Validity::Revoked)]);
}

pub(super) async fn a_parcel_is_kept_once_until_it_is_settled<L: Log>(log: &L) {
    let parcel = |name: &[u8], at_ms| Parcel {
        id: Hash::of(name),
        device: id(90),
        person: id(200),
        at_ms,
        pushes: vec![sync::Push { seq: 1, doc: id(10), item: sync::Item::Change(name.to_vec().into()) }],
    };
    for one in [parcel(b"a", 1), parcel(b"b", 2), parcel(b"a", 3)] {
        log.set_aside(one).await.unwrap();
    }
    assert_eq!(log.parcels(id(90)).await.unwrap(), [parcel(b"a", 1), parcel(b"b", 2)]);
    assert_eq!(log.parcels(id(91)).await.unwrap(), []);
    log.settle_parcel(Hash::of(b"a"), true).await.unwrap();
    log.set_aside(parcel(b"a", 4)).await.unwrap();
    assert_eq!(log.parcels(id(90)).await.unwrap(), [parcel(b"b", 2)], "settled is settled");
}
