//! A cloud of a few lines: it says what a test has it say, byte for byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use mockstack::base::json::{Value, json};

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Got {
    /// `GET /v2.1/servers`
    pub line: String,
    pub head: String,
    /// The body, if it is no longer than a megabyte.
    pub body: Vec<u8>,
    pub length: u64,
}

/// What it says.
#[derive(Clone, Debug)]
pub enum Say {
    /// Exactly these bytes; then the connection closes.
    Bytes(Vec<u8>),
    /// These bytes, and then nothing for as long as the client waits.
    Silence(Vec<u8>),
    /// As many bytes of something that is no JSON.
    Much(u64),
    /// Nothing: the connection closes.
    Nothing,
}

pub struct FakeCloud {
    /// `http://127.0.0.1:PORT`
    pub url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

/// An answer with a JSON body.
pub fn document(status: &str, headers: &str, body: &str) -> Say {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    );
    Say::Bytes([head.as_bytes(), body.as_bytes()].concat())
}

/// The answer to a login, with endpoints: type, region, interface, URL.
pub fn login(endpoints: &[(&str, &str, &str, &str)]) -> Say {
    let catalog: Vec<Value> = endpoints
        .iter()
        .map(|(kind, region, interface, url)| {
            let endpoint =
                json!({"id": "e", "interface": interface, "region": region, "region_id": region, "url": url});
            json!({"type": kind, "name": kind, "id": "s", "endpoints": [endpoint]})
        })
        .collect();
    let domain = json!({"id": "default", "name": "Default"});
    let token = json!({"token": {"methods": ["password"], "user": {"id": "u", "name": "demo", "domain": domain,
        "password_expires_at": null}, "audit_ids": ["a"], "expires_at": "2100-01-01T00:00:00.000000Z",
        "issued_at": "2026-01-01T00:00:00.000000Z", "project": {"id": "p", "name": "demo", "domain": domain},
        "is_domain": false, "roles": [{"id": "r", "name": "member"}], "catalog": catalog}});
    document("201 Created", "X-Subject-Token: gAAAAABtoken-of-the-fake-cloud\r\n", &token.to_string())
}

impl FakeCloud {
    /// A cloud that says what `answer` gives.
    pub fn start(answer: impl Fn(&Got, &str) -> Say + Send + Sync + 'static) -> FakeCloud {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (got, answer, own) = (Arc::new(Mutex::new(Vec::new())), Arc::new(answer), url.clone());
        let log = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, answer, url) = (Arc::clone(&log), Arc::clone(&answer), own.clone());
                std::thread::spawn(move || {
                    let mut stream = BufReader::new(stream.unwrap());
                    let Some(request) = read(&mut stream) else { return };
                    log.lock().unwrap().push(request.clone());
                    say(stream.get_mut(), answer(&request, &url));
                    // The client may be gone already.
                    let _ = stream.get_mut().shutdown(Shutdown::Both);
                });
            }
        });
        FakeCloud { url, got }
    }

    /// The requests that arrived.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub fn last(&self) -> Got {
        self.got().pop().unwrap()
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Option<Got> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut got = Got { line, head, length: length.unwrap_or(0), ..Got::default() };
    let mut left = got.length;
    let mut piece = vec![0; 64 << 10];
    while left > 0 {
        let most = usize::try_from(left.min(piece.len() as u64)).unwrap();
        let read = stream.read(&mut piece[..most]).ok().filter(|read| *read > 0)?;
        left -= read as u64;
        if got.length <= 1 << 20 {
            got.body.extend_from_slice(&piece[..read]);
        }
    }
    Some(got)
}

fn say(stream: &mut TcpStream, said: Say) {
    match said {
        Say::Nothing => {}
        // Who has gone need not hear it.
        Say::Bytes(bytes) => drop(stream.write_all(&bytes)),
        Say::Silence(bytes) => {
            drop(stream.write_all(&bytes));
            // Until the client closes the connection.
            drop(stream.read(&mut [0]));
        }
        Say::Much(length) => {
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).unwrap();
            let piece = vec![b'x'; 64 << 10];
            for _ in 0..length / piece.len() as u64 {
                stream.write_all(&piece).unwrap();
            }
        }
    }
}
