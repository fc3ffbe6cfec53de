//! Three reviews by three people.

use crate::bench::Bench;
use crate::cast::*;
use domain::modules::news::*;
use domain::*;

fn meta(unit: &str, owner: char) -> Meta {
    let (id, kind) = (DocId::derive(&[b"draft"]), Draft::NAME.into());
    Meta { id, kind, owner: who(owner).person, unit: OrgCode::new(unit), born_ms: 0 }
}

fn at(unit: &'static str, owner: char) -> impl Fn(DraftStatus) -> Doc<Draft> {
    move |status| {
        let acts = match status {
            DraftStatus::Draft => vec![],
            _ => vec![(who(owner), DraftAct::Submit)],
        };
        placed(meta(unit, owner), &Draft::sample(), &acts, status)
    }
}

#[test]
fn who_may_do_what_with_a_branchs_draft() {
    let want = "
        draft: submit AB · pull_back A
        review1: approve C · return C · pull_back A
        review2: approve UPK · return UPK · pull_back A
        review3: approve KT · return KT · pull_back A
        published:
        returned: submit AB · pull_back A
        withdrawn: submit AB
    ";
    same(&verdicts(at("LB04.2", 'A'), &cast()), want);
}

#[test]
fn who_may_do_what_with_a_mines_draft() {
    let want = "
        draft: submit P · pull_back P
        review1: pull_back P
        review2: approve UK · return UK · pull_back P
        review3: approve KT · return KT · pull_back P
        published:
        returned: submit P · pull_back P
        withdrawn: submit P
    ";
    same(&verdicts(at("LB04", 'P'), &cast()), want);
}

#[test]
fn a_draft_enters_review_above_its_own_level() {
    let enters = |unit: &str, owner: char| {
        let doc = placed::<Draft>(meta(unit, owner), &Draft::sample(), &[], DraftStatus::Draft);
        doc.judge(&DraftAct::Submit, &who(owner), &Facts::default()).map(Word::code)
    };
    assert_eq!(enters("LB04.2.1", 'A'), Ok("review1"), "a group's draft");
    assert_eq!(enters("LB04.2", 'A'), Ok("review1"));
    assert_eq!(enters("LB04.2", 'C'), Ok("review2"), "the branch chair cannot review himself");
    assert_eq!(enters("LB04", 'P'), Ok("review2"));
    assert_eq!(enters("LB", 'K'), Ok("review3"));
}

#[test]
fn only_people_with_a_post_there_begin_drafts_and_write_them() {
    let may = |unit: &str, letter: char| {
        let doc = placed::<Draft>(meta(unit, letter), &Draft::sample(), &[], DraftStatus::Draft);
        doc.may_found(&who(letter)).is_ok()
    };
    let begin = |unit: &str| -> String { cast().iter().map(|(l, _)| *l).filter(|l| may(unit, *l)).collect() };
    assert_eq!(begin("LB04.2"), "ABCUPKT");
    assert_eq!(begin("LB04"), "UPKT");
    assert_eq!(begin("LB"), "KT");
    let doc = at("LB04.2", 'A')(DraftStatus::Review1);
    let edit: String = cast().iter().filter(|(_, who)| doc.may_edit(who).is_ok()).map(|(l, _)| *l).collect();
    assert_eq!(edit, "ABCUPKT");
}

#[test]
fn nobody_above_the_branch_reads_a_draft_before_it_is_submitted() {
    let reads = |doc: &Doc<Draft>| -> String {
        let lies_in = scopes_of(&Draft::readers(doc));
        cast().iter().filter(|(_, who)| !scopes_held(who).is_disjoint(&lies_in)).map(|(l, _)| *l).collect()
    };
    assert_eq!(reads(&at("LB04.2", 'A')(DraftStatus::Draft)), "ABC");
    assert_eq!(reads(&at("LB04.2", 'A')(DraftStatus::Review1)), "ABCUPKT");
    assert_eq!(reads(&at("LB04.2", 'A')(DraftStatus::Returned)), "ABCUPKT", "who returned it still sees it");
}

/// Submits and reviews; each step is (who, what, state afterwards or a word of the refusal).
fn story(unit: &str, owner: char, steps: &[(char, DraftAct, &str)]) -> (Bench, DocId) {
    let mut bench = Bench::new();
    let author = who(owner);
    let id = bench.found("news.draft", &author, author.person, unit, Draft::sample().write()).expect("begun");
    for (letter, act, want) in steps {
        match bench.act(&who(*letter), id, act) {
            Ok(accepted) => assert_eq!(accepted.receipt.to, *want, "{letter} {act:?}"),
            Err(refusal) => assert!(refusal.zh().contains(want), "{letter} {act:?}: {}", refusal.zh()),
        }
    }
    (bench, id)
}

fn yes() -> DraftAct {
    DraftAct::Approve { opinion: "同意".into() }
}
fn back() -> DraftAct {
    DraftAct::Return { opinion: "第二段的数字请核实".into() }
}

#[test]
fn three_people_approve_and_the_article_is_there() {
    let steps = [
        ('A', DraftAct::Submit, "review1"),
        ('C', yes(), "review2"),
        ('U', yes(), "review3"),
        ('K', yes(), "published"),
    ];
    let (bench, id) = story("LB04.2", 'A', &steps);
    let article: Doc<Article> = bench.doc(article_id(id));
    assert_eq!(article.status, ArticleStatus::Published);
    assert_eq!(article.meta.owner, who('K').person);
    assert_eq!(article.meta.unit.as_str(), "LB04.2");
    assert_eq!(article.body, bench.doc::<Draft>(id).body);
}

#[test]
fn nobody_reviews_his_own_draft_or_the_same_draft_twice() {
    story(
        "LB",
        'K',
        &[('K', DraftAct::Submit, "review3"), ('K', yes(), "不能审核自己"), ('T', yes(), "published")],
    );
    let steps = [
        ('B', DraftAct::Submit, "review1"),
        ('C', yes(), "review2"),
        ('K', yes(), "review3"),
        ('K', yes(), "三审须由不同的人"),
        ('K', back(), "三审须由不同的人"),
        ('T', yes(), "published"),
    ];
    story("LB04.2", 'A', &steps);
}

#[test]
fn a_return_starts_all_reviews_again() {
    let steps = [
        ('A', DraftAct::Submit, "review1"),
        ('C', yes(), "review2"),
        ('U', back(), "returned"),
        ('C', yes(), "被退回"),
        ('A', DraftAct::Submit, "review1"),
        ('C', yes(), "review2"),
        ('U', yes(), "review3"),
    ];
    story("LB04.2", 'A', &steps);
}

#[test]
fn of_two_decisions_on_one_review_exactly_one_stands() {
    let (mut bench, id) = story("LB04", 'P', &[('P', DraftAct::Submit, "review2"), ('U', yes(), "review3")]);
    bench.act(&who('K'), id, &back()).expect("the first decision stands");
    let late = bench.act(&who('T'), id, &yes()).expect_err("the second does not");
    assert!(matches!(&late, Refusal::NotNow(status) if status.code == "returned"), "{late:?}");
    assert!(!bench.docs.contains_key(&article_id(id)), "and nothing was published");
}

#[test]
fn a_draft_can_be_taken_back_and_submitted_again() {
    let pull = DraftAct::PullBack { reason: "照片用错了".into() };
    let steps = [
        ('A', DraftAct::Submit, "review1"),
        ('B', pull.clone(), "由提交人办理"),
        ('A', pull, "withdrawn"),
        ('C', yes(), "已撤回"),
        ('A', DraftAct::Submit, "review1"),
    ];
    story("LB04.2", 'A', &steps);
}
