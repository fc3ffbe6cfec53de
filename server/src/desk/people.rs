//! Who is who: persons by id and staff number, and the persons behind aliases. Aliases never leave this
//! place except to their own person.

use crate::log::{Everybody, Placed};
use domain::{DocId, Who};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct People {
    by_id: HashMap<DocId, Who>,
    by_no: HashMap<String, DocId>,
    aliases: HashMap<DocId, DocId>,
}

impl People {
    pub fn new(everybody: Everybody) -> Self {
        let mut people = Self::default();
        everybody.people.into_iter().for_each(|who| people.describe(who));
        everybody.aliases.into_iter().for_each(|(alias, person)| people.name(alias, person));
        people
    }

    pub fn learn(&mut self, placed: &Placed) {
        placed.people.iter().for_each(|who| self.describe(who.clone()));
        placed.aliases.iter().for_each(|(alias, person)| self.name(*alias, *person));
    }

    /// A person as the log describes them, which says nothing about aliases.
    fn describe(&mut self, mut who: Who) {
        if let Some(before) = self.by_id.get(&who.person) {
            self.by_no.remove(&before.no);
            who.aliases.clone_from(&before.aliases);
        }
        if !who.no.is_empty() {
            self.by_no.insert(who.no.clone(), who.person);
        }
        self.by_id.insert(who.person, who);
    }

    fn name(&mut self, alias: DocId, person: DocId) {
        self.aliases.insert(alias, person);
        if let Some(who) = self.by_id.get_mut(&person)
            && !who.aliases.contains(&alias)
        {
            who.aliases.push(alias);
        }
    }

    pub fn who(&self, person: DocId) -> Option<Who> {
        self.by_id.get(&person).cloned()
    }
    /// Everybody with a post, whatever its term.
    pub fn officers(&self) -> impl Iterator<Item = &Who> {
        self.by_id.values().filter(|who| !who.posts.is_empty())
    }
    pub fn by_no(&self, no: &str) -> Option<Who> {
        self.by_no.get(no).and_then(|person| self.who(*person))
    }
    /// True when the id names a person or hides one.
    pub fn is_somebody(&self, id: DocId) -> bool {
        self.by_id.contains_key(&id) || self.aliases.contains_key(&id)
    }
    pub fn is_alias(&self, id: DocId) -> bool {
        self.aliases.contains_key(&id)
    }
    /// True when somebody else has this staff number.
    pub fn is_taken(&self, no: &str, person: DocId) -> bool {
        self.by_no.get(no).is_some_and(|holder| *holder != person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::OrgCode;

    fn who(person: u8, no: &str) -> Who {
        let (unit, name) = (OrgCode::new("LB"), "甲".into());
        let person = DocId([person; 16]);
        Who { person, no: no.into(), name, unit, member: true, posts: vec![], aliases: vec![] }
    }

    #[test]
    fn a_new_description_keeps_the_aliases_and_moves_the_number() {
        let alias = DocId([9; 16]);
        let everybody =
            Everybody { people: vec![who(1, "17")], aliases: vec![(alias, DocId([1; 16]))], devices: vec![] };
        let mut people = People::new(everybody);
        people.learn(&Placed { people: vec![who(1, "18")], ..Placed::default() });
        assert_eq!(people.by_no("17"), None);
        assert_eq!(people.by_no("18").unwrap().aliases, [alias]);
        assert!(people.is_somebody(alias) && people.is_taken("18", DocId([2; 16])));
        assert!(!people.is_taken("18", DocId([1; 16])));
    }
}
