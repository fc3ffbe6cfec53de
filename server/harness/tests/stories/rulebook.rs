//! One rulebook, asked three times: by the button, by the phone before it keeps, by the server.

use crate::kit::*;
use domain::Role;
use domain::modules::news::DraftAct;
use harness::{cast, refusal};

#[test]
fn the_button_the_phone_and_the_server_give_one_answer() {
    let mut town = town();
    let [author, chair] = [cast::BATEER, cast::NASHUN].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    does(&author, doc, &DraftAct::Submit);
    sync(&[&author, &chair]);

    let button = author.open(doc).steps.into_iter().find(|view| view.step.code == "approve").unwrap();
    let grey = button.refusal.expect("the author's button is grey, with why");
    assert_eq!(refusal(author.act(doc, &approve("自己同意"))), grey, "and the phone keeps nothing");
    assert!(author.outbox().is_empty() && author.attention().is_empty());

    // The chair's phone has not heard yet that the post is gone: it keeps, the server refuses.
    chair.offline();
    does(&chair, doc, &approve("同意，请复审"));
    town.dismiss(cast::NASHUN.name, Role::BranchChair, "LB04.3");
    chair.online();
    chair.sync().unwrap();
    assert_eq!(words(&chair.attention()[0]), "同意，请复审");
    author.sync().unwrap();
    assert_eq!(author.status(doc), "review1");
    town.all_is_well();
}
