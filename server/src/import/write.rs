//! Puts births into the log. Documents that are there already stay as they are, so importing a longer roster
//! again adds the new people only; changing those who are there belongs to the members' pages.

use super::Birth;
use crate::desk::{Desk, Founded, Founding, Trouble};
use crate::log::Log;
use domain::modules::org::{PersonAct, person_id};
use domain::{DocId, Post, to_cbor};
use std::collections::BTreeMap;

/// First posts by staff number. Only somebody who holds a post can give one, so the first come with the import.
pub type FirstPosts = BTreeMap<String, Vec<Post>>;

/// Writes; returns what came of it.
///
/// # Errors
/// What the log says; what was written before stands, and writing again goes on there.
pub async fn write<L: Log>(
    desk: &Desk<L>,
    births: Vec<Birth>,
    posts: &FirstPosts,
    now_ms: i64,
) -> Result<Founded, Trouble> {
    let appointed: BTreeMap<DocId, Vec<Vec<u8>>> =
        posts.iter().map(|(no, posts)| (person_id(no), posts.iter().map(appointment).collect())).collect();
    let founding = |birth: Birth| {
        let acts = appointed.get(&birth.meta.id).cloned().unwrap_or_default();
        Founding { meta: birth.meta, values: birth.values, acts }
    };
    desk.found_many(births.into_iter().map(founding).collect(), now_ms).await
}

fn appointment(post: &Post) -> Vec<u8> {
    to_cbor(&PersonAct::appoint(post.role, post.at.clone()))
}
