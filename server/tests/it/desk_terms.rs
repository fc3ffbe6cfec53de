//! Terms and facts that only acts change, and who may have a file, at the desk.

use crate::kit::kinds::{NoteAct, kinds};
use crate::kit::phone::{NOW, Phone};
use crate::kit::{ADMIN, MINERS, ORGANISER, all_accepted, desk, phone};
use domain::modules::org::{PersonAct, person_id, unit_id};
use domain::{Edit, Hash, OrgCode, Reader, Refusal, Role};
use server::desk::Desk;
use server::log::Log;
use sync::Fate;

#[tokio::test]
async fn what_is_written_once_is_changed_by_no_edit() {
    let desk = desk().await;
    let (id, unit) = (unit_id("LB01"), OrgCode::new("LB01"));
    let meta = domain::Meta { id, kind: "org.unit".into(), owner: id, unit, born_ms: NOW };
    let values = domain::Values::from([("name".into(), "一矿".into())]);
    let founding = server::desk::Founding { meta, values, acts: vec![] };
    assert_eq!(desk.found_many(vec![founding], NOW).await.unwrap().made, 1);
    let mut organiser = phone(ORGANISER);
    organiser.wants = vec![id];
    organiser.sync(&desk).await;
    let before = organiser.clone();
    let set = |key: &str| Edit::Set { key: key.into(), value: "改".into() };
    organiser.edit(id, set("name"));
    let fates = organiser.sync(&desk).await;
    assert!(matches!(&fates[0], Fate::Refused(Refusal::Invalid(field, ..)) if field == "name"), "{fates:?}");
    let mut organiser = before;
    organiser.device = "another".into();
    organiser.edit(id, set("contact"));
    assert!(all_accepted(&organiser.sync(&desk).await));
    let stored = desk.log().load(id).await.unwrap().unwrap();
    assert_eq!((&stored.values["name"], &stored.values["contact"]), (&"一矿".into(), &"改".into()));
}

#[tokio::test]
async fn a_longer_term_is_told_and_a_term_that_is_over_is_no_post() {
    let desk = desk().await;
    let (mut admin, mut wang) = (phone(ADMIN), phone(MINERS[0]));
    let (doc, role, at) = (person_id(MINERS[0]), Role::Rights, OrgCode::new("LB01"));
    let until = |ms: i64| PersonAct::Appoint {
        role,
        at: at.clone(),
        from: String::new(),
        until: domain::date_text(ms),
        reason: String::new(),
    };
    admin.act(doc, &until(NOW + domain::DAY_MS));
    assert!(all_accepted(&admin.sync(&desk).await));
    wang.sync(&desk).await;
    let term = |wang: &Phone| wang.who.as_ref().unwrap().posts[0].term.until_ms.unwrap();
    let first = term(&wang);
    admin.act(doc, &until(NOW + 9 * domain::DAY_MS));
    assert!(all_accepted(&admin.sync(&desk).await));
    wang.sync(&desk).await;
    assert_eq!(term(&wang) - first, 8 * domain::DAY_MS, "no scope changed, and yet the phone heard of it");
    let held = |ms: i64| desk.who(doc, ms).unwrap().holds(role, &at);
    assert!(held(NOW) && held(term(&wang) - 1) && !held(term(&wang)));
    assert_ne!(desk.held(doc, NOW), desk.held(doc, term(&wang)), "the feeds of the post are gone with it");
}

#[tokio::test]
async fn a_file_is_for_readers_of_what_names_it_also_after_a_start() {
    let desk = desk().await;
    let (mut li, wang, zhao) = (phone(MINERS[0]), person_id(MINERS[1]), person_id(MINERS[3]));
    let (file, other) = (Hash::of(b"a picture"), Hash::of(b"another"));
    let note = li.note("LB01.1.1", &file.to_string());
    li.act(note, &NoteAct::Share(Reader::Person(wang)));
    assert!(all_accepted(&li.sync(&desk).await));
    let li = li.me;
    let desk =
        Desk::with_kinds(desk.into_log(), kinds).await.unwrap().with_signing(server::desk::Signing::Optional);
    for (person, hash, may) in
        [(wang, file, true), (zhao, file, false), (wang, other, false), (li, file, false)]
    {
        let who = desk.who(person, NOW).unwrap();
        assert_eq!(desk.may_have(&who, hash).await, Ok(may), "{} {hash}", who.no);
    }
}
