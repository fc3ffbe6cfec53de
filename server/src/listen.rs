//! Accepts connections. HTTP/1.1 only (a proxy speaks HTTP/2 for us, and its rapid resets stay out), with
//! limits on how slowly a head may come and how many connections there are; stops gracefully.

use crate::caller::Peer;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What a stranger may keep busy.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A request's head must be here after so long; also how long an idle connection stays.
    pub head: Duration,
    /// Open connections at most; more wait for a place.
    pub connections: usize,
}
impl Default for Limits {
    fn default() -> Self {
        Self { head: Duration::from_secs(60), connections: 10_000 }
    }
}
/// Time for requests that are under way when the server stops.
const FAREWELL: Duration = Duration::from_secs(3);

/// Serves until `stop` is done.
pub async fn serve(listener: TcpListener, app: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let (places, graceful) = (Arc::new(Semaphore::new(limits.connections)), GracefulShutdown::new());
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(limits.head).max_headers(64);
    tokio::pin!(stop);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(from_peer(&app, peer));
        let connection = graceful.watch(server.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            let _ = connection.await; // a connection that breaks concerns nobody else
            drop(place);
        });
    }
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}

/// The app with the address of this connection's other end in every request.
fn from_peer(app: &Router, peer: SocketAddr) -> Router {
    app.clone().layer(axum::Extension(Peer(peer.ip())))
}

/// Out of file handles is no reason to stop: others close soon.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
