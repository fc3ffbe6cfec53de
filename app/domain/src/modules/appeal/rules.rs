//! The workflow of a matter as a table.

use super::{Matter, MatterStatus as S, MatterStep as T, charge, extension_waits, handled_twice, place};
use crate::{Apart, By, Did, Role, Rule, When};

const OWNER: &[By<Matter>] = &[By::Owner];
const RIGHTS: &[By<Matter>] =
    &[By::Named("承办单位权益保障干事", "rights officer of the unit in charge", |doc, who| {
        who.holds(Role::Rights, &place(doc))
    })];
const HANDLER: &[By<Matter>] = &[By::Named("承办人", "the handler", |doc, who| {
    charge(doc).is_some_and(|charge| charge.handler == who.person)
})];
const CHAIR: &[By<Matter>] =
    &[By::Named("承办单位工会主席", "chair of the unit in charge", |doc, who| {
        let place = place(doc);
        let role = if place.level() == 1 { Role::CompanyChair } else { Role::UnitChair };
        who.holds(role, &place)
    })];

const FIRST: When<Matter> = When { zh: "第一次", en: "first time", holds: |doc| !handled_twice(doc) };
const AGAIN: When<Matter> =
    When { zh: "已二次办理", en: "after the second handling", holds: handled_twice };
const ASKED: When<Matter> =
    When { zh: "已申请延期", en: "more time was asked for", holds: extension_waits };
const NOT_ASKED: When<Matter> =
    When { zh: "没有待批的延期", en: "no request waits", holds: |doc| !extension_waits(doc) };

const fn line(
    from: &'static [S],
    step: T,
    by: &'static [By<Matter>],
    when: Option<When<Matter>>,
    to: Option<S>,
) -> Rule<Matter> {
    Rule { from, step, by, when, to }
}
const fn plain(from: &'static [S], step: T, by: &'static [By<Matter>], to: S) -> Rule<Matter> {
    line(from, step, by, None, Some(to))
}

pub(super) const RULES: &[Rule<Matter>] = &[
    plain(&[S::Draft], T::Submit, OWNER, S::Submitted),
    plain(&[S::Submitted], T::Register, RIGHTS, S::Registered),
    plain(&[S::Registered, S::Forwarded], T::Accept, RIGHTS, S::Accepted),
    plain(&[S::Registered], T::Decline, RIGHTS, S::Declined),
    plain(&[S::Registered], T::Forward, RIGHTS, S::Forwarded),
    plain(&[S::Forwarded], T::Object, RIGHTS, S::Registered),
    plain(&[S::Accepted, S::Assigned, S::Working], T::Assign, RIGHTS, S::Assigned),
    line(&[S::Second], T::Assign, RIGHTS, None, None),
    plain(&[S::Assigned], T::Start, HANDLER, S::Working),
    plain(&[S::Assigned, S::Working, S::Second], T::Answer, HANDLER, S::Answered),
    line(&[S::Assigned, S::Working], T::ProposeExtend, HANDLER, Some(NOT_ASKED), None),
    line(&[S::Assigned, S::Working], T::GrantExtend, CHAIR, Some(ASKED), None),
    plain(&[S::Answered], T::Rate, OWNER, S::Closed),
    line(&[S::Answered], T::RateBad, OWNER, Some(FIRST), Some(S::Second)),
    line(&[S::Answered], T::RateBad, OWNER, Some(AGAIN), Some(S::Closed)),
    plain(&[S::Answered, S::Closed], T::OpenAnswer, RIGHTS, S::Opened),
    plain(&[S::Answered, S::Closed, S::Opened, S::Declined, S::Withdrawn], T::Archive, RIGHTS, S::Archived),
    plain(
        &[
            S::Draft,
            S::Submitted,
            S::Registered,
            S::Forwarded,
            S::Accepted,
            S::Assigned,
            S::Working,
            S::Answered,
            S::Second,
        ],
        T::Withdraw,
        OWNER,
        S::Withdrawn,
    ),
];

/// 回避: who has an interest steps aside (条例 28). Nobody registers, handles, answers or files his own
/// matter, also not one that he raised under an alias; nobody grants what he asked for.
pub(super) const APART: &[Apart<Matter>] = &[
    Apart {
        did: Did::Owner,
        not: &[
            T::Register,
            T::Accept,
            T::Decline,
            T::Forward,
            T::Object,
            T::Assign,
            T::Start,
            T::Answer,
            T::ProposeExtend,
            T::GrantExtend,
            T::OpenAnswer,
            T::Archive,
        ],
        zh: "这是您自己提出的事项，按回避规定由其他人办理",
        en: "This is your own matter; somebody else has to handle it",
    },
    Apart {
        did: Did::Step { step: T::ProposeExtend, since: T::ProposeExtend },
        not: &[T::GrantExtend],
        zh: "延期申请人不能批准自己的申请",
        en: "Nobody grants his own request",
    },
];
