//! TLS for who listens.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::Limits;
use super::stream::Stream;

/// What a server shows to prove who it is.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls(…)")
    }
}

impl Tls {
    /// A server with that chain of certificates, its own first, and the key of its own.
    ///
    /// # Errors
    /// The two do not belong together, or cannot be used.
    pub fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Tls, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls(TlsAcceptor::from(Arc::new(config))))
    }

    /// The stream of a client that agrees.
    ///
    /// # Errors
    /// Why it does not, if that is worth a word: who only looks whether somebody listens says nothing.
    pub(super) async fn accept(&self, stream: TcpStream, limits: &Limits) -> Result<Stream, Option<String>> {
        match timeout(limits.header_time, self.0.accept(stream)).await {
            Ok(Ok(stream)) => Ok(Stream::Secure(Box::new(stream))),
            Ok(Err(error)) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
                Err(None)
            }
            Ok(Err(error)) => Err(Some(told(&error))),
            Err(_) => Err(Some("TLS was not agreed on in time".to_owned())),
        }
    }
}

/// Why a client and the server do not agree.
fn told(error: &io::Error) -> String {
    use rustls::Error::{AlertReceived, InvalidMessage};
    match error.get_ref().and_then(|why| why.downcast_ref()) {
        Some(AlertReceived(alert)) => {
            format!("the client refused the certificate: {alert:?}; it has to trust the file that OS_CACERT names")
        }
        Some(InvalidMessage(_)) => "they are not TLS; this cloud is to be asked with https".to_owned(),
        _ => format!("TLS: {error}"),
    }
}
