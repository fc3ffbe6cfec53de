//! What the acts of an article add up to, besides its status.

use super::{Article, ArticleAct, ArticleStep as T, READING_ROLES};
use crate::{Doc, OrgCode, Who};

/// Units in which this person counts readers and reminds them.
pub fn reading_posts(who: &Who) -> Vec<&OrgCode> {
    who.posts.iter().filter(|post| READING_ROLES.contains(&post.role)).map(|post| &post.at).collect()
}

/// Has this person confirmed, as far as is known here?
pub fn has_confirmed(doc: &Doc<Article>, who: &Who) -> bool {
    doc.steps(T::Confirm).any(|done| who.is(done.by))
}

/// On top now.
pub fn is_pinned(doc: &Doc<Article>) -> bool {
    match doc.last(T::Pin).map(|done| &done.act) {
        Some(ArticleAct::Pin { on }) => *on,
        _ => doc.body.pinned,
    }
}

/// Day until which it is shown, `2026-12-31`; "" for no end.
pub fn expires(doc: &Doc<Article>) -> String {
    match doc.last(T::Extend).map(|done| &done.act) {
        Some(ArticleAct::Extend { until }) => until.clone(),
        _ => doc.body.expires.clone(),
    }
}

/// Official time of publication, UTC ms.
pub fn published_ms(doc: &Doc<Article>) -> Option<i64> {
    doc.last(T::Publish)?.receipt.as_ref().map(|receipt| receipt.at_ms)
}
