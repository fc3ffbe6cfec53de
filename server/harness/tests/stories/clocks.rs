//! Order and time are the server's. What a phone's clock says is a claim and shown as one.

use crate::kit::*;
use domain::DAY_MS;
use domain::modules::appeal::MatterAct;
use harness::cast;

const HOUR_MS: i64 = 3_600_000;

#[test]
fn a_clock_that_is_years_wrong_moves_no_order_and_no_deadline() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    sync(&[&miner, &officer]);
    miner.turn_clock(-3_000 * DAY_MS);
    officer.turn_clock(3_000 * DAY_MS);
    let heating = matter(&miner, "宿舍夜间供暖", false);
    let handed_in = town.world().clock.get();
    sync(&[&miner, &officer]);
    town.wait_ms(HOUR_MS);
    does(&officer, heating, &MatterAct::Register { note: String::new() });
    sync(&[&officer, &miner]);
    let opened = miner.open(heating);
    let official: Vec<i64> = opened.timeline.iter().filter_map(|moment| moment.official_ms).collect();
    assert_eq!(official, [handed_in, handed_in + HOUR_MS]);
    assert!(opened.timeline[0].at_ms < handed_in - 2_999 * DAY_MS, "the claim is kept as it was made");
    let line = &officer.list("appeal.matter")[0].row;
    assert_eq!(line.due_ms, miner.list("appeal.matter")[0].row.due_ms);
    assert!(line.due_ms.is_some_and(|due| (handed_in..handed_in + 100 * DAY_MS).contains(&due)));
    assert!(line.number.as_deref().is_some_and(|number| number.starts_with("LB诉〔2026〕")));
    town.all_is_well();
}

#[test]
fn the_first_to_reach_the_server_was_first() {
    let mut town = town();
    let [miner, one, other] = [cast::SUHE, cast::BATEER, cast::QIQIGE].map(|person| town.phone(person.name));
    let heating = matter(&miner, "宿舍夜间供暖", false);
    sync(&[&miner, &one, &other]);
    one.offline();
    does(&one, heating, &MatterAct::Register { note: "我先写的".into() });
    town.wait_days(1);
    does(&other, heating, &MatterAct::Register { note: "我先送到".into() });
    other.sync().unwrap();
    one.online();
    one.sync().unwrap();
    let stands = one.open(heating).timeline.pop().expect("a decision");
    assert_eq!((stands.words.as_str(), stands.by), ("我先送到", town.id(cast::QIQIGE.name)));
    assert_eq!(words(&one.attention()[0]), "我先写的");
    town.all_is_well();
}
