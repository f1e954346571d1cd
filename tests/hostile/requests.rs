//! Requests that are as costly to judge as we could make them, at any size. `benches/hostile.rs` measures them, and
//! `tests/hostile.rs` holds that none of them keeps the cloud from hearing a signal.

use std::sync::Arc;

use mockstack::base::Clock;
use mockstack::cloud::{Cloud, Fixture};
use mockstack::contract::Contracts;
use mockstack::exchange::{Exchange, Options};
use mockstack::message::{Headers, Request, Response};

const BOOT: &str = "/compute/v2.1/servers";
const PORTS: &str = "/network/v2.0/ports";
const LOGIN: &str = "/identity/v3/auth/tokens";
const LOGIN_BODY: &str = r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"id":"default"},"password":"secret"}}},"scope":{"project":{"name":"demo","domain":{"id":"default"}}}}}"#;

/// A kind of hostile request.
pub struct Hostile {
    /// What makes it costly.
    pub name: &'static str,
    /// Where it is sent; what is made goes into the body of a POST, and into the query of a GET.
    pub method: &'static str,
    pub path: &'static str,
    before: &'static str,
    /// The part that is repeated, with a comma between two; `#` is its number.
    part: &'static str,
    between: &'static str,
    after: &'static str,
}

/// The worst that we know.
pub const ALL: [Hostile; 15] = [
    boot("a list of wrong items", r#"{"server":{"networks":["#, "1", "]}}"),
    boot("unknown fields", r#"{"server":{"#, r##""x#":0"##, "}}"),
    boot("forms of which none fits", r#"{"server":{"block_device_mapping_v2":["#, r#"{"uuid":1}"#, "]}}"),
    boot("items that must differ", r#"{"server":{"tags":["#, r##""#""##, "]}}"),
    boot("objects that must differ", r#"{"server":{"networks":["#, r##"{"tag":"#"}"##, "]}}"),
    boot("deep nesting", r#"{"server":{"metadata":["#, "[[[[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]]]]", "]}}"),
    boot("hints", r#"{"server":{},"os:scheduler_hints":{"same_host":["#, r##""#""##, "]}}"),
    Hostile { between: "", ..boot("a text full of escapes", r#"{"server":{"name":""#, r"\u0001", r#""}}"#) },
    Hostile { between: "", ..boot("a text full of tickets", r#"{"server":{"name":""#, "token=", r#"\t"}}"#) },
    Hostile { between: "", ..boot("a number of many digits", r#"{"server":{"min_count":"#, "1", "}}") },
    Hostile {
        path: PORTS,
        ..boot("options that must differ", r#"{"port":{"extra_dhcp_opts":["#, r##"{"x":#}"##, "]}}")
    },
    login("tokens", r##"{"token":{"id":"#x"}}"##),
    login("fields that hold secrets", r##"{"password":"#x"}"##),
    Hostile { method: "GET", between: "&", before: "", after: "", ..boot("a long query", "", "a#=1", "") },
    Hostile {
        method: "GET",
        between: "&",
        ..boot("patterns that repeat repetitions", "", "name=(%5Cw%7B10#%7D)%7B20%7D", "")
    },
];

const fn boot(name: &'static str, before: &'static str, part: &'static str, after: &'static str) -> Hostile {
    Hostile { name, method: "POST", path: BOOT, before, part, between: ",", after }
}

const fn login(name: &'static str, part: &'static str) -> Hostile {
    let (before, after) = (r#"{"auth":{"identity":["#, "]}}");
    Hostile { name, method: "POST", path: LOGIN, before, part, between: ",", after }
}

impl Hostile {
    /// Its text, of about `bytes` bytes.
    pub fn text(&self, bytes: usize) -> String {
        let mut text = self.before.to_owned();
        let mut number = 0;
        while text.len() + self.part.len() + self.after.len() + 8 < bytes {
            if number > 0 {
                text.push_str(self.between);
            }
            text.push_str(&self.part.replace('#', &number.to_string()));
            number += 1;
        }
        text + self.after
    }

    /// The request of that size, with `token`.
    pub fn request(&self, bytes: usize, token: &str) -> Request {
        let mut headers = Headers::default();
        headers.push("Host", "127.0.0.1");
        headers.push("X-Auth-Token", token);
        headers.push("OpenStack-API-Version", "compute 2.90");
        headers.push("Content-Type", "application/json");
        let (query, body) = match self.method {
            "GET" => (self.text(bytes), String::new()),
            _ => (String::new(), self.text(bytes)),
        };
        let (method, path) = (self.method.to_owned(), self.path.to_owned());
        Request { method, path, query, headers, body: body.into_bytes(), ..Request::default() }
    }
}

/// A cloud with `options` and a token for it.
pub fn cloud(options: Options) -> (Exchange, String) {
    let (contracts, fixture) = (Contracts::embedded().expect("contracts"), Fixture::base().expect("a fixture"));
    let exchange = Exchange::new(contracts, Cloud::new(Arc::new(fixture), 1, Clock::Wall), options);
    let request =
        Request { method: "POST".to_owned(), path: LOGIN.to_owned(), body: LOGIN_BODY.into(), ..Request::default() };
    let token = answer(&exchange, &request).headers.get("X-Subject-Token").expect("a token").to_owned();
    (exchange, token)
}

/// The answer of `exchange` to `request`.
pub fn answer(exchange: &Exchange, request: &Request) -> Response {
    exchange.handle(request)
}
