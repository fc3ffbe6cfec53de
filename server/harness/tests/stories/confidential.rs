//! A confidential matter: who handles it learns what it is about and never whose it is.

use crate::kit::*;
use domain::modules::appeal::{Grade, MatterAct};
use harness::{Phone, cast};

#[test]
fn the_handler_never_learns_whose_it_is_and_answers_go_to_and_fro() {
    let mut town = town();
    let [miner, officer, chair] =
        [cast::SUHE, cast::BATEER, cast::WULIJI].map(|person| town.phone(person.name));
    let second = town.phone(cast::SUHE.name);
    sync(&[&miner, &officer, &chair]);
    let doc = matter(&miner, "班长克扣奖金", true);
    sync(&[&miner, &officer]);
    does(&officer, doc, &MatterAct::Register { note: String::new() });
    does(&officer, doc, &accept("我们会保护您"));
    let assign = MatterAct::Assign {
        unit: domain::OrgCode::new("LB04"),
        handler: cast::BATEER.id(),
        handler_name: cast::BATEER.name.into(),
        co: vec![],
    };
    does(&officer, doc, &assign);
    does(&officer, doc, &MatterAct::Answer { text: "已核实并补发".into() });
    sync(&[&officer, &second]);
    assert_eq!(second.status(doc), "answered", "the owner's other phone follows it too");
    does(&second, doc, &MatterAct::Rate { grade: Grade::Satisfied, words: "谢谢".into() });
    sync(&[&second, &officer, &chair, &miner]);
    assert_eq!(officer.status(doc), "closed");
    for phone in [&officer, &chair] {
        knows_nobody(phone, doc);
    }
    let open = MatterAct::OpenAnswer { title: "奖金".into(), text: "已补发给苏和等人".into() };
    does(&officer, doc, &open);
    town.all_is_well();
}

/// Nothing on this phone says who raised it.
fn knows_nobody(phone: &Phone, doc: domain::DocId) {
    let opened = phone.open(doc);
    assert_ne!(opened.meta.owner, cast::SUHE.id(), "a fresh name");
    let own = opened.entries.iter().filter(|entry| entry.by == opened.meta.owner);
    for entry in own {
        let by_name = entry.receipt.as_ref().map(|receipt| receipt.by_name.as_str());
        assert_eq!((entry.device.as_str(), by_name), ("", Some("")), "{entry:?}");
    }
    let id = cast::SUHE.id();
    for part in [cast::SUHE.no.as_bytes(), cast::SUHE.name.as_bytes(), id.to_string().as_bytes(), &id.0] {
        assert!(!phone.record_has(doc, part), "nowhere in what it holds of the matter");
    }
}

#[test]
fn what_is_not_handed_in_stays_with_its_owner() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    let values = domain::Values::from([("title".into(), "还没想好".into()), ("named".into(), false.into())]);
    let (doc, _) = miner.create("appeal.matter", "LB04", values, true);
    sync(&[&miner, &officer]);
    assert!(!officer.has(doc) && !officer.keeps("还没想好"));
    town.all_is_well();
}
