//! A cloud that listens, for as long as something else goes on.

use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::platform::anything;
use super::settings::{RestOfCloud, Settings};
use super::signals::end_at_the_next;
use super::tls::Secured;
use crate::base::Diagnostic;
use crate::contract::{Contracts, ServiceContract};
use crate::exchange::Exchange;
use crate::report::Exit;
use crate::server::{Answer, Entrance, Rest, Server};

/// Listens as `settings` say, does `work` meanwhile, and stops when it is done. Every request has been answered and recorded
/// when this returns.
pub fn serve_while<W, F>(settings: &Settings, work: W) -> Result<(Arc<Exchange>, F::Output), Failure>
where
    W: FnOnce(SocketAddr, Entrance) -> F,
    F: Future,
{
    let exchange = Arc::new(settings.exchange()?);
    read_largest_table(exchange.shared_contracts());
    let (replay, door) = (settings.replay.as_ref(), Door::of(settings)?);
    let begin = |address: SocketAddr, door: &Door| {
        let origin = settings.options.advertise.clone().unwrap_or_else(|| door.origin(address));
        let login = replay.and_then(|replay| replay.cloud.as_ref()).map(|cloud| cloud.login.clone());
        Ok(work(address, entrance(&exchange, origin)?.at(login).trusting(door.authority())))
    };
    let output = match replay.and_then(|replay| replay.rest.clone()) {
        Some(RestOfCloud { client, credentials, .. }) => {
            let rest = Rest::new(Arc::clone(&exchange), client, credentials);
            let admin = settings.admin(&exchange, door.authority(), rest);
            listen_while(door, admin, begin)?
        }
        None => {
            let admin = settings.admin(&exchange, door.authority(), Arc::clone(&exchange));
            listen_while(door, admin, begin)?
        }
    };
    Ok((exchange, output))
}

/// The entrance at `origin` to the cloud of `exchange`.
///
/// # Errors
/// Nobody can log in.
pub fn entrance(exchange: &Exchange, origin: String) -> Result<Entrance, Diagnostic> {
    let entrance = exchange.fixture().and_then(|fixture| Entrance::new(origin, exchange.contracts(), &fixture));
    entrance.ok_or_else(nobody)
}

/// Reads the table of the compute service, the largest, while the rest starts and the first client logs in.
pub fn read_largest_table(contracts: Arc<Contracts>) {
    let is_compute = |own: &&ServiceContract| own.service.catalog.iter().any(|entry| entry.kind == "compute");
    // Whoever asks next is told what cannot be read.
    let read = move || contracts.living().filter(is_compute).for_each(|own| drop(own.table()));
    // Without a thread the first request reads it.
    drop(std::thread::Builder::new().name("table".to_owned()).spawn(read));
}

/// Where a cloud listens, and how.
#[derive(Debug, Default)]
pub struct Door {
    /// The address; a free port of this machine if there is none.
    wanted: Option<SocketAddr>,
    secured: Option<Secured>,
}

impl Door {
    /// What `settings` say.
    ///
    /// # Errors
    /// There are no such certificates.
    pub fn of(settings: &Settings) -> Result<Door, Diagnostic> {
        Ok(Door { wanted: settings.options.listen, secured: Secured::of(&settings.options)? })
    }

    /// The URL at which clients find it, once it is at `address`.
    pub fn origin(&self, address: SocketAddr) -> String {
        format!("{}://{address}", if self.secured.is_some() { "https" } else { "http" })
    }

    /// The file with the certificate that clients have to trust, if it was made here.
    pub fn authority(&self) -> Option<&Path> {
        self.secured.as_ref()?.authority()
    }
}

/// Has `answer` listen at `door` while what `begin` makes of the address is done.
pub fn listen_while<F: Future>(
    door: Door,
    answer: impl Answer,
    begin: impl FnOnce(SocketAddr, &Door) -> Result<F, Failure>,
) -> Result<F::Output, Failure> {
    in_runtime(listening(door, answer, begin, end_at_the_next))?
}

/// Does `work`, which may wait for sockets, processes and time.
pub fn in_runtime<F: Future>(work: F) -> Result<F::Output, Failure> {
    has_descriptors().map_err(|error| cannot_serve(None, &error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| cannot_serve(None, &error))?;
    let output = runtime.block_on(work);
    // What is still running is a client that does not go; it is not waited for.
    runtime.shutdown_background();
    Ok(output)
}

/// The same as [`listen_while`], within a runtime; `done` is called when the work is, before the server stops.
pub async fn listening<F: Future>(
    door: Door,
    answer: impl Answer,
    begin: impl FnOnce(SocketAddr, &Door) -> Result<F, Failure>,
    done: impl FnOnce(),
) -> Result<F::Output, Failure> {
    let wanted = door.wanted.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let server = Server::bind(wanted).await.map_err(|error| cannot_serve(Some(wanted), &error))?;
    let server = server.with_tls(door.secured.as_ref().map(|secured| secured.tls.clone()));
    let work = begin(server.local_addr(), &door)?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(Arc::new(answer), async move {
        // Either way the server is to stop: told so, or the one who could is gone.
        let _ = stopped.await;
    }));
    let output = work.await;
    done();
    drop(stop);
    // A server that panicked has nothing more to tell.
    let _ = serving.await;
    Ok(output)
}

/// A fixture may take the roles of `demo` away.
fn nobody() -> Diagnostic {
    Diagnostic::new("the user demo, whose credentials clients get, has no role in any project")
        .row("fix", "give demo a role in the fixture, under `users`")
}

/// Are there enough file descriptors left to start with? tokio panics where its own for signals cannot be had.
fn has_descriptors() -> std::io::Result<()> {
    const ENOUGH: usize = 16;
    let opened: std::io::Result<Vec<File>> = (0..ENOUGH).map(|_| anything()).collect();
    opened.map(drop)
}

fn cannot_serve(address: Option<SocketAddr>, error: &std::io::Error) -> Failure {
    let diagnostic = Diagnostic::new("cannot serve")
        .row_if("where", address.map(|address| address.to_string()))
        .row("because", error.to_string())
        .row("fix", "choose another --listen, or leave it out for a free port");
    Failure::new(Exit::Serve, diagnostic)
}
