//! The gate takes at most 2,000 operations in one change, and every letter of a text is one. A person may
//! paste a whole article: the phone writes it as several changes, kept in one go.

use domain::{Edit, Value, Values, text};

/// Operations in one change; well under the gate's limit.
const OPS: usize = 1_000;
/// Letters in one change of a text.
const LETTERS: usize = 900;
/// Bytes of values in one change.
const BYTES: usize = 24 * 1024;

/// Edits as changes that each pass the gate, in order.
pub(crate) fn edits(edits: Vec<Edit>) -> Vec<Vec<Edit>> {
    let mut parts: Vec<Vec<Edit>> = vec![];
    let (mut ops, mut bytes) = (OPS, BYTES);
    for edit in edits.into_iter().flat_map(pieces) {
        let (o, b) = weight(&edit);
        if ops + o > OPS || bytes + b > BYTES {
            parts.push(vec![]);
            (ops, bytes) = (0, 0);
        }
        (ops, bytes) = (ops + o, bytes + b);
        parts.last_mut().expect("the first edit opens a part").push(edit);
    }
    parts
}

/// Values for a birth: what fits into the first change, and the rest as edits.
pub(crate) fn birth(is_text: impl Fn(&str) -> bool, values: Values) -> (Values, Vec<Edit>) {
    let (mut first, mut rest) = (Values::new(), vec![]);
    let (mut ops, mut bytes) = (0, 0);
    for (key, value) in values {
        let edit = as_edit(is_text(&key), &key, &value);
        let (o, b) = weight(&edit);
        if ops + o <= OPS && bytes + b <= BYTES {
            (ops, bytes) = (ops + o, bytes + b);
            first.insert(key, value);
        } else {
            rest.push(edit);
        }
    }
    (first, rest)
}

fn as_edit(is_text: bool, key: &str, value: &Value) -> Edit {
    match value {
        Value::Str(text) if is_text => {
            Edit::Text { key: key.into(), base: String::new(), text: text.clone() }
        }
        value => Edit::Set { key: key.into(), value: value.clone() },
    }
}

/// Operations and bytes.
fn weight(edit: &Edit) -> (usize, usize) {
    match edit {
        Edit::Set { value: Value::Str(text), key } => (1, text.len() + key.len()),
        Edit::Set { key, .. } | Edit::Clear { key } => (1, key.len() + 10),
        Edit::Text { base, text, .. } => {
            text::diff(base, text).map_or((0, 0), |s| (s.del + s.ins.chars().count(), s.ins.len()))
        }
    }
}

/// One edit as edits of which each is small: a long text grows from one length to the next.
fn pieces(edit: Edit) -> Vec<Edit> {
    let Edit::Text { key, base, text: wanted } = edit else { return vec![edit] };
    let Some(splice) = text::diff(&base, &wanted) else { return vec![] };
    if splice.del + splice.ins.chars().count() <= LETTERS {
        return vec![Edit::Text { key, base, text: wanted }];
    }
    let mut steps = vec![base];
    let mut grow = |del: usize, ins: String, at: usize| {
        let now = steps.last().expect("starts with the base");
        steps.push(text::apply(now, &[text::Splice { at, del, ins }]));
    };
    for from in (0..splice.del).step_by(LETTERS) {
        grow(LETTERS.min(splice.del - from), String::new(), splice.at);
    }
    let letters: Vec<char> = splice.ins.chars().collect();
    for (i, piece) in letters.chunks(LETTERS).enumerate() {
        grow(0, piece.iter().collect(), splice.at + i * LETTERS);
    }
    steps
        .windows(2)
        .map(|w| Edit::Text { key: key.clone(), base: w[0].clone(), text: w[1].clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replayed(base: &str, parts: &[Vec<Edit>]) -> String {
        let mut now = base.to_string();
        for edit in parts.iter().flatten() {
            let Edit::Text { base, text: wanted, .. } = edit else { panic!("texts only") };
            assert_eq!(*base, now, "each part starts where the one before ended");
            now = wanted.clone();
        }
        now
    }

    #[test]
    fn a_pasted_article_becomes_changes_that_pass_the_gate() {
        let (old, new) = ("旧".repeat(2_500), "新闻稿".repeat(1_700));
        let base = format!("头{old}尾");
        let wanted = format!("头{new}尾");
        let parts = edits(vec![Edit::Text { key: "body".into(), base: base.clone(), text: wanted.clone() }]);
        assert_eq!(parts.len(), 3 + 6);
        assert!(parts.iter().flatten().all(|edit| weight(edit).0 <= LETTERS));
        assert_eq!(replayed(&base, &parts), wanted);
    }

    #[test]
    fn small_edits_stay_one_change() {
        let set = |key: &str| Edit::Set { key: key.into(), value: "x".into() };
        let all =
            vec![set("a"), set("b"), Edit::Text { key: "t".into(), base: "".into(), text: "好".into() }];
        assert_eq!(edits(all.clone()), vec![all]);
        assert!(edits(vec![]).is_empty());
    }

    #[test]
    fn a_birth_keeps_what_fits_and_leaves_the_long_text_for_after() {
        let mut values = Values::new();
        values.insert("body".into(), "字".repeat(3_000).into());
        values.insert("title".into(), "标题".into());
        let (first, rest) = birth(|key| key == "body", values);
        assert_eq!(first.into_keys().collect::<Vec<_>>(), ["title"]);
        assert_eq!(edits(rest).len(), 4);
    }
}
