//! Why a change is not let in: a code for machines, a sentence for people, never anybody's data.

use domain::{Hash, Refusal};
use serde::{Deserialize, Serialize};
use sync::Fate;

/// The gate's refusals. [`Refused::is_final`] tells whether sending the same bytes again can help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// The very same change is already in the document. A retry of a lost answer; nothing to do.
    Duplicate,
    /// Changes that this one follows are not here yet: push these first.
    MissingDeps(Vec<Hash>),
    /// Follows a change of the same push that was refused for good.
    DependsOnRefused(Hash),
    /// The actor already used this sequence number for something else: a copied or restored phone.
    Equivocation,
    /// Breaks the order of changes.
    OutOfOrder(Order),
    /// Writes what nobody may write that way.
    NotAllowed {
        /// Field name of the kind, `field/*` for items, `?` for keys the kind does not know.
        path: String,
        /// What is wrong there.
        why: Why,
    },
    /// Sealed with an older key of the document: it is to be sealed anew.
    OldKey,
    /// A new key of the document of which its owner gets none: the owner would be shut out of the own matter.
    OwnerLeftOut,
    /// Over a limit of [`super::limits`].
    TooBig(Size),
    /// Not a change that Automerge itself would have written.
    Malformed(Step),
    /// Automerge panicked on it, or the result would not load again.
    Poison {
        /// Where in the gate it showed.
        step: Step,
        /// Source line of the panic, for the log; empty when the result did not load.
        at: String,
    },
    /// Nothing wrong with the change; the server cannot answer now.
    Later(Trouble),
}

/// What breaks the order of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// The first change of a document does not look like one.
    Birth,
    /// Has no predecessor although the document exists.
    SecondBirth,
    /// Skips sequence numbers of its actor.
    Sequence,
    /// Does not follow the actor's own last change.
    OwnPast,
    /// Names an actor that this document does not know.
    UnknownActor,
    /// Operation numbers do not continue those of its predecessors.
    StartOp,
}

/// What is wrong at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// The kind has no such field.
    UnknownKey,
    /// Written at birth and never again.
    BirthOnly,
    /// This kind of operation does not exist here (objects, counters, marks, lists …).
    Action,
    /// Not the type of the field.
    Type,
    /// Longer than the field allows.
    Length,
    /// Overwrites something its author did not see, or something elsewhere.
    Predecessors,
    /// Text is put in or taken out at a place that its author did not see.
    Place,
}

/// Which limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Size {
    /// Bytes of the change.
    Change,
    /// Operations of the change.
    Ops,
    /// Heads that the document would have.
    Heads,
    /// Length of a text.
    Text,
    /// Bytes of the saved document.
    Document,
    /// Length of the document's history.
    History,
}

/// Where a check failed; named after the part of the chunk or the step of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Step {
    Magic,
    ChunkType,
    ChunkLength,
    Checksum,
    Number,
    Deps,
    Actor,
    OtherActors,
    Time,
    Message,
    Columns,
    Runs,
    Extra,
    Empty,
    Decode,
    Canonical,
    Look,
    Apply,
    Save,
    Load,
    Validator,
}

/// Why the server cannot answer now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// The stored document does not load: for the operator, not for the sender.
    Unreadable,
    /// Too many bad changes in one push; the rest was not looked at.
    Busy,
    /// The validator went away for reasons of its own.
    Away,
}

impl Refused {
    /// False when the same bytes may be accepted later (or are already in).
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Duplicate | Self::MissingDeps(_) | Self::OldKey | Self::Later(_))
    }

    /// Code for machines and logs, for ever.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::MissingDeps(_) => "missing_deps",
            Self::DependsOnRefused(_) => "depends_on_refused",
            Self::Equivocation => "equivocation",
            Self::OutOfOrder(_) => "out_of_order",
            Self::NotAllowed { .. } => "not_allowed",
            Self::OldKey => "old_key",
            Self::OwnerLeftOut => "owner_left_out",
            Self::TooBig(_) => "too_big",
            Self::Malformed(_) => "malformed",
            Self::Poison { .. } => "poison",
            Self::Later(_) => "later",
        }
    }

    /// Sentence in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Duplicate => "这次修改服务器已经收到",
            Self::MissingDeps(_) => "正在等待前面的修改先送达，联网后会自动补发",
            Self::DependsOnRefused(_) => "它接着的前一次修改没有被接受。您写的内容已保留，请重新保存一次",
            Self::Equivocation => "这台手机的数据像是从旧备份恢复的。您写的内容已保留，请重新保存一次",
            Self::OutOfOrder(_) => "修改的先后顺序对不上。您写的内容已保留，请重新保存一次",
            Self::NotAllowed { why: Why::Length, .. } => "内容太长，请精简后再保存",
            Self::NotAllowed { why: Why::UnknownKey, .. } => "没有这一栏，请更新应用",
            Self::NotAllowed { .. } => "这一栏不能这样修改。您写的内容已保留",
            Self::OldKey => "能看这份材料的人有变动，正在用新密钥重新加密。您写的内容已保留",
            Self::OwnerLeftOut => "换新密钥必须给提交人一份，这次换密钥没有生效",
            Self::TooBig(Size::Text) => "文字太长，请精简后再保存",
            Self::TooBig(Size::Ops | Size::Change) => "一次写得太多，请分几次保存",
            Self::TooBig(Size::Heads) => "同时修改的人太多，请先同步再保存。您写的内容已保留",
            Self::TooBig(Size::Document | Size::History) => "这份材料已经写满，请另建一份。您写的内容已保留",
            Self::Malformed(_) | Self::Poison { .. } => "数据未通过校验。您写的内容已保留，请重新保存一次",
            Self::Later(_) => "服务器暂时不能处理，联网后会自动重试",
        }
    }

    /// Sentence in English.
    pub fn en(&self) -> &'static str {
        match self {
            Self::Duplicate => "The server already has this change",
            Self::MissingDeps(_) => {
                "Waiting for earlier changes to arrive; they are sent again by themselves"
            }
            Self::DependsOnRefused(_) => {
                "It follows a change that was refused. Your text is kept; please save it again"
            }
            Self::Equivocation => {
                "This phone looks restored from an old backup. Your text is kept; please save it again"
            }
            Self::OutOfOrder(_) => "The changes are out of order. Your text is kept; please save it again",
            Self::NotAllowed { why: Why::Length, .. } => "Too long; please shorten it",
            Self::NotAllowed { why: Why::UnknownKey, .. } => "No such field; please update the app",
            Self::NotAllowed { .. } => "This field cannot be changed that way. Your text is kept",
            Self::OldKey => {
                "Who may read this has changed; it is being sealed with the new key. Your text is kept"
            }
            Self::OwnerLeftOut => "A new key must go to the owner too; this one does not count",
            Self::TooBig(Size::Text) => "The text is too long; please shorten it",
            Self::TooBig(Size::Ops | Size::Change) => "Too much at once; please save in parts",
            Self::TooBig(Size::Heads) => {
                "Too many people edit at once; please sync, then save. Your text is kept"
            }
            Self::TooBig(Size::Document | Size::History) => {
                "This record is full; please start a new one. Your text is kept"
            }
            Self::Malformed(_) | Self::Poison { .. } => {
                "The data failed a check. Your text is kept; please save it again"
            }
            Self::Later(_) => "The server cannot take it now; it is tried again by itself",
        }
    }

    /// What the phone is told. Details (step, place of a panic) stay in the server's log.
    pub fn fate(self) -> Fate {
        let (zh, en) = (self.zh().to_string(), self.en().to_string());
        match self {
            Self::Duplicate => Fate::Duplicate(None),
            Self::MissingDeps(missing) => Fate::MissingDeps(missing),
            // Its author seals it with the new key as soon as that is there.
            Self::OldKey | Self::Later(_) => Fate::Retry,
            Self::NotAllowed { path, .. } => Fate::Refused(Refusal::Invalid(path, zh, en)),
            Self::Malformed(_) | Self::Poison { .. } => {
                Fate::Refused(Refusal::Unreadable(self.code().into()))
            }
            _ => Fate::Refused(Refusal::Rule(zh, en)),
        }
    }
}

impl From<Step> for Refused {
    fn from(step: Step) -> Self {
        Self::Malformed(step)
    }
}
