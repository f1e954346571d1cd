//! Whose certificates are trusted.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper_rustls::ConfigBuilderExt;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::base::{Diagnostic, open_file};

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those that the platform trusts.
    #[default]
    Platform,
    /// Those in a file of PEM, and no other.
    File(PathBuf),
    /// All.
    Any,
}

impl Trust {
    /// The configuration of TLS.
    ///
    /// # Errors
    /// There are no certificates, or they cannot be read.
    pub fn config(&self) -> Result<ClientConfig, Diagnostic> {
        let provider = Arc::new(ring::default_provider());
        let unusable = |why: String| Diagnostic::new("cannot set up TLS").row("because", why);
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let builder = builder.map_err(|error| unusable(error.to_string()))?;
        Ok(match self {
            // A machine without any certificate may still ask clouds that have no TLS.
            Trust::Platform => match builder.clone().with_native_roots() {
                Ok(trusting) => trusting.with_no_client_auth(),
                Err(_) => builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth(),
            },
            Trust::File(path) => builder.with_root_certificates(roots(path)?).with_no_client_auth(),
            Trust::Any => {
                let verifier = Arc::new(AnyCertificate(provider));
                builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
            }
        })
    }
}

fn roots(path: &Path) -> Result<RootCertStore, Diagnostic> {
    let unreadable = |why: String| {
        Diagnostic::new("cannot read the certificates of --cacert")
            .row("where", path.display().to_string())
            .row("because", why)
    };
    let mut text = Vec::new();
    let opened = open_file(path).map_err(|error| unreadable(error.to_string()))?;
    opened.take(64 << 20).read_to_end(&mut text).map_err(|error| unreadable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let added = certificate.map_err(|error| unreadable(error.to_string())).map(|own| roots.add(own))?;
        added.map_err(|error| unreadable(error.to_string()))?;
    }
    if roots.is_empty() { Err(unreadable("it contains no PEM certificate".to_owned())) } else { Ok(roots) }
}

/// Takes any certificate; what is signed with it is checked all the same.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
