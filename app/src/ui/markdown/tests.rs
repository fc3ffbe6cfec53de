//! What an article may and may not do. The attacks are those of the OWASP filter-evasion list and of the Markdown
//! sanitiser advisories of recent years, written for a renderer whose output is a tree: an attack has won when a
//! link with a foreign scheme or a picture from elsewhere stands in the tree. HTML cannot win, it has no node.

use super::{Align, Node, parse, plain_text, safe_href};

fn text(words: &str) -> Node {
    Node::Text(words.into())
}

/// All addresses in the tree, however deep.
fn addresses(nodes: &[Node], out: &mut Vec<String>) {
    for node in nodes {
        match node {
            Node::Link(href, inner) => {
                out.push(href.clone());
                addresses(inner, out);
            }
            Node::Picture(id, _) => out.push(format!("picture {id}")),
            Node::Heading(_, n) | Node::Para(n) | Node::Quote(n) | Node::List(_, n) | Node::Item(n) => {
                addresses(n, out)
            }
            Node::Strong(n) | Node::Emphasis(n) | Node::Strike(n) => addresses(n, out),
            Node::Table(_, rows) => rows.iter().flatten().for_each(|cell| addresses(cell, out)),
            Node::Text(_) | Node::Break | Node::Rule | Node::Task(_) | Node::Code(_) | Node::CodeBlock(_) => {
            }
        }
    }
}

fn addresses_of(source: &str) -> Vec<String> {
    let mut out = Vec::new();
    addresses(&parse(source), &mut out);
    out
}

fn depth(nodes: &[Node]) -> usize {
    let inner = |n: &Node| match n {
        Node::Heading(_, n) | Node::Para(n) | Node::Quote(n) | Node::List(_, n) | Node::Item(n) => depth(n),
        Node::Strong(n) | Node::Emphasis(n) | Node::Strike(n) | Node::Link(_, n) => depth(n),
        _ => 0,
    };
    nodes.iter().map(inner).max().map_or(0, |d| d + 1)
}

#[test]
fn an_ordinary_notice_is_read_as_meant() {
    let nodes = parse("## 通知\n\n请**今天**到 [报名](/activities/7)。\n\n1. 带证件\n2. 带水杯\n");
    assert_eq!(nodes[0], Node::Heading(2, vec![text("通知")]));
    let Node::Para(para) = &nodes[1] else { panic!("a paragraph follows: {nodes:?}") };
    assert_eq!(para[1], Node::Strong(vec![text("今天")]));
    assert_eq!(para[3], Node::Link("/activities/7".into(), vec![text("报名")]));
    let items = vec![Node::Item(vec![text("带证件")]), Node::Item(vec![text("带水杯")])];
    assert_eq!(nodes[2], Node::List(Some(1), items));
}

#[test]
fn tables_keep_their_columns_and_rows() {
    let nodes = parse("|科目|金额|\n|:--|--:|\n|帮扶|1,200|\n");
    let row = |a: &str, b: &str| vec![vec![text(a)], vec![text(b)]];
    assert_eq!(
        nodes,
        [Node::Table(vec![Align::Start, Align::End], vec![row("科目", "金额"), row("帮扶", "1,200")])]
    );
}

#[test]
fn tasks_strikes_and_breaks_are_known() {
    let nodes = parse("- [x] 已办\n- [ ] ~~旧~~\n");
    let Node::List(None, items) = &nodes[0] else { panic!("a list: {nodes:?}") };
    assert_eq!(items[0], Node::Item(vec![Node::Task(true), text("已办")]));
    assert_eq!(items[1], Node::Item(vec![Node::Task(false), Node::Strike(vec![text("旧")])]));
    assert_eq!(parse("a  \nb"), [Node::Para(vec![text("a"), Node::Break, text("b")])]);
}

#[test]
fn pictures_come_from_the_record_only() {
    assert_eq!(
        parse("![矿区](blob:a1-b2_c3)"),
        [Node::Para(vec![Node::Picture("a1-b2_c3".into(), "矿区".into())])]
    );
    for foreign in [
        "![x](https://evil.example/pixel.gif)",
        "![x](//evil.example/p)",
        "![x](/blobs/1)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "![x](javascript:alert(1))",
        "![x](blob:https://evil.example/1)",
        "![x](blob:../../etc)",
        "![x](blob:)",
        "![x](BLOB:a)",
    ] {
        assert_eq!(addresses_of(foreign), Vec::<String>::new(), "{foreign}");
        assert!(plain_text(&parse(foreign)).contains("[x]"), "the description stays: {foreign}");
    }
}

#[test]
fn html_is_shown_as_the_text_it_is() {
    for html in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<details open ontoggle=alert(1)>",
        "<form action=javascript:alert(1)><input type=submit>",
        "<style>@import'https://evil.example'</style>",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<base href=https://evil.example>",
        "<object data=javascript:alert(1)>",
        "<?xml version=\"1.0\"?>",
        "<![CDATA[<script>alert(1)</script>]]>",
    ] {
        let inline = format!("前{html}后");
        for source in [html, inline.as_str()] {
            assert_eq!(addresses_of(source), Vec::<String>::new(), "{source}");
            let shown = plain_text(&parse(source));
            assert!(shown.contains('<'), "the author sees what was written: {source} → {shown}");
        }
    }
}

#[test]
fn links_with_a_foreign_scheme_lose_their_address() {
    let schemes = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "javascript\u{200b}:alert(1)",
        "\u{a0}javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "blob:https://evil.example/1",
        "about:blank",
        "view-source:x",
        "intent://x#Intent;scheme=y;end",
        "weixin://dl",
        "tel:10086",
        "javascript://%0aalert(1)",
        "feed:javascript:alert(1)",
        "livescript:x",
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https\u{0}://x\\@evil.example",
        "ＪavaScript:alert(1)",
    ];
    for scheme in schemes {
        for source in [
            format!("[x](<{scheme}>)"),
            format!("[x]({scheme})"),
            format!("[x][r]\n\n[r]: <{scheme}>"),
            format!("<{scheme}>"),
        ] {
            for href in addresses_of(&source) {
                // What is left may only be a harmless reading of the text, never the attack.
                assert!(is_harmless(&href), "{source:?} gave {href:?}");
            }
        }
    }
}

/// As a browser would see it: no scheme but ours, no other host without one.
fn is_harmless(href: &str) -> bool {
    let seen: String =
        href.chars().filter(|c| *c > ' ').collect::<String>().to_ascii_lowercase().replace('\\', "/");
    let scheme = seen
        .find(['/', '?', '#'])
        .map_or(seen.as_str(), |end| &seen[..end])
        .split_once(':')
        .map(|(s, _)| s.to_string());
    match scheme {
        Some(s) => matches!(s.as_str(), "http" | "https" | "mailto"),
        None => !seen.starts_with("//"),
    }
}

#[test]
fn encoded_schemes_are_read_before_they_are_judged() {
    for source in [
        "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;&#x61;vascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](java&Tab;script:alert(1))",
        "[x](java&NewLine;script:alert(1))",
        "[x](\\javascript:alert(1))",
        "[x](&#0000106avascript:alert(1))",
    ] {
        for href in addresses_of(source) {
            assert!(is_harmless(&href), "{source:?} gave {href:?}");
        }
    }
}

#[test]
fn good_links_stay() {
    for good in [
        "https://www.acftu.org/a?b=1#c",
        "http://10.0.0.7:8080/x",
        "mailto:a@example.cn",
        "/news/3",
        "./a",
        "#top",
        "?box=todo",
        "docs/7",
    ] {
        assert_eq!(safe_href(good).as_deref(), Some(good));
    }
    assert_eq!(safe_href(" https://a.cn/\u{200b}x ").as_deref(), Some("https://a.cn/x"));
    // A colon after the path began is not a scheme.
    assert_eq!(safe_href("/time/10:32").as_deref(), Some("/time/10:32"));
    assert_eq!(safe_href("HTTPS://A.CN").as_deref(), Some("HTTPS://A.CN"));
}

#[test]
fn nesting_without_end_is_flattened_and_keeps_the_words() {
    for source in [
        ">".repeat(20_000) + "底",
        "- ".repeat(5_000) + "底",
        "*".repeat(9_000) + "底" + &"*".repeat(9_000),
        "[".repeat(9_000) + "底",
    ] {
        let nodes = parse(&source);
        assert!(depth(&nodes) <= 40, "depth {}", depth(&nodes));
        assert!(plain_text(&nodes).contains('底'));
    }
}

#[test]
fn a_picture_inside_a_link_and_a_link_inside_a_picture_keep_to_the_rules() {
    assert_eq!(addresses_of("[![x](https://evil.example/p)](https://a.cn)"), ["https://a.cn"]);
    assert_eq!(addresses_of("![[x](javascript:alert(1))](blob:ok)"), ["picture ok"]);
}
