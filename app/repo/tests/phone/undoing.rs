//! Claim: 撤销 takes back exactly what was kept in one go, as long as it is only here and nothing built on it.

use crate::bench::*;
use domain::bridge::{Answer, Ask};
use domain::modules::news::DraftAct;
use repo::LinkTrouble;

#[test]
fn an_unsent_edit_or_step_is_taken_back() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    bench.sync().unwrap();
    let (_, edit) = kept(bench.write(doc, "绿豆汤。", "西瓜。"));
    assert_eq!(bench.ask(Ask::Undo { seq: edit }), Answer::Done);
    assert_eq!(bench.text(doc), "绿豆汤。");
    let (_, step) = kept(bench.act(doc, &DraftAct::Submit));
    assert_eq!(bench.open(doc).status.code, "review1");
    assert_eq!(bench.ask(Ask::Undo { seq: step }), Answer::Done);
    assert_eq!(bench.open(doc).status.code, "draft");
    assert!(bench.outbox().is_empty());
}

#[test]
fn a_long_paste_is_one_thing_to_take_back() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("长稿", "");
    bench.sync().unwrap();
    let article = "安全生产，人人有责。".repeat(400);
    let (_, seq) = kept(bench.write(doc, "", &article));
    assert_eq!(bench.outbox().len(), 1, "one line, though it is several changes");
    assert_eq!(bench.text(doc), article);
    assert_eq!(bench.ask(Ask::Undo { seq }), Answer::Done);
    assert_eq!(bench.text(doc), "");
}

#[test]
fn taking_back_a_beginning_removes_the_document() {
    let bench = Bench::new();
    let (_, seq) = bench.draft("写错了", "");
    assert_eq!(bench.ask(Ask::Undo { seq }), Answer::Done);
    assert!(bench.drafts().is_empty() && bench.outbox().is_empty());
}

#[test]
fn what_others_built_on_or_what_may_be_at_the_server_stays() {
    let mut bench = Bench::new();
    let (doc, birth) = bench.draft("送清凉", "");
    let (_, edit) = kept(bench.title(doc, "送清凉一"));
    assert!(refused(bench.ask(Ask::Undo { seq: birth })).zh().contains("请先撤销后面的"));
    bench.next(|_| (vec![], Err(LinkTrouble::Offline)));
    assert!(bench.sync().is_err());
    assert!(refused(bench.ask(Ask::Undo { seq: edit })).zh().contains("已经发出"));
    bench.restart();
    assert!(refused(bench.ask(Ask::Undo { seq: edit })).zh().contains("已经发出"), "also after a restart");
    let (_, later) = kept(bench.title(doc, "送清凉二"));
    assert_eq!(bench.ask(Ask::Undo { seq: later }), Answer::Done);
    assert_eq!(bench.open(doc).row.title, "送清凉一");
    assert!(refused(bench.ask(Ask::Undo { seq: 9_999 })).zh().contains("已经发出"));
}
