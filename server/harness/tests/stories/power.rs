//! Saved means saved: whatever moment the battery falls out, what was called kept is there afterwards, and
//! what was not is there whole or not at all.

use crate::kit::*;
use domain::bridge::Ask;
use domain::modules::news::DraftAct;
use domain::to_cbor;
use harness::cast;

#[test]
fn a_power_cut_at_any_await_of_a_decision_leaves_all_or_nothing() {
    let mut both = [0, 0];
    for steps in 0..12 {
        let mut town = town();
        let author = town.phone(cast::BATEER.name);
        author.sync().unwrap();
        let doc = draft(&author, "井口送清凉", "绿豆汤。");
        author.begin(Ask::Act { doc, act: to_cbor(&DraftAct::Submit).into() });
        (0..steps).for_each(|_| author.step());
        author.power_cut();
        let (waiting, status) = (author.outbox().len(), author.status(doc));
        assert!([(1, "draft"), (2, "review1")].contains(&(waiting, status.as_str())), "after {steps} steps");
        both[waiting - 1] += 1;
        town.all_is_well();
    }
    assert!(both.iter().all(|count| *count > 0), "both happened: {both:?}");
}

#[test]
fn a_power_cut_at_any_await_of_a_round_loses_and_doubles_nothing() {
    for steps in 0..80 {
        let mut town = town();
        let [author, helper] = [cast::BATEER, cast::QIQIGE].map(|person| town.phone(person.name));
        let doc = draft(&author, "井口送清凉", "绿豆汤。");
        sync(&[&author, &helper]);
        helper.set(doc, "subtitle", "三班都送了");
        author.write(doc, "text", "绿豆汤。", "绿豆汤和西瓜。");
        does(&author, doc, &DraftAct::Submit);
        helper.sync().unwrap();
        author.begin_sync();
        (0..steps).for_each(|_| author.step());
        author.power_cut();
        town.all_is_well();
        assert_eq!(author.text(doc, "text"), "绿豆汤和西瓜。");
        assert_eq!(author.open(doc).entries.len(), 1);
    }
}
