//! Devices: who may vouch for one, who may end it, what becomes of the work it still sends.

use crate::cast::*;
use crate::refusals::speaks;
use domain::modules::org::{DeviceAct, DeviceBody, DeviceKind, DeviceStatus, Proof, key_text};
use domain::*;

fn server() -> Who {
    let at = OrgCode::new("LB");
    let posts = Role::ALL.iter().map(|role| Post::new(*role, at.clone())).collect();
    let (no, name) = (String::new(), "服务器".into());
    Who { person: office(), no, name, unit: at, member: false, posts, aliases: vec![] }
}

fn meta() -> Meta {
    let owner = who('M').person;
    let key = [4; 65];
    Meta {
        id: device_id(owner, &key),
        kind: "org.device".into(),
        owner,
        unit: OrgCode::new("LB04.2"),
        born_ms: 0,
    }
}

fn at(acts: &[(Who, DeviceAct)], status: DeviceStatus) -> Doc<DeviceKind> {
    let body = DeviceBody {
        label: "Android · Chrome".into(),
        key: key_text(&[4; 65]),
        wrap_key: key_text(&[5; 65]),
        wrap_proof: key_text(&[6; 64]),
        no: "0400008".into(),
        name: "孟和".into(),
    };
    placed(meta(), &body, acts, status)
}

/// The cast, an organisation officer of the mine, and the server.
fn all() -> Cast {
    let mut all = cast();
    all.push(('O', person("0400009", "敖日格", "LB04.1.1", &[(Role::Organiser, "LB04")])));
    all.push(('S', server()));
    all
}

#[test]
fn the_table() {
    let start: &[(Who, DeviceAct)] = &[];
    let verdicts = verdicts(
        |status| {
            let act = (server(), DeviceAct::Rename { label: "甲".into() });
            if status == DeviceStatus::Requested { at(start, status) } else { at(&[act], status) }
        },
        &all(),
    );
    same(
        &verdicts,
        "requested: enrol S · vouch ZOS · rename M · revoke MZOS
         enrolled: rename M · revoke MZOS
         revoked: adopt ZOS · send_back ZOS",
    );
}

#[test]
fn only_the_server_begins_a_device_and_nobody_writes_in_it() {
    let raw = Raw { meta: meta(), values: DeviceKind::sample().write(), entries: vec![] };
    let kind = modules::kind("org.device").unwrap();
    for (letter, who) in all() {
        assert_eq!(kind.may_found(&raw, &who).is_ok(), letter == 'S', "{letter}");
        assert_eq!(kind.may_edit(&raw, &who), Err(Refusal::NotEditor), "{letter}");
    }
}

#[test]
fn a_second_person_is_another_person() {
    let mut boss = who('M');
    boss.posts.push(Post::new(Role::Organiser, OrgCode::new("LB")));
    let doc = at(&[], DeviceStatus::Requested);
    let vouch = DeviceAct::Vouch { reason: String::new() };
    speaks(&doc.judge(&vouch, &boss, &Facts::default()).unwrap_err(), "另一位");
    assert!(doc.judge(&vouch, &all()[13].1, &Facts::default()).is_ok());

    let gone = at(&[(who('Z'), DeviceAct::Revoke { reason: "丢失".into() })], DeviceStatus::Revoked);
    let adopt = DeviceAct::Adopt { parcel: Hash::of(b"p"), reason: String::new() };
    speaks(&gone.judge(&adopt, &boss, &Facts::default()).unwrap_err(), "另一位");
}

#[test]
fn a_parcel_is_decided_about_once() {
    let parcel = Hash::of(b"p");
    let back = DeviceAct::SendBack { parcel, reason: "不是本人".into() };
    let acts = [(who('Z'), DeviceAct::Revoke { reason: String::new() }), (who('Z'), back)];
    let doc = at(&acts, DeviceStatus::Revoked);
    let adopt = |parcel| DeviceAct::Adopt { parcel, reason: String::new() };
    speaks(&doc.judge(&adopt(parcel), &who('Z'), &Facts::default()).unwrap_err(), "已有处理结果");
    assert!(doc.judge(&adopt(Hash::of(b"q")), &who('Z'), &Facts::default()).is_ok());
    assert_eq!(DeviceKind::device(&doc).unwrap().settled, [(parcel, false)].into());
}

#[test]
fn the_server_s_memory_of_a_device_follows_its_acts() {
    let enrol = DeviceAct::Enrol { proof: Proof::Code, by: who('Z').person, by_name: "张管".into() };
    let rename = DeviceAct::Rename { label: "我的旧手机".into() };
    let doc = at(&[(server(), enrol), (who('M'), rename)], DeviceStatus::Enrolled);
    let device = DeviceKind::device(&doc).unwrap();
    assert_eq!((device.person, device.key.as_slice()), (who('M').person, &[4u8; 65][..]));
    assert_eq!((device.label.as_str(), device.validity), ("我的旧手机", Validity::Enrolled));
    let row = DeviceKind::row(&doc);
    assert_eq!((row.facts["by"].as_str(), row.title.as_str()), ("张管", "我的旧手机"));
    let (seen, held) = (scopes_of(&DeviceKind::readers(&doc)), |who: &Who| scopes_held(who));
    assert!(!seen.is_disjoint(&held(&who('M'))) && !seen.is_disjoint(&held(&who('Z'))));
    assert!(seen.is_disjoint(&held(&who('U'))), "a chair has nothing to do with it");
}

#[test]
fn a_name_has_a_length() {
    let doc = at(&[], DeviceStatus::Requested);
    for label in ["", "  ", &"机".repeat(41)] {
        let rename = DeviceAct::Rename { label: label.into() };
        speaks(&doc.judge(&rename, &who('M'), &Facts::default()).unwrap_err(), "设备名称");
    }
}
