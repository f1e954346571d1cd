//! The listening socket.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::connection::serve_connection;
use super::{Answer, Limits, Tls};

/// How long to wait after a failed accept: out of file descriptors, only the end of a connection helps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A bound listening socket that is ready to serve.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
    tls: Option<Tls>,
}

impl Server {
    /// Binds `address`; with port 0 the system chooses one.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Server> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Server { listener, address, limits: Limits::default(), tls: None })
    }

    /// The same server with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Server {
        Server { limits, ..self }
    }

    /// The same server, which speaks TLS if it is given any.
    #[must_use]
    pub fn with_tls(self, tls: Option<Tls>) -> Server {
        Server { tls, ..self }
    }

    /// The address that clients reach.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `shutdown` is done. Then it accepts nothing more, closes idle connections at once, and gives requests
    /// under way the time of [`Limits::stop_time`].
    pub async fn serve<A: Answer>(self, answer: Arc<A>, shutdown: impl Future) {
        let (stop, stopped) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                _ = &mut shutdown => break,
                // Collected as they end, so that the set does not grow with the requests of a long run.
                Some(_) = connections.join_next() => {}
                stream = accept(&self.listener) => {
                    let (answer, limits, stopped) = (Arc::clone(&answer), self.limits.clone(), stopped.clone());
                    connections.spawn(serve_connection((stream, self.tls.clone()), answer, limits, stopped));
                }
            }
        }
        drop(self.listener);
        drop(stop);
        let all_ended = async { while connections.join_next().await.is_some() {} };
        let in_time = timeout(self.limits.stop_time, all_ended).await.is_ok();
        if !in_time {
            connections.shutdown().await;
        }
    }
}

/// The next connection; no error ends the wait for it.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(_) => sleep(ACCEPT_PAUSE).await,
        }
    }
}
