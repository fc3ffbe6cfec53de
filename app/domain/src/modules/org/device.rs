//! A person's device and whether its signatures count. Enrolling and revoking are official facts, so they
//! are receipted acts like every decision: who, when, by whom. Only the server begins such a document, after
//! it has seen the password, the key's own signature and a code; nobody can enrol a key of theirs for
//! somebody else.

use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

body! {
    /// Written once by the server; nobody edits it.
    pub struct DeviceBody {
        label: Str(40), "设备名称", "Name of the device";
        key: Str(130), "公钥", "Public key";
        wrap_key: Str(130), "加密公钥", "Public key for encryption";
        wrap_proof: Str(128), "加密公钥的签名", "Signature over the key for encryption";
        no: Str(20), "工号", "Staff number";
        name: Str(40), "姓名", "Name";
    }
}

/// What stood behind an enrolment, besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A one-time code.
    Code,
    /// Nothing: the demonstration, which says so.
    Demo,
}

/// What is decided about a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceAct {
    /// The server saw the code.
    Enrol {
        /// What it saw.
        proof: Proof,
        /// Who gave the code out; the person, when it came from another device of theirs.
        by: DocId,
        /// Name of that person.
        by_name: String,
    },
    /// A second person vouches for it in the app.
    Vouch {
        /// How the person was recognised.
        reason: String,
    },
    /// Another name.
    Rename {
        /// The name.
        label: String,
    },
    /// Its signatures count no more.
    Revoke {
        /// Lost, sold, left the job.
        reason: String,
    },
    /// What it sent after that is honest work and shall stand.
    Adopt {
        /// Which parcel.
        parcel: Hash,
        /// Why.
        reason: String,
    },
    /// It shall not stand.
    SendBack {
        /// Which parcel.
        parcel: Hash,
        /// Why.
        reason: String,
    },
}

words! {
    /// Steps on a device.
    pub enum DeviceStep {
        Enrol = "enrol", "登记设备", "Enrol", Ok;
        Vouch = "vouch", "确认登记", "Vouch", Ok;
        Rename = "rename", "改名", "Rename", Info;
        Revoke = "revoke", "停用", "Revoke", Danger;
        Adopt = "adopt", "采纳", "Adopt", Ok;
        SendBack = "send_back", "不采纳", "Send back", Warn;
    }
}
words! {
    /// States of a device.
    pub enum DeviceStatus {
        Requested = "requested", "待登记", "To be enrolled", Warn;
        Enrolled = "enrolled", "使用中", "In use", Ok;
        Revoked = "revoked", "已停用", "Revoked", Off;
    }
}

/// Kind `org.device`.
#[derive(Clone, Debug)]
pub struct DeviceKind;

const OVERSEERS: &[By<DeviceKind>] = &[By::Role(Role::Organiser), By::Role(Role::Admin)];
const SERVER: &[By<DeviceKind>] = &[By::Named("服务器", "the server", |_, who| who.person == office())];
const OWN: &[By<DeviceKind>] = &[By::Owner];
const ANY: &[By<DeviceKind>] = &[By::Owner, By::Role(Role::Organiser), By::Role(Role::Admin)];

const fn rule(
    from: &'static [DeviceStatus],
    step: DeviceStep,
    by: &'static [By<DeviceKind>],
    to: Option<DeviceStatus>,
) -> Rule<DeviceKind> {
    Rule { from, step, by, when: None, to }
}

impl Kind for DeviceKind {
    const NAME: &'static str = "org.device";
    const ZH: &'static str = "设备";
    const EN: &'static str = "Device";
    const CARRY: Carry = Carry::OnAsk;
    const FOR_OTHERS: bool = true;
    const AUDITED: bool = true;
    const RULES: &'static [Rule<Self>] = {
        use DeviceStatus::{Enrolled, Requested, Revoked};
        &[
            rule(&[Requested], DeviceStep::Enrol, SERVER, Some(Enrolled)),
            rule(&[Requested], DeviceStep::Vouch, OVERSEERS, Some(Enrolled)),
            rule(&[Requested, Enrolled], DeviceStep::Rename, OWN, None),
            rule(&[Requested, Enrolled], DeviceStep::Revoke, ANY, Some(Revoked)),
            rule(&[Revoked], DeviceStep::Adopt, OVERSEERS, None),
            rule(&[Revoked], DeviceStep::SendBack, OVERSEERS, None),
        ]
    };
    /// A second person is another person, and nobody lets the work of his own lost device in.
    const APART: &'static [Apart<Self>] = &[Apart {
        did: Did::Named("本人", "the person concerned", |doc, who| who.is(doc.meta.owner)),
        not: &[DeviceStep::Vouch, DeviceStep::Adopt, DeviceStep::SendBack],
        zh: "自己的设备须由另一位工会干事办理",
        en: "Another officer must do this for your own device",
    }];
    const EDITORS: &'static [By<Self>] = &[];
    const FOUNDERS: &'static [By<Self>] = SERVER;
    type Body = DeviceBody;
    type Act = DeviceAct;
    type Step = DeviceStep;
    type Status = DeviceStatus;

    fn step(act: &DeviceAct) -> DeviceStep {
        match act {
            DeviceAct::Enrol { .. } => DeviceStep::Enrol,
            DeviceAct::Vouch { .. } => DeviceStep::Vouch,
            DeviceAct::Rename { .. } => DeviceStep::Rename,
            DeviceAct::Revoke { .. } => DeviceStep::Revoke,
            DeviceAct::Adopt { .. } => DeviceStep::Adopt,
            DeviceAct::SendBack { .. } => DeviceStep::SendBack,
        }
    }
    fn readers(doc: &Doc<Self>) -> BTreeSet<Reader> {
        let mut readers = overseers(&doc.meta.unit);
        readers.insert(Reader::Person(doc.meta.owner));
        readers
    }
    fn guard(doc: &Doc<Self>, act: &DeviceAct, _: &Who, _: &Facts) -> Result<(), Refusal> {
        match act {
            DeviceAct::Rename { label } if label.trim().is_empty() || label.chars().count() > 40 => {
                Err(Refusal::invalid(
                    "label",
                    "请写 1 至 40 个字的设备名称",
                    "A name of 1 to 40 characters, please",
                ))
            }
            DeviceAct::Adopt { parcel, .. } | DeviceAct::SendBack { parcel, .. }
                if settled(doc).any(|(done, _)| done == *parcel) =>
            {
                Err(Refusal::rule("这一包内容已有处理结果", "This was decided already"))
            }
            _ => Ok(()),
        }
    }
    fn row(doc: &Doc<Self>) -> Row {
        let mut row = doc.plain_row(&label(doc), &format!("{} {}", doc.body.name, doc.body.no));
        row.facts.insert("no".into(), doc.body.no.clone());
        let enrolled = doc.last(DeviceStep::Enrol).or_else(|| doc.last(DeviceStep::Vouch));
        if let Some(done) = enrolled {
            let by = match &done.act {
                DeviceAct::Enrol { proof: Proof::Demo, .. } => String::new(),
                DeviceAct::Enrol { by_name, .. } => by_name.clone(),
                _ => done.receipt.as_ref().map(|receipt| receipt.by_name.clone()).unwrap_or_default(),
            };
            row.facts.insert("since".into(), date_text(done.time()));
            row.facts.insert("by".into(), by);
        }
        row
    }
    fn device(doc: &Doc<Self>) -> Option<Device> {
        Some(Device {
            id: doc.meta.id,
            person: doc.meta.owner,
            key: key_of(&doc.body.key)?.into(),
            wrap_key: key_of(&doc.body.wrap_key)?.into(),
            wrap_proof: key_of(&doc.body.wrap_proof)?.into(),
            label: label(doc),
            validity: match doc.settled {
                DeviceStatus::Requested => Validity::Requested,
                DeviceStatus::Enrolled => Validity::Enrolled,
                DeviceStatus::Revoked => Validity::Revoked,
            },
            settled: settled(doc).collect(),
            overseers: overseers(&doc.meta.unit),
        })
    }
    fn words(act: &DeviceAct) -> String {
        match act {
            DeviceAct::Enrol { proof: Proof::Demo, .. } => "演示环境，只凭密码".into(),
            DeviceAct::Enrol { by_name, .. } => format!("凭{by_name}发出的设备码"),
            DeviceAct::Rename { label } => label.clone(),
            DeviceAct::Vouch { reason }
            | DeviceAct::Revoke { reason }
            | DeviceAct::Adopt { reason, .. }
            | DeviceAct::SendBack { reason, .. } => reason.clone(),
        }
    }
    fn sample() -> DeviceBody {
        DeviceBody { label: "Android · Chrome".into(), no: "0200017".into(), ..DeviceBody::default() }
    }
}

fn overseers(unit: &OrgCode) -> BTreeSet<Reader> {
    [Role::Organiser, Role::Admin].map(|role| Reader::Role(role, unit.clone())).into()
}

fn label(doc: &Doc<DeviceKind>) -> String {
    match doc.last(DeviceStep::Rename).map(|done| &done.act) {
        Some(DeviceAct::Rename { label }) => label.clone(),
        _ => doc.body.label.clone(),
    }
}

fn settled(doc: &Doc<DeviceKind>) -> impl Iterator<Item = (Hash, bool)> {
    doc.acts.iter().filter(|done| done.receipt.is_some()).filter_map(|done| match &done.act {
        DeviceAct::Adopt { parcel, .. } => Some((*parcel, true)),
        DeviceAct::SendBack { parcel, .. } => Some((*parcel, false)),
        _ => None,
    })
}

/// A key or signature as it stands in the body: hex digits, 130 of an uncompressed point, 128 of a signature.
pub fn key_text(key: &[u8]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key_of(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks_exact(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}
