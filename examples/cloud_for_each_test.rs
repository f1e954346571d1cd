//! A cloud inside each test: no server to start, no port to share. `cargo test --features wiremock --example cloud_for_each_test`

use mockstack::embed::MockCloud;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

/// A cloud, and the server at which clients reach it: `OS_AUTH_URL` is its URL with `/identity`.
async fn cloud() -> Result<(MockCloud, MockServer), Box<dyn std::error::Error>> {
    let (cloud, server) = (MockCloud::new()?, MockServer::start().await);
    Mock::given(any()).respond_with(cloud.clone()).mount(&server).await;
    Ok((cloud, server))
}

/// What is to be tested: here it asks for the versions of the identity service, with nothing but the standard library.
fn versions(address: std::net::SocketAddr) -> std::io::Result<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address)?;
    write!(stream, "GET /identity/v3 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (cloud, server) = cloud().await?;
    let address = *server.address();
    let answer = tokio::task::spawn_blocking(move || versions(address)).await??;
    assert!(answer.contains("v3.14"), "{answer}");
    assert_eq!(cloud.outcome().exit_code, 0, "{}", cloud.verdict());
    Ok(())
}
