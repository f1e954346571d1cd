//! A recording answers, and a real cloud what was not recorded: it is asked under a login of our own, as the tokens of clients are
//! those of the recording.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, Response, Uri};
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::answering;
use super::asking::lines_to_cloud;
use super::collected::COLLECTED;
use super::pending::Pending;
use crate::base::json::Value;
use crate::exchange::{Exchange, Mounts};
use crate::message::{Intake, Peer, Request as Asked, UpstreamFailure};
use crate::server::body::read_body;
use crate::server::{Answer, Answered, Limits, Outgoing, convert};
use crate::upstream::{Broken, Client, Meter, Upload};

const TOKEN: HeaderName = HeaderName::from_static("x-auth-token");
const SUBJECT: HeaderName = HeaderName::from_static("x-subject-token");

/// The login at a real cloud: the URL of Keystone's v3, and the credentials. It is never written anywhere.
#[derive(Clone)]
pub struct Credentials {
    /// The URL.
    pub url: String,
    /// The body.
    pub body: Value,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

/// A recording before a real cloud.
#[derive(Debug)]
pub struct Rest {
    exchange: Arc<Exchange>,
    client: Client,
    credentials: Credentials,
    /// The token of the login, once there was one.
    token: Mutex<Option<HeaderValue>>,
}

/// Why there is no answer, in words.
type NoAnswer = (UpstreamFailure, String);

impl Rest {
    /// Asks the cloud by `client`, where `credentials` log in once something is to be asked.
    pub fn new(exchange: Arc<Exchange>, client: Client, credentials: Credentials) -> Rest {
        Rest { exchange, client, credentials, token: Mutex::new(None) }
    }

    /// The answer of the cloud to `asked`, whose head is `head`.
    async fn ask(&self, head: &Parts, asked: Asked, time: Timestamp) -> Outgoing {
        let (body, origin) = (Bytes::from(asked.body.clone()), asked.origin());
        let pending = Pending::new(Arc::clone(&self.exchange), asked, time, None);
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut is_old = false;
        loop {
            let token = match self.log_in(is_old).await {
                Ok(token) => token,
                Err((failure, why)) => return convert::answer(pending.fail(failure, &why).into()),
            };
            let Some((url, mounts)) =
                self.exchange.mounts().and_then(|mounts| Some((mounts.url(target)?.parse().ok()?, mounts)))
            else {
                return convert::answer(
                    pending.fail(UpstreamFailure::Unreachable, "its catalog has no such endpoint").into(),
                );
            };
            let meter = Meter::default();
            let answer = self.client.send(outgoing(head, &body, &origin, (url, &mounts), &token, &meter), &meter).await;
            return match answer {
                // The token may be over; one that is new is not.
                Ok(answer) if answer.status() == 401 && !is_old => {
                    is_old = true;
                    continue;
                }
                Ok(answer) => {
                    let answer = with_own_token(answer, &token, head.headers.get(TOKEN));
                    answering::pass_on(answer, pending, &mounts, self.client.patience()).await
                }
                Err(broken) => convert::answer(pending.broken(&broken).into()),
            };
        }
    }

    /// The token with which the cloud is asked; a new one if the last `is_old`.
    async fn log_in(&self, is_old: bool) -> Result<HeaderValue, NoAnswer> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_ref().filter(|_| !is_old) {
            return Ok(token.clone());
        }
        let unable = |why: String| (UpstreamFailure::Unreachable, format!("cannot log in to the cloud: {why}"));
        let meter = Meter::default();
        let body = Bytes::from(self.credentials.body.to_string());
        let request = Request::post(&self.credentials.url).header(CONTENT_TYPE, "application/json");
        let request = request.body(Upload::new([body], None, meter.clone())).map_err(|why| unable(why.to_string()))?;
        let answer = self.client.send(request, &meter).await.map_err(|broken| match broken {
            Broken::Upstream(failure, why) => (failure, why),
            Broken::ByClient => unable(String::new()),
        })?;
        let (head, body) = answer.into_parts();
        let token = head.headers.get(SUBJECT).filter(|_| head.status.is_success()).cloned();
        let mut token = token.ok_or_else(|| unable(format!("Keystone answered {}", head.status.as_u16())))?;
        token.set_sensitive(true);
        let read = Limited::new(body, COLLECTED).collect().await.map_err(|why| unable(why.to_string()))?;
        if let Ok(catalog) = crate::base::json::from_slice(&read.to_bytes()) {
            self.exchange.learn(&catalog);
        }
        Ok(held.insert(token).clone())
    }
}

/// The request as the cloud gets it.
fn outgoing(
    head: &Parts,
    body: &Bytes,
    origin: &str,
    (url, mounts): (Uri, &Mounts),
    token: &HeaderValue,
    meter: &Meter,
) -> Request<Upload> {
    let rewriter = mounts.to_cloud(origin);
    let mut headers = lines_to_cloud(&head.headers, &rewriter);
    let own = headers.insert(TOKEN, token.clone());
    if headers.get(SUBJECT).is_some_and(|subject| Some(subject) == own.as_ref()) {
        headers.insert(SUBJECT, token.clone());
    }
    let body = rewriter.json(body).map_or_else(|| body.clone(), Bytes::from);
    if !body.is_empty() || headers.contains_key(CONTENT_LENGTH) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    let mut request = Request::new(Upload::new([body], None, meter.clone()));
    *request.method_mut() = head.method.clone();
    *request.uri_mut() = url;
    *request.headers_mut() = headers;
    request
}

/// The answer with the token of the client in the place of ours.
fn with_own_token(
    mut answer: Response<Incoming>,
    token: &HeaderValue,
    own: Option<&HeaderValue>,
) -> Response<Incoming> {
    let lines: &mut HeaderMap = answer.headers_mut();
    for line in lines.values_mut().filter(|line| *line == token) {
        *line = own.cloned().unwrap_or_else(|| HeaderValue::from_static(""));
    }
    answer
}

impl Answer for Rest {
    fn intake(&self, _method: &str, _path: &str) -> Intake {
        Intake::Unread
    }

    async fn answer(&self, request: Asked) -> Answered {
        Answer::answer(&*self.exchange, request).await
    }

    async fn forward(&self, request: Request<Incoming>, peer: Peer) -> Outgoing {
        let time = self.exchange.now();
        let (head, body) = request.into_parts();
        let intake = Exchange::intake(&self.exchange, head.method.as_str(), convert::path_of(&head.uri));
        let arrived = read_body(body, intake, &Limits::default(), head.headers.contains_key(EXPECT)).await;
        let unread = arrived.unread;
        let asked = convert::request(&head, arrived, peer);
        // What was not kept of a body cannot be sent on.
        let is_kept = asked.flaw.is_none() && asked.contents.is_none() && head.method != Method::CONNECT;
        if is_kept && self.exchange.is_for_cloud(&asked) {
            return self.ask(&head, asked, time).await;
        }
        convert::answer_after(self.answer(asked).await, unread)
    }

    fn garbage(&self, why: &str) {
        Exchange::garbage(&self.exchange, why);
    }
}
