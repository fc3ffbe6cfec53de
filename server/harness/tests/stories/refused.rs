//! What the server does not take stays with its author, in words, and the queue goes on.

use crate::kit::*;
use domain::bridge::{Answer, Ask, Resolve};
use domain::modules::news::DraftAct;
use domain::{DAY_MS, Role};
use harness::cast;

#[test]
fn a_refused_change_keeps_its_words_and_can_be_used_again() {
    let mut town = town();
    let [author, helper] = [cast::BATEER, cast::QIQIGE].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    sync(&[&author, &helper]);
    helper.offline();
    helper.write(doc, "text", "绿豆汤。", "绿豆汤和西瓜，送到三个井口。");
    town.dismiss(cast::QIQIGE.name, Role::BranchOfficer, "LB04.3");
    let own = matter(&helper, "自己的事", false);
    town.wait_ms(DAY_MS);
    helper.online();
    helper.sync().unwrap();
    let kept = helper.attention();
    assert_eq!((kept.len(), kept[0].what.as_str()), (1, "修改 正文"));
    assert_eq!(words(&kept[0]), "绿豆汤和西瓜，送到三个井口。");
    assert!(!kept[0].refusal.zh().is_empty() && !kept[0].refusal.en().is_empty());
    assert_eq!(helper.status(own), "submitted", "the queue behind it went on");
    author.sync().unwrap();
    assert_eq!(author.text(doc, "text"), "绿豆汤。");

    town.appoint(cast::QIQIGE.name, Role::BranchOfficer, "LB04.3");
    helper.sync().unwrap();
    let reused = helper.ask(Ask::Settle { id: kept[0].id, how: Resolve::Reuse });
    assert!(matches!(reused, Answer::Kept { .. }), "{reused:?}");
    assert!(helper.attention().is_empty());
    sync(&[&helper, &author]);
    assert_eq!(author.text(doc, "text"), "绿豆汤和西瓜，送到三个井口。");
    town.all_is_well();
}

#[test]
fn of_two_last_approvals_one_publishes_and_the_other_leaves_no_article_behind() {
    let mut town = town();
    town.appoint(cast::DAYONG.name, Role::Publicity, "LB");
    let names = [cast::BATEER, cast::NASHUN, cast::WULIJI, cast::LINXIULAN, cast::DAYONG];
    let [author, chair, mine, one, other] = names.map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    does(&author, doc, &DraftAct::Submit);
    sync(&[&author, &chair]);
    does(&chair, doc, &approve("同意"));
    sync(&[&chair, &mine]);
    does(&mine, doc, &approve("同意"));
    sync(&[&mine, &one, &other]);
    one.offline();
    other.offline();
    does(&one, doc, &approve("同意发布"));
    does(&other, doc, &approve("可以发布"));
    other.online();
    other.sync().unwrap();
    one.online();
    one.sync().unwrap();
    assert_eq!(words(&one.attention()[0]), "同意发布");
    let all = one.list("news.article");
    assert_eq!((all.len(), all[0].row.owner), (1, town.id(cast::DAYONG.name)));
    town.all_is_well();
}
