//! How many boots a second of the server's CPU judges, answers and records, and how often it shows a server. The control in the
//! same run is a bare hyper server that parses each body with serde_json and writes one line a request, so that figures of
//! different machines can be compared. Every server is deleted again, so that memory should stay flat; deleting is measured apart.
//!
//! `BOOTS=200000 cargo bench --bench exchange` boots as many servers; the default is 20,000.
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::convert::Infallible;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::TokioIo;

const CONNECTIONS: usize = 4;
/// So many servers are alive on each connection before they are deleted.
const ALIVE: usize = 5;
const WARM_UP: usize = 2_000;

const LOGIN: &str = r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"id":"default"},"password":"secret"}}},"scope":{"project":{"name":"demo","domain":{"id":"default"}}}}}"#;
const BOOT: &str = r#"{"server": {"name": "vm1", "flavorRef": "1", "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9",
  "networks": [{"uuid": "2782bf5e-284c-4e0d-9580-452243e3497a"}]}}"#;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "control") {
        return control(arguments.get(place + 1).expect("a file"));
    }
    let boots = std::env::var("BOOTS").ok().and_then(|boots| boots.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let own = std::env::current_exe().expect("our own path");
    let mut bare = Command::new(own);
    bare.arg("control").arg(folder.path().join("control.txt"));
    let bare = measure("bare hyper", bare, boots);
    let quota = folder.path().join("quota.yaml");
    std::fs::write(&quota, "quotas: {instances: 100000}\n").expect("a fixture");
    let mut mockstack = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    mockstack.arg("serve").arg("--no-fail").arg("--fixtures").arg(quota);
    mockstack.arg("--record").arg(folder.path().join("recording.jsonl"));
    let judged = measure("mockstack", mockstack, boots);
    println!(
        "mockstack does {:.2} of the control's boots a CPU-second, and shows {:.2} of the servers",
        judged.0 / bare.0,
        judged.1 / bare.1
    );
}

/// Boots a second of the server's CPU, and how often servers were shown.
fn measure(name: &str, command: Command, boots: usize) -> (f64, f64) {
    let mut server = Server::start(command);
    let idle = server.memory();
    let mut clients: Vec<Client> = (0..CONNECTIONS).map(|_| Client::log_in(&server.address)).collect();
    server.rounds(&mut clients, WARM_UP);
    let warm = server.memory();
    let [booted, shown, deleted] = server.rounds(&mut clients, boots).map(|seconds| boots as f64 / seconds);
    println!(
        "{name:<12} {booted:>7.0} boots a CPU-second · {shown:>7.0} shown · {deleted:>7.0} deletions · resident {idle} kB idle, {warm} kB after {WARM_UP} boots, {} kB after {}",
        server.memory(),
        boots + WARM_UP,
    );
    (booted, shown)
}

/// A server process.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it; its first line says where it is.
    fn start(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut ready = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut ready).expect("a ready line");
        let address = ready.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        Server { address: address.trim().to_owned(), child }
    }

    /// Boots `boots` servers, shows and deletes them; the CPU-seconds that each of these took.
    fn rounds(&mut self, clients: &mut [Client], boots: usize) -> [f64; 3] {
        let steps: [fn(&mut Client); 3] =
            [|client| (0..ALIVE).for_each(|_| client.boot()), Client::show_all, Client::delete_all];
        let mut took = [0.0; 3];
        for _ in 0..boots.div_ceil(CONNECTIONS * ALIVE) {
            for (step, took) in steps.into_iter().zip(&mut took) {
                let start = self.cpu_seconds();
                at_once(clients, step);
                *took += self.cpu_seconds() - start;
            }
        }
        took
    }

    /// What all its threads have used, user and system time, to the nanosecond.
    fn cpu_seconds(&self) -> f64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("it runs");
        let used = |task: std::io::Result<std::fs::DirEntry>| {
            let text = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<f64>().ok()
        };
        tasks.filter_map(used).sum::<f64>() / 1e9
    }

    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().expect("it can be ended");
        self.child.wait().expect("it ends");
    }
}

fn at_once(clients: &mut [Client], work: impl Fn(&mut Client) + Sync) {
    std::thread::scope(|scope| clients.iter_mut().for_each(|client| drop(scope.spawn(|| work(client)))));
}

/// A connection that is kept alive.
struct Client {
    stream: BufReader<TcpStream>,
    token: String,
    alive: Vec<String>,
}

impl Client {
    fn log_in(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).expect("a socket");
        let mut client = Client { stream: BufReader::new(stream), token: "none".to_owned(), alive: Vec::new() };
        let (head, _) = client.ask("POST", "/identity/v3/auth/tokens", LOGIN);
        // The control gives none.
        client.token = value(&head, "X-Subject-Token").unwrap_or("none").to_owned();
        client
    }

    fn boot(&mut self) {
        let (head, body) = self.ask("POST", "/compute/v2.1/servers", BOOT);
        assert!(head.starts_with("HTTP/1.1 202"), "{head}{body}");
        let id = body.split("\"id\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
        self.alive.push(id.to_owned());
    }

    fn show_all(&mut self) {
        for id in self.alive.clone() {
            let (head, body) = self.ask("GET", &format!("/compute/v2.1/servers/{id}"), "");
            assert!(head.starts_with("HTTP/1.1 200"), "{head}{body}");
        }
    }

    fn delete_all(&mut self) {
        for id in std::mem::take(&mut self.alive) {
            let (head, body) = self.ask("DELETE", &format!("/compute/v2.1/servers/{id}"), "");
            assert!(head.starts_with("HTTP/1.1 204"), "{head}{body}");
        }
    }

    /// The head of the answer, and its body.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> (String, String) {
        let (token, length) = (&self.token, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: application/json\r\n\
             X-Auth-Token: {token}\r\nOpenStack-API-Version: compute 2.37\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("it reads");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut head).expect("it answers") > 0, "it hung up: {head}");
        }
        let length = value(&head, "Content-Length").map_or(0, |length| length.parse().expect("a number"));
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the whole body");
        (head, String::from_utf8(body).expect("text"))
    }
}

/// The value of a header.
fn value<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let line = |line: &'h str| line.split_once(": ").filter(|(other, _)| other.eq_ignore_ascii_case(name));
    head.lines().find_map(line).map(|(_, value)| value)
}

/// The control: hyper, serde_json for the body, and a line for each request.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn control(file: &str) {
    let file = Arc::new(Mutex::new(std::fs::File::create(Path::new(file)).expect("a file")));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    println!("ready at http://{}/", listener.local_addr().expect("an address"));
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let file = Arc::clone(&file);
        let service = hyper::service::service_fn(move |request| bare(request, Arc::clone(&file)));
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn bare(
    request: hyper::Request<Incoming>,
    file: Arc<Mutex<std::fs::File>>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let line = format!("{} {} {body}\n", head.method, head.uri);
    file.lock().expect("no panic").write_all(line.as_bytes()).expect("it is written");
    let server = r#"{"server":{"id":"00000000-0000-0000-0000-000000000000"}}"#;
    let (status, text) = match head.method {
        hyper::Method::POST => (202, server),
        hyper::Method::GET => (200, server),
        _ => (204, ""),
    };
    let mut response = hyper::Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = hyper::StatusCode::from_u16(status).expect("a status");
    Ok(response)
}
