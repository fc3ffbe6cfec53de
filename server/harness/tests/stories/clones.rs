//! A phone restored from a backup, or copied: two phones believe that they are one.

use crate::kit::*;
use domain::modules::appeal::MatterAct;
use harness::cast;

#[test]
fn two_phones_from_one_backup_lose_nothing_and_double_nothing() {
    let mut town = town();
    let [phone, miner] = [cast::BATEER, cast::SUHE].map(|person| town.phone(person.name));
    let heating = matter(&miner, "宿舍夜间供暖", false);
    sync(&[&miner, &phone]);
    let doc = draft(&phone, "井口送清凉", "绿豆汤。");
    phone.sync().unwrap();
    phone.offline();
    phone.write(doc, "text", "绿豆汤。", "绿豆汤。共。");
    does(&phone, heating, &MatterAct::Register { note: "共".into() });
    let clones = [town.clone_of(&phone), town.clone_of(&phone)];
    phone.write(doc, "text", "绿豆汤。共。", "绿豆汤。共。甲。");
    clones[0].write(doc, "text", "绿豆汤。共。", "绿豆汤。共。乙。");
    let third = town.clone_of(&clones[0]);
    clones[1].write(doc, "text", "绿豆汤。共。", "绿豆汤。共。丙。");
    third.write(doc, "text", "绿豆汤。共。乙。", "绿豆汤。共。乙。丁。");
    phone.online();
    sync(&[&phone, &third, &clones[1], &clones[0], &phone]);
    let text = phone.text(doc, "text");
    let once = |word: &&str| text.matches(*word).count() == 1;
    assert!(["共", "甲", "乙", "丙", "丁"].iter().all(once), "{text}");
    assert_eq!((phone.status(heating), phone.open(heating).entries.len()), ("registered".into(), 2));
    for one in [&phone, &clones[0], &clones[1], &third] {
        assert!(one.outbox().is_empty() && one.attention().is_empty());
    }
    town.all_is_well();
}
