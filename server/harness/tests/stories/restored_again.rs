//! More that goes wrong around a restored server: seeds of the random months, told as stories.

use crate::kit::*;
use domain::Role;
use domain::bridge::{Answer, Ask};
use domain::modules::appeal::MatterAct;
use domain::modules::news::DraftAct;
use harness::{Faults, Phone, Town, cast};

fn two() -> (Town, Phone, Phone) {
    let mut town = town();
    let (author, branch) = (town.phone(cast::BATEER.name), town.phone(cast::NASHUN.name));
    (town, author, branch)
}

#[test]
fn what_came_back_is_not_taken_back_as_if_nobody_had_seen_it() {
    let (town, author, branch) = two();
    let backup = town.backup();
    let doc = draft(&author, "新稿", "绿豆汤。");
    sync(&[&author, &branch]);
    town.restore(&backup, true);
    author.cut_next_answer_after(2);
    assert!(author.sync().is_err());
    let waits = author.outbox();
    assert_eq!(waits.len(), 1, "it waits again");
    assert!(matches!(author.ask(Ask::Undo { seq: waits[0].seq }), Answer::Refused(_)));
    sync(&[&author, &branch]);
    assert_eq!(branch.text(doc, "text"), "绿豆汤。");
    town.all_is_well();
}

/// Refused while the post was away, and standing after all because the first request came late.
#[test]
fn what_stands_by_a_late_request_comes_back_after_the_next_restore_too() {
    let (town, author, _) = two();
    author.sync().unwrap();
    let backup = town.backup();
    let doc = draft(&author, "新稿", "绿豆汤。");
    author.write(doc, "text", "绿豆汤。", "绿豆汤。一句。");
    author.faults(Faults { late: 1_000, drop_request: 1_000, ..Faults::default() });
    assert!(author.sync().is_err());
    author.faults(Faults::default());
    town.dismiss(cast::BATEER.name, Role::BranchOfficer, "LB04.3");
    author.sync().unwrap();
    assert!(!author.attention().is_empty());
    town.appoint(cast::BATEER.name, Role::BranchOfficer, "LB04.3");
    town.late_request_arrives();
    author.sync().unwrap();
    assert!(author.attention().is_empty(), "it stands after all");
    town.restore(&backup, true);
    (0..2).for_each(|_| sync(&[&author]));
    assert_eq!(author.text(doc, "text"), "绿豆汤。一句。");
    town.all_is_well();
}

#[test]
fn patience_does_not_hang_on_the_clock_of_the_phone() {
    let (town, author, branch) = two();
    sync(&[&author, &branch]);
    let backup = town.backup();
    let doc = draft(&author, "新稿", "绿豆汤。");
    sync(&[&author, &branch]);
    town.restore(&backup, true);
    branch.sync().unwrap();
    author.turn_clock(200 * domain::DAY_MS);
    town.dismiss(cast::BATEER.name, Role::BranchOfficer, "LB04.3");
    author.sync().unwrap();
    assert_eq!(author.outbox().len(), 1, "it may be allowed yet");
    author.turn_clock(-300 * domain::DAY_MS);
    author.sync().unwrap();
    assert!(author.attention().is_empty(), "not given up by a turned clock");
    town.wait_days(15);
    author.sync().unwrap();
    assert!(author.outbox().is_empty());
    assert!(words(&author.attention()[0]).contains("绿豆汤"));
    assert!(!author.has(doc));
    town.all_is_well();
}

/// The phone hears of a restored server, the rest of that answer is lost, and the first history comes back.
#[test]
fn a_history_that_was_gone_for_a_moment_takes_nothing_with_it() {
    let (town, author, branch) = two();
    let doc = draft(&author, "新稿", "绿豆汤。");
    let empty = town.backup();
    sync(&[&author, &branch]);
    let full = town.backup();
    town.restore(&empty, true);
    branch.cut_next_answer_after(2);
    assert!(branch.sync().is_err());
    town.restore(&full, false);
    sync(&[&branch, &author]);
    town.wait_days(15);
    sync(&[&branch, &author]);
    assert!(branch.has(doc));
    town.all_is_well();
}

/// A clone wrote on what the phone began; the phone hears the clone's words before it hears that its own stand.
#[test]
fn sealed_words_that_came_before_what_they_follow_are_opened_later() {
    for frames in 1..12 {
        let mut town = town();
        let phone = town.phone(cast::SUHE.name);
        phone.sync().unwrap();
        phone.offline();
        let doc = matter_begun(&phone, "供暖", true);
        phone.sync().unwrap_err();
        let clone = town.clone_of(&phone);
        clone.online();
        clone.sync().unwrap();
        clone.write(doc, "text", "3 号宿舍楼夜间暖气不热。", "暖气一直不热");
        clone.sync().unwrap();
        phone.online();
        phone.cut_next_answer_after(frames);
        phone.sync().ok();
        (0..3).for_each(|_| sync(&[&phone, &clone]));
        assert_eq!(phone.text(doc, "text"), "暖气一直不热", "cut after {frames}");
        town.all_is_well();
    }
}

/// What was written on another's words comes back after them, and stands in the same answer that brings them.
#[test]
fn sealed_words_that_stand_in_the_answer_that_brings_what_they_follow_are_here() {
    let mut town = town();
    let (miner, officer) = (town.phone(cast::SUHE.name), town.phone(cast::BATEER.name));
    sync(&[&miner, &officer]);
    let doc = matter(&miner, "供暖", true);
    sync(&[&miner, &officer]);
    let backup = town.backup();
    does(&officer, doc, &MatterAct::Register { note: "已收到".into() });
    sync(&[&officer, &miner]);
    does(&miner, doc, &MatterAct::Withdraw { reason: "已经修好".into() });
    sync(&[&miner, &officer]);
    town.restore(&backup, true);
    sync(&[&miner, &officer, &miner, &officer]);
    for phone in [&miner, &officer] {
        let told: Vec<String> = phone.open(doc).timeline.into_iter().map(|moment| moment.words).collect();
        assert!(["已收到", "已经修好"].iter().all(|words| told.iter().any(|told| told == words)), "{told:?}");
    }
    town.all_is_well();
}

/// Sealed words come back from any device of their author: the one that wrote them may be lost.
#[test]
fn sealed_words_of_a_lost_device_come_back_from_the_other_one() {
    let mut town = town();
    let (miner, officer) = (town.phone(cast::SUHE.name), town.phone(cast::BATEER.name));
    let second = town.phone(cast::BATEER.name);
    sync(&[&miner, &officer, &second]);
    let doc = matter(&miner, "供暖", true);
    (0..2).for_each(|_| sync(&[&miner, &officer, &second]));
    let backup = town.backup();
    does(&officer, doc, &MatterAct::Register { note: "已收到".into() });
    sync(&[&officer, &second]);
    town.restore(&backup, true);
    (0..2).for_each(|_| sync(&[&second, &miner]));
    for phone in [&second, &miner] {
        assert!(phone.open(doc).timeline.iter().any(|moment| moment.words == "已收到"));
    }
    sync(&[&officer]);
    town.all_is_well();
}

/// A record left with a post, the rest of that answer was lost, and the post came back just before the server did.
#[test]
fn what_was_just_leaving_is_what_the_restored_server_has_of_it() {
    for frames in 1..14 {
        let (town, author, branch) = two();
        let doc = draft(&author, "新稿", "绿豆汤。");
        sync(&[&author, &branch]);
        let backup = town.backup();
        does(&author, doc, &DraftAct::Submit);
        sync(&[&author, &branch]);
        town.dismiss(cast::NASHUN.name, Role::BranchChair, "LB04.3");
        branch.cut_next_answer_after(frames);
        branch.sync().ok();
        town.appoint(cast::NASHUN.name, Role::BranchChair, "LB04.3");
        town.restore(&backup, true);
        branch.sync().unwrap();
        let told = branch.open(doc).timeline.len();
        assert_eq!((branch.status(doc).as_str(), told), ("draft", 0), "cut after {frames}");
    }
}
