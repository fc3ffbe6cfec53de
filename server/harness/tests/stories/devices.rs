//! A phone is lost under ground, and what was written on it is not.

use crate::kit::{does, draft};
use domain::modules::news::DraftAct;
use domain::modules::org::DeviceAct;
use domain::{Refusal, Signed};
use harness::cast::{BATEER, EVERYBODY, NASHUN};
use harness::{Town, finish};
use repo::{LinkTrouble, RoundTrouble};

#[test]
fn acts_say_on_which_phone_they_were_signed() {
    let mut town = Town::new(1, &EVERYBODY);
    let bateer = town.phone(BATEER.name);
    let draft = draft(&bateer, "送清凉", "井口送去绿豆汤。");
    does(&bateer, draft, &DraftAct::Submit);
    let before = &bateer.open(draft).timeline[0];
    assert_eq!(before.signed, Signed::Waits);
    bateer.sync().unwrap();
    assert_eq!(bateer.open(draft).timeline[0].signed, Signed::By("手机".into()));
    let nashun = town.phone(NASHUN.name);
    nashun.sync().unwrap();
    assert_eq!(nashun.open(draft).timeline[0].signed, Signed::By("手机".into()), "others see it too");
    town.all_is_well();
}

#[test]
fn a_revoked_phone_s_honest_work_waits_for_an_officer_and_is_not_lost() {
    let mut town = Town::new(2, &EVERYBODY);
    let (lost, new) = (town.phone(BATEER.name), town.phone(BATEER.name));
    lost.sync().unwrap();
    lost.offline();
    let draft = draft(&lost, "井下写的稿子", "没有网络的时候写的。");
    does(&lost, draft, &DraftAct::Submit);
    town.revoke(&lost);
    lost.online();
    assert_eq!(lost.sync(), Err(RoundTrouble::Link(LinkTrouble::Revoked)));
    assert!(lost.outbox().is_empty());
    let needs = lost.attention();
    assert!(needs.iter().all(|one| one.refusal == Refusal::PutAside), "{needs:?}");
    assert!(!needs.is_empty(), "and it is kept on the phone too");
    new.sync().unwrap();
    assert!(!new.has(draft), "nothing of it stands yet");

    let desk = town.world().desk();
    let device = desk.device(lost.device()).unwrap();
    let organiser = desk.who_by_no("0809005").unwrap().person;
    let parcels = finish(desk.parcels_for(organiser, town.world().clock.get())).unwrap();
    assert_eq!(parcels.len(), 1);
    assert_eq!(parcels[0].0.id, device.id);
    let things = finish(desk.preview(&parcels[0].1, town.world().clock.get())).unwrap();
    assert_eq!((things.len(), things[0].title.as_str()), (1, "井下写的稿子"));
    town.settle_parcel(&lost, &DeviceAct::Adopt { parcel: parcels[0].1.id, reason: "已核实".into() });
    new.sync().unwrap();
    assert_eq!(new.status(draft), "review1");
    assert_eq!(new.text(draft, "title"), "井下写的稿子");
}
