//! A request of a client as the cloud gets it.

use bytes::Bytes;
use hyper::body::{Body, Incoming};
use hyper::header::{ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request, Uri};
use tokio::time::timeout;

use super::collected::COLLECTED;
use super::headers::{drop_hop_by_hop, rewrite};
use crate::exchange::{Exchange, Mounts, Rewriter};
use crate::message::{Flaw, Intake, Peer, Request as Asked};
use crate::server::body::{Arrived, next_chunk};
use crate::server::{Limits, convert};
use crate::upstream::{Meter, Upload};

/// A request of a client, as the cloud gets it and as it is judged.
pub struct Asking {
    /// What goes to the cloud.
    pub outgoing: Request<Upload>,
    /// The request as it is judged and kept; without its body if that is passed on while it arrives.
    pub asked: Asked,
    /// Counts how much of the body was sent to the cloud.
    pub meter: Meter,
    /// Is the body passed on while it arrives?
    pub is_streamed: bool,
}

impl Asking {
    /// Takes the request `head` with its `body`, which goes to `url`.
    ///
    /// # Errors
    /// The body is incomplete, or the cloud cannot be asked for that: the request as it is judged without a cloud.
    pub async fn new(
        exchange: &Exchange,
        head: &Parts,
        body: Incoming,
        mounts: &Mounts,
        url: &str,
        peer: Peer,
    ) -> Result<Asking, Box<Asked>> {
        let incomplete = |flaw| {
            let arrived = Arrived { flaw: Some(flaw), ..Arrived::default() };
            Box::new(convert::request(head, arrived, peer))
        };
        let is_raw = exchange.intake(head.method.as_str(), convert::path_of(&head.uri)) == Intake::Contents;
        let Collected { bytes, rest } = if is_raw || is_foreign(exchange, head) {
            Collected::nothing_of(body)
        } else {
            collect(body).await.map_err(incomplete)?
        };
        let is_streamed = rest.is_some();
        let rewriter = mounts.to_cloud(&origin(&head.headers, peer));
        let mut headers = lines_to_cloud(&head.headers, &rewriter);
        let own = if is_streamed { None } else { rewriter.json(&bytes) };
        if let Some(own) = &own {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(own.len()));
        }
        let (meter, kept) = (Meter::default(), if is_streamed { Vec::new() } else { bytes.to_vec() });
        let mut outgoing = Request::new(Upload::new([own.map_or(bytes, Bytes::from)], rest, meter.clone()));
        *outgoing.method_mut() = head.method.clone();
        *outgoing.uri_mut() = Uri::try_from(url).map_err(|_| incomplete(Flaw::Truncated))?;
        *outgoing.headers_mut() = headers;
        let asked = convert::request(head, Arrived { bytes: kept, ..Arrived::default() }, peer);
        Ok(Asking { outgoing, asked, meter, is_streamed })
    }
}

/// The header lines of a client as the cloud gets them.
pub fn lines_to_cloud(lines: &HeaderMap, rewriter: &Rewriter) -> HeaderMap {
    let mut headers = lines.clone();
    drop_hop_by_hop(&mut headers);
    // The name of the host is the cloud's; an answer that is compressed could not be read; and who waits for a `100 Continue` has
    // it from us.
    for name in [HOST, EXPECT] {
        headers.remove(name);
    }
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    rewrite(&mut headers, rewriter);
    headers
}

/// Where the client reached us.
pub fn origin(headers: &HeaderMap, peer: Peer) -> String {
    peer.origin(headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1"))
}

/// Is it a body of a service that no contract knows, and no JSON? It may be of any length.
fn is_foreign(exchange: &Exchange, head: &Parts) -> bool {
    let media = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !media.contains("json") && exchange.contracts().mounted(convert::path_of(&head.uri)).is_none()
}

/// A body as far as it was read.
struct Collected {
    bytes: Bytes,
    /// What still comes, if it is too long to be read before it is passed on.
    rest: Option<Incoming>,
}

impl Collected {
    fn nothing_of(body: Incoming) -> Collected {
        Collected { bytes: Bytes::new(), rest: Some(body).filter(|body| !body.is_end_stream()) }
    }
}

async fn collect(mut body: Incoming) -> Result<Collected, Flaw> {
    if body.size_hint().lower() > COLLECTED as u64 {
        return Ok(Collected::nothing_of(body));
    }
    let read = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = next_chunk(&mut body).await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > COLLECTED {
                return Ok((bytes, false));
            }
        }
        Ok((bytes, true))
    };
    let (bytes, is_all) = timeout(Limits::default().body_time, read).await.unwrap_or(Err(Flaw::Slow))?;
    Ok(Collected { bytes: bytes.into(), rest: (!is_all).then_some(body) })
}
