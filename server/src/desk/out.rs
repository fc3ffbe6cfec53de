//! Where frames go: into a list, or page by page into a channel, so that HTTP can stream them with back
//! pressure and nothing larger than a page waits in memory.

use std::future::Future;
use sync::Frame;
use tokio::sync::mpsc;

/// Takes frames as they are ready.
pub trait Out: Send {
    /// Takes some frames; `false` when nobody listens any more.
    fn put(&mut self, frames: Vec<Frame>) -> impl Future<Output = bool> + Send;
}

impl Out for Vec<Frame> {
    async fn put(&mut self, frames: Vec<Frame>) -> bool {
        self.extend(frames);
        true
    }
}

impl Out for mpsc::Sender<Vec<Frame>> {
    async fn put(&mut self, frames: Vec<Frame>) -> bool {
        self.send(frames).await.is_ok()
    }
}
