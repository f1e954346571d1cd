//! The places into which secrets are put, and the encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mockstack::base::json::{Value, json};

pub const SERVERS: &str = "/compute/v2.1/servers";
pub const LOGIN: &str = "/identity/v3/auth/tokens";
const SERVER: &str = "/compute/v2.1/servers/a8a63b4d-63a0-4aed-820d-0f5f249e07d9";
/// Stands for the id of an image that there is.
pub const IMAGE: &str = "99999999-9999-4999-8999-999999999999";

/// A request.
pub struct Ask {
    pub method: &'static str,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The bytes as they are sent, if they are no request.
    pub raw: Option<String>,
}

impl Ask {
    fn new(method: &'static str, target: &str, token: &str, body: String) -> Ask {
        let token = (!token.is_empty()).then(|| ("X-Auth-Token".to_owned(), token.to_owned()));
        Ask { method, target: target.to_owned(), headers: token.into_iter().collect(), body, raw: None }
    }

    pub fn get(target: &str, token: &str) -> Ask {
        Ask::new("GET", target, token, String::new())
    }

    pub fn post(target: &str, token: &str, body: Value) -> Ask {
        Ask::new("POST", target, token, body.to_string())
    }

    fn with(mut self, name: &str, value: String) -> Ask {
        self.headers.push((name.to_owned(), value));
        self
    }

    pub fn text(&self, address: &str) -> String {
        if let Some(raw) = &self.raw {
            return raw.clone();
        }
        let Ask { method, target, headers, body, .. } = self;
        let mut text = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
        let has = |name: &str| headers.iter().any(|(own, _)| own == name);
        if !has("Host") {
            text += &format!("Host: {address}\r\n");
        }
        if !body.is_empty() {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        if !body.is_empty() && !has("Content-Type") {
            text += "Content-Type: application/json\r\n";
        }
        headers.iter().for_each(|(name, value)| text += &format!("{name}: {value}\r\n"));
        format!("{text}\r\n{body}")
    }
}

/// What a place tells of what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is a secret, whatever it looks like.
    Secret,
    /// The same, in ASCII.
    Header,
    /// It is a secret as far as the word goes.
    Parameter,
    /// Nothing: only what looks random is a secret.
    Anything,
}

/// A place in a request.
pub struct Place {
    pub name: String,
    pub holds: Holds,
    pub ask: Box<dyn Fn(&str) -> Ask>,
}

/// Makes a request out of a secret and an encoded form of it.
type AskBeside = Box<dyn Fn(&str, &str) -> Ask>;

/// A request with a secret in its place, and the same secret once more where it does not belong.
pub struct Beside {
    pub name: &'static str,
    pub ask: AskBeside,
}

/// How a secret is written.
#[derive(Clone, Copy, Debug)]
pub enum Encoding {
    Raw,
    Base64,
    Base64After1,
    Base64After2,
    Base64Url,
    Url,
    Json,
    Hex,
}

impl Encoding {
    pub const ALL: [Encoding; 8] = [
        Encoding::Raw,
        Encoding::Base64,
        Encoding::Base64After1,
        Encoding::Base64After2,
        Encoding::Base64Url,
        Encoding::Url,
        Encoding::Json,
        Encoding::Hex,
    ];

    pub fn of(self, secret: &str) -> String {
        match self {
            Encoding::Raw => secret.to_owned(),
            Encoding::Base64 => STANDARD.encode(secret),
            Encoding::Base64After1 => STANDARD.encode(format!(" {secret}\n")),
            Encoding::Base64After2 => STANDARD.encode(format!("> {secret}\n")),
            Encoding::Base64Url => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret),
            Encoding::Url => secret.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            Encoding::Json => secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
            Encoding::Hex => secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// `text` as it may stand in a URL.
fn in_url(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte);
    text.bytes().map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Fields that hold secrets, wherever they stand.
const FIELDS: [&str; 27] = [
    "password",
    "Password",
    "adminPass",
    "AdminPass",
    "admin_pass",
    "OS-KSADM:password",
    "passwd",
    "pwd",
    "secret",
    "secretKey",
    "apiKey",
    "api_key",
    "auth_key",
    "signature",
    "blob",
    "private_key",
    "user_data",
    "OS-EXT-USER-DATA:user_data",
    "os-user-data:user_data",
    "contents",
    "passcode",
    "token",
    "access_token",
    "credential",
    "personality",
    "original_password",
    "client_secret",
];

const HEADERS: [&str; 12] = [
    "X-Auth-Token",
    "X-Subject-Token",
    "X-Service-Token",
    "X-Storage-Token",
    "X-Trust-Token",
    "X-Auth-Password",
    "X-Auth-Key",
    "X-Amz-Security-Token",
    "OpenStack-Auth-Receipt",
    "Authorization",
    "Proxy-Authorization",
    "Cookie",
];

pub fn server(more: Value) -> Value {
    let mut server = json!({"name": "vm1", "flavorRef": "1", "imageRef": IMAGE});
    server.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"server": server})
}

pub fn login(password: Value) -> Value {
    json!({"auth": {"identity": {"methods": ["password"], "password": {"user":
        {"name": "demo", "domain": {"id": "default"}, "password": password}}}}})
}

fn identity(method: &str, value: Value) -> Value {
    json!({"auth": {"identity": {"methods": [method], (method): value}}})
}

struct Places {
    all: Vec<Place>,
    token: String,
}

impl Places {
    fn add(&mut self, name: impl Into<String>, holds: Holds, ask: impl Fn(&str) -> Ask + 'static) {
        self.all.push(Place { name: name.into(), holds, ask: Box::new(ask) });
    }

    /// The target of a GET.
    fn target(&mut self, name: impl Into<String>, holds: Holds, target: impl Fn(&str) -> String + 'static) {
        let token = self.token.clone();
        self.add(name, holds, move |secret| Ask::get(&target(&in_url(secret)), &token));
    }

    /// A header of a GET.
    fn header(&mut self, name: &'static str, holds: Holds, value: impl Fn(&str) -> String + 'static) {
        let token = self.token.clone();
        self.add(format!("header {name} {}", value("S")), holds, move |secret| {
            // There is but one.
            let token = if name == "X-Auth-Token" { "" } else { &token };
            Ask::get(SERVERS, token).with(name, value(secret))
        });
    }

    /// The body of a POST.
    fn body(&mut self, target: &'static str, holds: Holds, body: impl Fn(&str) -> Value + 'static) {
        let token = if target == LOGIN { String::new() } else { self.token.clone() };
        self.add(format!("POST {target} {}", body("S")), holds, move |secret| Ask::post(target, &token, body(secret)));
    }
}

/// All places; the requests that need a token send the first of `tokens`.
pub fn every_place(tokens: &[String; 2]) -> Vec<Place> {
    let mut places = Places { all: Vec::new(), token: tokens[0].clone() };
    fields(&mut places);
    wrong_shapes(&mut places);
    other_bodies(&mut places);
    targets(&mut places);
    headers(&mut places);
    places.all
}

fn fields(places: &mut Places) {
    for field in FIELDS {
        places.body(SERVERS, Holds::Secret, move |secret| server(json!({(field): secret})));
        places.body(SERVERS, Holds::Secret, move |secret| server(json!({(field): [secret]})));
        places.body(LOGIN, Holds::Secret, move |secret| json!({"auth": {(field): {"value": secret}}}));
        places.body("/nowhere", Holds::Secret, move |secret| json!({(field): secret}));
        places.target(format!("query {field}"), Holds::Secret, move |secret| format!("{SERVERS}?{field}={secret}"));
    }
    places.body(SERVERS, Holds::Secret, |secret| server(json!({"personality": [{"path": "/a", "contents": secret}]})));
    // Something else is wrong, so that much is told.
    places.body(SERVERS, Holds::Secret, |secret| server(json!({"name": 5, "adminPass": secret})));
    places.body("/identity/v3/users", Holds::Secret, |secret| json!({"user": {"name": "u", "password": secret}}));
    places.body(
        "/identity/v3/users/u/password",
        Holds::Secret,
        |secret| json!({"user": {"original_password": secret, "password": 5}}),
    );
    places.body(
        "/identity/v3/credentials",
        Holds::Secret,
        |secret| json!({"credential": {"type": "ec2", "blob": secret}}),
    );
    places.body("/identity/v3/ec2tokens", Holds::Secret, |secret| json!({"credentials": {"signature": secret}}));
}

fn wrong_shapes(places: &mut Places) {
    places.body(LOGIN, Holds::Secret, |secret| login(json!(secret)));
    places.body(LOGIN, Holds::Secret, |secret| login(json!({"value": secret})));
    places.body(LOGIN, Holds::Secret, |secret| login(json!([secret])));
    places.body(LOGIN, Holds::Secret, |secret| login(json!([{"a": [secret]}])));
    places.body(LOGIN, Holds::Secret, |secret| identity("password", json!({"user": secret})));
    places.body(LOGIN, Holds::Secret, |secret| identity("password", json!(secret)));
    places.body(LOGIN, Holds::Secret, |secret| identity("password", json!([secret])));
    places.body(LOGIN, Holds::Secret, |secret| identity("token", json!(secret)));
    places.body(LOGIN, Holds::Secret, |secret| identity("token", json!([secret])));
    places.body(LOGIN, Holds::Secret, |secret| identity("token", json!({"id": secret})));
    places.body(LOGIN, Holds::Secret, |secret| identity("totp", json!({"user": {"passcode": secret}})));
    places
        .body(LOGIN, Holds::Secret, |secret| identity("application_credential", json!({"id": "a", "secret": secret})));
    places.body(LOGIN, Holds::Secret, |secret| identity("application_credential", json!(secret)));
    places.body(LOGIN, Holds::Secret, |secret| json!(secret));
    places.body(LOGIN, Holds::Secret, |secret| json!([secret, {"auth": secret}]));
    places.body(LOGIN, Holds::Secret, |secret| json!({"auth": secret}));
    places.body(LOGIN, Holds::Secret, |secret| json!({"auth": {"identity": secret}}));
    let v2 = "/identity/v2.0/tokens";
    places.body(v2, Holds::Secret, |secret| json!({"auth": {"passwordCredentials": secret}}));
    places.body(
        v2,
        Holds::Secret,
        |secret| json!({"auth": {"passwordCredentials": {"username": "demo", "password": secret}}}),
    );
    places.body(v2, Holds::Secret, |secret| json!({"auth": {"token": {"id": secret}}}));
    for body in [
        |secret: &str| json!({"changePassword": secret}),
        |secret: &str| json!({"changePassword": {"adminPass": [secret]}}),
        |secret: &str| json!({"rebuild": {"adminPass": secret}}),
        |secret: &str| json!({"rescue": {"adminPass": {"a": secret}}}),
        |secret: &str| json!({"rebuild": {"imageRef": 1, "personality": secret}}),
    ] {
        places.body(
            concat!("/compute/v2.1/servers/", "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "/action"),
            Holds::Secret,
            body,
        );
    }
}

fn other_bodies(places: &mut Places) {
    // Fields that nobody knows, and free ones.
    places.body(SERVERS, Holds::Anything, |secret| server(json!({"metadata": {"note": secret}})));
    places.body(SERVERS, Holds::Anything, |secret| server(json!({"metadata": {(secret): "note"}})));
    places.body(SERVERS, Holds::Anything, |secret| server(json!({"bogus": secret})));
    places.body(SERVERS, Holds::Anything, |secret| server(json!({"bogus": [{"more": [secret]}]})));
    places.body(SERVERS, Holds::Anything, |secret| server(json!({(secret): 1})));
    places.body("/nowhere", Holds::Anything, |secret| json!({"note": secret}));
    places
        .body(SERVERS, Holds::Parameter, |secret| server(json!({"metadata": {"note": format!("password={secret}")}})));
    places.body(SERVERS, Holds::Parameter, |secret| {
        server(json!({"metadata": {"note": format!("http://me:{secret}@host/x")}}))
    });
    places.body(SERVERS, Holds::Parameter, |secret| server(json!({"name": format!("http://me:{secret}@host/x")})));
    places.body(
        "/image/v2/images",
        Holds::Parameter,
        |secret| json!({"name": "i", "locations": [{"url": format!("swift+http://t:{secret}@host/x")}]}),
    );
    places.body(SERVERS, Holds::Anything, |secret| {
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{secret}\n-----END PRIVATE KEY-----\n");
        server(json!({"metadata": {"note": pem}}))
    });
    for before in ["", "a", "ab"] {
        places.body(SERVERS, Holds::Parameter, move |secret| {
            server(json!({"metadata": {"note": STANDARD.encode(format!("{before}password={secret}"))}}))
        });
    }
    places.body(SERVERS, Holds::Secret, |secret| {
        server(json!({"metadata": {"note": json!({"password": secret}).to_string()}}))
    });
    // Steps of a JSON patch.
    for steps in [
        |secret: &str| json!([{"op": "add", "path": "/admin_pass", "value": secret}]),
        |secret: &str| json!([{"replace": "/password", "value": secret}]),
        |secret: &str| json!([{"op": "remove", "path": format!("/password/{secret}")}]),
    ] {
        let token = places.token.clone();
        places.add(format!("PATCH {}", steps("S")), Holds::Secret, move |secret| {
            Ask::new("PATCH", &format!("/image/v2/images/{IMAGE}"), &token, steps(secret).to_string())
                .with("Content-Type", "application/openstack-images-v2.1-json-patch".to_owned())
        });
    }
    // What is no JSON, or not said to be any.
    let token = places.token.clone();
    let cut = |secret: &str| format!("{{\"auth\": {{\"password\": {}", json!(secret));
    places.add("body cut", Holds::Secret, move |secret| Ask::new("POST", LOGIN, "", cut(secret)));
    places.add("body twice", Holds::Secret, |secret| {
        Ask::new("POST", LOGIN, "", format!("{} {}", json!(secret), json!(secret)))
    });
    places.add("body of a form", Holds::Secret, |secret| {
        Ask::new("POST", LOGIN, "", format!("password={}", in_url(secret)))
            .with("Content-Type", "application/x-www-form-urlencoded".to_owned())
    });
    places.add("body of text", Holds::Secret, move |secret| {
        Ask::new("POST", SERVERS, &token, json!(secret).to_string()).with("Content-Type", "text/plain".to_owned())
    });
    places.add("no request", Holds::Header, |secret| Ask {
        raw: Some(format!("password={secret}\r\n\r\n")),
        ..Ask::get("/", "")
    });
    places.add("method", Holds::Anything, |secret| Ask {
        raw: Some(format!("{} {SERVERS} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", in_url(secret))),
        ..Ask::get("/", "")
    });
    places.add("no version", Holds::Anything, |secret| Ask {
        raw: Some(format!("GET {SERVERS}/{} HTTP/7.7\r\nX-Auth-Token: {secret}\r\n\r\n", in_url(secret))),
        ..Ask::get("/", "")
    });
    places.add("no header", Holds::Header, |secret| Ask {
        raw: Some(format!("GET {SERVERS} HTTP/1.1\r\nHost: h\r\nX-Auth-Token {secret}\r\n\r\n")),
        ..Ask::get("/", "")
    });
    places.add("two lengths", Holds::Header, |secret| Ask {
        raw: Some(format!(
            "POST {LOGIN} HTTP/1.1\r\nHost: h\r\nContent-Length: {secret}\r\nContent-Length: 2\r\n\r\n{{}}"
        )),
        ..Ask::get("/", "")
    });
}

fn targets(places: &mut Places) {
    for path in [
        "/identity/v3/tokens",
        "/identity/v2.0/tokens",
        "/compute/v2.1/os-console-auth-tokens",
        "/compute/v2.1/password",
    ] {
        places.target(path, Holds::Secret, move |secret| format!("{path}/{secret}"));
    }
    places.target("tokens/S/endpoints", Holds::Secret, |secret| format!("/identity/v2.0/tokens/{secret}/endpoints"));
    for path in ["/nowhere", "", SERVERS, "/compute/v2.1", "/image/v2/images"] {
        places.target(format!("{path}/S"), Holds::Anything, move |secret| format!("{path}/{secret}"));
    }
    places.target("servers/S/action", Holds::Anything, |secret| format!("{SERVERS}/{secret}/action"));
    places.target("marker", Holds::Anything, |secret| format!("{SERVERS}?marker={secret}"));
    places.target("query of no name", Holds::Anything, |secret| format!("{SERVERS}?{secret}"));
    places.target("name of a parameter", Holds::Anything, |secret| format!("{SERVERS}?{secret}=1"));
    places.target("second of two", Holds::Secret, |secret| format!("{SERVERS}?limit=a&token=1&token={secret}"));
    places.target("key in capitals", Holds::Secret, |secret| format!("{SERVERS}?X-Auth-Token={secret}"));
    places.target("URL in a query", Holds::Parameter, |secret| format!("{SERVERS}?image=http://me:{secret}@h/"));
}

fn headers(places: &mut Places) {
    for name in HEADERS {
        places.header(name, Holds::Header, str::to_owned);
    }
    places.header("X-Nobody-Knows", Holds::Anything, str::to_owned);
    places.header("X-OpenStack-Nova-API-Version", Holds::Anything, str::to_owned);
    places.header("OpenStack-API-Version", Holds::Anything, |secret| format!("compute {secret}"));
    places.header("Host", Holds::Parameter, |secret| format!("me:{secret}@127.0.0.1"));
    places.header("Referer", Holds::Parameter, |secret| format!("http://h/x?token={secret}"));
    places.header("Referer", Holds::Parameter, |secret| format!("http://me:{secret}@h/x"));
    places.header("Referer", Holds::Anything, |secret| format!("http://h/{secret}"));
    places.header("X-Callback", Holds::Parameter, |secret| format!("http://me:{secret}@h/"));
    places.header("User-Agent", Holds::Parameter, |secret| format!("me/1.0 (http://me:{secret}@h/)"));
    places.header("Forwarded", Holds::Parameter, |secret| format!("for=me;token={secret}"));
    let token = places.token.clone();
    places.add("media type", Holds::Parameter, move |secret| {
        Ask::post(SERVERS, &token, json!({})).with("Content-Type", format!("application/json; password={secret}"))
    });
}

/// Requests with a secret in its place and once more in another.
pub fn places_beside_a_secret(tokens: &[String; 2]) -> Vec<Beside> {
    let token = || tokens[0].clone();
    let mut all: Vec<Beside> = Vec::new();
    let mut add = |name: &'static str, ask: AskBeside| all.push(Beside { name, ask });
    let own = token();
    add(
        "again in the name",
        Box::new(move |secret, again| Ask::post(SERVERS, &own, server(json!({"adminPass": secret, "name": again})))),
    );
    let own = token();
    add(
        "again in metadata",
        Box::new(move |secret, again| {
            Ask::post(SERVERS, &own, server(json!({"adminPass": secret, "metadata": {"a": format!("see {again}.")}})))
        }),
    );
    let own = token();
    add(
        "again in a wrong value",
        Box::new(move |secret, again| {
            Ask::post(
                SERVERS,
                &own,
                server(json!({"user_data": secret, "flavorRef": {"id": again}, "min_count": again})),
            )
        }),
    );
    let own = token();
    add(
        "again as a key",
        Box::new(move |secret, again| Ask::post(SERVERS, &own, server(json!({"adminPass": secret, (again): 1})))),
    );
    add(
        "again as the user",
        Box::new(|secret, again| {
            let mut body = login(json!(secret));
            body["auth"]["identity"]["password"]["user"]["name"] = again.into();
            Ask::post(LOGIN, "", body)
        }),
    );
    add(
        "again in the path",
        Box::new(|secret, again| {
            Ask::get(&format!("{SERVER}/{}", in_url(again)), &secret.replace(|c: char| !c.is_ascii(), ""))
        }),
    );
    add(
        "again in the query",
        Box::new(|secret, again| {
            Ask::get(&format!("{SERVERS}?name={}&sort_key={}", in_url(again), in_url(again)), secret)
        }),
    );
    add(
        "again in a header",
        Box::new(|secret, again| {
            Ask::get(SERVERS, secret)
                .with("User-Agent", format!("me {again}"))
                .with("X-Openstack-Request-Id", again.to_owned())
        }),
    );
    all
}
