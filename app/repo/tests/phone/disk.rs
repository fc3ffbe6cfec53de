//! Claim: "kept" is said only when it lies on the disk; a full or failing disk never says it, and a power
//! cut loses nothing that was called kept (reliability D2, D3, D4, D7).

use crate::bench::*;
use domain::bridge::{Answer, Ask};
use domain::modules::news::DraftAct;
use domain::{DocId, Hash};
use repo::RoundTrouble;
use store::Trouble;

#[test]
fn a_power_cut_keeps_everything_that_was_called_kept() {
    let mut bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    kept(bench.write(doc, "绿豆汤。", "绿豆汤和西瓜。"));
    kept(bench.act(doc, &DraftAct::Submit));
    let Answer::Stored(photo) =
        bench.ask(Ask::PutBlob { doc: None, bytes: vec![1, 2, 3].into(), mime: "image/png".into() })
    else {
        panic!("stored")
    };
    let before = (bench.outbox(), bench.drafts());
    bench.disk.cut_power();
    bench.restart();
    assert_eq!((bench.outbox(), bench.drafts()), before);
    assert_eq!(bench.text(doc), "绿豆汤和西瓜。");
    assert_eq!(bench.ask(Ask::GetBlob(photo)), Answer::Bytes(vec![1, 2, 3].into()));
}

#[test]
fn a_store_that_fails_never_says_kept_and_changes_nothing() {
    let all = [Trouble::Full, Trouble::Lost, Trouble::Blocked, Trouble::Other("UnknownError".into())];
    for trouble in all {
        let bench = Bench::new();
        let (doc, _) = bench.draft("送清凉", "绿豆汤。");
        let before = (bench.outbox(), bench.drafts(), bench.open(doc));
        let tries: Vec<Box<dyn Fn() -> Answer>> = vec![
            Box::new(|| bench.write(doc, "绿豆汤。", "西瓜。")),
            Box::new(|| bench.act(doc, &DraftAct::Submit)),
            Box::new(|| bench.ask(Ask::Undo { seq: 1 })),
            Box::new(|| {
                bench.ask(Ask::PutBlob { doc: None, bytes: vec![9; 10].into(), mime: String::new() })
            }),
        ];
        for attempt in &tries {
            bench.disk.fail_next(trouble.clone());
            assert!(failed(attempt()).starts_with("E-STORE"));
            assert_eq!((bench.outbox(), bench.drafts(), bench.open(doc)), before, "{trouble:?}");
        }
        kept(bench.write(doc, "绿豆汤。", "西瓜。"));
        assert_eq!(bench.text(doc), "西瓜。");
    }
}

#[test]
fn a_full_disk_gives_up_delivered_pictures_before_words() {
    let bench = Bench::new();
    let picture = vec![5u8; 4_000];
    bench.wire.blobs.borrow_mut().insert(Hash::of(&picture), picture.clone());
    assert_eq!(bench.ask(Ask::GetBlob(Hash::of(&picture))), Answer::Bytes(picture.clone().into()));
    bench.disk.fail_next(Trouble::Full);
    bench.draft("送清凉", "绿豆汤。");
    let Answer::Blobs(states) = bench.ask(Ask::Blobs(vec![Hash::of(&picture)])) else { panic!("states") };
    assert!(!states[0].here && states[0].delivered);
    assert_eq!(
        bench.ask(Ask::GetBlob(Hash::of(&picture))),
        Answer::Bytes(picture.into()),
        "the server brings it again"
    );
}

#[test]
fn a_failing_store_stops_sync_without_losing_the_answer() {
    let bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "");
    let disk = bench.disk.clone();
    bench.next(move |request| {
        disk.fill(true);
        (accept(request), Ok(()))
    });
    assert!(bench.sync().is_err());
    let state = bench.phone.state();
    assert_eq!((state.waiting, state.trouble.map(|t| t.0)), (1, Some("E-STORE-FULL".into())));
    bench.disk.fill(false);
    assert_eq!(bench.sync(), Ok(()));
    assert!(bench.outbox().is_empty());
    assert_eq!(bench.open(doc).waiting, 0);
}

#[test]
fn a_full_phone_still_reads_and_sends() {
    let mut bench = Bench::new();
    let (doc, _) = bench.draft("送清凉", "绿豆汤。");
    kept(bench.act(doc, &DraftAct::Submit));
    bench.disk.fill(true);
    bench.who.name = "改了名".into();
    bench.restart();
    assert_eq!(bench.text(doc), "绿豆汤。");
    assert!(failed(bench.write(doc, "绿豆汤。", "西瓜。")).starts_with("E-STORE-FULL"));

    // What waits reaches the server; that it did cannot be written down yet, so it goes on waiting here.
    assert_eq!(bench.sync(), Err(RoundTrouble::Store(Trouble::Full)));
    let sent = bench.last_request().push;
    assert_eq!((sent.len(), bench.outbox().len()), (2, 2));
    assert_eq!(bench.phone.state().trouble.map(|trouble| trouble.0), Some("E-STORE-FULL".into()));
    assert!(matches!(bench.ask(Ask::Undo { seq: sent[1].seq }), Answer::Refused(_)), "it may have been sent");

    bench.disk.fill(false);
    bench.fates(|_| sync::Fate::Duplicate(None));
    assert_eq!(bench.sync(), Ok(()));
    assert_eq!(bench.last_request().push, sent, "the same again, which doubles nothing");
    assert!(bench.outbox().is_empty());
}

#[test]
fn a_store_belongs_to_one_person_and_wiping_ends_it() {
    let bench = Bench::new();
    bench.draft("送清凉", "");
    let other = person("0200018", "LB02.8", &[]);
    let host = Dice(bench.clock.clone(), bench.dice.clone());
    let opened = now(repo::Repo::open(store::Memory(bench.disk.clone()), Scripted::default(), host, other));
    assert_eq!(opened.err(), Some(Trouble::Other("person".into())));
    assert_eq!(bench.ask(Ask::Wipe), Answer::Done);
    assert_eq!(failed(bench.ask(Ask::Open(DocId::default()))), "E-CLOSED");
    let fresh = Bench::on(bench.disk.clone(), editor(), 500);
    assert!(fresh.drafts().is_empty() && fresh.outbox().is_empty());
}

#[test]
fn the_package_holds_everything_of_mine() {
    let bench = Bench::new();
    let (mine, _) = bench.draft("我的", "正文。");
    bench.sync().unwrap();
    kept(bench.title(mine, "我的二"));
    bench.ask(Ask::PutBlob { doc: None, bytes: vec![1, 2, 3].into(), mime: "image/png".into() });
    bench.brings(vec![Theirs::draft("0200099", "别人的", "").whole()]);
    bench.next(|_| (vec![], Err(repo::LinkTrouble::Offline)));
    let Answer::Bytes(bytes) = bench.ask(Ask::Export) else { panic!("bytes") };
    let package: repo::Package = domain::from_cbor(&bytes).expect("reads back");
    assert_eq!(
        (package.format.as_str(), package.outbox.len(), package.blobs.len()),
        ("lianxin.package", 1, 1)
    );
    assert_eq!(package.docs.iter().map(|doc| doc.id).collect::<Vec<_>>(), [mine]);
    assert!(package.docs[0].rec.body.is_some());
}
