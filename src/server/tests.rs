//! The server as a client sees it, byte by byte.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::{Answer, Answered, Limits, Server};
use crate::message::{Contents, Flaw, Intake, Request, Response};

const SHORT: Duration = Duration::from_millis(100);

/// Remembers what it is asked; the answer to `/held` waits for `release`.
#[derive(Debug, Default)]
struct Listener {
    release: Notify,
    requests: Mutex<Vec<Request>>,
    garbage: Mutex<Vec<String>>,
}

impl Answer for Listener {
    fn intake(&self, _: &str, path: &str) -> Intake {
        match path {
            "/contents" => Intake::Contents,
            "/large" => Intake::Document(1 << 20),
            _ => Intake::Document(10),
        }
    }

    async fn answer(&self, request: Request) -> Answered {
        let path = request.path.clone();
        self.requests.lock().unwrap().push(request);
        match path.as_str() {
            "/held" => self.release.notified().await,
            "/none" => return Response { body: Some("ignored".into()), ..Response::empty(204) }.into(),
            "/odd" => {
                return Response::empty(99).with("Bad Name", "x").with("X-Bad", "a\r\nb").with("X-Good", "é").into();
            }
            _ => {}
        }
        Response { status: 200, body: Some(path.into()), ..Response::default() }
            .with("Vary", "X-OpenStack-Nova-API-Version")
            .with("Content-Length", "999")
            .with("Vary", "OpenStack-API-Version")
            .into()
    }

    fn garbage(&self, why: &str) {
        self.garbage.lock().unwrap().push(why.to_owned());
    }
}

struct Running {
    answer: Arc<Listener>,
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Running {
    async fn start() -> Running {
        Running::start_with(Limits { discard_time: SHORT, ..Limits::default() }).await
    }

    async fn start_with(limits: Limits) -> Running {
        let server = Server::bind(("127.0.0.1", 0)).await.unwrap().with_limits(limits);
        let (address, answer) = (server.local_addr(), Arc::new(Listener::default()));
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.serve(Arc::clone(&answer), stopped));
        Running { answer, address, stop, task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends `bytes` on a connection of their own and reads until the server closes it.
    async fn talk(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        read_to_end(&mut stream).await
    }

    /// A connection with a request that waits for its answer.
    async fn hold(&self) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(b"GET /held HTTP/1.1\r\n\r\n").await.unwrap();
        while self.requests().iter().all(|request| request.path != "/held") {
            sleep(Duration::from_millis(1)).await;
        }
        stream
    }

    fn requests(&self) -> Vec<Request> {
        self.answer.requests.lock().unwrap().clone()
    }

    fn flaws(&self) -> Vec<(Option<Flaw>, usize)> {
        self.requests().iter().map(|request| (request.flaw, request.body.len())).collect()
    }

    fn garbage(&self) -> Vec<String> {
        self.answer.garbage.lock().unwrap().clone()
    }
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    timeout(Duration::from_secs(1), stream.read_to_end(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Reads until `end` arrives.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        bytes.push(timeout(Duration::from_secs(1), stream.read_u8()).await.unwrap().unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_connection_serves_many_requests_and_keeps_their_targets_as_sent() {
    let running = Running::start().await;
    let mut stream = running.connect().await;
    stream.write_all(b"GET /a%2Fb//c?x=%20&y HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: \xff\r\n\r\n").await.unwrap();
    read_until(&mut stream, "\r\n\r\n/a%2Fb//c").await;
    stream
        .write_all(b"POST http://h:1/large?q HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world")
        .await
        .unwrap();
    read_until(&mut stream, "/large").await;
    stream.write_all(b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\nGET /last HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(read_to_end(&mut stream).await.ends_with("/last"));
    let requests = running.requests();
    let targets: Vec<_> = requests.iter().map(|r| (r.method.as_str(), r.path.as_str(), r.query.as_str())).collect();
    let expected =
        [("GET", "/a%2Fb//c", "x=%20&y"), ("POST", "/large", "q"), ("OPTIONS", "*", ""), ("GET", "/last", "")];
    assert_eq!(targets, expected);
    assert_eq!(requests[0].headers.0[1..], [("x-a".into(), "1".into()), ("x-a".into(), "\u{fffd}".into())]);
    assert_eq!((requests[1].body.as_slice(), requests[1].flaw), (b"hello world".as_slice(), None));
}

#[tokio::test]
async fn answers_keep_repeated_headers_and_say_how_long_they_are() {
    let running = Running::start().await;
    let answer = running.talk(b"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    let lines: Vec<_> = answer.lines().collect();
    assert_eq!(lines[0], "HTTP/1.1 200 OK");
    assert_eq!(lines[1..3], ["Vary: X-OpenStack-Nova-API-Version", "Vary: OpenStack-API-Version"]);
    assert!(lines.contains(&"Content-Length: 2"), "{answer}");
    assert!(lines.iter().any(|line| line.starts_with("Date: ")), "{answer}");
    assert!(answer.ends_with("\r\n\r\n/a"));
}

#[tokio::test]
async fn answers_without_a_body_and_answers_that_http_does_not_allow() {
    let running = Running::start().await;
    let head = running.talk(b"HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(head.contains("Content-Length: 2\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    let none = running.talk(b"GET /none HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(
        none.starts_with("HTTP/1.1 204") && !none.contains("Content-Length") && none.ends_with("\r\n\r\n"),
        "{none}"
    );
    let odd = running.talk(b"GET /odd HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(odd.starts_with("HTTP/1.1 500") && odd.contains("X-Good: é") && !odd.contains("Bad"), "{odd}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_thrown_away_and_the_connection_lives_on() {
    let running = Running::start().await;
    let mut stream = running.connect().await;
    let much = "x".repeat(3 << 20);
    let sized = format!("POST /sized HTTP/1.1\r\nContent-Length: {}\r\n\r\n{much}", much.len());
    stream.write_all(sized.as_bytes()).await.unwrap();
    read_until(&mut stream, "/sized").await;
    let chunked =
        format!("POST /chunked HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{much}\r\n0\r\n\r\n", much.len());
    stream.write_all(chunked.as_bytes()).await.unwrap();
    assert!(!read_until(&mut stream, "/chunked").await.contains("Connection: close"));
    stream.write_all(b"POST /exact HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789").await.unwrap();
    read_until(&mut stream, "/exact").await;
    assert_eq!(running.flaws(), [(Some(Flaw::TooLarge), 0), (Some(Flaw::TooLarge), 0), (None, 10)]);
}

#[tokio::test]
async fn contents_may_be_of_any_length_and_are_not_kept() {
    let running = Running::start().await;
    let mut stream = running.connect().await;
    let much = "x".repeat(3 << 20);
    stream
        .write_all(format!("PUT /contents HTTP/1.1\r\nContent-Length: {}\r\n\r\n{much}", much.len()).as_bytes())
        .await
        .unwrap();
    assert!(!read_until(&mut stream, "/contents").await.contains("Connection: close"));
    stream
        .write_all(b"PUT /contents HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        .await
        .unwrap();
    read_until(&mut stream, "/contents").await;
    assert_eq!(running.flaws(), [(None, 0), (None, 0)]);
    let contents: Vec<Contents> =
        running.answer.requests.lock().unwrap().iter().filter_map(|request| request.contents.clone()).collect();
    assert_eq!((contents[0].length, contents[1].length), (3 << 20, 3));
    assert_eq!(contents[1].md5, "900150983cd24fb0d6963f7d28e17f72");
}

#[tokio::test]
async fn a_body_that_is_only_announced_gets_its_answer_and_the_connection_closes() {
    let running = Running::start().await;
    let answer = running.talk(b"POST /a HTTP/1.1\r\nContent-Length: 99\r\n\r\nxx").await;
    assert!(answer.contains("Connection: close\r\n") && answer.ends_with("/a"), "{answer}");
    let refused = running.talk(b"POST /b HTTP/1.1\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n").await;
    assert!(refused.starts_with("HTTP/1.1 200 OK\r\n"), "{refused}");
    assert_eq!(running.flaws(), [(Some(Flaw::TooLarge), 0), (Some(Flaw::TooLarge), 0)]);
}

#[tokio::test]
async fn a_client_that_expects_it_is_told_to_continue() {
    let running = Running::start().await;
    let mut stream = running.connect().await;
    stream.write_all(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n").await.unwrap();
    assert_eq!(read_until(&mut stream, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").await.unwrap();
    read_until(&mut stream, "/a").await;
    assert_eq!(running.flaws(), [(None, 2)]);
}

#[tokio::test]
async fn a_body_that_is_cut_or_broken_is_handed_on_as_truncated() {
    let running = Running::start().await;
    for bytes in ["Content-Length: 9\r\n\r\nxx", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"] {
        let mut stream = running.connect().await;
        stream.write_all(format!("POST /a HTTP/1.1\r\n{bytes}").as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        assert!(read_to_end(&mut stream).await.ends_with("/a"));
    }
    let broken = running.talk(b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n").await;
    assert!(broken.ends_with("/a"), "{broken}");
    assert_eq!(running.flaws(), [(Some(Flaw::Truncated), 0); 3]);
    assert!(running.garbage().is_empty());
}

#[tokio::test]
async fn a_client_that_closes_its_half_still_gets_its_answer() {
    let running = Running::start().await;
    let mut stream = running.hold().await;
    stream.shutdown().await.unwrap();
    sleep(SHORT / 4).await;
    running.answer.release.notify_one();
    assert!(read_to_end(&mut stream).await.ends_with("/held"));
}

#[tokio::test]
async fn garbage_is_noted_and_the_server_lives() {
    let running = Running::start().await;
    assert!(running.talk(b"\x00\x01\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(65_530));
    assert!(running.talk(long.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(101));
    assert!(running.talk(many.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let mut cut = running.connect().await;
    cut.write_all(b"GET / HT").await.unwrap();
    cut.shutdown().await.unwrap();
    read_to_end(&mut cut).await;
    let mut silent = running.connect().await;
    silent.shutdown().await.unwrap();
    read_to_end(&mut silent).await;
    assert!(running.talk(b"GET /a HTTP/1.0\r\n\r\n").await.ends_with("/a"));
    let garbage = running.garbage();
    assert_eq!(garbage.len(), 4, "{garbage:?}");
    assert_eq!(garbage[3], "the connection ended within the header lines");
    assert_eq!(running.requests().len(), 1);
}

#[tokio::test]
async fn slow_headers_slow_bodies_and_long_rests_time_out() {
    let limits = Limits { header_time: SHORT, body_time: SHORT, idle_time: 3 * SHORT, ..Limits::default() };
    let running = Running::start_with(limits).await;
    assert_eq!(running.talk(b"GET / HTTP/1.1\r\nX-A: ").await, "");
    assert_eq!(running.garbage(), ["the header lines did not arrive in time"]);
    assert_eq!(running.talk(b"").await, "");
    let slow = running.talk(b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nxx").await;
    assert!(slow.contains("Connection: close\r\n") && slow.ends_with("/a"), "{slow}");
    assert_eq!(running.flaws(), [(Some(Flaw::Slow), 0)]);
    let mut rests = running.connect().await;
    for path in ["/1", "/2", "/3"] {
        rests.write_all(format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await.unwrap();
        read_until(&mut rests, path).await;
        sleep(SHORT * 3 / 2).await;
    }
    assert_eq!(read_to_end(&mut rests).await, "");
    assert_eq!(running.garbage().len(), 1);
}

#[tokio::test]
async fn a_graceful_stop_finishes_what_is_under_way_and_closes_what_rests() {
    let running = Running::start().await;
    let mut working = running.hold().await;
    let (mut resting, mut fresh) = tokio::join!(running.connect(), running.connect());
    resting.write_all(b"GET /a HTTP/1.1\r\n\r\n").await.unwrap();
    read_until(&mut resting, "/a").await;
    running.stop.send(()).unwrap();
    assert_eq!(read_to_end(&mut resting).await, "");
    assert_eq!(read_to_end(&mut fresh).await, "");
    assert!(TcpStream::connect(running.address).await.is_err());
    running.answer.release.notify_one();
    let answer = read_to_end(&mut working).await;
    assert!(answer.contains("Connection: close\r\n") && answer.ends_with("/held"), "{answer}");
    timeout(Duration::from_secs(1), running.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let running = Running::start_with(Limits { stop_time: SHORT / 2, ..Limits::default() }).await;
    let mut stream = running.hold().await;
    running.stop.send(()).unwrap();
    timeout(Duration::from_secs(1), running.task).await.unwrap().unwrap();
    assert_eq!(read_to_end(&mut stream).await, "");
}
