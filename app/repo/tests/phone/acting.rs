//! Claim: the phone asks the rulebook before it keeps a step, counts waiting steps in, makes offspring in
//! the same write, and keeps an alias apart from the person.

use crate::bench::*;
use domain::bridge::{Answer, Ask, Query};
use domain::modules::news::DraftAct;
use domain::modules::{appeal, news};
use domain::*;
use sync::Item;

#[test]
fn a_step_that_the_rulebook_forbids_is_refused_and_nothing_is_kept() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    assert!(matches!(
        refused(bench.act(doc, &DraftAct::Approve { opinion: String::new() })),
        Refusal::NotNow(_)
    ));
    kept(bench.act(doc, &DraftAct::Submit));
    assert!(
        matches!(refused(bench.act(doc, &DraftAct::Submit)), Refusal::NotNow(_)),
        "the waiting step counts"
    );
    assert!(matches!(
        refused(bench.act(doc, &DraftAct::Approve { opinion: String::new() })),
        Refusal::NeedsRole(..)
    ));
    let opened = bench.open(doc);
    assert_eq!((opened.status.code.as_str(), opened.timeline.len(), opened.waiting), ("review1", 1, 2));
}

#[test]
fn an_act_says_what_its_author_saw() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    kept(bench.act(doc, &DraftAct::Submit));
    bench.sync().unwrap();
    let pushes = bench.last_request().push;
    let Item::Change(birth) = &pushes[0].item else { panic!("birth") };
    let Item::Act(entry) = &pushes[1].item else { panic!("act") };
    let head = automerge::Change::from_bytes(birth.to_vec()).unwrap().hash();
    assert_eq!(entry.about, [Hash(head.0)]);
    assert_eq!((entry.by, entry.device.len()), (bench.who.person, 32));
}

fn at_final_review(bench: &Bench) -> DocId {
    let theirs = Theirs::draft("0200017", "送清凉", "绿豆汤。");
    let mut server = theirs;
    server.edit(&[
        Edit::Set { key: "column".into(), value: "news".into() },
        Edit::Set { key: "audience".into(), value: "public".into() },
        Edit::Set { key: "source".into(), value: "综采队分会".into() },
        Edit::Set { key: "author".into(), value: "李大勇".into() },
    ]);
    let id = server.meta.id;
    let mut frame = server.whole();
    let step = |n: u8, by: DocId, act: DraftAct, to: &str| Entry {
        id: ActId([n; 16]),
        doc: id,
        by,
        device: "d".into(),
        at_ms: START_MS,
        about: vec![],
        act: to_cbor(&act).into(),
        signature: None,
        receipt: Some(Receipt {
            n: n.into(),
            at_ms: START_MS,
            to: to.into(),
            stamped: None,
            by_name: "某".into(),
            signed: None,
        }),
    };
    let ok = || DraftAct::Approve { opinion: "同意".into() };
    frame.acts = vec![
        step(1, server.meta.owner, DraftAct::Submit, "review1"),
        step(2, DocId([2; 16]), ok(), "review2"),
        step(3, DocId([3; 16]), ok(), "review3"),
    ];
    bench.brings(vec![frame]);
    bench.sync().unwrap();
    id
}

#[test]
fn the_last_approval_and_its_article_are_kept_and_taken_back_together() {
    let bench = Bench::of(person("0000003", "LB", &[(Role::Publicity, "LB")]));
    let draft = at_final_review(&bench);
    let (_, seq) = kept(bench.act(draft, &DraftAct::Approve { opinion: "同意发布".into() }));
    let article = news::article_id(draft);
    assert_eq!(bench.outbox().len(), 1, "one thing to the person");
    assert_eq!(bench.open(article).status.code, "published");
    assert_eq!(bench.text(article), "绿豆汤。");
    assert_eq!(bench.ask(Ask::Undo { seq }), Answer::Done);
    assert_eq!(bench.list(Query { kinds: vec!["news.article".into()], limit: 5, ..Query::default() }).1, 0);
    kept(bench.act(draft, &DraftAct::Approve { opinion: "同意发布".into() }));
    bench.fates(|_| sync::Fate::Refused(Refusal::rule("稿件已被作者撤回", "Taken back by its author")));
    bench.sync().unwrap();
    assert_eq!(bench.attention().len(), 1, "the article falls with the approval, silently");
    assert_eq!(bench.attention()[0].words, [("同意".to_string(), "同意发布".to_string())]);
    assert_eq!(bench.list(Query { kinds: vec!["news.article".into()], limit: 5, ..Query::default() }).1, 0);
}

#[test]
fn an_article_goes_to_the_server_only_behind_the_receipt_of_its_approval() {
    let bench = Bench::of(person("0000003", "LB", &[(Role::Publicity, "LB")]));
    let draft = at_final_review(&bench);
    let article = news::article_id(draft);
    let before = bench.wire.requests.borrow().len();
    kept(bench.act(draft, &DraftAct::Approve { opinion: "同意发布".into() }));
    bench.sync().unwrap();
    let sent: Vec<Vec<DocId>> = {
        let requests = bench.wire.requests.borrow();
        requests[before..].iter().map(|request| request.push.iter().map(|push| push.doc).collect()).collect()
    };
    assert_eq!(sent, [vec![draft], vec![article, article]], "one round, two requests");
    assert_eq!(bench.outbox(), []);
}

#[test]
fn the_article_of_a_refused_approval_never_reaches_the_server() {
    let bench = Bench::of(person("0000003", "LB", &[(Role::Publicity, "LB")]));
    let draft = at_final_review(&bench);
    kept(bench.act(draft, &DraftAct::Approve { opinion: "同意发布".into() }));
    bench.fates(|_| sync::Fate::Refused(Refusal::rule("已由他人退回", "Returned by somebody else")));
    bench.sync().unwrap();
    bench.sync().unwrap();
    let requests = bench.wire.requests.borrow();
    let all = requests.iter().flat_map(|request| request.push.iter().map(|push| push.doc));
    assert_eq!(all.filter(|doc| *doc == news::article_id(draft)).count(), 0);
}

#[test]
fn a_confidential_matter_carries_neither_person_nor_device() {
    let bench = Bench::of(person("0200017", "LB02.9", &[]));
    let values = Values::from([("kind".into(), "claim".into()), ("title".into(), "宿舍不热".into())]);
    let ask = |alias| Ask::Create {
        kind: "appeal.matter".into(),
        unit: OrgCode::new("LB02"),
        values: values.clone(),
        alias,
    };
    let (doc, _) = kept(bench.ask(ask(true)));
    let edit = Edit::Text { key: "text".into(), base: String::new(), text: "夜里只有 12 度。".into() };
    kept(bench.ask(Ask::Edit { doc, edits: vec![edit] }));
    kept(bench.ask(Ask::Act { doc, act: to_cbor(&appeal::MatterAct::Submit).into() }));
    bench.sync().unwrap();
    let opened = bench.open(doc);
    assert_ne!(opened.meta.owner, bench.who.person);
    let entry = &opened.entries[0];
    assert_eq!((entry.by, entry.device.as_str()), (opened.meta.owner, ""));
    let bytes: Vec<u8> = bench.last_request().push.iter().flat_map(to_cbor).collect();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(!holds(&bench.who.person.0) && !holds(bench.last_request().device.as_bytes()));
    let mine = Query {
        kinds: vec!["appeal.matter".into()],
        owner: Some(bench.who.person),
        limit: 5,
        ..Query::default()
    };
    assert_eq!(bench.list(mine).1, 1, "the owner finds it under 我的");
    assert!(
        refused(bench.ask(Ask::Create {
            kind: "news.draft".into(),
            unit: OrgCode::new("LB02"),
            values: Values::new(),
            alias: true
        }))
        .zh()
        .contains("不能隐名")
    );
}

#[test]
fn a_new_document_has_a_temporary_number_until_the_official_one_comes() {
    let bench = Bench::new();
    bench.draft("第一篇", "");
    bench.draft("第二篇", "");
    let numbers: Vec<String> = bench.drafts().into_iter().filter_map(|line| line.temporary).collect();
    assert_eq!(numbers.len(), 2);
    assert!(numbers.iter().all(|number| number.starts_with("L-") && number.len() == 8), "{numbers:?}");
    let found =
        Query { kinds: vec!["news.draft".into()], text: numbers[0].clone(), limit: 5, ..Query::default() };
    assert_eq!(bench.list(found).1, 1, "searchable");
}

#[test]
fn who_may_not_begin_or_edit_hears_why() {
    let bench = Bench::of(person("0200055", "LB02.9.1", &[]));
    let ask = Ask::Create {
        kind: "news.draft".into(),
        unit: OrgCode::new("LB02.9"),
        values: Values::new(),
        alias: false,
    };
    assert!(matches!(refused(bench.ask(ask)), Refusal::NeedsRole(..)));
    let unknown =
        Ask::Create { kind: "no.kind".into(), unit: OrgCode::new("LB"), values: Values::new(), alias: false };
    assert_eq!(refused(bench.ask(unknown)), Refusal::Unknown);
    let editor = Bench::new();
    let (doc, _) = editor.draft("稿", "");
    let too_long = "长".repeat(61);
    assert!(matches!(refused(editor.title(doc, &too_long)), Refusal::Invalid(key, ..) if key == "title"));
    assert_eq!(editor.open(doc).row.title, "稿");
    assert_eq!(editor.title(doc, "稿"), Answer::Kept { doc, seq: None }, "nothing differs, nothing waits");
}
