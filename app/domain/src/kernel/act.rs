//! Acts: what somebody decided, and the receipt that puts it in order. A refusal always has a sentence.

use crate::{ActId, DocId, Hash, Label, Signature};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What never changes about a document; written into its first change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Id of the document.
    pub id: DocId,
    /// Name of its kind, for ever.
    pub kind: String,
    /// Person (or alias) who began it.
    pub owner: DocId,
    /// Unit it belongs to.
    pub unit: crate::OrgCode,
    /// Device time of birth, UTC ms; a claim.
    pub born_ms: i64,
}

/// One act as it travels and lies on disk. The act itself stays CBOR, so that a phone that does not
/// know a newer act keeps and shows the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Unique for ever.
    pub id: ActId,
    /// The document it decides on.
    pub doc: DocId,
    /// Person (or alias) who decided.
    pub by: DocId,
    /// Device it was decided on; empty for an alias.
    pub device: String,
    /// Device time, UTC ms; a claim.
    pub at_ms: i64,
    /// Heads of the body its author saw.
    pub about: Vec<Hash>,
    /// The kind's act as CBOR.
    pub act: ByteBuf,
    /// By the key of the device; `None` for an alias, for the server and for acts older than signatures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// The server's word; `None` while it waits.
    pub receipt: Option<Receipt>,
}

/// The server's word that an act stands, in one order for everybody. Never judged again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Place in the one order.
    pub n: u64,
    /// Official time, UTC ms.
    pub at_ms: i64,
    /// Code of the status the document has from here on.
    pub to: String,
    /// Official number, where the step gives one.
    pub stamped: Option<String>,
    /// Name of who decided, as the server knows it; empty for an alias.
    pub by_name: String,
    /// Name of the device whose signature the server has checked; `None` for an unsigned act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
}

/// A number series: the server counts `key` up by one and writes `{prefix}{n}{suffix}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What is counted, e.g. `appeal/LB/2026`.
    pub key: String,
    /// In front of the number.
    pub prefix: String,
    /// Behind it.
    pub suffix: String,
}

/// Why something is not done. The text of the person is always kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Only these may (Chinese, English).
    NeedsRole(String, String),
    /// Only who began it may.
    NotOwner,
    /// Not in this state.
    NotNow(Label),
    /// A field does not fit: key, Chinese, English.
    Invalid(String, String, String),
    /// A rule of the union forbids it: Chinese, English.
    Rule(String, String),
    /// May not write this body.
    NotEditor,
    /// The kind, document or act is not known here.
    Unknown,
    /// The bytes are not what they claim to be: code of the check.
    Unreadable(String),
    /// No signature, or not one by a device that counts for this person.
    Unsigned,
    /// The device was revoked; what it sent is put aside until an officer has looked.
    PutAside,
    /// The server must have something else first; the phone tries again by itself.
    Waits,
}

impl Refusal {
    /// A short code for support, e.g. `E-RULE`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NeedsRole(..) => "E-ROLE",
            Self::NotOwner => "E-OWNER",
            Self::NotNow(_) => "E-STATE",
            Self::Invalid(..) => "E-FIELD",
            Self::Rule(..) => "E-RULE",
            Self::NotEditor => "E-EDITOR",
            Self::Unknown => "E-UNKNOWN",
            Self::Unreadable(_) => "E-BYTES",
            Self::Unsigned => "E-SIGNATURE",
            Self::PutAside => "E-ASIDE",
            Self::Waits => "E-WAITS",
        }
    }
    /// The sentence in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NeedsRole(zh, _) => format!("这一步由{zh}办理。如需办理，请转交给他们"),
            Self::NotOwner => "只有提交人本人可以办理这一步".into(),
            Self::NotNow(status) => format!("当前状态为“{}”，不能办理这一步。您的内容已保留", status.zh),
            Self::Invalid(_, zh, _) | Self::Rule(zh, _) => zh.clone(),
            Self::NotEditor => "您没有修改这份材料的权限。您写的内容已保留，可复制或转交给经办人".into(),
            Self::Unknown => "服务器上没有找到这份材料，内容已保留在本机，请联系管理员".into(),
            Self::Unreadable(code) => format!("数据未通过校验（{code}），内容已保留在本机，请联系管理员"),
            Self::Unsigned => {
                "这一步没有本人已登记设备的签名，内容已保留。请在“我的设备”登记这台设备后重新提交".into()
            }
            Self::PutAside => "这台设备已停用，这一步没有生效，已转交工会干事核对；内容也保留在本机".into(),
            Self::Waits => "正在等待前一步先送达，联网后会自动重试".into(),
        }
    }
    /// The sentence in English.
    pub fn en(&self) -> String {
        match self {
            Self::NeedsRole(_, en) => format!("This step belongs to: {en}. Pass it on to them"),
            Self::NotOwner => "Only the person who submitted this can do this step".into(),
            Self::NotNow(status) => {
                format!("Not possible while the state is “{}”. Your text is kept", status.en)
            }
            Self::Invalid(_, _, en) | Self::Rule(_, en) => en.clone(),
            Self::NotEditor => {
                "You may not change this record. Your text is kept; copy it or pass it on".into()
            }
            Self::Unknown => "The server does not know this record. Your text is kept on this phone".into(),
            Self::Unreadable(code) => {
                format!("The data failed a check ({code}). Your text is kept on this phone")
            }
            Self::Unsigned => {
                "Not signed by an enrolled device of yours. Enrol this device, then send it again; it is kept"
                    .into()
            }
            Self::PutAside => {
                "This device was revoked; this was put aside for an officer to look at, and is kept here"
                    .into()
            }
            Self::Waits => "Waiting for an earlier step to arrive; it is tried again by itself".into(),
        }
    }
    /// A field does not fit.
    pub fn invalid(field: &str, zh: &str, en: &str) -> Self {
        Self::Invalid(field.into(), zh.into(), en.into())
    }
    /// A field that is written once; an act changes what it says.
    pub fn fixed(field: &str) -> Self {
        let zh = "这一项不能直接修改，请通过办理步骤变更（如“改名”）";
        Self::invalid(field, zh, "This is not edited directly; a step changes it (such as “Rename”)")
    }
    /// A rule of the union forbids it.
    pub fn rule(zh: &str, en: &str) -> Self {
        Self::Rule(zh.into(), en.into())
    }
}
