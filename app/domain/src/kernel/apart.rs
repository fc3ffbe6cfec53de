//! Separation of duties, as tables: who did one thing may not do another on the same document, and nobody
//! holds two posts that watch each other. Asked together with the workflow, so the button, the phone and
//! the server refuse alike, and the pages about workflows show it.

use crate::{Doc, Kind, Post, Refusal, Role, Who, Word};

/// What somebody did (or is) that keeps them from a step.
pub enum Did<K: Kind> {
    /// Began the document, also under an alias.
    Owner,
    /// Did `step` since the last `since` (that one included).
    Step {
        /// The step.
        step: K::Step,
        /// Where the round begins; the step itself for "did it last".
        since: K::Step,
    },
    /// Is somebody the document names: Chinese, English, test.
    Named(&'static str, &'static str, fn(&Doc<K>, &Who) -> bool),
}

/// One line of a kind's table [`Kind::APART`].
pub struct Apart<K: Kind> {
    /// Who did this …
    pub did: Did<K>,
    /// … may not do these.
    pub not: &'static [K::Step],
    /// The sentence of the refusal, Chinese.
    pub zh: &'static str,
    /// The sentence of the refusal, English.
    pub en: &'static str,
}

impl<K: Kind> Did<K> {
    fn is_true_of(&self, doc: &Doc<K>, who: &Who) -> bool {
        match self {
            Self::Owner => who.is(doc.meta.owner),
            Self::Named(_, _, test) => test(doc, who),
            Self::Step { step, since } => {
                let begin = doc.acts.iter().rposition(|done| K::step(&done.act) == *since).unwrap_or(0);
                doc.acts[begin..].iter().any(|done| K::step(&done.act) == *step && who.is(done.by))
            }
        }
    }
    fn words(&self) -> (String, String) {
        match self {
            Self::Owner => ("提交人".into(), "who began it".into()),
            Self::Named(zh, en, _) => ((*zh).into(), (*en).into()),
            Self::Step { step, .. } => {
                (format!("本轮办过“{}”的人", step.zh()), format!("who did “{}”", step.en()))
            }
        }
    }
}

impl<K: Kind> Doc<K> {
    /// The first line of the table that keeps this person from this step.
    pub(crate) fn kept_apart(&self, step: K::Step, who: &Who) -> Option<Refusal> {
        let mut lines = K::APART.iter().filter(|line| line.not.contains(&step));
        lines.find(|line| line.did.is_true_of(self, who)).map(|line| Refusal::rule(line.zh, line.en))
    }
}

/// The table in words, for pages about workflows: one line each, Chinese and English.
pub fn apart_words<K: Kind>() -> Vec<(String, String)> {
    let line = |line: &Apart<K>| {
        let (zh, en) = line.did.words();
        let steps = |word: fn(K::Step) -> &'static str, comma: &str| {
            line.not.iter().map(|step| word(*step)).collect::<Vec<_>>().join(comma)
        };
        (
            format!("{zh} ≠ {}：{}", steps(K::Step::zh, "、"), line.zh),
            format!("{en} ≠ {}: {}", steps(K::Step::en, ", "), line.en),
        )
    };
    K::APART.iter().map(line).collect()
}

/// Roles that no one person holds at the same time, in one company (三员分立, GB/T 22239 8.1.5).
pub const INCOMPATIBLE: &[(Role, Role)] = &[
    // Who runs the system is not who watches over it.
    (Role::Admin, Role::Auditor),
    // Who appoints people is not who examines appointments.
    (Role::Organiser, Role::Auditor),
];

/// The post among `held` that cannot be held together with `role`.
pub fn incompatible(role: Role, held: &[Post]) -> Option<&Post> {
    let watch =
        |one: Role, other: Role| INCOMPATIBLE.contains(&(one, other)) || INCOMPATIBLE.contains(&(other, one));
    held.iter().find(|post| watch(post.role, role))
}
