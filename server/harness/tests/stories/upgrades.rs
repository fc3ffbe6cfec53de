//! The app and the server learn to read older records in a new way. Nothing is written for it, and phones
//! with the old and the new app work on the same records.

use crate::kit::*;
use domain::modules::news::DraftAct;
use harness::{Phone, cast, weather::later_kinds};

/// The column as the list shows it.
fn column(phone: &Phone) -> String {
    phone.list("news.draft")[0].row.fact("column").to_string()
}

#[test]
fn an_older_record_reads_as_todays_and_opening_it_writes_nothing() {
    let mut town = town();
    let [author, chair] = [cast::BATEER, cast::NASHUN].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    sync(&[&author, &chair]);
    assert_eq!(column(&chair), "news");
    town.install(later_kinds);
    chair.update(later_kinds);
    chair.open(doc);
    assert!(chair.outbox().is_empty(), "opening has written nothing");
    author.write(doc, "text", "绿豆汤。", "绿豆汤和西瓜。");
    does(&author, doc, &DraftAct::Submit);
    assert_eq!(column(&author), "news", "as the old app reads it");
    sync(&[&author, &chair]);
    assert_eq!(
        (column(&author), column(&chair)),
        ("general".into(), "general".into()),
        "as the new server does"
    );
    assert_eq!(author.open(doc).values["column"], "news".into(), "what was written stands as it was");
    does(&chair, doc, &approve("同意"));
    sync(&[&chair, &author]);
    assert_eq!((author.status(doc), chair.status(doc)), ("review2".into(), "review2".into()));
    assert_eq!(chair.text(doc, "text"), "绿豆汤和西瓜。");
    town.all_is_well();
}
