//! The app and the server learn to read older records in a new way. Nothing is written for it, and phones
//! with the old and the new app work on the same records.

use crate::kit::*;
use domain::AnyKind;
use domain::bridge::{Answer, Ask};
use domain::modules::{self, news::DraftAct};
use harness::{Phone, cast, weather::later_kinds};
use std::sync::LazyLock;

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

#[test]
fn lines_and_readers_follow_an_update_of_the_server_although_nobody_writes() {
    let mut town = town();
    let [author, chair, mine] =
        [cast::BATEER, cast::NASHUN, cast::WULIJI].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    sync(&[&author, &chair, &mine]);
    assert!(!mine.has(doc));
    town.install(later_kinds);
    sync(&[&author, &chair, &mine]);
    assert_eq!((column(&author), column(&chair)), ("general".into(), "general".into()));
    assert!(mine.has(doc), "who reads it by the new rules has it");
    town.install(domain::modules::kinds);
    sync(&[&author, &chair, &mine]);
    assert_eq!((column(&author), column(&chair)), ("news".into(), "news".into()));
    assert!(!mine.has(doc), "taken back is taken back");
    town.all_is_well();
}

#[test]
fn a_restored_backup_from_before_the_update_is_computed_anew() {
    let mut town = town();
    let author = town.phone(cast::BATEER.name);
    draft(&author, "井口送清凉", "绿豆汤。");
    sync(&[&author]);
    let backup = town.backup();
    town.install(later_kinds);
    town.restore(&backup, true);
    sync(&[&author, &author]);
    assert_eq!(column(&author), "general");
    town.all_is_well();
}

#[test]
fn an_updated_phone_shows_what_waits_and_what_is_sealed_by_its_new_rules_without_a_network() {
    let mut town = town();
    let author = town.phone(cast::BATEER.name);
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    let secret = matter(&author, "暖气", true);
    sync(&[&author]);
    author.offline();
    author.set(doc, "title", "井下送清凉");
    let version = || {
        let lines = author.list("appeal.matter");
        lines.iter().find(|line| line.row.id == secret).expect("listed").row.fact("version").to_string()
    };
    assert_eq!((column(&author), version()), ("news".into(), String::new()));
    author.update(later_kinds);
    assert_eq!((column(&author), version()), ("general".into(), "2".into()));
    assert_eq!(author.list("news.draft")[0].row.title, "井下送清凉");
    town.install(later_kinds);
    town.all_is_well();
}

/// The phone's own line goes when what it was about goes.
#[test]
fn an_old_phone_whose_words_were_refused_or_taken_back_shows_the_new_servers_line() {
    let mut town = town();
    let [author, chair] = [cast::BATEER, cast::NASHUN].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    does(&author, doc, &DraftAct::Submit);
    sync(&[&author, &chair]);
    does(&author, doc, &DraftAct::PullBack { reason: "再改改".into() });
    does(&chair, doc, &approve("同意"));
    assert_eq!(column(&chair), "news");
    sync(&[&author]);
    town.install(later_kinds);
    sync(&[&chair]);
    assert_eq!((chair.attention().len(), column(&chair)), (1, "general".into()));
    let other = draft(&author, "另一篇", "汤。");
    sync(&[&author]);
    let Answer::Kept { seq: Some(seq), .. } = author.set(other, "title", "又一篇") else { panic!("kept") };
    let line = |id| author.list("news.draft").into_iter().find(|line| line.row.id == id).expect("listed").row;
    assert_eq!((line(other).fact("column"), &line(other).title[..]), ("news", "又一篇"));
    assert_eq!(author.ask(Ask::Undo { seq }), Answer::Done);
    sync(&[&author]);
    assert_eq!((line(other).fact("column"), &line(other).title[..]), ("general", "另一篇"));
    town.all_is_well();
}

#[test]
fn a_line_follows_an_update_although_the_battery_fell_out_while_its_record_was_opened() {
    for steps in 0..8 {
        let mut town = town();
        let author = town.phone(cast::BATEER.name);
        author.sync().unwrap();
        author.offline();
        let doc = draft(&author, "井口送清凉", "绿豆汤。");
        author.kill();
        author.begin(Ask::Open(doc));
        (0..steps).for_each(|_| author.step());
        author.kill();
        author.update(later_kinds);
        assert_eq!(column(&author), "general", "after {steps} steps");
        assert!(author.attention().is_empty());
    }
}

/// On a sealed record no server keeps an older app from fields that it does not know: the phone leaves such a change
/// out with all that rests on it, until it knows better.
#[test]
fn what_an_older_app_left_out_of_a_sealed_matter_is_there_after_its_update() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    sync(&[&miner, &officer]);
    town.install(later_kinds);
    miner.update(later_kinds);
    let doc = matter(&miner, "班长克扣奖金", true);
    sync(&[&miner, &officer]);
    miner.set(doc, "wish", "补发");
    miner.set(doc, "title", "班长克扣奖金三千元");
    sync(&[&miner, &officer]);
    assert_eq!(officer.text(doc, "title"), "班长克扣奖金", "as far as it understands");
    officer.update(later_kinds);
    assert_eq!(officer.text(doc, "title"), "班长克扣奖金", "open as before, also without a network");
    sync(&[&officer]);
    assert_eq!(
        (officer.text(doc, "title"), officer.text(doc, "wish")),
        ("班长克扣奖金三千元".into(), "补发".into())
    );
    town.all_is_well();
}

/// A version without matters of this sort.
fn without_matters() -> &'static [&'static dyn AnyKind] {
    static KINDS: LazyLock<Vec<&'static dyn AnyKind>> = LazyLock::new(|| {
        modules::kinds().iter().copied().filter(|kind| kind.name() != "appeal.matter").collect()
    });
    &KINDS
}

#[test]
fn a_sealed_record_of_a_kind_that_the_app_did_not_know_opens_after_its_update() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    sync(&[&miner, &officer]);
    officer.update(without_matters);
    let doc = matter(&miner, "班长克扣奖金", true);
    sync(&[&miner, &officer]);
    assert!(matches!(officer.ask(Ask::Open(doc)), Answer::Refused(_)));
    officer.update(modules::kinds);
    sync(&[&officer]);
    officer.offline();
    assert_eq!(officer.text(doc, "title"), "班长克扣奖金", "although nothing of it came again");
    officer.online();
    town.all_is_well();
}
