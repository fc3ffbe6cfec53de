//! Bad links. An answer may break off anywhere, arrive twice or not at all; something else may answer in the
//! server's place. Nothing is lost, nothing doubles, and only a person empties an outbox.

use crate::kit::*;
use domain::bridge::Ask;
use domain::modules::news::DraftAct;
use harness::{Faults, cast};
use repo::{LinkTrouble, RoundTrouble};

#[test]
fn an_answer_that_breaks_off_anywhere_is_taken_up_again() {
    for frames in 0..24 {
        let mut town = town();
        let [author, chair] = [cast::BATEER, cast::WULIJI].map(|person| town.phone(person.name));
        for n in 0..5 {
            let doc = draft(&author, &format!("稿件{n}"), &"红柳滩。".repeat(300));
            does(&author, doc, &DraftAct::Submit);
        }
        author.sync().unwrap();
        chair.cut_next_answer_after(frames);
        chair.sync().ok();
        author.write(author.list("news.draft")[0].row.id, "text", "", "又一句。");
        author.cut_next_answer_after(frames);
        author.sync().ok();
        chair.sync().unwrap();
        assert_eq!(chair.list("news.draft").len(), 5);
        town.all_is_well();
    }
}

#[test]
fn a_retry_is_harmless() {
    let mut town = town();
    let [author, chair] = [cast::BATEER, cast::NASHUN].map(|person| town.phone(person.name));
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    does(&author, doc, &DraftAct::Submit);
    author.lose_next_answer();
    assert!(author.sync().is_err());
    assert_eq!(author.outbox().len(), 2, "it cannot know that the server has done it");
    chair.sync().unwrap();
    does(&chair, doc, &approve("同意"));
    chair.sync().unwrap();
    author.faults(Faults { twice: 1_000, ..Faults::default() });
    author.sync().unwrap();
    assert!(author.outbox().is_empty() && author.attention().is_empty());
    assert_eq!((author.status(doc), author.open(doc).entries.len()), ("review2".into(), 2));
    town.all_is_well();
}

#[test]
fn whatever_answers_in_the_servers_place_pauses_the_outbox_and_never_empties_it() {
    let mut town = town();
    let author = town.phone(cast::BATEER.name);
    author.sync().unwrap();
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    let picture = author.photo(&[7; 5_000]);
    let before = author.outbox();
    let troubles = [
        LinkTrouble::Offline,
        LinkTrouble::Portal,
        LinkTrouble::SessionEnded,
        LinkTrouble::Busy { retry_after_ms: 1_000 },
        LinkTrouble::Server(408),
        LinkTrouble::Server(400),
        LinkTrouble::Server(500),
        LinkTrouble::Server(502),
        LinkTrouble::TooOld,
    ];
    for trouble in troubles {
        author.next_request_meets(trouble.clone());
        assert_eq!(author.sync(), Err(RoundTrouble::Link(trouble.clone())));
        let state = author.state();
        assert_eq!((author.outbox(), author.attention().len(), state.waiting), (before.clone(), 0, 2));
        let told = match trouble {
            LinkTrouble::Offline => !state.online,
            LinkTrouble::SessionEnded => state.session_ended,
            _ => state.trouble.is_some_and(|(code, zh, en)| ![code, zh, en].iter().any(String::is_empty)),
        };
        assert!(told, "{trouble:?} is said to the person");
        assert_eq!(author.text(doc, "text"), "绿豆汤。", "reading goes on");
    }
    author.sync().unwrap();
    assert!(author.outbox().is_empty() && town.world().has_file(picture));
    town.all_is_well();
}

#[test]
fn taking_back_works_until_it_was_sent() {
    let mut town = town();
    let author = town.phone(cast::BATEER.name);
    author.sync().unwrap();
    let doc = draft(&author, "井口送清凉", "绿豆汤。");
    author.sync().unwrap();
    author.set(doc, "title", "送西瓜");
    let seq = author.outbox()[0].seq;
    assert_eq!(author.ask(Ask::Undo { seq }), domain::bridge::Answer::Done);
    assert_eq!(author.text(doc, "title"), "井口送清凉");
    author.set(doc, "title", "送西瓜");
    author.lose_next_answer();
    author.sync().ok();
    let seq = author.outbox()[0].seq;
    let refusal = harness::refusal(author.ask(Ask::Undo { seq }));
    assert!(refusal.zh().contains("已经发出"), "it may stand at the server already");
    town.all_is_well();
}
