//! A session with the whole cloud. The first line may hold `report` and `admin`; then come requests, with `%%` on a line
//! between two: method and target, header lines, an empty line, the body. `TOKEN` and `SERVER` stand for what is there.

use mockstack::base::json::{Value, json, surrogate};
use mockstack::exchange::{Exchange, OnViolation, Options};
use mockstack::message::{Body, Headers, Request, Response};
use mockstack::recording::{Reader, Recorder};
use mockstack::snapshot::Collector;

const IMAGE: &str = "a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
const NETWORK: &str = "2782bf5e-284c-4e0d-9580-452243e3497a";
/// What must not be in a recording.
const PLANTED: &str = "pl4nted-s3cret-of-the-fuzzer";
/// Where it is planted.
const PLACES: [&str; 6] = [
    "/server/adminPass",
    "/rebuild/adminPass",
    "/rescue/adminPass",
    "/changePassword/adminPass",
    "/auth/identity/password/user/password",
    "/auth/passwordCredentials/password",
];
/// More requests than this are cut off.
const MOST: usize = 12;

pub fn run(data: &[u8]) {
    assert!(recording(data) == recording(data), "the same session made two recordings");
}

/// The bytes of the recording of a session.
pub fn recording(data: &[u8]) -> Vec<u8> {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let options = String::from_utf8_lossy(&data[..end]);
    let rest = data.get(end + 1..).unwrap_or_default();
    Session { report: options.contains("report"), admin: options.contains("admin"), rest }.record()
}

struct Session<'a> {
    report: bool,
    admin: bool,
    rest: &'a [u8],
}

impl Session<'_> {
    /// Runs it; the bytes of the recording.
    fn record(&self) -> Vec<u8> {
        let file = super::file(".jsonl", b"");
        let contracts = super::contracts();
        let recorder = Recorder::create(file.path(), 1, &contracts).unwrap();
        let on_violation = if self.report { OnViolation::Report } else { OnViolation::Reject };
        let collector = Some(Collector::new(Vec::new()));
        let options = Options { on_violation, recorder: Some(recorder), collector, ..Options::default() };
        let exchange = Exchange::new(contracts, super::cloud(), options);
        let token = log_in(&exchange, if self.admin { "admin" } else { "demo" });
        let server = boot(&exchange, &token);
        let mut handled = 2;
        for part in split(self.rest, b"\n%%\n").into_iter().take(MOST) {
            let Some(request) = request(part, &token, &server) else { continue };
            check(&request, &answer(&exchange, &request));
            handled += 1;
        }
        exchange.texts();
        exchange.end(&json!({}));
        let journal = exchange.journal();
        assert_eq!(journal.requests, handled);
        drop(exchange);
        let recording = Reader::open(file.path()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(recording.filter(Result::is_ok).count() as u64, handled);
        let bytes = std::fs::read(file.path()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for (what, secret) in [("the token", token.as_str()), ("a password", PLANTED)] {
            let line = text.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{what} is in the recording: {}", line.unwrap_or_default());
        }
        text.into_bytes()
    }
}

fn check(request: &Request, answer: &Response) {
    assert!((100..600).contains(&answer.status), "{request:?} got {answer:?}");
    // What cannot be read, and half of a surrogate pair, is an error of the service too.
    let is_theirs = match request.read_body() {
        Body::Empty => false,
        Body::Json(body) => surrogate::is_in(&body),
        Body::Unreadable(_) => true,
    };
    // Where its own code fails, the answer has its words.
    let is_theirs = is_theirs || String::from_utf8_lossy(&answer.bytes()).contains("has either erred or is incapable");
    let is_ours = answer.status == 500 && !is_theirs;
    assert!(!is_ours, "{request:?} got {answer:?}");
    let media = answer.headers.get("Content-Type").unwrap_or_default();
    if media.starts_with("application/json") && answer.body.is_some() {
        let bytes = answer.bytes();
        mockstack::base::json::from_slice::<Value>(&bytes)
            .unwrap_or_else(|error| panic!("{error}: {request:?} got {answer:?}"));
    }
}

fn answer(exchange: &Exchange, request: &Request) -> Response {
    exchange.handle(request)
}

fn post(path: &str, token: Option<&str>, body: &Value) -> Request {
    let mut request = Request {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers: [("Host", "h"), ("Content-Type", "application/json")].into_iter().collect(),
        body: body.to_string().into_bytes(),
        ..Request::default()
    };
    token.into_iter().for_each(|token| request.headers.push("X-Auth-Token", token));
    request
}

fn log_in(exchange: &Exchange, user: &str) -> String {
    let domain = json!({"name": "Default"});
    let user = json!({"name": user, "password": "secret", "domain": domain});
    let body = json!({"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
        "scope": {"project": {"name": "demo", "domain": domain}}}});
    let answer = answer(exchange, &post("/identity/v3/auth/tokens", None, &body));
    answer.headers.get("X-Subject-Token").unwrap().to_owned()
}

fn boot(exchange: &Exchange, token: &str) -> String {
    let server = json!({"name": "x", "flavorRef": "1", "imageRef": IMAGE, "networks": [{"uuid": NETWORK}]});
    let answer = answer(exchange, &post("/compute/v2.1/servers", Some(token), &json!({"server": server})));
    answer.body.unwrap_or_default()["server"]["id"].as_str().unwrap().to_owned()
}

/// The parts of `bytes` between the marks.
fn split<'a>(bytes: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some(end) = rest.windows(mark.len()).position(|window| window == mark) {
        parts.push(&rest[..end]);
        rest = &rest[end + mark.len()..];
    }
    parts.push(rest);
    parts
}

fn request(part: &[u8], token: &str, server: &str) -> Option<Request> {
    let (head, body) = match part.windows(2).position(|window| window == b"\n\n") {
        Some(end) => (&part[..end], &part[end + 2..]),
        None => (part, &[][..]),
    };
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let target = target.replace("SERVER", server);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut headers = Headers::default();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        // Elsewhere it would not be known for a token.
        let is_token =
            value == "TOKEN" && ["x-auth-token", "x-subject-token"].contains(&name.to_ascii_lowercase().as_str());
        headers.push(name.to_owned(), if is_token { token } else { value });
    }
    Some(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: planted(body, server),
        ..Request::default()
    })
}

/// The body with the secret in its places.
fn planted(body: &[u8], server: &str) -> Vec<u8> {
    let Ok(mut json) = mockstack::base::json::from_slice::<Value>(body) else { return body.to_vec() };
    let mut changed = false;
    for place in PLACES {
        if let Some(Value::String(text)) = json.pointer_mut(place) {
            PLANTED.clone_into(text);
            changed = true;
        }
    }
    let text = if changed { json.to_string() } else { String::from_utf8_lossy(body).into_owned() };
    text.replace("SERVER", server).into_bytes()
}
