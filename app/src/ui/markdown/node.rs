//! The little tree between parser and page: only what we know how to draw.

/// How a column of a table is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Start,
    /// In the middle.
    Center,
    /// At the right.
    End,
}

/// A piece of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Words.
    Text(String),
    /// A line end that the author wanted.
    Break,
    /// A line across.
    Rule,
    /// Heading, 1 is the largest.
    Heading(u8, Vec<Node>),
    /// Paragraph.
    Para(Vec<Node>),
    /// Quotation.
    Quote(Vec<Node>),
    /// List; numbered from the given number, or with dots.
    List(Option<u64>, Vec<Node>),
    /// A thing of a list.
    Item(Vec<Node>),
    /// The box of a task.
    Task(bool),
    /// Strong words.
    Strong(Vec<Node>),
    /// Emphasis; drawn without slant, as Han text has none.
    Emphasis(Vec<Node>),
    /// Struck words.
    Strike(Vec<Node>),
    /// Literal words in a line.
    Code(String),
    /// Literal lines.
    CodeBlock(String),
    /// A link whose address has passed [`super::safe_href`].
    Link(String, Vec<Node>),
    /// A picture of the record: its id and what it shows.
    Picture(String, String),
    /// Table: settings of the columns, then rows of cells; the first row is the head.
    Table(Vec<Align>, Vec<Vec<Vec<Node>>>),
}

/// The words alone, for descriptions of pictures, previews and search.
pub fn plain_text(nodes: &[Node]) -> String {
    let mut out = String::new();
    nodes.iter().for_each(|node| push_words(node, &mut out));
    out
}

fn push_words(node: &Node, out: &mut String) {
    match node {
        Node::Text(words) | Node::Code(words) | Node::CodeBlock(words) | Node::Picture(_, words) => {
            out.push_str(words)
        }
        Node::Break | Node::Rule => out.push('\n'),
        Node::Task(_) => {}
        Node::Heading(_, inner) | Node::Para(inner) | Node::Item(inner) => {
            inner.iter().for_each(|n| push_words(n, out));
            out.push('\n');
        }
        Node::Quote(inner) | Node::List(_, inner) | Node::Strong(inner) | Node::Emphasis(inner) => {
            inner.iter().for_each(|n| push_words(n, out));
        }
        Node::Strike(inner) | Node::Link(_, inner) => inner.iter().for_each(|n| push_words(n, out)),
        Node::Table(_, rows) => rows.iter().flatten().for_each(|cell| {
            cell.iter().for_each(|n| push_words(n, out));
            out.push(' ');
        }),
    }
}
