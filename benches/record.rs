//! What `mockstack record` adds to a request on loopback. The same cloud, `mockstack serve`, is asked directly and through the proxy in
//! turn, on connections that are kept, so that figures of different machines can be compared; both write recordings.
//!
//! `ASKED=20000 cargo bench --bench record` asks as often; the default is 5,000. `MOCKSTACK=PATH` names another binary.
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LOGIN: &str = r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"demo","domain":{"id":"default"},"password":"secret"}}},"scope":{"project":{"name":"demo","domain":{"id":"default"}}}}}"#;
const WARM_UP: usize = 500;

fn main() {
    let asked = std::env::var("ASKED").ok().and_then(|asked| asked.parse().ok()).unwrap_or(5_000);
    let binary = std::env::var("MOCKSTACK").unwrap_or_else(|_| env!("CARGO_BIN_EXE_mockstack").to_owned());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let cloud = Server::start(&binary, &["serve"], &folder.path().join("cloud.jsonl"));
    let auth_url = format!("http://{}/identity", cloud.address);
    let proxy = Server::start(&binary, &["record", "--auth-url", &auth_url], &folder.path().join("proxy.jsonl"));
    let (mut direct, mut through) = (Client::log_in(&cloud.address), Client::log_in(&proxy.address));
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..WARM_UP + asked {
        times[0].push(direct.time());
        times[1].push(through.time());
    }
    let [direct, through] = times.map(|times| Quantiles::of(times[WARM_UP..].to_vec()));
    println!("direct   {direct}");
    println!("record   {through}");
    println!("record adds {:.3} ms at the median", (through.median - direct.median) * 1e3);
}

/// Seconds.
struct Quantiles {
    median: f64,
    late: f64,
}

impl Quantiles {
    fn of(mut times: Vec<Duration>) -> Quantiles {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64();
        Quantiles { median: at(50), late: at(99) }
    }
}

impl std::fmt::Display for Quantiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>7.3} ms median · {:>7.3} ms at 99 %", self.median * 1e3, self.late * 1e3)
    }
}

/// A server process, killed at the end.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts it; its first line says where it is.
    fn start(binary: &str, arguments: &[&str], recording: &Path) -> Server {
        let mut command = Command::new(binary);
        command.args(arguments).arg("--record").arg(recording).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut ready = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut ready).expect("a ready line");
        let address = ready.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        Server { address: address.to_owned(), child }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client on a connection that is kept.
struct Client {
    stream: BufReader<TcpStream>,
    address: String,
    token: String,
}

impl Client {
    fn log_in(address: &str) -> Client {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let mut client = Client { stream: BufReader::new(stream), address: address.to_owned(), token: String::new() };
        let head = client.ask("POST", "/identity/v3/auth/tokens", LOGIN);
        let token = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().starts_with("x-subject-token: ").then(|| line[17..].to_owned()));
        client.token = token.expect("a token");
        client
    }

    fn time(&mut self) -> Duration {
        let begun = Instant::now();
        let head = self.ask("GET", "/compute/v2.1/flavors/detail", "");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        begun.elapsed()
    }

    /// The head of the answer, whose body is read too.
    fn ask(&mut self, method: &str, path: &str, body: &str) -> String {
        let Client { address, token, .. } = self;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nX-Auth-Token: {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes()).expect("it is sent");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut head).expect("an answer") > 0, "it hung up");
        }
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.expect("a length")];
        self.stream.read_exact(&mut body).expect("a body");
        head
    }
}
