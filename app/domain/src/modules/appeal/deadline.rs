//! Deadlines of a matter. They count from receipts only: a phone's clock moves none of them, and a
//! step that still waits on a phone neither starts nor stops one.

use super::{Matter, MatterAct, MatterStatus as S, MatterStep as T, Rank, extended_days, limit};
use crate::{Doc, Done, words};

words! {
    /// What has to be done.
    pub enum Duty {
        Register = "register", "登记", "Register", Info;
        Tell = "tell", "告知受理或转送去向", "Tell where it goes", Info;
        Object = "object", "退回不属于本单位的事项", "Give back what is not ours", Info;
        Assign = "assign", "交办", "Assign", Info;
        Finish = "finish", "办结答复", "Finish", Warn;
        Second = "second", "二次办理答复", "Second answer", Warn;
        Review = "review", "评价或请求复查", "Rate, or ask for review", Info;
    }
}

/// Something that is to be done by a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What.
    pub what: Duty,
    /// Last moment, UTC ms: midnight in Beijing.
    pub due_ms: i64,
    /// Article or rule, in Chinese.
    pub source: &'static str,
    /// Law, or the company's own shorter limit.
    pub rank: Rank,
    /// Done already, by receipt.
    pub met_ms: Option<i64>,
}

impl Deadline {
    /// Still to be done.
    pub fn is_open(&self) -> bool {
        self.met_ms.is_none()
    }
    /// True for what the union owes; the person's own time limits are not overdue.
    pub fn binds_union(&self) -> bool {
        !matches!(self.what, Duty::Review | Duty::Object)
    }
}

/// Every deadline that the receipted acts have started, met ones included, in the order they started.
pub fn deadlines(doc: &Doc<Matter>) -> Vec<Deadline> {
    let acts: Vec<&Done<MatterAct>> = doc.acts.iter().filter(|done| done.receipt.is_some()).collect();
    let mut out = Vec::new();
    for (i, done) in acts.iter().enumerate() {
        let Some(start) = done.receipt.as_ref().map(|receipt| receipt.at_ms) else { continue };
        for (what, key, stops) in started_by(doc, done) {
            let met = acts[i + 1..].iter().find(|later| stops.contains(&later.act.step()));
            let met_ms = met.and_then(|later| later.receipt.as_ref()).map(|receipt| receipt.at_ms);
            let more = if what == Duty::Finish { extended_days(doc) } else { 0 };
            let line = |rank| {
                let limit = limit(key, rank, start)?;
                Some(Deadline { what, due_ms: limit.end(start, more), source: limit.source, rank, met_ms })
            };
            out.extend([Rank::Law, Rank::Inner].into_iter().filter_map(line));
        }
    }
    out
}

type Started = (Duty, &'static str, &'static [T]);

/// The clocks that an act starts: what, key of the limit, and the steps that stop it. The person's
/// withdrawal stops them all.
fn started_by(doc: &Doc<Matter>, done: &Done<MatterAct>) -> Vec<Started> {
    const TOLD: &[T] = &[T::Accept, T::Decline, T::Forward, T::Withdraw];
    let register = (Duty::Register, "register", &[T::Register, T::Withdraw][..]);
    match done.act.step() {
        T::Submit if doc.body.urgent => {
            vec![
                register,
                (Duty::Register, "register_urgent", &[T::Register, T::Withdraw]),
                (Duty::Tell, "tell", TOLD),
            ]
        }
        T::Submit => vec![register, (Duty::Tell, "tell", TOLD)],
        T::Forward => vec![
            (Duty::Object, "object", &[T::Accept, T::Object, T::Withdraw]),
            (Duty::Tell, "tell", &[T::Accept, T::Object, T::Withdraw]),
        ],
        T::Object => vec![(Duty::Tell, "tell", TOLD)],
        T::Accept => vec![
            (Duty::Assign, "assign", &[T::Assign, T::Withdraw]),
            (Duty::Finish, "finish", &[T::Answer, T::Withdraw]),
        ],
        T::RateBad if first_bad(doc, done) => vec![(Duty::Second, "second", &[T::Answer, T::Withdraw])],
        T::Answer => {
            vec![(Duty::Review, "review", &[T::Rate, T::RateBad, T::OpenAnswer, T::Archive, T::Withdraw])]
        }
        _ => vec![],
    }
}

fn first_bad(doc: &Doc<Matter>, done: &Done<MatterAct>) -> bool {
    doc.steps(T::RateBad).next().is_some_and(|first| first.id == done.id)
}

/// Deadlines that are not met yet, nearest first.
pub fn open_deadlines(doc: &Doc<Matter>) -> Vec<Deadline> {
    if doc.settled == S::Archived {
        return vec![];
    }
    let mut open: Vec<Deadline> = deadlines(doc).into_iter().filter(Deadline::is_open).collect();
    open.sort_by_key(|deadline| deadline.due_ms);
    open
}

/// What the union owes and did not do by `now_ms` (official time, UTC ms), longest overdue first.
pub fn overdue(doc: &Doc<Matter>, now_ms: i64) -> Vec<Deadline> {
    let late = |deadline: &Deadline| deadline.binds_union() && deadline.due_ms < now_ms;
    open_deadlines(doc).into_iter().filter(late).collect()
}
