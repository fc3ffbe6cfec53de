//! A phone: one matter that its owner writes, an outbox that only an answer empties, cursors.

use crate::books::Entry;
use crate::line::{Line, Reply};
use crate::town::Person;
use domain::{DocId, Edit, Hash, Meta, Scope, crdt};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use sync::{Fate, Frame, Item, PROTO, Push, Request};

pub struct Phone {
    line: Line,
    device: String,
    epoch: String,
    cursors: BTreeMap<Scope, u64>,
    doc: DocId,
    /// Changes in order, with their names.
    waiting: VecDeque<(u64, Hash, Vec<u8>)>,
    pub acknowledged: Vec<Entry>,
    pub refused: usize,
    pub put_off: usize,
}

/// An answer that came too late or not at all is asked for again after so long.
const AGAIN: Duration = Duration::from_millis(500);

impl Phone {
    /// With a matter just begun and so many edits of it, all still to be sent.
    pub fn new(address: &str, person: &Person, edits: usize) -> Self {
        let kind = domain::modules::kind("appeal.matter").expect("a kind");
        let doc = DocId::from_random(DocId::derive(&[b"load", &person.id.0]).0);
        let actor = DocId::derive(&[b"actor", &person.id.0]).0;
        let (owner, unit) = (person.id, person.unit.clone());
        let meta = Meta { id: doc, kind: kind.name().into(), owner, unit, born_ms: 1_795_000_000_000 };
        let mut body = crdt::birth(actor, &meta, kind.fields(), &kind.sample()).expect("the sample fits");
        let mut raws = vec![body.get_changes(&[])[0].raw_bytes().to_vec()];
        let mut text = match kind.sample().remove("text") {
            Some(domain::Value::Str(text)) => text,
            _ => String::new(),
        };
        for i in 0..edits {
            let base = text.clone();
            text.push_str(&format!("第{i}句话。"));
            let edit = Edit::Text { key: "text".into(), base, text: text.clone() };
            let raw = crdt::edit(&mut body, actor, kind.fields(), &[edit]).expect("an edit");
            raws.push(raw.expect("it differs"));
        }
        let named = |(i, raw): (usize, Vec<u8>)| {
            let hash = server::gate::peek(&raw).expect("an honest change").0;
            (i as u64, hash, raw)
        };
        Self {
            line: Line::new(address, person),
            device: doc.to_string(),
            epoch: String::new(),
            cursors: BTreeMap::new(),
            doc,
            waiting: raws.into_iter().enumerate().map(named).collect(),
            acknowledged: vec![],
            refused: 0,
            put_off: 0,
        }
    }

    /// The connection is gone; what is acknowledged so far is not what comes up later.
    pub fn go_down(&mut self) {
        self.line.hang_up();
        self.acknowledged.clear();
    }

    pub fn waits(&self) -> usize {
        self.waiting.len()
    }

    /// Sends the first so many that wait, until they are acknowledged, and takes all that the server has.
    pub async fn send(&mut self, many: usize) {
        let goal = self.waiting.len().saturating_sub(many);
        loop {
            let more = self.round(self.waiting.len() - goal).await;
            if !more && self.waiting.len() <= goal {
                return;
            }
        }
    }

    /// One request. True when the server has more.
    async fn round(&mut self, many: usize) -> bool {
        let push = |(seq, _, raw): &(u64, Hash, Vec<u8>)| {
            let item = Item::Change(ByteBuf::from(raw.clone()));
            Push { seq: *seq, doc: self.doc, item }
        };
        let request = Request {
            proto: PROTO,
            device: self.device.clone(),
            epoch: self.epoch.clone(),
            cursors: self.cursors.clone(),
            push: self.waiting.iter().take(many).map(push).collect(),
            want: vec![],
            seen: None,
            keys: vec![],
        };
        match self.line.sync(&request).await {
            Ok(Reply::Frames(frames)) => {
                // All of them are heard, not just up to the first that says "more".
                let more: Vec<bool> = frames.into_iter().map(|frame| self.hear(frame)).collect();
                more.contains(&true)
            }
            Ok(Reply::Later(time)) => {
                self.put_off += 1;
                tokio::time::sleep(time).await;
                false
            }
            Err(_) => {
                self.put_off += 1;
                tokio::time::sleep(AGAIN).await;
                false
            }
        }
    }

    fn hear(&mut self, frame: Frame) -> bool {
        match frame {
            Frame::Ack { seq, fate } => self.settle(seq, &fate),
            Frame::Cursors(cursors) => self.cursors = cursors,
            Frame::End(end) => {
                self.epoch = end.epoch;
                return end.more;
            }
            _ => {}
        }
        false
    }

    fn settle(&mut self, seq: u64, fate: &Fate) {
        let Some(at) = self.waiting.iter().position(|(of, ..)| *of == seq) else { return };
        match fate {
            Fate::Accepted(_) | Fate::Duplicate(_) => {
                let (_, hash, _) = self.waiting.remove(at).expect("found");
                self.acknowledged.push(Entry { doc: self.doc, hash });
            }
            Fate::Refused(refusal) => {
                eprintln!("refused: {}", refusal.en());
                self.waiting.remove(at);
                self.refused += 1;
            }
            Fate::Retry | Fate::MissingDeps(_) => self.put_off += 1,
        }
    }
}
