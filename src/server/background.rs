//! A server on a thread of its own.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::{Answer, Server};

/// A server at a free port of 127.0.0.1, on a thread of its own until this is dropped: whatever runs the tasks of the rest of the
/// program, it answers.
#[derive(Debug)]
pub struct Background {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Has `answer` listen.
    ///
    /// # Errors
    /// There is no thread or port left.
    pub fn start(answer: Arc<impl Answer>) -> io::Result<Background> {
        let (stop, stopped) = oneshot::channel();
        let (told, bound) = mpsc::channel();
        let thread = std::thread::Builder::new().name("mockstack".to_owned());
        let thread = thread.spawn(move || {
            if let Err(error) = serve(answer, stopped, &told) {
                // Who started it waits for either.
                let _ = told.send(Err(error));
            }
        })?;
        let address = bound.recv().unwrap_or_else(|gone| Err(io::Error::other(gone)))?;
        Ok(Background { address, stop: Some(stop), thread: Some(thread) })
    }

    /// The address that clients reach.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A thread that panicked has nothing more to tell.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Listens, tells where, and answers until `stopped`.
fn serve(
    answer: Arc<impl Answer>,
    stopped: oneshot::Receiver<()>,
    told: &mpsc::Sender<io::Result<SocketAddr>>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Server::bind(("127.0.0.1", 0)).await?;
        let _ = told.send(Ok(server.local_addr()));
        server.serve(answer, stopped).await;
        Ok(())
    })
}
