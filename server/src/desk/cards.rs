//! To which keys a secret is wrapped so that these people can read it. Answered from memory, not carried as
//! documents: a device's document says where a phone was lost, and its keys are everybody's business.

use super::Desk;
use crate::log::Log;
use domain::{Card, DocId, Scope, scopes_held};
use std::collections::BTreeSet;

impl<L: Log> Desk<L> {
    /// The keys of this person's enrolled devices, in the order of their ids.
    pub fn devices_of(&self, person: DocId) -> Vec<Card> {
        let mut cards: Vec<Card> = self.shared.devices(|devices| devices.cards(person).collect());
        cards.sort_by_key(|card| card.device);
        cards
    }

    /// The keys of everybody who holds one of these scopes at this moment: posts (`role:`, `officers:`) and
    /// single persons (`person:`). Never of the person behind an alias, and never of a whole unit.
    pub fn cards_of(&self, scopes: &BTreeSet<Scope>, now_ms: i64) -> Vec<Card> {
        let mut people: BTreeSet<DocId> = self.shared.people(|people| {
            let holds = |who: &&domain::Who| {
                let of_posts = scopes_held(&domain::Who { aliases: vec![], ..(*who).clone() }.at(now_ms));
                scopes.iter().filter(|scope| is_of_posts(scope)).any(|scope| of_posts.contains(scope))
            };
            people.officers().filter(holds).map(|who| who.person).collect()
        });
        let named = scopes.iter().filter_map(|scope| DocId::parse(scope.0.strip_prefix("person:")?));
        people.extend(named.filter(|id| self.shared.who(*id).is_some()));
        people.into_iter().flat_map(|person| self.devices_of(person)).collect()
    }
}

fn is_of_posts(scope: &Scope) -> bool {
    scope.0.starts_with("role:") || scope.0.starts_with("officers:")
}
