//! No secret reaches a file, a report or the terminal. Random secrets are planted in every place of a request that a client could
//! put one into by habit or by mistake; then every byte that was left is searched for them, in every encoding. What is looked for
//! is what was planted: nothing here knows how mockstack tells a secret.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use mockstack::contract::{SchemaId, Schemas};
use mockstack::message::{Mark, kind_by_name};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A request: method, target, headers, body.
type Ask = (&'static str, String, Vec<(String, String)>, String);

const SERVERS: &str = "/compute/v2.1/servers";
const LOGIN: &str = "/identity/v3/auth/tokens";

/// Fields that hold secrets wherever they stand.
const FIELDS: [&str; 26] = [
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
];

const HEADERS: [&str; 13] = [
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
    "X-Nobody-Knows",
];

fn server(more: Value) -> Value {
    let mut server = json!({"name": "vm1", "flavorRef": "1", "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9"});
    server.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"server": server})
}

fn user(password: Value) -> Value {
    json!({"auth": {"identity": {"methods": ["password"], "password": {"user":
        {"name": "demo", "domain": {"id": "default"}, "password": password}}}}})
}

/// All requests; `plant` gives a new secret for each place.
fn asks(token: &str, plant: &mut dyn FnMut() -> String) -> Vec<Ask> {
    let mut asks: Vec<Ask> = Vec::new();
    let mut ask = |method, target: String, headers: &[(&str, String)], body: Value| {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        asks.push((method, target, headers, body));
    };
    let own = || ("X-Auth-Token", token.to_owned());
    for field in FIELDS {
        ask("POST", SERVERS.to_owned(), &[own()], server(json!({(field): plant()})));
        ask("POST", SERVERS.to_owned(), &[own()], server(json!({(field): [plant()]})));
        ask("POST", LOGIN.to_owned(), &[], json!({"auth": {(field): {"value": plant()}}}));
        ask("GET", format!("{SERVERS}?{field}={}", plant()), &[own()], Value::Null);
        ask("POST", "/nowhere".to_owned(), &[], json!({(field): plant()}));
    }
    for name in HEADERS {
        ask("GET", SERVERS.to_owned(), &[(name, plant())], Value::Null);
    }
    // Bodies of the wrong shape.
    ask("POST", LOGIN.to_owned(), &[], user(json!(plant())));
    ask("POST", LOGIN.to_owned(), &[], user(json!({"value": plant()})));
    ask(
        "POST",
        LOGIN.to_owned(),
        &[],
        json!({"auth": {"identity": {"methods": ["password"], "password": {"user": plant()}}}}),
    );
    ask("POST", LOGIN.to_owned(), &[], json!({"auth": {"identity": {"methods": ["token"], "token": plant()}}}));
    ask("POST", LOGIN.to_owned(), &[], json!({"auth": {"identity": {"methods": ["token"], "token": [plant()]}}}));
    ask("POST", LOGIN.to_owned(), &[], json!({"auth": {"identity": {"methods": ["token"], "token": {"id": plant()}}}}));
    ask("POST", LOGIN.to_owned(), &[], json!(plant()));
    ask("POST", LOGIN.to_owned(), &[], json!([plant(), {"auth": plant()}]));
    for body in [
        json!({"changePassword": plant()}),
        json!({"changePassword": {"adminPass": [plant()]}}),
        json!({"rebuild": {"adminPass": plant()}}),
    ] {
        ask("POST", format!("{SERVERS}/a8a63b4d-63a0-4aed-820d-0f5f249e07d9/action"), &[own()], body);
    }
    ask("POST", SERVERS.to_owned(), &[own()], server(json!({"personality": [{"path": "/a", "contents": plant()}]})));
    ask("POST", SERVERS.to_owned(), &[own()], server(json!({"name": 5, "adminPass": plant(), "user_data": plant()})));
    // Places that nobody knows.
    ask("POST", SERVERS.to_owned(), &[own()], server(json!({"metadata": {"note": plant()}})));
    ask("POST", SERVERS.to_owned(), &[own()], server(json!({"metadata": {"note": format!("password={}", plant())}})));
    ask(
        "POST",
        SERVERS.to_owned(),
        &[own()],
        server(json!({"metadata": {"note": format!("http://me:{}@host/x", plant())}})),
    );
    ask("POST", SERVERS.to_owned(), &[own()], server(json!({"bogus": plant()})));
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", plant());
    ask("POST", SERVERS.to_owned(), &[own()], server(json!({"metadata": {"note": pem}})));
    for before in ["", "a", "ab"] {
        let encoded = STANDARD.encode(format!("{before}password={}", plant()));
        ask("POST", SERVERS.to_owned(), &[own()], server(json!({"metadata": {"note": encoded}})));
    }
    // Tokens and others in targets and in headers that are about something else.
    for path in ["/nowhere", "/compute/v2.1/servers", "/identity/v3/tokens", "/compute/v2.1/os-console-auth-tokens"] {
        ask("GET", format!("{path}/{}", plant()), &[own()], Value::Null);
        ask("GET", format!("{path}/{token}"), &[], Value::Null);
    }
    ask("GET", format!("/identity/v2.0/tokens/{}/endpoints", plant()), &[own()], Value::Null);
    ask("GET", format!("{SERVERS}?marker={token}"), &[own()], Value::Null);
    ask("GET", format!("{SERVERS}?marker={}", plant()), &[own()], Value::Null);
    ask("GET", SERVERS.to_owned(), &[own(), ("Referer", format!("http://h/x?token={}", plant()))], Value::Null);
    ask("GET", SERVERS.to_owned(), &[own(), ("Host", format!("me:{}@127.0.0.1", plant()))], Value::Null);
    ask("GET", SERVERS.to_owned(), &[own(), ("X-Callback", format!("http://me:{}@h/", plant()))], Value::Null);
    // What is a secret in one place is one in every other, in whatever encoding.
    for form in 0..6 {
        let secret = plant();
        let again = match form {
            0 => secret.clone(),
            1 => secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
            2 => secret.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            more => STANDARD.encode(format!("{}{secret}", &"xyz"[..more - 3])),
        };
        ask(
            "POST",
            SERVERS.to_owned(),
            &[own()],
            server(json!({"adminPass": secret, "name": again, "metadata": {"a": again}, "bogus": again})),
        );
    }
    asks
}

/// Every way in which `secret` could be read out of bytes.
fn encodings(secret: &str) -> Vec<String> {
    let mut all = vec![secret.to_owned()];
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    all.extend([hex.to_uppercase(), hex, secret.bytes().map(|byte| format!("%{byte:02X}")).collect()]);
    for before in 0..3 {
        // Without the digits that share bits with what stands before and after.
        let bytes = [vec![b' '; before], secret.as_bytes().to_vec()].concat();
        let whole = STANDARD.encode(&bytes);
        let inner = whole.trim_end_matches('=');
        all.push(inner[4..inner.len() - 1].to_owned());
        let safe = URL_SAFE.encode(&bytes);
        all.push(safe.trim_end_matches('=')[4..inner.len() - 1].to_owned());
    }
    all
}

fn exchange(address: &str, (method, target, headers, body): &Ask) -> String {
    let mut text = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| name == "Host") {
        text += &format!("Host: {address}\r\n");
    }
    headers.iter().for_each(|(name, value)| text += &format!("{name}: {value}\r\n"));
    if !body.is_empty() {
        text += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    }
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => found
                .push((path.display().to_string(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned())),
        }
    }
}

/// Asks everything and gives back the secrets and every byte that was left: files, reports, terminal, routes.
fn hunt(mut plant: impl FnMut() -> String) -> (Vec<String>, Vec<(String, String)>) {
    let folder = TempDir::new().unwrap();
    let script = r#"printf %s "$OS_AUTH_URL" > new; mv new url; while [ ! -e end ]; do sleep 0.01; done"#;
    let reports =
        ["text", "json", "junit", "markdown", "github"].map(|format| format!("--report={format}=report.{format}"));
    let child = Command::new(env!("CARGO_BIN_EXE_mockstack"))
        .current_dir(folder.path())
        .args(["run", "--record", "r.jsonl", "--snapshots", "snapshots"])
        .args(&reports)
        .args(["--", "sh", "-c", script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let url = loop {
        if let Ok(url) = fs::read_to_string(folder.path().join("url")) {
            break url;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "no server");
        std::thread::sleep(Duration::from_millis(5));
    };
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/identity").unwrap().to_owned();
    let mut login = user(json!("secret"));
    login["auth"]["scope"] = json!({"project": {"name": "demo", "domain": {"id": "default"}}});
    let head = exchange(&address, &("POST", LOGIN.to_owned(), Vec::new(), login.to_string()));
    let token = head.lines().find_map(|line| line.strip_prefix("X-Subject-Token: ")).unwrap().to_owned();
    let mut secrets = vec![token.clone()];
    let asked = asks(&token, &mut || {
        secrets.push(plant());
        secrets.last().unwrap().clone()
    });
    asked.iter().for_each(|ask| drop(exchange(&address, ask)));
    let mut left = Vec::new();
    for route in ["state", "verdict", "verdict?format=junit", "recording"] {
        left.push((
            route.to_owned(),
            exchange(&address, &("GET", format!("/__mockstack/{route}"), Vec::new(), String::new())),
        ));
    }
    fs::write(folder.path().join("end"), "").unwrap();
    let output = child.wait_with_output().unwrap();
    left.push(("stdout".to_owned(), String::from_utf8_lossy(&output.stdout).into_owned()));
    left.push(("stderr".to_owned(), String::from_utf8_lossy(&output.stderr).into_owned()));
    for format in ["text", "json", "junit", "markdown", "github"] {
        let report = Command::new(env!("CARGO_BIN_EXE_mockstack"))
            .current_dir(folder.path())
            .args(["report", "--format", format, "r.jsonl"])
            .output()
            .unwrap();
        left.push((
            format!("report {format}"),
            String::from_utf8_lossy(&[report.stdout, report.stderr].concat()).into_owned(),
        ));
    }
    files(folder.path(), &mut left);
    (secrets, left)
}

fn leaks(secrets: &[String], left: &[(String, String)]) -> Vec<String> {
    let encodings: Vec<String> = secrets.iter().flat_map(|secret| encodings(secret)).collect();
    let search = aho_corasick::AhoCorasick::new(&encodings).unwrap();
    let mut leaks = Vec::new();
    for (place, text) in left {
        for hit in search.find_iter(text) {
            let from =
                (hit.start().saturating_sub(160)..=hit.start()).find(|from| text.is_char_boundary(*from)).unwrap();
            leaks.push(format!("{place}: …{}", &text[from..hit.end()]));
        }
    }
    leaks
}

/// Letters of both sizes and digits, as generators of passwords and tokens make them.
fn secret(random: &mut impl FnMut() -> u64) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let letters: String = (0..24).map(|_| char::from(LETTERS[usize::try_from(random() % 62).unwrap()])).collect();
    format!("Zq7{letters}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_secret_is_left_anywhere(seed in any::<u64>()) {
        let mut state = seed;
        let mut random = || {
            // SplitMix64 (public domain).
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^ (mixed >> 31)
        };
        let (secrets, left) = hunt(|| secret(&mut random));
        assert!(secrets.len() > 170, "{}", secrets.len());
        assert!(left.iter().any(|(place, _)| place.ends_with(".snap.new")));
        let leaks = leaks(&secrets, &left);
        assert!(leaks.is_empty(), "{} of {} leaked:\n{}", leaks.len(), secrets.len(), leaks.join("\n"));
    }
}

/// Names that look secret and are not, each with the reason.
const NO_SECRETS: [(&str, &str); 4] = [
    ("application_credentials", "a list; it has no secrets, which are shown but once"),
    ("personality", "a list of files; their contents are marked"),
    ("token", "what is told of a token; its id is marked"),
    ("application_credential", "what is told of it; its secret is marked"),
];

/// What looks secret by its name is marked in the contracts, or there is a reason.
#[test]
fn every_field_that_looks_secret_is_marked() {
    let (mut marked, mut forgotten) = (0, Vec::new());
    for (contract, row) in common::rows() {
        let schemas = &contract.table().unwrap().schemas;
        let marks = row.marks(schemas);
        let roots = row.body.into_iter().chain(row.query).chain(row.responses.iter().filter_map(|row| row.body));
        for (parent, field) in fields(roots, schemas) {
            if kind_by_name(&field).is_none() || NO_SECRETS.iter().any(|(name, _)| *name == field) {
                continue;
            }
            match marks.get(&parent, &field) {
                // What holds a marked field is not marked itself.
                Some(Mark::Secret | Mark::Around) => marked += 1,
                _ => forgotten.push(format!("{}: {parent}/{field}", row.id)),
            }
        }
    }
    assert!(marked > 20 && forgotten.is_empty(), "{marked} are marked, these are not:\n{}", forgotten.join("\n"));
}

fn fields(roots: impl Iterator<Item = SchemaId>, schemas: &Schemas) -> Vec<(String, String)> {
    let (mut open, mut seen, mut found) =
        (roots.map(|id| (id, String::new())).collect::<Vec<_>>(), Vec::new(), Vec::new());
    while let Some((id, parent)) = open.pop() {
        if seen.contains(&(id, parent.clone())) {
            continue;
        }
        seen.push((id, parent.clone()));
        for property in &schemas.get(id).properties {
            found.push((parent.clone(), property.name.to_string()));
            open.extend(property.forms.iter().map(|(_, form)| (*form, property.name.to_string())));
        }
        for inner in schemas.composed(id) {
            open.push((inner, parent.clone()));
        }
    }
    found
}
