//! What different people may read lies in different documents: who holds one holds its history.

use crate::kit::*;
use domain::modules::news::{ArticleAct, DraftAct};
use harness::cast;

#[test]
fn readers_get_the_article_and_never_the_draft() {
    let mut town = town();
    let names = [cast::BATEER, cast::NASHUN, cast::WULIJI, cast::LINXIULAN, cast::DAYONG];
    let [author, chair, mine, company, reader] = names.map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "这句话删掉。绿豆汤送到井口。");
    author.write(doc, "text", "这句话删掉。绿豆汤送到井口。", "绿豆汤送到井口。");
    does(&author, doc, &DraftAct::Submit);
    sync(&[&author, &chair]);
    does(&chair, doc, &approve("内部意见一"));
    sync(&[&chair, &mine]);
    does(&mine, doc, &approve("内部意见二"));
    sync(&[&mine, &company]);
    does(&company, doc, &approve("同意发布"));
    company.sync().unwrap();
    company.sync().unwrap();
    reader.sync().unwrap();
    let shown = reader.list("news.article");
    assert_eq!((shown.len(), shown[0].row.title.as_str()), (1, "井口送清凉"));
    reader.offline();
    assert_eq!(reader.text(shown[0].row.id, "text"), "绿豆汤送到井口。");
    reader.online();
    assert!(!reader.has(doc) && reader.list("news.draft").is_empty());
    assert!(!reader.keeps("内部意见"), "no word of the review");
    let article = shown[0].row.id;
    does(&company, article, &ArticleAct::Withdraw { reason: "数字有误".into() });
    sync(&[&company, &reader]);
    assert!(reader.list("news.article").is_empty(), "what was withdrawn leaves");
    town.all_is_well();
}
