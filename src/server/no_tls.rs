//! In place of TLS, which only the command has.

use std::convert::Infallible;

use tokio::net::TcpStream;

use super::Limits;
use super::stream::Stream;

/// No server has it.
#[derive(Clone, Debug)]
pub struct Tls(Infallible);

impl Tls {
    pub(super) async fn accept(&self, _: TcpStream, _: &Limits) -> Result<Stream, Option<String>> {
        match self.0 {}
    }
}
