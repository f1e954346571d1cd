//! Bytes on the wire. The server answers with whole HTTP responses, or closes the connection, and is there afterwards.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mockstack::exchange::{Exchange, Options};
use mockstack::server::{Admin, Limits, Routes, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::timeout;

/// What no exchange may take longer than.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn run(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let replies = runtime.block_on(async {
        let server = Server::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().with_limits(limits());
        let address = server.local_addr();
        let exchange = Arc::new(Exchange::new(super::contracts(), super::cloud(), Options::default()));
        let routes = Routes::new(Arc::clone(&exchange));
        let admin = Arc::new(Admin { others: Arc::clone(&exchange), routes });
        let serving = tokio::spawn(server.serve(admin, std::future::pending::<()>()));
        let replies = send(address, data).await;
        let after = send(address, b"GET /identity/v3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
        assert!(after.starts_with(b"HTTP/1.1 200 "), "the server is gone: {}", String::from_utf8_lossy(&after));
        serving.abort();
        replies
    });
    // A reply to HEAD has a length and no body.
    if !data.windows(4).any(|window| window == b"HEAD") {
        whole(&replies);
    }
}

fn limits() -> Limits {
    let short = Duration::from_millis(500);
    Limits { header_time: short, body_time: short, idle_time: short, discard_time: short, ..Limits::default() }
}

/// Sends all, closes its half, and reads to the end.
async fn send(address: SocketAddr, data: &[u8]) -> Vec<u8> {
    // From ever another address of the loopback: ports that were just used cannot be had again at once.
    static SENT: AtomicU32 = AtomicU32::new(0);
    let [_, b, c, d] = SENT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, b, c, d.max(1)], 0))).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let mut replies = Vec::new();
    let exchanged = async {
        let (mut read, mut write) = stream.split();
        let sending = async {
            // The server may close early.
            let _ = write.write_all(data).await;
            let _ = write.shutdown().await;
        };
        let reading = async {
            let _ = read.read_to_end(&mut replies).await;
        };
        tokio::join!(sending, reading);
    };
    timeout(PATIENCE, exchanged).await.expect("the connection did not end");
    replies
}

/// Every reply has a status line, and as many bytes as it says.
fn whole(mut replies: &[u8]) {
    while !replies.is_empty() {
        let text = String::from_utf8_lossy(replies);
        let end = replies.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no end of the header lines: {text:?}"));
        let head = std::str::from_utf8(&replies[..end]).unwrap();
        let status =
            head.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|code| code.parse::<u16>().ok());
        assert!(status.is_some_and(|code| (100..600).contains(&code)), "{head:?}");
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        replies =
            replies.get(end + 4 + length.unwrap_or(0)..).unwrap_or_else(|| panic!("a body that was cut: {text:?}"));
    }
}
