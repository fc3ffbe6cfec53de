//! 信息网: news, notices, honours, policies. A draft is written together and reviewed three times
//! (分会 → 二级单位 → 公司宣教); the last approval brings an article into being, a document of its own,
//! because whoever holds a document holds its history and readers have no business in the drafts.

mod article;
mod article_guard;
mod article_state;
mod audience;
mod body;
mod check;
mod column;
mod draft;
pub mod reading;

pub use article::*;
pub use article_state::*;
pub use audience::*;
pub use body::*;
pub use check::*;
pub use column::*;
pub use draft::*;

use crate::DocId;

/// Id of the article that a draft becomes: one draft, one article, whoever approves it.
pub fn article_id(draft: DocId) -> DocId {
    DocId::derive(&[b"news.article", &draft.0])
}
