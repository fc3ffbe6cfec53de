//! News of the invented company: every column, several units, one pinned notice, one that a mine confirms.

use super::past::Past;
use super::piece::{Piece, Stand};
use crate::demo::stage::Event;
use domain::modules::news::NewsBody;

/// Company: the publicity officer writes, the chair reviews.
const COMPANY: &[&str] = &["0809002", "0809001"];
/// 红柳滩 branch 3: officer, branch chair, mine chair, publicity officer.
const LB04_3: &[&str] = &["0409002", "0409004", "0409001", "0809002"];
/// 红柳滩: mine chair, publicity officer, company chair.
const LB04: &[&str] = &["0409001", "0809002", "0809001"];
/// 青石岭 branch 3: its chair writes, so the mine reviews first.
const LB02_3: &[&str] = &["0209003", "0209001", "0809002"];
/// 青石岭: mine chair, publicity officer, company chair.
const LB02: &[&str] = &["0209001", "0809002", "0809001"];

type Path = &'static [&'static str];

/// All of it.
pub fn events(past: &Past) -> Vec<Event> {
    pieces(past).iter().flat_map(|piece| piece.events(past)).collect()
}

fn pieces(past: &Past) -> Vec<Piece> {
    let texts = include_str!("news.md");
    texts.split("\n=== ").skip(1).map(|text| piece(text, past)).collect()
}

/// Reads one piece: its title, lines `key: value`, an empty line, the text in Markdown.
fn piece(text: &str, past: &Past) -> Piece {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let title = lines.next().unwrap_or_default().to_string();
    let mut piece = Piece {
        when: (1, 9.0),
        path: COMPANY,
        unit: "LB",
        stand: Stand::Out,
        body: NewsBody { title, text: body.trim().into(), audience: "public".into(), ..NewsBody::default() },
        confirmed: vec![],
    };
    for (key, value) in lines.filter_map(|line| line.split_once(": ")) {
        set(&mut piece, key, value, past);
    }
    piece
}

fn set(piece: &mut Piece, key: &str, value: &str, past: &Past) {
    let body = &mut piece.body;
    match key {
        "when" => piece.when = when(value),
        "unit" => (piece.unit, piece.path) = place(value),
        "stand" => {
            piece.stand =
                if value == "written" { Stand::Written } else { Stand::Reviewed(value.parse().unwrap_or(0)) }
        }
        "confirmed" => piece.confirmed = value.split(' ').map(String::from).collect(),
        "column" => body.column = value.into(),
        "summary" => body.summary = value.into(),
        "author" => body.author = value.into(),
        "source" => body.source = value.into(),
        "audience" => body.audience = value.into(),
        "pinned" => body.pinned = true,
        "expires" => body.expires = past.date(value.parse().unwrap_or(0)),
        "confirm_by" => (body.confirm, body.confirm_by) = (true, past.date(value.parse().unwrap_or(0))),
        "honour" => body.honour_name = value.into(),
        "level" => body.honour_level = value.into(),
        "by" => body.honour_by = value.into(),
        "number" => body.honour_doc_no = value.into(),
        "date" => body.honour_date = past.date(value.parse().unwrap_or(0)),
        "who" => body.honour_who = value.into(),
        _ => debug_assert!(false, "news.md: {key}"),
    }
}

/// `12 8.5`: twelve days ago, half past eight.
fn when(value: &str) -> (i64, f64) {
    let (days, hour) = value.split_once(' ').unwrap_or((value, "9"));
    (days.parse().unwrap_or(1), hour.parse().unwrap_or(9.0))
}

fn place(unit: &str) -> (&'static str, Path) {
    match unit {
        "LB04.3" => ("LB04.3", LB04_3),
        "LB04" => ("LB04", LB04),
        "LB02.3" => ("LB02.3", LB02_3),
        "LB02" => ("LB02", LB02),
        _ => ("LB", COMPANY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::modules::news::ready;
    use std::collections::BTreeSet;

    #[test]
    fn every_piece_could_go_out_and_every_column_has_one() {
        let past = Past::before(1_795_392_000_000);
        let pieces = pieces(&past);
        let mut columns = BTreeSet::new();
        for piece in &pieces {
            let body = NewsBody { honour_doc_no: past.fill(&piece.body.honour_doc_no), ..piece.body.clone() };
            assert_eq!(ready(&body, &domain::OrgCode::new(piece.unit)), Ok(()), "{}", piece.body.title);
            assert!(!past.fill(&piece.body.text).contains(['{', '}']), "{}", piece.body.title);
            columns.insert(piece.body.column.clone());
        }
        assert_eq!(columns.len(), 12, "{columns:?}");
        let count = |test: fn(&Piece) -> bool| pieces.iter().filter(|piece| test(piece)).count();
        assert_eq!(count(|p| p.stand == Stand::Out), 24);
        assert_eq!(count(|p| matches!(p.stand, Stand::Reviewed(_))), 2);
        assert_eq!(count(|p| p.body.pinned), 1);
        assert!(count(|p| p.body.confirm && !p.confirmed.is_empty()) == 2);
    }
}
