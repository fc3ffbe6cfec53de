//! Bringing a person's typing onto a text that others changed meanwhile. Positions count characters.

/// Replace `del` characters at `at` by `ins`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Character position.
    pub at: usize,
    /// Characters removed.
    pub del: usize,
    /// Text put in.
    pub ins: String,
}

/// The smallest single splice that turns `from` into `to`; `None` when they are equal.
pub fn diff(from: &str, to: &str) -> Option<Splice> {
    if from == to {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let ins = b[head..b.len() - tail].iter().collect();
    Some(Splice { at: head, del: a.len() - tail - head, ins })
}

/// `mine` (made on `base`) as it applies to `now`. Nobody's inserted words are removed: where both
/// changed the same place, only what still stands of the base is deleted.
pub fn rebase(base: &str, mine: &Splice, now: &str) -> Vec<Splice> {
    let Some(theirs) = diff(base, now) else { return vec![mine.clone()] };
    // It stands there already: a write whose answer was lost is tried again.
    if theirs == *mine {
        return vec![];
    }
    let (their_end, put) = (theirs.at + theirs.del, theirs.ins.chars().count());
    let mine_end = mine.at + mine.del;
    if mine_end <= theirs.at && mine.at != theirs.at {
        return vec![mine.clone()];
    }
    if mine.at >= their_end {
        return vec![Splice { at: mine.at - theirs.del + put, ..mine.clone() }];
    }
    // Overlap: delete what of my range lies after theirs, put my words behind theirs, delete what lies before.
    let after = mine_end.saturating_sub(their_end.max(mine.at));
    let before = theirs.at.saturating_sub(mine.at);
    let mut out = vec![Splice { at: theirs.at + put, del: after, ins: mine.ins.clone() }];
    if before > 0 {
        out.push(Splice { at: mine.at, del: before, ins: String::new() });
    }
    out
}

/// Applies splices one after the other (tests and previews).
pub fn apply(text: &str, splices: &[Splice]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for splice in splices {
        chars.splice(splice.at..splice.at + splice.del, splice.ins.chars());
    }
    chars.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn merged(base: &str, mine: &str, theirs: &str) -> String {
        match diff(base, mine) {
            None => theirs.into(),
            Some(splice) => apply(theirs, &rebase(base, &splice, theirs)),
        }
    }

    #[test]
    fn typing_at_two_ends_keeps_both() {
        assert_eq!(merged("工会通知", "工会通知。", "公司工会通知"), "公司工会通知。");
        assert_eq!(merged("abc", "aXbc", "abYc"), "aXbYc");
        assert_eq!(merged("abc", "c", "aZbc"), "Zc", "my deletion spares their new words");
    }

    #[test]
    fn a_write_that_is_tried_again_is_done_once() {
        assert_eq!(merged("起笔。", "起笔。一", "起笔。一"), "起笔。一");
        assert_eq!(
            merged("起笔。", "起笔。一", "起笔。二"),
            "起笔。二一",
            "somebody else's words are other words"
        );
    }

    proptest! {
        #[test]
        fn both_peoples_new_words_survive(base in "[a-d]{0,12}", at1 in 0usize..13, at2 in 0usize..13, d1 in 0usize..4, d2 in 0usize..4) {
            let edit = |at: usize, del: usize, ins: &str| {
                let len = base.chars().count();
                let at = at.min(len);
                apply(&base, &[Splice { at, del: del.min(len - at), ins: ins.into() }])
            };
            let (mine, theirs) = (edit(at1, d1, "甲乙"), edit(at2, d2, "丙丁"));
            let out = merged(&base, &mine, &theirs);
            prop_assert!(out.contains("甲乙"), "{out}");
            prop_assert!(out.contains('丙') && out.contains('丁'), "{out}");
        }

        #[test]
        fn alone_it_is_exactly_what_i_typed(base in ".{0,20}", mine in ".{0,20}") {
            prop_assert_eq!(merged(&base, &mine, &base), mine);
        }
    }
}
