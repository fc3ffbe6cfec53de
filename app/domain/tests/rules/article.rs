//! What readers see, confirm and are reminded of.

use crate::bench::{Bench, START};
use crate::cast::*;
use domain::modules::news::*;
use domain::*;

fn notice(audience: &str) -> NewsBody {
    NewsBody { audience: audience.into(), ..Article::sample() }
}

fn at(body: NewsBody) -> impl Fn(ArticleStatus) -> Doc<Article> {
    move |status| {
        let draft = DocId::derive(&[b"draft"]);
        let (id, kind) = (article_id(draft), Article::NAME.into());
        let meta = Meta { id, kind, owner: who('K').person, unit: OrgCode::new("LB04.2"), born_ms: 0 };
        let acts = match status {
            ArticleStatus::Placing => vec![],
            _ => vec![(who('K'), ArticleAct::Publish { draft })],
        };
        placed(meta, &body, &acts, status)
    }
}

#[test]
fn who_may_do_what_with_a_notice_to_members() {
    let want = "
        placing: publish K
        published: withdraw UPKT · pin KT · extend KT · archive KT · confirm ABCUPRHMKTQZX · remind ABCUPKX
        withdrawn:
        archived: withdraw UPKT
    ";
    same(&verdicts(at(notice("members")), &cast()), want);
}

#[test]
fn a_mine_keeps_its_own_notices() {
    let want = "
        placing: publish K
        published: withdraw UPKT · pin UPKT · extend UPKT · archive UPKT · confirm ABCUPRHMKT · remind ABCUPK
        withdrawn:
        archived: withdraw UPKT
    ";
    same(&verdicts(at(notice("unit:LB04")), &cast()), want);
}

#[test]
fn what_asks_for_no_confirmation_gets_none() {
    let doc = at(NewsBody { confirm: false, ..notice("public") })(ArticleStatus::Published);
    assert!(matches!(doc.may(ArticleStep::Confirm, &who('M')), Err(Refusal::NotNow(_))));
}

#[test]
fn readers_follow_audience_and_state() {
    let reads = |body: NewsBody, status| -> String {
        let lies_in = scopes_of(&Article::readers(&at(body)(status)));
        cast().iter().filter(|(_, who)| !scopes_held(who).is_disjoint(&lies_in)).map(|(l, _)| *l).collect()
    };
    use ArticleStatus::*;
    assert_eq!(reads(notice("public"), Placing), "K");
    assert_eq!(reads(notice("public"), Published), "ABCUPRHMKTQZX");
    assert_eq!(reads(notice("unit:LB03"), Published), "UPKTX", "one unit, and who published it");
    assert_eq!(reads(notice("unit:LB04.2"), Published), "ABCUPMKT");
    assert_eq!(reads(notice("public"), Withdrawn), "UPKT", "no reader keeps a withdrawn text");
    assert_eq!(reads(notice("public"), Archived), "ABCUPRHMKTQZX");
}

fn published(body: NewsBody) -> (Bench, DocId) {
    let mut bench = Bench::new();
    let author = who('P');
    let draft = bench.found("news.draft", &author, author.person, "LB04", body.write()).expect("begun");
    let yes = DraftAct::Approve { opinion: String::new() };
    bench.act(&author, draft, &DraftAct::Submit).expect("submitted");
    bench.act(&who('U'), draft, &yes).expect("second review");
    bench.act(&who('K'), draft, &yes).expect("final review");
    (bench, article_id(draft))
}

fn confirm(letter: char) -> ArticleAct {
    ArticleAct::Confirm { unit: who(letter).unit }
}

#[test]
fn a_confirmation_counts_once_and_only_officers_above_see_it() {
    let (mut bench, id) = published(notice("members"));
    let accepted = bench.act(&who('M'), id, &confirm('M')).expect("confirmed");
    assert_eq!(accepted.receipt.to, "published", "reading moves no state");
    let scopes = scopes_of(&accepted.narrow.expect("narrow"));
    let sees: String =
        cast().iter().filter(|(_, who)| !scopes_held(who).is_disjoint(&scopes)).map(|(l, _)| *l).collect();
    assert_eq!(sees, "ABCUPMK");
    let again = bench.act(&who('M'), id, &confirm('M')).expect_err("once");
    assert!(again.zh().contains("已经确认"), "{}", again.zh());
    bench.act(&who('C'), id, &confirm('C')).expect("others are not in the way");
    let moved = bench.act(&who('H'), id, &confirm('X')).expect_err("not under another unit");
    assert!(moved.zh().contains("所属单位"), "{}", moved.zh());
}

#[test]
fn reading_is_counted_by_branch_and_people_stay_in_the_order_of_the_roster() {
    let (mut bench, id) = published(notice("unit:LB04"));
    for letter in ['M', 'U'] {
        bench.act(&who(letter), id, &confirm(letter)).expect("confirmed");
    }
    let rows: Vec<Row> =
        cast().iter().map(|(_, who)| modules::org::Person::row(&Doc::of(&person_doc(who)))).collect();
    let reading = reading::count(&bench.doc(id), &rows);
    assert_eq!((reading.due(), reading.read(), reading.unread()), (8, 2, 6));
    let branch = &reading.branches[&OrgCode::new("LB04.2")];
    assert_eq!((branch.due(), branch.read()), (4, 1));
    assert_eq!(branch.unread, [who('A').person, who('B').person, who('C').person]);
    assert!(!reading.branches.contains_key(&OrgCode::new("LB03.1")), "not their notice");
}

#[test]
fn a_waiting_confirmation_is_not_counted_yet() {
    let (mut bench, id) = published(notice("public"));
    bench.act(&who('M'), id, &confirm('M')).expect("confirmed");
    let mut doc: Doc<Article> = bench.doc(id);
    let rows = [modules::org::Person::row(&Doc::of(&person_doc(&who('M'))))];
    assert_eq!(reading::count(&doc, &rows).read(), 1);
    doc.acts.iter_mut().for_each(|done| done.receipt = None);
    assert_eq!(reading::count(&doc, &rows).read(), 0);
    assert!(has_confirmed(&doc, &who('M')), "but the button is gone already");
}

#[test]
fn nobody_is_reminded_twice_a_day_or_by_a_stranger() {
    let (mut bench, id) = published(notice("members"));
    let remind = |letters: &str| ArticleAct::Remind { to: letters.chars().map(|l| who(l).person).collect() };
    bench.act(&who('A'), id, &remind("MB")).expect("reminded");
    let again = bench.act(&who('A'), id, &remind("CM")).expect_err("M was reminded today");
    assert!(again.zh().contains("每人每天最多一次"), "{}", again.zh());
    bench.act(&who('A'), id, &remind("C")).expect("somebody else");
    let stranger = bench.act(&who('A'), id, &remind("H")).expect_err("another branch");
    assert!(stranger.zh().contains("不属于您单位"), "{}", stranger.zh());
    bench.act(&who('U'), id, &remind("MH")).expect("the mine's chair reaches both");
    bench.days(1);
    bench.act(&who('A'), id, &remind("M")).expect("tomorrow is another day");
    let empty = bench.act(&who('A'), id, &remind("")).expect_err("nobody");
    assert_eq!(empty.code(), "E-FIELD");
}

#[test]
fn pin_and_expiry_follow_the_acts_not_the_body() {
    let (mut bench, id) = published(NewsBody { expires: "2026-02-01".into(), ..notice("members") });
    let row = |bench: &Bench| Article::row(&bench.doc(id));
    assert_eq!((row(&bench).fact("pinned"), row(&bench).fact("expires")), ("", "2026-02-01"));
    bench.act(&who('K'), id, &ArticleAct::Pin { on: true }).expect("pinned");
    bench.act(&who('T'), id, &ArticleAct::Extend { until: "2026-03-01".into() }).expect("extended");
    assert_eq!((row(&bench).fact("pinned"), row(&bench).fact("expires")), ("1", "2026-03-01"));
    bench.act(&who('K'), id, &ArticleAct::Pin { on: false }).expect("unpinned");
    bench.act(&who('K'), id, &ArticleAct::Extend { until: String::new() }).expect("for ever");
    assert_eq!((row(&bench).fact("pinned"), row(&bench).fact("expires")), ("", ""));
    assert_eq!(row(&bench).at_ms, START, "lists sort by publication, not by the last pin");
    assert_eq!(row(&bench).due_ms.map(date_text).as_deref(), Some("2026-01-12"));
}

#[test]
fn an_article_needs_its_approved_draft_and_its_approver() {
    let mut bench = Bench::new();
    let (author, editor) = (who('A'), who('K'));
    let draft =
        bench.found("news.draft", &author, author.person, "LB04.2", Draft::sample().write()).expect("begun");
    let publish = ArticleAct::Publish { draft };
    let stray = bench
        .found("news.article", &editor, editor.person, "LB04.2", Draft::sample().write())
        .expect("begun");
    let refusal = bench.act(&editor, stray, &publish).expect_err("an id of its own");
    assert!(refusal.zh().contains("与所说的稿件不符"), "{}", refusal.zh());

    let judge = |source: Option<&Raw>, by: &Who| {
        let doc = at(Draft::sample())(ArticleStatus::Placing);
        let meta = Meta { id: article_id(draft), ..doc.meta };
        let doc = placed::<Article>(meta, &Draft::sample(), &[], ArticleStatus::Placing);
        let docs = source.map(|raw| (draft, raw.clone())).into_iter().collect();
        Article::guard(&doc, &publish, by, &Facts { now_ms: START, docs, ..Facts::default() })
    };
    assert_eq!(judge(None, &editor), Err(Refusal::Waits));
    assert!(judge(Some(&bench.docs[&draft]), &editor).is_err(), "not approved yet");
    bench.act(&author, draft, &DraftAct::Submit).expect("submitted");
    for letter in ['C', 'U', 'K'] {
        bench.act(&who(letter), draft, &DraftAct::Approve { opinion: String::new() }).expect("approved");
    }
    assert_eq!(judge(Some(&bench.docs[&draft]), &editor), Ok(()));
    assert!(judge(Some(&bench.docs[&draft]), &who('T')).is_err(), "somebody else approved it");
}
