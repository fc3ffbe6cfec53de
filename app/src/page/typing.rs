//! The words of one field between whoever types and the phone's disk. Nothing here knows a screen or a
//! worker, so that what happens when a write fails is tested without either.

use domain::{Edit, Value, text};

/// What stands in a field, what the disk has, and the write between them.
#[derive(Debug)]
pub struct Typing {
    /// What the disk has; while a write is under way, what it will have.
    base: String,
    typed: String,
    /// Long texts merge with others' typing; of a line the later edit wins whole.
    merges: bool,
    /// The write under way: from, to. One at a time, because a later one rests on it.
    sent: Option<(String, String)>,
}

impl Typing {
    /// A field as the disk has it.
    pub fn new(stored: &str, merges: bool) -> Self {
        Self { base: stored.into(), typed: stored.into(), merges, sent: None }
    }

    /// What the field shows.
    pub fn shown(&self) -> &str {
        &self.typed
    }

    /// The person typed.
    pub fn type_in(&mut self, words: &str) {
        self.typed = words.into();
    }

    /// Is anything typed that the disk does not have?
    pub fn is_unwritten(&self) -> bool {
        self.sent.is_some() || self.base != self.typed
    }

    /// The edit that brings the disk up to what was typed; counted as written until told otherwise.
    pub fn hand_over(&mut self, key: &str) -> Option<Edit> {
        if self.sent.is_some() || self.base == self.typed {
            return None;
        }
        let old = std::mem::replace(&mut self.base, self.typed.clone());
        let edit = if self.merges {
            Edit::Text { key: key.into(), base: old.clone(), text: self.typed.clone() }
        } else {
            Edit::Set { key: key.into(), value: Value::Str(self.typed.clone()) }
        };
        self.sent = Some((old, self.typed.clone()));
        Some(edit)
    }

    /// The disk has it.
    pub fn written(&mut self) {
        self.sent = None;
    }

    /// The disk does not have it: the words stay in the field and are handed over again.
    pub fn not_written(&mut self) {
        let Some((old, new)) = self.sent.take() else { return };
        if self.base == new {
            self.base = old;
        } else if self.merges {
            // Others' words came in meanwhile and took mine for written: they come back on top of them.
            self.typed = on_top(&old, &new, &self.typed);
        } else if self.typed == self.base {
            self.typed = new;
        }
    }

    /// The disk has `now`: that is shown, with what is typed and not yet written on top of it.
    pub fn take_in(&mut self, now: &str) {
        if self.base == now {
            return;
        }
        if self.base == self.typed {
            self.typed = now.into();
        } else if self.merges {
            self.typed = on_top(&self.base, &self.typed, now);
        }
        self.base = now.into();
    }
}

/// What was made of `base`, done to `now`.
fn on_top(base: &str, mine: &str, now: &str) -> String {
    match text::diff(base, mine) {
        None => now.into(),
        Some(change) => text::apply(now, &text::rebase(base, &change, now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(edit: Option<Edit>) -> (String, String) {
        match edit {
            Some(Edit::Text { base, text, .. }) => (base, text),
            other => panic!("a text edit, not {other:?}"),
        }
    }

    fn typed(words: &str) -> Typing {
        let mut field = Typing::new("井口", true);
        field.type_in(words);
        field
    }

    #[test]
    fn a_failed_write_is_handed_over_again() {
        let mut field = typed("井口送汤");
        assert_eq!(texts(field.hand_over("text")), ("井口".into(), "井口送汤".into()));
        field.not_written();
        assert_eq!((field.shown(), field.is_unwritten()), ("井口送汤", true));
        assert_eq!(texts(field.hand_over("text")), ("井口".into(), "井口送汤".into()), "the same again");
        field.written();
        assert!(!field.is_unwritten());
        assert_eq!(field.hand_over("text"), None);
    }

    #[test]
    fn what_is_typed_during_a_write_waits_for_its_answer() {
        let mut field = typed("井口送汤");
        field.hand_over("text");
        field.type_in("井口送汤。");
        assert_eq!(field.hand_over("text"), None, "one at a time");
        field.not_written();
        assert_eq!(texts(field.hand_over("text")), ("井口".into(), "井口送汤。".into()), "both in one");
        field.written();
        field.take_in("井口送汤。");
        assert_eq!(field.shown(), "井口送汤。");
    }

    #[test]
    fn a_write_whose_answer_was_lost_is_over_when_the_disk_shows_it() {
        let mut field = typed("井口送汤");
        field.hand_over("text");
        field.not_written();
        field.take_in("井口送汤");
        assert_eq!((field.shown(), field.is_unwritten()), ("井口送汤", false));
        assert_eq!(field.hand_over("text"), None);
    }

    #[test]
    fn others_words_and_a_failed_write_lose_nothing() {
        let mut field = typed("井口送汤");
        field.hand_over("text");
        field.take_in("东井口");
        field.not_written();
        assert_eq!(field.shown(), "东井口送汤");
        assert_eq!(texts(field.hand_over("text")), ("东井口".into(), "东井口送汤".into()));
    }

    #[test]
    fn others_words_come_under_what_is_being_typed() {
        let mut field = typed("井口送汤");
        field.take_in("东井口");
        assert_eq!(field.shown(), "东井口送汤");
    }

    #[test]
    fn of_a_line_the_words_of_two_are_never_mixed() {
        let mut field = Typing::new("news", false);
        field.type_in("honour");
        field.take_in("notice");
        assert_eq!(field.shown(), "honour");
        assert_eq!(
            field.hand_over("column"),
            Some(Edit::Set { key: "column".into(), value: Value::Str("honour".into()) })
        );
        field.take_in("policy");
        field.not_written();
        assert_eq!((field.shown(), field.is_unwritten()), ("honour", true));
    }
}
