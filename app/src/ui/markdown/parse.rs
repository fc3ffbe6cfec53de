//! From text to [`Node`]s. HTML becomes text, refused links lose their address and keep their words.

use super::href::safe_href;
use super::node::{Align, Node, plain_text};
use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag};

/// Deeper nesting than anybody means is flattened, so that no article can exhaust the stack.
const MAX_DEPTH: usize = 24;

/// Reads an article. Never fails: whatever is not understood is text.
pub fn parse(source: &str) -> Vec<Node> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::default();
    for event in Parser::new_ext(source, options) {
        builder.take(event);
    }
    builder.finish()
}

/// What is open: the tag and the nodes it has so far.
enum Frame {
    Inline(fn(Vec<Node>) -> Node, Vec<Node>),
    Heading(u8, Vec<Node>),
    List(Option<u64>, Vec<Node>),
    Link(Option<String>, Vec<Node>),
    Picture(Option<String>, Vec<Node>),
    Code(Vec<Node>),
    Table(Vec<Align>, Vec<Vec<Vec<Node>>>),
    Row(Vec<Vec<Node>>),
    Cell(Vec<Node>),
    /// Html blocks and everything we do not draw: its words go to whatever is around.
    Pass,
}

#[derive(Default)]
struct Builder {
    open: Vec<Frame>,
    done: Vec<Node>,
}

impl Builder {
    fn take(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(t) | Event::Html(t) | Event::InlineHtml(t) => self.push(Node::Text(t.into_string())),
            Event::Code(t) | Event::InlineMath(t) | Event::DisplayMath(t) => {
                self.push(Node::Code(t.into_string()))
            }
            Event::SoftBreak => self.push(Node::Text(" ".into())),
            Event::HardBreak => self.push(Node::Break),
            Event::Rule => self.push(Node::Rule),
            Event::TaskListMarker(done) => self.push(Node::Task(done)),
            Event::FootnoteReference(t) => self.push(Node::Text(format!("[{t}]"))),
        }
    }

    fn start(&mut self, tag: Tag) {
        let frame = match tag {
            _ if self.open.len() >= MAX_DEPTH => Frame::Pass,
            Tag::Paragraph => Frame::Inline(Node::Para, Vec::new()),
            Tag::Heading { level, .. } => Frame::Heading(level_number(level), Vec::new()),
            Tag::BlockQuote(_) => Frame::Inline(Node::Quote, Vec::new()),
            Tag::List(from) => Frame::List(from, Vec::new()),
            Tag::Item => Frame::Inline(Node::Item, Vec::new()),
            Tag::Strong => Frame::Inline(Node::Strong, Vec::new()),
            Tag::Emphasis => Frame::Inline(Node::Emphasis, Vec::new()),
            Tag::Strikethrough => Frame::Inline(Node::Strike, Vec::new()),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => Frame::Code(Vec::new()),
            Tag::HtmlBlock => Frame::Inline(Node::Para, Vec::new()),
            Tag::Link { dest_url, .. } => Frame::Link(safe_href(&dest_url), Vec::new()),
            Tag::Image { dest_url, .. } => Frame::Picture(picture_id(&dest_url), Vec::new()),
            Tag::Table(columns) => Frame::Table(columns.into_iter().map(align).collect(), Vec::new()),
            Tag::TableHead | Tag::TableRow => Frame::Row(Vec::new()),
            Tag::TableCell => Frame::Cell(Vec::new()),
            _ => Frame::Pass,
        };
        self.open.push(frame);
    }

    fn end(&mut self) {
        match self.open.pop() {
            None | Some(Frame::Pass) => {}
            Some(Frame::Inline(make, inner)) => self.push(make(inner)),
            Some(Frame::Heading(level, inner)) => self.push(Node::Heading(level, inner)),
            Some(Frame::List(from, items)) => self.push(Node::List(from, items)),
            Some(Frame::Link(Some(href), inner)) => self.push(Node::Link(href, inner)),
            Some(Frame::Link(None, inner)) => inner.into_iter().for_each(|node| self.push(node)),
            Some(Frame::Picture(id, inner)) => self.push(picture(id, plain_text(&inner))),
            Some(Frame::Code(inner)) => self.push(Node::CodeBlock(plain_text(&inner))),
            Some(Frame::Table(columns, rows)) => self.push(Node::Table(columns, rows)),
            Some(Frame::Row(cells)) => self.push_row(cells),
            Some(Frame::Cell(inner)) => self.push_cell(inner),
        }
    }

    /// Into the innermost frame that holds nodes; two texts beside each other become one.
    fn push(&mut self, node: Node) {
        let target = self.open.iter_mut().rev().find_map(Frame::nodes).unwrap_or(&mut self.done);
        match (target.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(more)) => before.push_str(&more),
            (_, node) => target.push(node),
        }
    }

    fn push_row(&mut self, row: Vec<Vec<Node>>) {
        if let Some(Frame::Table(_, rows)) = self.open.last_mut() {
            rows.push(row);
        }
    }

    fn push_cell(&mut self, cell: Vec<Node>) {
        if let Some(Frame::Row(cells)) = self.open.last_mut() {
            cells.push(cell);
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.end();
        }
        self.done
    }
}

impl Frame {
    fn nodes(&mut self) -> Option<&mut Vec<Node>> {
        match self {
            Frame::Inline(_, n) | Frame::Heading(_, n) | Frame::List(_, n) | Frame::Link(_, n) => Some(n),
            Frame::Picture(_, n) | Frame::Code(n) | Frame::Cell(n) => Some(n),
            Frame::Table(..) | Frame::Row(_) | Frame::Pass => None,
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::Right => Align::End,
        Alignment::Center => Align::Center,
        Alignment::None | Alignment::Left => Align::Start,
    }
}

/// The id of a picture of this record: `blob:` and then letters, digits, `-` and `_` only.
fn picture_id(dest: &str) -> Option<String> {
    let id = dest.strip_prefix("blob:")?;
    let plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    plain.then(|| id.to_string())
}

/// A picture from elsewhere is not fetched; its description stays.
fn picture(id: Option<String>, alt: String) -> Node {
    match id {
        Some(id) => Node::Picture(id, alt),
        None => Node::Text(format!("[{alt}]")),
    }
}
