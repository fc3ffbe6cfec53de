//! Pages: documents and cursors that a phone writes in one go. A cut link loses at most one page.

use crate::log::{Body, Copy};
use domain::{Entry, Scope};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;
use sync::{BodyFrame, DocFrame, Frame, PAGE_BYTES, PAGE_DOCS};

/// How much goes on a page and into an answer.
#[derive(Clone, Copy, Debug)]
pub struct Pages {
    /// Documents on a page, at most.
    pub docs: usize,
    /// Bytes of a page, about.
    pub bytes: usize,
    /// Bytes of the first page of an answer; each further one holds twice as many, up to `bytes`. A new phone on a
    /// weak line shows its first news after this much.
    pub first_bytes: usize,
    /// Pages in one answer. With the usual ones a cold phone has 12,000 documents after one request.
    pub pages: usize,
    /// Bytes of one answer, about.
    pub answer_bytes: usize,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            docs: PAGE_DOCS,
            bytes: PAGE_BYTES,
            first_bytes: 32 * 1024,
            pages: 40,
            answer_bytes: 8 * 1024 * 1024,
        }
    }
}

/// A page being filled.
#[derive(Default)]
pub(super) struct Page {
    frames: Vec<Frame>,
    docs: usize,
    bytes: usize,
}

impl Page {
    /// Full, when so many pages of the answer went before it?
    pub fn is_full(&self, pages: &Pages, sent: usize) -> bool {
        let grown = pages.first_bytes.saturating_mul(1 << sent.min(16));
        self.docs >= pages.docs || self.bytes >= grown.min(pages.bytes)
    }
    /// True when nothing is on it.
    pub fn is_blank(&self) -> bool {
        self.frames.is_empty()
    }
    pub fn bytes(&self) -> usize {
        self.bytes
    }
    pub fn put_doc(&mut self, frame: DocFrame) {
        self.docs += 1;
        self.bytes += size_of(&frame);
        self.frames.push(Frame::Doc(Box::new(frame)));
    }
    pub fn put(&mut self, frame: Frame) {
        self.bytes += 60;
        self.frames.push(frame);
    }
    /// Ends the page.
    pub fn close(mut self, cursors: BTreeMap<Scope, u64>) -> Vec<Frame> {
        self.frames.push(Frame::Cursors(cursors));
        self.frames
    }
}

/// Acts in one frame. A notice that five thousand people confirmed comes to its officers in pieces, because a
/// frame has an upper limit on the phone.
const ACTS: usize = 1_000;

/// A document as frames: the first has the body, the others more acts. A page never holds two of one
/// document, so each further one starts a page.
pub(super) fn frames_of(copy: Copy) -> Vec<DocFrame> {
    let Copy { id, kind, scopes, row, body, acts } = copy;
    let body = match body {
        Body::None => BodyFrame::None,
        Body::Snapshot(bytes) => BodyFrame::Snapshot(ByteBuf::from(bytes)),
        Body::Delta(changes) => BodyFrame::Delta(changes.into_iter().map(ByteBuf::from).collect()),
    };
    let mut pieces = acts.chunks(ACTS).map(<[Entry]>::to_vec);
    let first = DocFrame { id, kind, scopes, body, acts: pieces.next().unwrap_or_default(), row };
    let bare = DocFrame { body: BodyFrame::None, acts: vec![], ..first.clone() };
    let more: Vec<DocFrame> = pieces.map(|acts| DocFrame { acts, ..bare.clone() }).collect();
    [first].into_iter().chain(more).collect()
}

/// About how many bytes a document takes on the wire.
fn size_of(frame: &DocFrame) -> usize {
    let body = match &frame.body {
        BodyFrame::None => 0,
        BodyFrame::Snapshot(bytes) => bytes.len(),
        BodyFrame::Delta(changes) => changes.iter().map(|change| change.len() + 4).sum(),
    };
    let acts: usize = frame.acts.iter().map(|entry| entry.act.len() + 34 * entry.about.len() + 260).sum();
    let facts: usize = frame.row.facts.iter().map(|(key, value)| key.len() + value.len() + 4).sum();
    let scopes: usize = frame.scopes.iter().map(|scope| scope.0.len() + 2).sum();
    body + acts + facts + scopes + frame.row.title.len() + frame.row.note.len() + 320
}

#[cfg(test)]
mod tests {
    use super::{Page, Pages};

    #[test]
    fn the_first_page_is_small_and_the_others_grow_to_the_usual_size() {
        let pages = Pages { docs: 1_000, bytes: 400, first_bytes: 100, ..Pages::default() };
        let full_at = |sent| {
            let mut page = Page { bytes: 99, ..Page::default() };
            while !page.is_full(&pages, sent) {
                page.bytes += 1;
            }
            page.bytes
        };
        assert_eq!([0, 1, 2, 3, 60].map(full_at), [100, 200, 400, 400, 400]);
    }
}
