//! Posts come and go while phones are underground. What one may read follows the post; what one has decided
//! stays decided; what one wrote and may not send any more keeps its words.

use crate::kit::*;
use domain::Role;
use domain::modules::appeal::MatterAct;
use domain::modules::news::DraftAct;
use harness::cast;

#[test]
fn a_new_post_brings_its_records_and_a_lost_one_takes_them_away() {
    let mut town = town();
    let [miner, new] = [cast::SUHE, cast::DAYONG].map(|person| town.phone(person.name));
    let heating = matter(&miner, "宿舍夜间供暖", false);
    sync(&[&miner, &new]);
    assert!(!new.has(heating), "not his business");
    town.appoint(cast::DAYONG.name, Role::Rights, "LB04");
    new.sync().unwrap();
    new.offline();
    assert_eq!(new.text(heating, "title"), "宿舍夜间供暖", "here, whole, without a network");
    new.online();
    town.dismiss(cast::DAYONG.name, Role::Rights, "LB04");
    new.sync().unwrap();
    assert!(!new.has(heating) && new.list("appeal.matter").is_empty());
    assert!(!new.keeps("宿舍夜间供暖"), "nothing of it is left on the disk");
    town.all_is_well();
}

#[test]
fn what_waits_for_a_lost_scope_goes_up_first_and_comes_back_with_its_words() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    let heating = matter(&miner, "宿舍夜间供暖", false);
    sync(&[&miner, &officer]);
    officer.offline();
    does(&officer, heating, &MatterAct::Register { note: "周三前到现场".into() });
    town.dismiss(cast::BATEER.name, Role::Rights, "LB04");
    officer.online();
    officer.sync().unwrap();
    let kept = officer.attention();
    assert_eq!(
        (kept.len(), words(&kept[0]).as_str(), kept[0].title.as_str()),
        (1, "周三前到现场", "宿舍夜间供暖")
    );
    assert!(officer.outbox().is_empty() && !officer.has(heating));
    miner.sync().unwrap();
    assert_eq!(miner.status(heating), "submitted");
    town.all_is_well();
}

#[test]
fn what_was_decided_in_office_stands_after_the_office() {
    let mut town = town();
    let [author, chair, mine] =
        [cast::BATEER, cast::NASHUN, cast::WULIJI].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    does(&author, doc, &DraftAct::Submit);
    sync(&[&author, &chair]);
    does(&chair, doc, &approve("同意"));
    chair.sync().unwrap();
    town.dismiss(cast::NASHUN.name, Role::BranchChair, "LB04.3");
    sync(&[&author, &mine]);
    assert_eq!((author.status(doc), mine.status(doc)), ("review2".into(), "review2".into()));
    let opened = mine.open(doc);
    let by: Vec<&str> = opened.timeline.iter().map(|moment| moment.by_name.as_str()).collect();
    assert_eq!(by, [cast::BATEER.name, cast::NASHUN.name], "the receipt names who it was");
    town.all_is_well();
}
