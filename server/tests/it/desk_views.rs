//! Who looked at what is sensitive, and what the auditor reads.

use crate::kit::*;
use domain::{Entry, Values};
use kinds::SecretAct;
use phone::NOW;
use server::audit::VIEWED;
use server::log::Log;

const DAY: i64 = domain::DAY_MS;

#[tokio::test]
async fn a_handed_out_confidential_matter_is_noted_once_a_day_and_never_for_its_owner() {
    let desk = desk().await;
    let (mut li, mut rights) = (phone(MINERS[0]), phone(RIGHTS));
    li.sync(&desk).await;
    let alias = random_id(1);
    let doc = li.begin("test.secret", alias, "LB01", Values::from([("text".into(), "保密".into())]));
    let hand = Entry { by: alias, ..li.entry(doc, &SecretAct::Hand) };
    li.act_entry(hand);
    li.sync(&desk).await;
    li.sync(&desk).await;
    let views = async || {
        let all = desk.log().audit_between(0, i64::MAX, 100).await.unwrap();
        let views: Vec<_> = all.into_iter().filter(|line| line.code == VIEWED).collect();
        views
    };
    assert_eq!(views().await, [], "the owner's own reading would tell whose it is");
    rights.sync(&desk).await;
    let mut again = phone(RIGHTS);
    again.device = "another".into();
    again.sync(&desk).await;
    let noted = views().await;
    assert_eq!(noted.len(), 1, "once a day, whatever the phone");
    assert_eq!((noted[0].person, noted[0].doc, noted[0].at_ms), (rights.me, doc, NOW));
    let mut request = again.request();
    request.want = vec![doc];
    desk.answer(rights.me, request, NOW + DAY).await.unwrap();
    assert_eq!(views().await.len(), 2, "and again the next day");
}
