//! Asks a real cloud as who logged in there.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::Request;
use hyper::header::{HeaderName, HeaderValue};
use tokio::runtime::Runtime;

use super::clouds::RealCloud;
use super::failure::Failure;
use crate::base::json::Value;
use crate::base::{Diagnostic, split_origin};
use crate::exchange::{Endpoint, endpoints};
use crate::report::Exit;
use crate::upstream::{Broken, Client, Meter, Upload};
use crate::verify::against::{Cloud, Received, Sent, login};

/// Sends requests to a cloud, or to the proxy in front of it, as a user who logged in there.
pub struct Asker {
    runtime: Runtime,
    client: Client,
    origin: String,
    login: Sent,
    token: String,
    /// The catalog that came with the token.
    pub endpoints: Vec<Endpoint>,
}

/// Why there is no token.
struct NoToken {
    /// The answer, if there was one.
    status: Option<u16>,
    why: String,
}

/// The most that is read of an answer, in bytes.
const MOST: usize = 16 << 20;

impl Asker {
    /// Logs in at `identity`.
    ///
    /// # Errors
    /// There are no credentials, or the cloud refuses them.
    pub fn log_in(client: Client, identity: &str, cloud: &RealCloud) -> Result<Asker, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            Failure::new(
                Exit::Serve,
                Diagnostic::new("cannot send requests to the cloud").row("because", error.to_string()),
            )
        })?;
        let (origin, path) = split_origin(identity);
        let login = login(path, &cloud.auth())?;
        let origin = origin.to_owned();
        let mut asker = Asker { runtime, client, origin, login, token: String::new(), endpoints: Vec::new() };
        asker.renew().map_err(|NoToken { status, why }| {
            let fix = match status {
                Some(400 | 401 | 403) => "check the credentials of --cloud or of the OS_* variables",
                None | Some(502..=504) => "check the URL: is the cloud up, and does it use http or https?",
                Some(_) => "give the URL of the identity service: http://HOST:5000/v3, https://HOST/identity/v3",
            };
            Diagnostic::new("cannot log in to the cloud")
                .row("where", cloud.auth_url.as_str())
                .row("because", why)
                .row("fix", fix)
        })?;
        Ok(asker)
    }

    /// Gets a token.
    fn renew(&mut self) -> Result<(), NoToken> {
        let answer = self.exchange(&self.login).map_err(|why| NoToken { status: None, why })?;
        let token = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("X-Subject-Token"));
        match token {
            Some((_, token)) => {
                (self.token, self.endpoints) = (token.clone(), endpoints(&answer.body));
            }
            None => {
                let message = answer.body.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
                // What the proxy before the cloud says is no answer of the cloud.
                if let Some(why) = message.strip_prefix("mockstack: ") {
                    return Err(NoToken { status: None, why: why.trim_end_matches('.').to_owned() });
                }
                let colon = if message.is_empty() { "" } else { ": " };
                let why = format!("the identity service answered {}{colon}{message}", answer.status);
                return Err(NoToken { status: Some(answer.status), why });
            }
        }
        Ok(())
    }

    fn exchange(&self, sent: &Sent) -> Result<Received, String> {
        self.runtime.block_on(send(&self.client, &self.origin, sent, &self.token))
    }
}

/// Sends a GET request for a URL below `origin`, with a `token` if it is not empty.
///
/// # Errors
/// There was no complete answer, and why.
pub async fn send(client: &Client, origin: &str, sent: &Sent, token: &str) -> Result<Received, String> {
    let mut request = Request::builder().method(sent.method.as_str()).uri(format!("{origin}{}", sent.target));
    for (name, value) in &sent.headers {
        request = request.header(name, value);
    }
    if !token.is_empty() {
        request = request.header("X-Auth-Token", token);
    }
    let body = if sent.body.is_null() { Vec::new() } else { sent.body.to_string().into_bytes() };
    let meter = Meter::default();
    let upload = Upload::new([Bytes::from(body)], None, meter.clone());
    let request = request.body(upload).map_err(|error| error.to_string())?;
    let answer = client.send(request, &meter).await.map_err(|broken| match broken {
        Broken::Upstream(failure, why) => format!("{} {why}", failure.told()).trim_end().to_owned(),
        Broken::ByClient => "the request could not be sent".to_owned(),
    })?;
    let (head, body) = answer.into_parts();
    let bytes = Limited::new(body, MOST).collect().await.map_err(|error| error.to_string())?.to_bytes();
    let body = match crate::base::json::from_slice(&bytes) {
        Ok(json) => json,
        Err(_) if bytes.is_empty() => Value::Null,
        Err(_) => String::from_utf8_lossy(&bytes).into(),
    };
    let line = |(name, value): (&HeaderName, &HeaderValue)| Some((name.to_string(), value.to_str().ok()?.to_owned()));
    Ok(Received { status: head.status.as_u16(), headers: head.headers.iter().filter_map(line).collect(), body })
}

impl Cloud for Asker {
    fn endpoint(&self, kinds: &[&str]) -> Option<String> {
        let is_meant = |own: &&Endpoint| own.interface == "public" && kinds.contains(&own.kind.as_str());
        let path = self.endpoints.iter().find(is_meant)?.url.strip_prefix(&self.origin)?;
        Some(path.trim_end_matches('/').to_owned())
    }

    fn ask(&mut self, sent: &Sent) -> Result<Received, String> {
        let received = self.exchange(sent)?;
        if received.status != 401 {
            return Ok(received);
        }
        // The token is over.
        self.renew().map_err(|refused| refused.why)?;
        self.exchange(sent)
    }

    fn wait(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}
