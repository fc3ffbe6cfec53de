//! One piece of news on its way: who wrote it, who reviewed it, who confirmed it.

use super::past::Past;
use crate::demo::stage::{Event, What};
use domain::modules::news::{ArticleAct, DraftAct, NewsBody, article_id};
use domain::{Body, DocId, OrgCode, Who, to_cbor};

/// How far a piece has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Only written.
    Written,
    /// Handed in, and this many reviews given.
    Reviewed(usize),
    /// Published.
    Out,
}

/// A piece of news.
pub struct Piece {
    /// Days ago it was written, and the hour.
    pub when: (i64, f64),
    /// Author and reviewers, by staff number, in the order of the reviews.
    pub path: &'static [&'static str],
    /// Unit it belongs to.
    pub unit: &'static str,
    /// How far it has come.
    pub stand: Stand,
    /// Its fields; dates in text and title are filled in.
    pub body: NewsBody,
    /// Staff numbers of who confirmed it.
    pub confirmed: Vec<String>,
}

impl Piece {
    /// Id of the draft; the same in every demo, so that tests can name it.
    pub fn id(&self) -> DocId {
        DocId::derive(&[b"demo.draft", self.body.title.as_bytes()])
    }

    /// What happened to it.
    pub fn events(&self, past: &Past) -> Vec<Event> {
        let (draft, start) = (self.id(), past.day(self.when.0, self.when.1));
        let event = |minutes: i64, no: &str, doc: DocId, what: What| Event {
            at_ms: past.after(start, minutes),
            no: no.into(),
            doc,
            what,
        };
        let author = self.path[0];
        let mut events = vec![event(0, author, draft, self.begin(past))];
        if self.stand != Stand::Written {
            events.push(event(35, author, draft, What::Act(to_cbor(&DraftAct::Submit))));
        }
        for (i, reviewer) in self.reviewers().iter().enumerate() {
            let opinion = if i == 0 { "同意，报上级审核".into() } else { String::new() };
            let approve = What::Act(to_cbor(&DraftAct::Approve { opinion }));
            events.push(event(80 + 50 * i as i64, reviewer, draft, approve));
        }
        let article = article_id(draft);
        let confirm =
            |(i, no): (usize, &String)| event(240 + 9 * i as i64, no, article, What::ActAs(confirmation));
        events.extend(self.confirmed.iter().enumerate().map(confirm));
        events
    }

    fn reviewers(&self) -> &[&'static str] {
        let all = &self.path[1..];
        match self.stand {
            Stand::Written => &[],
            Stand::Reviewed(count) => &all[..count],
            Stand::Out => all,
        }
    }

    fn begin(&self, past: &Past) -> What {
        let (unit, values) = (OrgCode::new(self.unit), self.filled(past).write());
        What::Begin { kind: "news.draft", unit, alias: None, values }
    }

    fn filled(&self, past: &Past) -> NewsBody {
        let body = self.body.clone();
        NewsBody {
            title: past.fill(&body.title),
            text: past.fill(&body.text),
            summary: past.fill(&body.summary),
            honour_doc_no: past.fill(&body.honour_doc_no),
            ..body
        }
    }
}

fn confirmation(who: &Who) -> Vec<u8> {
    to_cbor(&ArticleAct::Confirm { unit: who.unit.clone() })
}
