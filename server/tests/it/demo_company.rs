//! The whole demo as people meet it: everybody imported, a past that gate and rulebook let through.

use crate::http_kit::NOON;
use domain::modules::appeal::{Matter, MatterStatus, overdue};
use domain::modules::news::{Article, has_confirmed, is_pinned};
use domain::{Doc, DocId, Raw, Row, Scope};
use server::house::{Data, House};
use server::log::{Log, Reading};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

async fn built(dir: &std::path::Path) -> Arc<House> {
    let site = dir.join("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("index.html"), "x").unwrap();
    let data = Data::at(&dir.join("data")).unwrap();
    let site = server::start::site(&site, false).unwrap();
    let house = server::start::open(
        &data,
        server::demo::config(server::desk::Signing::Optional),
        site,
        Arc::new(|| NOON),
    )
    .await
    .unwrap();
    server::demo::build(&house).await.unwrap();
    house
}

/// Rows of a kind that this person gets.
async fn rows(house: &House, no: &str, kind: &str) -> Vec<Row> {
    let who = house.desk.who_by_no(no).unwrap();
    let from: Vec<(Scope, u64)> = domain::scopes_held(&who).into_iter().map(|scope| (scope, 0)).collect();
    let docs: BTreeSet<DocId> =
        house.desk.log().feed(&from).await.unwrap().into_iter().map(|news| news.doc).collect();
    let docs: Vec<DocId> = docs.into_iter().collect();
    let (begun, has) = (BTreeSet::new(), BTreeSet::new());
    let cursors = from.into_iter().collect::<BTreeMap<_, _>>();
    let reading = Reading { cursors, whole: BTreeSet::new(), begun, has, kinds: domain::modules::kinds };
    let copies = house.desk.log().read(&docs, &reading).await.unwrap();
    copies.into_iter().flatten().map(|copy| copy.row).filter(|row| row.kind == kind).collect()
}

async fn raw(house: &House, id: DocId) -> Raw {
    let stored = house.desk.log().load(id).await.unwrap().unwrap();
    Raw { meta: stored.meta, values: stored.values, entries: stored.acts }
}

#[tokio::test]
async fn the_demo_is_a_living_company() {
    let dir = tempfile::tempdir().unwrap();
    let house = built(dir.path()).await;

    let people = rows(&house, "0809005", "org.person").await;
    assert_eq!(people.len(), 6815, "6,800 of the roster and 15 of the demo");
    let branch = rows(&house, "0409004", "org.person").await.len();
    assert_eq!(branch, 101, "a branch chair sees the own branch: 98 of the roster, two officers, himself");

    let news = rows(&house, "0209002", "news.article").await;
    assert!((20..=24).contains(&news.len()), "a miner at 青石岭 reads {} pieces", news.len());
    let mut pinned = 0;
    let mut confirmed_by_dayong = 0;
    let dayong = house.desk.who_by_no("0209002").unwrap();
    for row in &news {
        let article = Doc::<Article>::of(&raw(&house, row.id).await);
        pinned += usize::from(is_pinned(&article));
        confirmed_by_dayong += usize::from(has_confirmed(&article, &dayong));
        assert!(row.at_ms <= NOON, "nothing lies in the future");
    }
    assert_eq!((pinned, confirmed_by_dayong), (1, 0));
    let notice = domain::modules::news::article_id(DocId::derive(&[
        b"demo.draft",
        "红柳滩矿区冬季取暖和防一氧化碳中毒须知".as_bytes(),
    ]));
    let qiqige = house.desk.who_by_no("0409003").unwrap();
    let own = house.desk.log().own_narrow(notice, &[qiqige.person]).await.unwrap();
    assert_eq!(own.len(), 1, "其其格 has confirmed");

    let waiting: Vec<_> = rows(&house, "0409004", "news.draft").await;
    assert!(waiting.iter().any(|row| row.status.code == "review1"), "那顺 has something to review");

    let matters = rows(&house, "0809003", "appeal.matter").await;
    let statuses: BTreeSet<&str> = matters.iter().map(|row| row.status.code.as_str()).collect();
    assert!(matters.len() >= 12 && statuses.len() >= 8, "{} {statuses:?}", matters.len());
    let mut late = 0;
    for row in &matters {
        let matter = Doc::<Matter>::of(&raw(&house, row.id).await);
        assert!(matter.settled != MatterStatus::Draft);
        late += usize::from(!overdue(&matter, NOON).is_empty());
    }
    assert!((1..matters.len()).contains(&late), "{late} of {} are overdue", matters.len());
    assert_eq!(rows(&house, "0209002", "appeal.answer").await.len(), 2, "open answers reach all staff");
    assert_eq!(rows(&house, "0209002", "appeal.matter").await.len(), 2, "a member sees the own ones");
    the_confidential_one_names_nobody(&house).await;
}

/// Nobody can tell who is behind a confidential matter.
async fn the_confidential_one_names_nobody(house: &House) {
    let author = house.desk.who_by_no("0404349").unwrap();
    assert_eq!(author.aliases.len(), 1);
    let matter = DocId::derive(&[b"demo.matter", "宿舍夜间供暖不足".as_bytes()]);
    let raw = raw(house, matter).await;
    assert_eq!(raw.meta.owner, author.aliases[0]);
    let seen = format!("{raw:?}");
    assert!(!seen.contains(&author.person.to_string()) && !seen.contains(&author.name));
}
