//! One appeal of the demo: who raised it, and what was done about it on which day.

use super::past::Past;
use crate::demo::stage::{Event, What};
use domain::modules::appeal::{Grade, MatterAct, MatterBody};
use domain::modules::org::person_id;
use domain::{Body, DocId, OrgCode, to_cbor};

/// An appeal.
pub struct Matter {
    /// Staff number of who raised it.
    pub by: &'static str,
    /// Unit it was handed to.
    pub unit: &'static str,
    /// What it says; `named` decides whether it is begun under an alias.
    pub body: MatterBody,
    /// Days before today on which it was written and handed in, and the hour.
    pub when: (i64, f64),
    /// What was done, in order: days before today, staff number, act.
    pub done: Vec<(i64, &'static str, MatterAct)>,
}

impl Matter {
    /// Its id; the same in every demo.
    pub fn id(&self) -> DocId {
        DocId::derive(&[b"demo.matter", self.body.title.as_bytes()])
    }

    /// What happened to it.
    pub fn events(&self, past: &Past) -> Vec<Event> {
        let doc = self.id();
        let start = past.day(self.when.0, self.when.1);
        let event = |at_ms: i64, no: &str, what: What| Event { at_ms, no: no.into(), doc, what };
        let mut last = past.after(start, 6);
        let mut events = vec![
            event(start, self.by, self.begin()),
            event(last, self.by, What::Act(to_cbor(&MatterAct::Submit))),
        ];
        for (days, no, act) in &self.done {
            last = past.after(last, 20).max(past.day(*days, 10.0));
            events.push(event(last, no, What::Act(to_cbor(act))));
        }
        events
    }

    fn begin(&self) -> What {
        // A random-looking name, as a phone would draw it; derived here, so that every demo is the same.
        let alias = || DocId::from_random(DocId::derive(&[b"demo.alias", &self.id().0]).0);
        let alias = (!self.body.named).then(alias);
        What::Begin { kind: "appeal.matter", unit: OrgCode::new(self.unit), alias, values: self.body.write() }
    }
}

/// Entered in the register.
pub fn register(note: &str) -> MatterAct {
    MatterAct::Register { note: note.into() }
}
/// Taken on.
pub fn accept() -> MatterAct {
    MatterAct::Accept {
        words: "属于工会受理范围，已受理，我们会在规定期限内答复您".into()
    }
}
/// Given to a handler.
pub fn assign(unit: &str, no: &str, name: &str) -> MatterAct {
    MatterAct::Assign {
        unit: OrgCode::new(unit),
        handler: person_id(no),
        handler_name: name.into(),
        co: vec![],
    }
}
/// Begun.
pub fn start() -> MatterAct {
    MatterAct::Start { words: String::new() }
}
/// Answered.
pub fn answer(text: &str) -> MatterAct {
    MatterAct::Answer { text: text.into() }
}
/// Rated by the person.
pub fn rate(grade: Grade, words: &str) -> MatterAct {
    MatterAct::Rate { grade, words: words.into() }
}
