//! The repository checks itself: arrows between crates, lists, fixtures, words, pictures, sizes. Each
//! failure says what to do.

mod arrows;
mod fixtures;
mod forbidden;
mod lists;
mod pictures;
mod sizes;
mod tree;
mod vocabulary;
