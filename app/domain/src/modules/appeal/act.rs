//! What is decided about a matter, with the words for steps and states.

use super::Grade;
use crate::{DocId, OrgCode, words};
use serde::{Deserialize, Serialize};

/// What is decided about a matter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterAct {
    /// Hands it in; the receipt gives the number and starts the clock.
    Submit,
    /// Enters it in the register (条例 22, 23).
    Register {
        /// How it will be handled; the person reads this. May be empty.
        note: String,
    },
    /// Takes it on; the 60 days begin (条例 34).
    Accept {
        /// Words to the person; may be empty.
        words: String,
    },
    /// Does not take it on.
    Decline {
        /// Why.
        reason: String,
        /// Where the person can go instead; the law asks for it (条例 23).
        where_to: String,
    },
    /// Sends it to the unit whose matter it is.
    Forward {
        /// That unit: the company or a mine.
        to: OrgCode,
        /// Why.
        reason: String,
    },
    /// "Not our matter": the receiving unit gives it back within 5 working days (条例 23).
    Object {
        /// Why, in detail.
        reason: String,
    },
    /// Names who handles it.
    Assign {
        /// Unit in charge.
        unit: OrgCode,
        /// Person in charge.
        handler: DocId,
        /// Name of the person in charge, for people who cannot look it up.
        handler_name: String,
        /// Units that help.
        co: Vec<OrgCode>,
    },
    /// The handler signs for it and begins.
    Start {
        /// Words to the person; may be empty.
        words: String,
    },
    /// The written answer.
    Answer {
        /// Its text.
        text: String,
    },
    /// The handler asks for more time.
    ProposeExtend {
        /// Why; the person is told (条例 34).
        reason: String,
        /// At most 30.
        days: i64,
    },
    /// The chair allows what was proposed.
    GrantExtend {
        /// Words; may be empty.
        words: String,
    },
    /// The person says how the answer is.
    Rate {
        /// One of four.
        grade: Grade,
        /// Words; must not be empty when not satisfied.
        words: String,
    },
    /// Puts a de-identified answer before all staff.
    OpenAnswer {
        /// Title for all.
        title: String,
        /// Text for all.
        text: String,
    },
    /// Files it.
    Archive,
    /// The person takes it back.
    Withdraw {
        /// Why; may be empty.
        reason: String,
    },
}

words! {
    /// Steps of a matter.
    pub enum MatterStep {
        Submit = "submit", "提交", "Submit", Info;
        Register = "register", "登记", "Register", Info;
        Accept = "accept", "受理", "Accept", Ok;
        Decline = "decline", "不予受理", "Decline", Warn;
        Forward = "forward", "转交", "Forward", Info;
        Object = "object", "退回转交", "Give back", Warn;
        Assign = "assign", "交办", "Assign", Info;
        Start = "start", "开始办理", "Begin", Info;
        Answer = "answer", "答复", "Answer", Ok;
        ProposeExtend = "propose_extend", "申请延期", "Ask for more time", Warn;
        GrantExtend = "grant_extend", "批准延期", "Grant more time", Info;
        Rate = "rate", "评价满意", "Rate: satisfied", Ok;
        RateBad = "rate_bad", "评价不满意", "Rate: not satisfied", Warn;
        OpenAnswer = "open_answer", "公开答复", "Answer openly", Ok;
        Archive = "archive", "归档", "Archive", Off;
        Withdraw = "withdraw", "撤回", "Withdraw", Off;
    }
}
words! {
    /// States of a matter.
    pub enum MatterStatus {
        Draft = "draft", "草稿", "Draft", Off;
        Submitted = "submitted", "已提交", "Submitted", Info;
        Registered = "registered", "已登记", "Registered", Info;
        Declined = "declined", "不予受理", "Declined", Warn;
        Forwarded = "forwarded", "已转交", "Forwarded", Info;
        Accepted = "accepted", "已受理", "Accepted", Info;
        Assigned = "assigned", "已交办", "Assigned", Info;
        Working = "working", "办理中", "Being handled", Info;
        Answered = "answered", "已答复", "Answered", Ok;
        Second = "second", "二次办理", "Second handling", Warn;
        Closed = "closed", "已办结", "Closed", Ok;
        Opened = "opened", "已公开", "Answered openly", Ok;
        Archived = "archived", "已归档", "Archived", Off;
        Withdrawn = "withdrawn", "已撤回", "Withdrawn", Off;
    }
}

impl MatterAct {
    /// The step it is. A bad rating is a step of its own: it leads elsewhere.
    pub fn step(&self) -> MatterStep {
        match self {
            Self::Submit => MatterStep::Submit,
            Self::Register { .. } => MatterStep::Register,
            Self::Accept { .. } => MatterStep::Accept,
            Self::Decline { .. } => MatterStep::Decline,
            Self::Forward { .. } => MatterStep::Forward,
            Self::Object { .. } => MatterStep::Object,
            Self::Assign { .. } => MatterStep::Assign,
            Self::Start { .. } => MatterStep::Start,
            Self::Answer { .. } => MatterStep::Answer,
            Self::ProposeExtend { .. } => MatterStep::ProposeExtend,
            Self::GrantExtend { .. } => MatterStep::GrantExtend,
            Self::Rate { grade: Grade::Dissatisfied, .. } => MatterStep::RateBad,
            Self::Rate { .. } => MatterStep::Rate,
            Self::OpenAnswer { .. } => MatterStep::OpenAnswer,
            Self::Archive => MatterStep::Archive,
            Self::Withdraw { .. } => MatterStep::Withdraw,
        }
    }
    /// Without what people wrote: what the server needs of it to keep order, places and deadlines.
    pub fn hushed(&self) -> Self {
        let none = String::new;
        match self.clone() {
            Self::Register { .. } => Self::Register { note: none() },
            Self::Accept { .. } => Self::Accept { words: none() },
            Self::Decline { .. } => Self::Decline { reason: none(), where_to: none() },
            Self::Forward { to, .. } => Self::Forward { to, reason: none() },
            Self::Object { .. } => Self::Object { reason: none() },
            Self::Start { .. } => Self::Start { words: none() },
            Self::Answer { .. } => Self::Answer { text: none() },
            Self::ProposeExtend { days, .. } => Self::ProposeExtend { reason: none(), days },
            Self::GrantExtend { .. } => Self::GrantExtend { words: none() },
            Self::Rate { grade, .. } => Self::Rate { grade, words: none() },
            Self::OpenAnswer { .. } => Self::OpenAnswer { title: none(), text: none() },
            Self::Withdraw { .. } => Self::Withdraw { reason: none() },
            Self::Submit | Self::Assign { .. } | Self::Archive => self.clone(),
        }
    }
    /// What it says, for the timeline.
    pub fn words(&self) -> String {
        match self {
            Self::Submit | Self::Archive => String::new(),
            Self::Register { note: words }
            | Self::Accept { words }
            | Self::Start { words }
            | Self::GrantExtend { words }
            | Self::Object { reason: words }
            | Self::Answer { text: words }
            | Self::OpenAnswer { text: words, .. }
            | Self::Withdraw { reason: words } => words.clone(),
            Self::Decline { reason, where_to } => format!("{reason}；可向{where_to}提出"),
            Self::Forward { to, reason } => format!("{to}：{reason}"),
            Self::Assign { unit, handler_name, .. } => format!("{unit} {handler_name}"),
            Self::ProposeExtend { reason, days } => format!("{days} 天：{reason}"),
            Self::Rate { grade, words } if words.is_empty() => crate::Word::zh(*grade).into(),
            Self::Rate { grade, words } => format!("{}：{words}", crate::Word::zh(*grade)),
        }
    }
}
