//! The server comes back from an older copy. What it had acknowledged since is on phones only, and phones
//! bring it back by themselves: words, decisions in their order, pictures.

use crate::kit::*;
use domain::modules::appeal::MatterAct;
use domain::modules::news::DraftAct;
use harness::{Phone, Town, cast};

/// Everybody who takes part.
struct Cast {
    town: Town,
    miner: Phone,
    officer: Phone,
    author: Phone,
    branch: Phone,
    chair: Phone,
}

impl Cast {
    fn new() -> Self {
        let mut town = town();
        let names = [cast::SUHE, cast::QIQIGE, cast::BATEER, cast::NASHUN, cast::WULIJI];
        let [miner, officer, author, branch, chair] = names.map(|person| town.phone(person.name));
        Self { town, miner, officer, author, branch, chair }
    }
    fn all(&self) -> [&Phone; 5] {
        [&self.miner, &self.officer, &self.author, &self.branch, &self.chair]
    }
}

fn a_restore(told: bool, last_comes_first: bool) {
    let cast = Cast::new();
    let Cast { town, miner, officer, author, branch, chair } = &cast;
    let heating = matter(miner, "宿舍夜间供暖", false);
    let old = draft(author, "旧稿", "早先的文字。");
    (0..2).for_each(|_| sync(&cast.all()));
    let backup = town.backup();

    // All of this is acknowledged, and then lost by the server.
    author.write(old, "text", "早先的文字。", "早先的文字。后来的一句。");
    officer.write(old, "text", "早先的文字。", "其其格加的。早先的文字。");
    let picture = author.photo(&[9; 4_000]);
    let new = draft(author, "新稿", "绿豆汤。");
    does(author, new, &DraftAct::Submit);
    does(officer, heating, &MatterAct::Register { note: "已登记".into() });
    let bus = matter(miner, "通勤车加班次", true);
    sync(&cast.all());
    sync(&cast.all());
    does(branch, new, &DraftAct::Return { opinion: "补上人数".into() });
    sync(&[branch, author]);
    author.write(new, "text", "绿豆汤。", "绿豆汤，三班 120 人。");
    does(author, new, &DraftAct::Submit);
    sync(&[author, branch]);
    does(branch, new, &approve("同意"));
    does(officer, heating, &accept("同意受理"));
    (0..2).for_each(|_| sync(&cast.all()));
    let before: Vec<_> = cast.all().map(|phone| what(phone, &[old, new, heating, bus])).into();

    town.restore(&backup, told);
    assert!(!town.world().has_file(picture));
    let mut order = cast.all();
    if last_comes_first {
        order.reverse();
    }
    (0..5).for_each(|_| sync(&order));
    let after: Vec<_> = cast.all().map(|phone| what(phone, &[old, new, heating, bus])).into();
    assert_eq!(after, before);
    assert_eq!(chair.status(new), "review2");
    for phone in cast.all() {
        assert!(phone.outbox().is_empty(), "{:?}", phone.outbox());
        assert!(phone.attention().is_empty(), "{:?}", phone.attention());
    }
    assert!(town.world().has_file(picture));
    town.all_is_well();
}

/// What a phone shows of these: text, status, what was decided in what order.
fn what(phone: &Phone, docs: &[domain::DocId]) -> Vec<(String, String, Vec<String>)> {
    let shown = docs.iter().filter(|doc| phone.has(**doc)).map(|doc| {
        let opened = phone.open(*doc);
        let steps = opened.timeline.iter().map(|moment| moment.step.code.clone()).collect();
        (phone.text(*doc, "text"), opened.status.code, steps)
    });
    shown.collect()
}

#[test]
fn a_restore_that_phones_are_told_of_loses_nothing() {
    a_restore(true, false);
}

#[test]
fn whoever_decided_last_may_come_first() {
    a_restore(true, true);
}

#[test]
fn a_file_copied_back_in_silence_loses_nothing() {
    a_restore(false, false);
    a_restore(false, true);
}

#[test]
fn what_waits_meanwhile_is_listed_and_a_lost_phone_does_not_hold_it_up_for_ever() {
    let cast = Cast::new();
    let Cast { town, author, branch, .. } = &cast;
    let doc = draft(author, "新稿", "绿豆汤。");
    sync(&cast.all());
    let backup = town.backup();
    does(author, doc, &DraftAct::Submit);
    sync(&[author, branch]);
    does(branch, doc, &approve("同意，请复审"));
    sync(&[branch]);
    town.restore(&backup, true);
    author.offline();
    (0..3).for_each(|_| sync(&[branch]));
    assert_eq!(branch.outbox().len(), 1, "the submission is its author's to bring");
    assert!(branch.attention().is_empty());
    town.wait_days(15);
    sync(&[branch]);
    assert_eq!(words(&branch.attention()[0]), "同意，请复审", "judged as it comes, and its words are kept");
    town.all_is_well();
}

#[test]
fn what_a_phone_wrote_before_it_was_cloned_and_what_it_wrote_anew_come_back_too() {
    let mut town = town();
    let phone = town.phone(cast::BATEER.name);
    let doc = draft(&phone, "新稿", "绿豆汤。");
    phone.sync().unwrap();
    let backup = town.backup();
    phone.write(doc, "text", "绿豆汤。", "绿豆汤。早先。");
    phone.sync().unwrap();
    let clone = town.clone_of(&phone);
    phone.write(doc, "text", "绿豆汤。早先。", "绿豆汤。早先。甲。");
    clone.write(doc, "text", "绿豆汤。早先。", "绿豆汤。早先。乙。");
    (0..2).for_each(|_| sync(&[&phone, &clone]));
    town.restore(&backup, true);
    (0..3).for_each(|_| sync(&[&phone, &clone]));
    let text = clone.text(doc, "text");
    assert!(["早先", "甲", "乙"].iter().all(|word| text.matches(word).count() == 1), "{text}");
    town.all_is_well();
}

#[test]
fn what_waited_goes_up_behind_what_stood_before_and_comes_back() {
    let cast = Cast::new();
    let Cast { town, author, .. } = &cast;
    let backup = town.backup();
    let doc = draft(author, "新稿", "绿豆汤。");
    author.sync().unwrap();
    author.offline();
    does(author, doc, &DraftAct::Submit);
    author.online();
    town.restore(&backup, true);
    (0..2).for_each(|_| sync(&[author]));
    assert!(author.outbox().is_empty() && author.attention().is_empty());
    assert_eq!(author.status(doc), "review1");
    town.all_is_well();
}

#[test]
fn words_on_a_document_that_left_with_a_post_are_not_forgotten_with_it() {
    let cast = Cast::new();
    let Cast { town, author, branch, .. } = &cast;
    let doc = draft(author, "新稿", "绿豆汤。");
    sync(&[author, branch]);
    let backup = town.backup();
    branch.write(doc, "text", "绿豆汤。", "绿豆汤。那顺加的。");
    sync(&[branch]);
    town.dismiss(cast::NASHUN.name, domain::Role::BranchChair, "LB04.3");
    sync(&[branch]);
    assert!(!branch.has(doc));
    town.restore(&backup, true);
    sync(&[branch, author]);
    assert_eq!(branch.outbox().len(), 1, "held for those who have still to bring something");
    town.wait_days(15);
    sync(&[branch]);
    assert!(branch.outbox().is_empty());
    assert!(words(&branch.attention()[0]).contains("那顺加的"), "{:?}", branch.attention());
    town.all_is_well();
}

/// The first half of an answer arrives; then the server comes back from a copy made before, and grows again.
#[test]
fn half_an_answer_of_a_server_that_is_gone_does_not_count() {
    let cast = Cast::new();
    let Cast { town, author, branch, .. } = &cast;
    sync(&cast.all());
    let backup = town.backup();
    let lost = draft(author, "旧稿", "写过的。");
    author.cut_next_answer_after(3);
    assert!(author.sync().is_err());
    assert_eq!(author.outbox().len(), 1, "nothing proves that it stands");
    town.restore(&backup, false);
    for turn in 0..20 {
        draft(branch, &format!("别的 {turn}"), "别的。");
    }
    sync(&[branch, author]);
    assert!(author.outbox().is_empty());
    assert_eq!(author.status(lost), "draft");
    town.all_is_well();
}
