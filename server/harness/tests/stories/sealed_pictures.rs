//! Pictures of sealed matters: who may read the matter sees them, the server keeps ciphertext.

use crate::kit::*;
use domain::bridge::{Answer, Ask};
use domain::{DocId, Edit, Hash, Seal, crdt, file_keys};
use harness::{Phone, Town, cast, finish, refusal};
use server::log::Log;
use server::recovery;
use sync::native;

/// Stands for a photographed wage slip.
const SLIP: &[u8] = b"\xff\xd8\xff a wage slip, photographed \xff\xd9";

fn sees(phone: &Phone, doc: DocId, file: Hash) -> bool {
    assert!(phone.open(doc).values.contains_key(&format!("pics/{file}")));
    phone.picture(file) == Answer::Bytes(SLIP.to_vec().into())
}

/// A matter with a picture, begun without a network.
fn begun(miner: &Phone) -> (DocId, Hash) {
    miner.offline();
    let doc = matter_begun(miner, "奖金与工资条不符", true);
    let file = miner.photo_in(doc, SLIP);
    does(miner, doc, &domain::modules::appeal::MatterAct::Submit);
    assert_eq!(Seal::of(&miner.open(doc).values), Seal::Open);
    assert!(sees(miner, doc, file), "at once, without a network");
    miner.kill();
    assert!(sees(miner, doc, file), "and after the phone was off");
    miner.online();
    (doc, file)
}

fn recovered(town: &Town, doc: DocId, pair: &sync::Pair) -> Vec<(Hash, [u8; 32])> {
    let changes = finish(town.world().desk().log().changes_since(doc, 0)).expect("memory answers");
    let envelopes: Vec<Vec<u8>> = changes.into_iter().map(|change| change.bytes).collect();
    let mut whole = automerge::Automerge::new();
    for raw in native::recover(doc, pair, &envelopes).expect("opens") {
        whole.apply_changes([automerge::Change::from_bytes(raw).expect("a change")]).expect("joins");
    }
    file_keys(&crdt::read(&whole, doc).expect("a body").1)
}

#[test]
fn readers_see_it_the_server_does_not_and_the_recovery_key_opens_it() {
    let mut town = town();
    let (pair, _) = recovery::make().expect("randomness");
    town.recover_with(pair.public.to_vec());
    let [miner, officer, stranger] =
        [cast::SUHE, cast::BATEER, cast::NASHUN].map(|person| town.phone(person.name));
    sync(&[&miner, &officer, &stranger]);
    let (doc, file) = begun(&miner);
    sync(&[&miner, &officer, &stranger]);
    assert!(town.world().has_file(file));
    assert!(!town.world().files_hold(&SLIP[4..20]), "nothing of it lies open at the server");

    assert!(sees(&officer, doc, file));
    assert!(officer.open(doc).timeline.iter().all(|moment| !moment.words.contains("keys")));
    officer.kill();
    assert_eq!(refusal(officer.picture(file)).zh(), "这张图片已加密，请从它所在的材料里打开");
    assert!(sees(&officer, doc, file));
    assert!(refusal(stranger.picture(file)).zh().contains("已加密"), "bytes alone show nothing");
    let second = town.phone(cast::SUHE.name);
    sync(&[&second, &miner, &second]);
    assert!(sees(&second, doc, file), "the owner's other phone");

    let keys = recovered(&town, doc, &pair);
    let Answer::Bytes(shown) = officer.picture(file) else { panic!("not shown") };
    assert_eq!((keys.len(), keys[0].0), (1, file));
    let sealed = town.world().file(file).expect("at the server");
    assert_eq!(native::open_file(&keys[0].1, &sealed).as_deref(), Some(&shown[..]));
    town.run_until_quiet();
    town.all_is_well();
}

#[test]
fn a_picture_taken_out_takes_its_key_along_and_one_that_lies_open_does_not_get_in() {
    let mut town = town();
    let miner = town.phone(cast::SUHE.name);
    sync(&[&miner]);
    let doc = matter_begun(&miner, "奖金与工资条不符", true);
    let file = miner.photo_in(doc, SLIP);
    assert_eq!(file_keys(&miner.open(doc).values).len(), 1);
    let clear = Edit::Clear { key: format!("pics/{file}") };
    assert!(matches!(miner.ask(Ask::Edit { doc, edits: vec![clear] }), Answer::Kept { .. }));
    assert_eq!(file_keys(&miner.open(doc).values), []);
    assert!(miner.outbox().iter().all(|waiting| !waiting.what.contains("密钥")), "no talk of keys");

    let open = miner.photo(SLIP);
    let why = refusal(miner.set(doc, &format!("pics/{open}"), "照片"));
    assert_eq!(why.zh(), "这张图片没有加密，不能放进加密材料。请在这份材料里重新添加");
    let unknown =
        Ask::PutBlob { doc: Some(DocId([9; 16])), bytes: SLIP.to_vec().into(), mime: String::new() };
    assert!(
        matches!(miner.ask(unknown), Answer::Refused(_)),
        "of a record that is not here nothing is kept open"
    );

    // In a matter with a name pictures lie open, as its words do.
    let named = matter_begun(&miner, "通勤车加班次", false);
    let shown = miner.photo_in(named, SLIP);
    assert_eq!((shown, file_keys(&miner.open(named).values).len()), (Hash::of(SLIP), 0));
}

#[test]
fn after_a_restore_it_comes_back_and_opens() {
    let mut town = town();
    let [miner, officer] = [cast::SUHE, cast::BATEER].map(|person| town.phone(person.name));
    sync(&[&miner, &officer]);
    let backup = town.backup();
    let (doc, file) = begun(&miner);
    sync(&[&miner, &officer]);
    town.restore(&backup, true);
    assert!(!town.world().has_file(file));
    for _ in 0..4 {
        sync(&[&miner, &officer]);
    }
    assert!(town.world().has_file(file) && !town.world().files_hold(&SLIP[4..20]));
    assert!(sees(&officer, doc, file));
    town.run_until_quiet();
    town.all_is_well();
}
