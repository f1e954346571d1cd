//! One connection, from its first byte to its last.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::EXPECT;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::body::read_body;
use super::interrupted::Interrupted;
use super::stream::Stream;
use super::wire::{Exchanges, Wire};
use super::{Answer, Answered, Limits, Outgoing, Tls, convert};
use crate::message::{Delivery, Intake, Interruption, Peer};

/// The least that hyper takes as the size of its buffer.
const LEAST_BUFFER: usize = 8192;

/// Answers the requests of `stream` until either side closes it, or until the request under way once `stopped` changes.
pub async fn serve_connection<A: Answer>(
    (stream, tls): (TcpStream, Option<Tls>),
    answer: Arc<A>,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    // Without it answers merely come later.
    let _ = stream.set_nodelay(true);
    let peer = Peer { address: stream.peer_addr().ok().map(|address| address.ip()), is_secure: tls.is_some() };
    let agreed = match tls {
        None => Ok(Stream::Plain(stream)),
        Some(tls) => tls.accept(stream, &limits).await,
    };
    let stream = match agreed {
        Ok(stream) => stream,
        Err(why) => return why.iter().for_each(|why| answer.garbage(why)),
    };
    let (exchanges, stopping) = (Exchanges::default(), stopped.clone());
    let wire = TokioIo::new(Wire::new(stream, &limits, exchanges.clone()));
    let service = service_fn(|request| exchange(request, &*answer, peer, (&limits, &stopping), &exchanges));
    let mut connection = pin!(protocol(&limits, answer.has_lower_case_headers()).serve_connection(wire, service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Some(why) = ended.err().and_then(|error| garbage(&error, &exchanges)) {
        answer.garbage(&why);
    }
}

fn protocol(limits: &Limits, is_lower_case: bool) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        // A client that has closed its half still reads; and an answer that has begun is finished, also for one that left.
        .half_close(true)
        // As OpenStack's servers write them: `X-Subject-Token` is looked for with grep.
        .title_case_headers(!is_lower_case)
        .header_read_timeout(None)
        .max_headers(limits.header_lines)
        .max_header_size(limits.header_bytes)
        .max_buf_size(limits.header_bytes.max(LEAST_BUFFER));
    protocol
}

async fn exchange<A: Answer>(
    request: hyper::Request<Incoming>,
    answer: &A,
    peer: Peer,
    (limits, stopped): (&Limits, &watch::Receiver<()>),
    exchanges: &Exchanges,
) -> Result<Outgoing, Interrupted> {
    exchanges.step();
    let intake = answer.intake(request.method().as_str(), convert::path_of(request.uri()));
    if intake == Intake::Unread {
        let response = answer.forward(request, peer).await;
        exchanges.step();
        return Ok(response);
    }
    let (head, body) = request.into_parts();
    let body = read_body(body, intake, limits, head.headers.contains_key(EXPECT)).await;
    let unread = body.unread;
    let mut answered = answer.answer(convert::request(&head, body, peer)).await;
    if let Answered::Events(events) = &mut answered {
        events.until(stopped.clone());
    }
    hold_back(&answered, exchanges).await?;
    let response = convert::answer_after(answered, unread);
    exchanges.step();
    Ok(response)
}

/// Waits as long as the answer is held back.
///
/// # Errors
/// It is not sent at all.
async fn hold_back(answered: &Answered, exchanges: &Exchanges) -> Result<(), Interrupted> {
    let Answered::Response(response) = answered else { return Ok(()) };
    let Some(Delivery { delay, interruption, .. }) = response.delivery.as_deref().copied() else { return Ok(()) };
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    match interruption {
        Some(Interruption::Reset) => {
            exchanges.reset();
            Err(Interrupted)
        }
        Some(Interruption::Close) => Err(Interrupted),
        Some(Interruption::Cut(_)) | None => Ok(()),
    }
}

/// What is worth a word to the record about how a connection ended: bytes that never became a request.
fn garbage(error: &hyper::Error, exchanges: &Exchanges) -> Option<String> {
    if error.is_parse() {
        return Some(error.to_string());
    }
    match error.is_incomplete_message() || timed_out(error) {
        true if exchanges.under_way() => None,
        true if timed_out(error) => Some("the header lines did not arrive in time".to_owned()),
        true => Some("the connection ended within the header lines".to_owned()),
        false => None,
    }
}

fn timed_out(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == ErrorKind::TimedOut)
}
