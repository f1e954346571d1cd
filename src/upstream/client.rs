//! Asks a cloud.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::{Instant, timeout_at};

use super::trust::Trust;
use super::upload::{ClientGone, Meter, Upload};
use crate::base::Diagnostic;
use crate::message::UpstreamFailure;

/// How long a connection is kept that nobody uses. Apache, behind which most services are, closes them after five seconds, and one
/// that is closed while it is used again is a failure that no client caused.
const KEPT: Duration = Duration::from_secs(4);

/// Asks a cloud.
#[derive(Clone, Debug)]
pub struct Client {
    client: legacy::Client<HttpsConnector<HttpConnector>, Upload>,
    patience: Duration,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The cloud is to blame, or the way to it; and in what words.
    Upstream(UpstreamFailure, String),
    /// The client's body is incomplete.
    ByClient,
}

impl Client {
    /// A client that trusts the certificates of `trust`, and gives up after `patience` without data.
    ///
    /// # Errors
    /// The certificates that are to be trusted cannot be read.
    pub fn new(trust: &Trust, patience: Duration) -> Result<Client, Diagnostic> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(patience));
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(trust.config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT)
            .http1_title_case_headers(true)
            .http1_preserve_header_case(true)
            .build(https);
        Ok(Client { client, patience })
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Client {
        Client { patience, ..self }
    }

    /// How long nothing may come before it is given up.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// The head of the answer to `request`; `meter` is that of its body, and while that counts the request does not time out.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn send(&self, request: Request<Upload>, meter: &Meter) -> Result<Response<Incoming>, Broken> {
        let mut answer = pin!(self.client.request(request));
        let begun = Instant::now();
        loop {
            let since = meter.last().unwrap_or(begun);
            let Some(end) = since.checked_add(self.patience) else { return answer.await.map_err(|why| blame(&why)) };
            match timeout_at(end, answer.as_mut()).await {
                Ok(answer) => return answer.map_err(|why| blame(&why)),
                Err(_) if meter.last().is_some_and(|last| last > since) => {}
                Err(_) => return Err(Broken::Upstream(UpstreamFailure::Slow, String::new())),
            }
        }
    }
}

fn blame(error: &legacy::Error) -> Broken {
    let mut failure = if error.is_connect() { UpstreamFailure::Unreachable } else { UpstreamFailure::Reset };
    let (mut cause, mut why) = (error.source(), String::new());
    while let Some(inner) = cause {
        if inner.is::<ClientGone>() {
            return Broken::ByClient;
        }
        if inner.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            failure = UpstreamFailure::Malformed;
        }
        let kind = inner.downcast_ref::<io::Error>().map(io::Error::kind);
        if kind == Some(ErrorKind::TimedOut) {
            failure = UpstreamFailure::Slow;
        }
        why = inner.to_string();
        cause = inner.source();
    }
    Broken::Upstream(failure, why)
}
