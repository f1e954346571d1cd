//! The certificates of a cloud that speaks TLS: made for one run, or the user's own.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::NamedTempFile;

use super::cloud_options::CloudOptions;
use crate::base::{Diagnostic, split_origin};
use crate::server::Tls;

/// What a cloud listens with.
#[derive(Debug)]
pub struct Secured {
    /// What the server shows.
    pub tls: Tls,
    /// The certificate of the authority that clients have to trust, if it was made here.
    authority: Option<Authority>,
}

/// The file of a certificate that was made here.
#[derive(Debug)]
enum Authority {
    /// Where the user wants it.
    Wanted(PathBuf),
    /// Where it is only as long as the cloud is.
    Passing(NamedTempFile),
}

impl Secured {
    /// What `options` ask for; `None`: no TLS.
    ///
    /// # Errors
    /// A file cannot be read or written, or holds something else.
    pub fn of(options: &CloudOptions) -> Result<Option<Secured>, Diagnostic> {
        match (&options.tls_cert, &options.tls_key) {
            (Some(certificate), Some(key)) => own(certificate, key).map(Some),
            _ if options.tls || options.tls_ca.is_some() => made(options).map(Some),
            _ => Ok(None),
        }
    }

    /// The file with the certificate of the authority, if it was made here.
    pub fn authority(&self) -> Option<&Path> {
        match self.authority.as_ref()? {
            Authority::Wanted(path) => Some(path),
            Authority::Passing(file) => Some(file.path()),
        }
    }
}

/// The user's own certificate.
fn own(certificate: &Path, key: &Path) -> Result<Secured, Diagnostic> {
    let unusable = |path: &Path, why: String| {
        Diagnostic::new("cannot use the certificate").row("where", path.display().to_string()).row("because", why)
    };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| unusable(certificate, error.to_string()))?;
    if chain.is_empty() {
        return Err(unusable(certificate, "it contains no PEM certificate".to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unusable(key, error.to_string()))?;
    let tls = Tls::new(chain, private).map_err(|error| unusable(certificate, error.to_string()))?;
    Ok(Secured { tls, authority: None })
}

/// A certificate that an authority of this run signs, whose key nobody keeps.
fn made(options: &CloudOptions) -> Result<Secured, Diagnostic> {
    let unusable = |why: String| Diagnostic::new("cannot make a certificate").row("because", why);
    let (authority, chain, key) = certificates(names(options)).map_err(|error| unusable(error.to_string()))?;
    let tls = Tls::new(chain, key).map_err(|error| unusable(error.to_string()))?;
    let authority = match &options.tls_ca {
        Some(path) => std::fs::write(path, authority).map(|()| Authority::Wanted(path.clone())),
        None => passing(&authority).map(Authority::Passing),
    };
    let authority = authority.map_err(|error| {
        let place = options.tls_ca.clone().unwrap_or_else(std::env::temp_dir);
        Diagnostic::new("cannot write the certificate of the authority")
            .row("where", place.display().to_string())
            .row("because", error.to_string())
            .row("fix", "choose another file: --tls-ca FILE")
    })?;
    Ok(Secured { tls, authority: Some(authority) })
}

fn passing(text: &str) -> std::io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("mockstack-ca-").suffix(".pem").tempfile()?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// The names by which clients reach the cloud: this machine's, where it listens, and where it is told to be.
fn names(options: &CloudOptions) -> BTreeSet<String> {
    let mut names = BTreeSet::from(["localhost", "127.0.0.1", "::1"].map(str::to_owned));
    let listen = options.listen.as_ref().map(SocketAddr::ip).filter(|ip| !ip.is_unspecified());
    names.extend(listen.as_ref().map(IpAddr::to_string));
    names.extend(options.advertise.as_deref().and_then(host_of));
    names
}

/// `mockstack` of `https://mockstack:8774`.
fn host_of(origin: &str) -> Option<String> {
    let (origin, _) = split_origin(origin);
    let (_, authority) = origin.split_once("://")?;
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => authority.split(':').next()?,
    };
    Some(host.to_owned())
}

/// The text of an authority's certificate, and the chain and key of one that it signs for `names`.
type Made = (String, Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn certificates(names: BTreeSet<String>) -> Result<Made, rcgen::Error> {
    let mut authority = CertificateParams::new([])?;
    authority.distinguished_name.push(DnType::CommonName, "mockstack, an authority of one run");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let signing = KeyPair::generate()?;
    let root = authority.self_signed(&signing)?;
    let mut server = CertificateParams::new(Vec::from_iter(names))?;
    server.distinguished_name.push(DnType::CommonName, "mockstack");
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let own = server.signed_by(&key, &Issuer::new(authority, signing))?;
    let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok((root.pem(), vec![own.der().clone()], private))
}
