//! Who is told that a document left a scope.

use super::{Sample, scope, write};
use crate::log::Log;

/// He was told of it at its beginning at the earliest, or heard a piece of it and his cursor ends right before; it
/// may have lain here by then although his cursor has not reached its coming.
pub(super) async fn who_heard_of_it_elsewhere_hears_that_it_left<L: Log>(log: &L) {
    let sheet = Sample::begin(55, "一");
    let born = write(log, &sheet, None, &["h"], None).await;
    let sheet = sheet.edit("二");
    let came = write(log, &sheet, Some(born), &["h", "k"], None).await;
    let told = log.feed(&[(scope("k"), born)]).await.unwrap();
    assert_eq!((told[0].at, told[0].left, told[0].came), (came, false, true));
    let sheet = sheet.edit("三");
    let left = write(log, &sheet, Some(came), &["h"], None).await;
    for (cursor, at, may_have_it) in
        [(came, left, true), (born, came, true), (born - 1, born, true), (born - 2, born, false)]
    {
        let news = log.feed(&[(scope("k"), cursor)]).await.unwrap();
        assert_eq!((news[0].at, news[0].left, news[0].came), (at, may_have_it, false), "{cursor}");
    }
}
