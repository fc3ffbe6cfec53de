//! The rulebook's one question: may this person do this now, and where does it lead?
//! Asked by the button, by the phone before it keeps an act, and by the server before a receipt.

use crate::{By, Doc, Facts, Kind, Label, Refusal, Rule, Who, Word};

/// Where an allowed act leads.
pub type Verdict<S> = Result<S, Refusal>;

impl<K: Kind> Doc<K> {
    /// Folds the status from receipts; acts that wait follow the table as if they were accepted.
    pub(crate) fn fold(&mut self) {
        for i in 0..self.acts.len() {
            let told = self.acts[i].receipt.as_ref().and_then(|receipt| K::Status::parse(&receipt.to));
            let next = match told {
                Some(status) => status,
                None => self.expected(K::step(&self.acts[i].act)),
            };
            self.status = next;
            if self.acts[i].receipt.is_some() {
                self.settled = next;
            }
        }
    }

    fn expected(&self, step: K::Step) -> K::Status {
        let mut rules = K::RULES.iter();
        let rule = rules.find(|r| r.step == step && r.from.contains(&self.status) && self.meets(r));
        rule.and_then(|rule| rule.to).unwrap_or(self.status)
    }

    fn meets(&self, rule: &Rule<K>) -> bool {
        rule.when.as_ref().is_none_or(|when| (when.holds)(self))
    }

    /// May `who` do `step` in this state, by workflow and separation of duties? The button asks this; content is judged by [`Doc::judge`].
    pub fn may(&self, step: K::Step, who: &Who) -> Verdict<K::Status> {
        let lines: Vec<&Rule<K>> = K::RULES
            .iter()
            .filter(|r| r.step == step && r.from.contains(&self.status) && self.meets(r))
            .collect();
        if lines.is_empty() {
            return Err(Refusal::NotNow(Label::of(self.status)));
        }
        match lines.iter().find(|rule| self.any_of(rule.by, who)) {
            Some(rule) => match self.kept_apart(step, who) {
                None => Ok(rule.to.unwrap_or(self.status)),
                Some(refusal) => Err(refusal),
            },
            None => Err(needs(lines.iter().flat_map(|rule| rule.by))),
        }
    }

    /// The whole judgement of an act, content included.
    pub fn judge(&self, act: &K::Act, who: &Who, facts: &Facts) -> Verdict<K::Status> {
        let to = self.may(K::step(act), who)?;
        K::guard(self, act, who, facts)?;
        Ok(to)
    }

    /// May `who` write the body?
    pub fn may_edit(&self, who: &Who) -> Result<(), Refusal> {
        self.any_of(K::EDITORS, who).then_some(()).ok_or(Refusal::NotEditor)
    }

    /// May `who` begin this document?
    pub fn may_found(&self, who: &Who) -> Result<(), Refusal> {
        if K::only_id(self).is_some_and(|id| id != self.meta.id) {
            return Err(Refusal::Unreadable("id".into()));
        }
        let own = who.is(self.meta.owner) && (K::ALIAS || who.person == self.meta.owner);
        if (own || K::FOR_OTHERS) && self.any_of(K::FOUNDERS, who) {
            Ok(())
        } else {
            Err(needs(K::FOUNDERS.iter()))
        }
    }

    fn any_of(&self, by: &[By<K>], who: &Who) -> bool {
        by.iter().any(|one| self.is_by(one, who))
    }

    fn is_by(&self, by: &By<K>, who: &Who) -> bool {
        match by {
            By::Owner => who.is(self.meta.owner),
            By::Role(role) => who.holds(*role, &K::seat(self)),
            By::RoleAt(role, level) => who.holds(*role, &K::seat(self).at_level(*level)),
            By::Reader => {
                let scopes = crate::scopes_of(&K::readers(self));
                !scopes.is_disjoint(&crate::scopes_held(who))
            }
            By::Named(_, _, test) => test(self, who),
        }
    }
}

fn needs<'r, K: Kind>(by: impl Iterator<Item = &'r By<K>>) -> Refusal {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for one in by {
        let (z, e) = by_words(one);
        if !zh.contains(&z) {
            zh.push(z);
            en.push(e);
        }
    }
    Refusal::NeedsRole(zh.join("、"), en.join(", "))
}

/// Who a rule names, in words: for refusals and for the pictures of workflows.
pub fn by_words<K: Kind>(by: &By<K>) -> (String, String) {
    let level = |level: &u8| match level {
        1 => ("公司", "company "),
        2 => ("二级单位", "mine "),
        _ => ("分会", "branch "),
    };
    match by {
        By::Owner => ("提交人".into(), "who began it".into()),
        By::Role(role) => (role.zh().into(), role.en().to_lowercase()),
        By::RoleAt(role, at) => {
            let (zh, en) = level(at);
            let name = role.zh().trim_start_matches(zh);
            (format!("{zh}{name}"), format!("{en}{}", role.en().to_lowercase()))
        }
        By::Reader => ("可阅读的人".into(), "every reader".into()),
        By::Named(zh, en, _) => ((*zh).into(), (*en).into()),
    }
}
