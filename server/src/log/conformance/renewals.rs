//! What other rules compute otherwise.

use super::*;

pub(super) async fn a_renewal_is_news_to_whoever_has_the_document<L: Log>(log: &L) {
    let sheet = Sample::begin(120, "九");
    let came = write(log, &sheet, None, &["old", "both"], Some(who(205, "205"))).await;
    let row = |state: &DocState| Row { note: "新的规则".into(), ..state.row.clone() };
    let state = sheet.state(&["both", "new"], Some(who(205, "905")));
    let state = DocState { row: row(&state), ..state };
    let renewal = |seen: u64| Batch {
        seen: vec![(id(120), Some(seen))],
        items: vec![Item::Renewal { doc: id(120) }],
        settle: settle(vec![state.clone()]),
        ..batch(domain::office())
    };
    assert_eq!(log.append(renewal(came - 1)).await.unwrap_err(), NotPlaced::Moved);
    let placed = log.append(renewal(came)).await.unwrap();
    assert_eq!((placed.last, placed.receipts.len()), (came + 1, 1));
    assert_eq!(placed.people, [who(205, "905")]);

    let stored = log.load(id(120)).await.unwrap().unwrap();
    assert_eq!((stored.n, &stored.row.note[..]), (placed.last, "新的规则"));
    assert_eq!((stored.scopes, stored.heads), (set(&["both", "new"]), vec![sheet.hash()]));
    let copy = read(log, 120, &[("both", came)]).await.unwrap();
    assert_eq!((copy.body, copy.acts, &copy.row.note[..]), (Body::None, vec![], "新的规则"), "only its line");
    let copy = read(log, 120, &[("new", came)]).await.unwrap();
    assert_eq!(copy.body, Body::Snapshot(sheet.after.snapshot.clone()), "whole to whom it is new");
    let [gone] = &log.feed(&[(scope("old"), came)]).await.unwrap()[..] else { panic!("one line") };
    assert_eq!((gone.left, gone.doc, gone.at), (true, id(120), placed.last));
    let later = write(log, &sheet.edit("十"), Some(placed.last), &["both"], Some(who(205, "905"))).await;
    let [news] = &log.feed(&[(scope("both"), came)]).await.unwrap()[..] else { panic!("one line") };
    assert_eq!((news.at, news.n), (placed.last, later), "a page may be cut right behind the renewal");
}

pub(super) async fn rules_that_took_over_are_remembered<L: Log>(log: &L) {
    let (all, last) = (log.page(None, usize::MAX).await.unwrap(), log.last().await.unwrap());
    let mut paged = vec![];
    loop {
        let after = paged.last().map(|stored: &Stored| stored.meta.id);
        let page = log.page(after, 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, all);
    for stored in all {
        assert_eq!(log.load(stored.meta.id).await.unwrap(), Some(stored));
    }
    for rules in ["first", "second/of two"] {
        log.take_over(rules.into(), 2_000).await.unwrap();
        assert_eq!(log.rules().await.unwrap(), rules);
        let line = log.audit_tail(1).await.unwrap().remove(0);
        assert!(line.code.starts_with(&format!("renewed/{last}/")) && line.person == domain::office());
    }
    assert_eq!(log.last().await.unwrap(), last, "it takes no place");
}
