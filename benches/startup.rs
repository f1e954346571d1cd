//! From starting the process to its ready line, with nothing over the base cloud, with a fixture, and as Icehouse; then to its first
//! answers: the version document, a first login (which reads a contract), and a first list of servers after it.
//! The control in the same run is `mockstack --version`: a process that starts and does nothing.
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 30;

fn main() {
    let control = median((0..RUNS).map(|_| timed(|| drop(mockstack(&["--version"]).output()))));
    let version =
        median((0..RUNS).map(|_| first_answer("GET /compute/v2.1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
    let login = median((0..RUNS).map(|_| first_answer(&login())));
    println!("control: mockstack --version          {control:>10.2?}");
    let mut overlay = tempfile::Builder::new().suffix(".yaml").tempfile().expect("a file");
    overlay.write_all(OVERLAY.as_bytes()).expect("it is written");
    let overlay = overlay.path().to_str().expect("a path that is text").to_owned();
    for (name, options) in
        [("none", &[][..]), ("overlay", &["--fixtures", &overlay]), ("icehouse", &["--release", "icehouse"])]
    {
        let ready = median((0..RUNS).map(|_| ready(options)));
        println!("start to the ready line, {name:<12} {ready:>10.2?}");
    }
    println!("start to the first version document   {version:>10.2?}");
    println!("start to the first login              {login:>10.2?}");
    let servers = median((0..RUNS).map(|_| first_servers()));
    println!("start to the first compute answer     {servers:>10.2?}");
}

fn mockstack(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mockstack"));
    command.args(arguments).stderr(Stdio::null());
    command
}

/// A flavor, a network and a server: collections of two services.
const OVERLAY: &str = "resources:
  flavors: [{id: \"42\", name: m1.huge, ram: 65536, disk: 200, vcpus: 16}]
  networks: [{name: edge, project: demo, subnets: []}]
  servers: [{name: web, flavor: m1.tiny, image: cirros, networks: [private]}]
";

fn ready(options: &[&str]) -> Duration {
    let start = Instant::now();
    let mut child = mockstack(&["serve"]).args(options).stdout(Stdio::piped()).spawn().expect("mockstack starts");
    let mut ready = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut ready).expect("a ready line");
    let took = start.elapsed();
    assert!(ready.contains("http://"), "no ready line with {options:?}");
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    took
}

/// Starts `mockstack serve`, waits for its ready line, asks, and reads the whole answer.
fn first_answer(request: &str) -> Duration {
    started(|address| drop(answer(address, request)))
}

/// The same, logs in, and lists servers with the token.
fn first_servers() -> Duration {
    started(|address| {
        let login = answer(address, &login());
        let token = login.lines().find_map(|line| line.strip_prefix("X-Subject-Token: ")).expect("a token");
        let list = "GET /compute/v2.1/servers HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Auth-Token: ";
        answer(address, &format!("{list}{token}\r\n\r\n"));
    })
}

/// How long it takes to start `mockstack serve` and to do `work` at its address.
fn started(work: impl FnOnce(&str)) -> Duration {
    let start = Instant::now();
    let mut child = mockstack(&["serve"]).stdout(Stdio::piped()).spawn().expect("mockstack starts");
    let mut ready = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut ready).expect("a ready line");
    work(ready.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address"));
    let took = start.elapsed();
    child.kill().expect("it can be ended");
    child.wait().expect("it ends");
    took
}

fn answer(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    answer
}

fn login() -> String {
    let user = r#"{"name":"demo","domain":{"id":"default"},"password":"secret"}"#;
    let scope = r#"{"project":{"name":"demo","domain":{"id":"default"}}}"#;
    let body =
        format!(r#"{{"auth":{{"identity":{{"methods":["password"],"password":{{"user":{user}}}}},"scope":{scope}}}}}"#);
    let head = "POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ";
    format!("{head}{}\r\n\r\n{body}", body.len())
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}
