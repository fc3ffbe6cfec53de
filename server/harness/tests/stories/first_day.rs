//! Two phones, one mine, a day without a network. Two officers of the far branch work underground on some of
//! the same things; a chair at the surface looks on. Whoever comes up first: texts merge, one decision
//! stands, the other one's words are kept, nobody has to ask twice.

use crate::kit::*;
use domain::modules::appeal::MatterAct;
use domain::modules::news::DraftAct;
use domain::{DAY_MS, DocId, Hash};
use harness::{Phone, cast};

/// The night before: a draft that both have, two matters that one of them registered.
struct Before {
    town: harness::Town,
    a: Phone,
    b: Phone,
    chair: Phone,
    shared: DocId,
    heating: DocId,
    bus: DocId,
}

fn before() -> Before {
    let mut town = town();
    let [a, b, chair, miner] =
        [cast::BATEER, cast::QIQIGE, cast::WULIJI, cast::SUHE].map(|person| town.phone(person.name));
    sync(&[&a, &b, &chair, &miner]);
    let shared = draft(&a, "井口送清凉", "绿豆汤送到井口。");
    let (heating, bus) = (matter(&miner, "宿舍夜间供暖", false), matter(&miner, "通勤车加班次", false));
    sync(&[&miner, &a]);
    for doc in [heating, bus] {
        does(&a, doc, &MatterAct::Register { note: String::new() });
    }
    sync(&[&a, &b, &chair]);
    Before { town, a, b, chair, shared, heating, bus }
}

/// What A does underground: three articles with pictures, two matters, a sentence in the shared draft.
fn a_works(a: &Phone, shared: DocId, heating: DocId, bus: DocId) -> (Vec<DocId>, Vec<Hash>) {
    let (mut articles, mut pictures) = (vec![], vec![]);
    for n in 1..=3 {
        let picture = a.photo(&vec![n as u8; 300_000]);
        let doc = draft(a, &format!("红柳滩见闻（{n}）"), &format!("第 {n} 篇。"));
        a.set(doc, "cover", picture.to_string());
        does(a, doc, &DraftAct::Submit);
        articles.push(doc);
        pictures.push(picture);
    }
    a.write(shared, "text", "绿豆汤送到井口。", "绿豆汤送到井口。巴特尔：三班都送了。");
    does(a, heating, &accept("同意受理，请后勤查看"));
    does(a, bus, &decline("属于客运公司"));
    (articles, pictures)
}

/// What B does underground meanwhile.
fn b_works(b: &Phone, shared: DocId, heating: DocId) {
    b.write(shared, "text", "绿豆汤送到井口。", "其其格：今天 38 度。绿豆汤送到井口。");
    does(b, heating, &decline("已转后勤，不重复受理"));
}

fn a_day(a_comes_first: bool) {
    let Before { town, a, b, chair, shared, heating, bus } = before();
    chair.listen();
    a.offline();
    b.offline();
    let (articles, pictures) = a_works(&a, shared, heating, bus);
    town.wait_ms(DAY_MS / 2);
    b_works(&b, shared, heating);
    town.wait_ms(DAY_MS / 2);
    assert!(a.sync().is_err() && b.sync().is_err(), "no network underground");
    assert!(!a.outbox().is_empty() && !b.outbox().is_empty(), "all of it is listed as waiting");

    let (first, second) = if a_comes_first { (&a, &b) } else { (&b, &a) };
    first.online();
    first.sync().unwrap();
    assert!(chair.hears(), "a hint comes while the chair looks on");
    chair.sync().unwrap();
    let stands = if a_comes_first { "accepted" } else { "declined" };
    assert_eq!(chair.status(heating), stands);
    second.online();
    second.sync().unwrap();
    sync(&[first, &chair]);

    for phone in [&a, &b] {
        let text = phone.text(shared, "text");
        assert_eq!(text, "其其格：今天 38 度。绿豆汤送到井口。巴特尔：三班都送了。", "texts merge");
        assert!(phone.outbox().is_empty());
    }
    for phone in [&a, &b, &chair] {
        assert_eq!((phone.status(heating), phone.status(bus)), (stands.into(), "declined".into()));
        assert_eq!(decisions(phone, heating), 1, "one decision stands");
    }
    assert!(first.attention().is_empty());
    let kept = second.attention();
    let lost = if a_comes_first {
        "已转后勤，不重复受理；可向劳动监察大队提出"
    } else {
        "同意受理，请后勤查看"
    };
    assert_eq!((kept.len(), words(&kept[0]).as_str(), kept[0].doc), (1, lost, heating));
    assert!(articles.iter().all(|doc| chair.status(*doc) == "review1"), "the chair sees all three");
    assert!(pictures.iter().all(|hash| town.world().has_file(*hash)), "with their pictures");
    town.all_is_well();
}

/// Acts that took the matter on or turned it down, with a receipt.
fn decisions(phone: &Phone, doc: DocId) -> usize {
    let opened = phone.open(doc);
    let moments = opened.timeline.iter().filter(|moment| moment.official_ms.is_some());
    moments.filter(|moment| ["accept", "decline"].contains(&moment.step.code.as_str())).count()
}

#[test]
fn who_wrote_most_comes_up_first() {
    a_day(true);
}

#[test]
fn who_wrote_most_comes_up_last() {
    a_day(false);
}
