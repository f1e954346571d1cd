//! The options that mockstack.yaml can set too, a field each: its name is the key in the file, its comment the help.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::reasoned::Reasoned;
use super::values;
use crate::base::Pattern;
use crate::exchange::OnViolation;
use crate::report::{Rule, Wanted};
use crate::server::AdminToken;
use crate::snapshot::Mask;

/// The content of the cloud, its address, and what fails its verdict.
#[derive(Clone, Debug, Args)]
pub struct CloudOptions {
    /// A fixture (file or folder) to add to the base cloud; repeatable
    #[arg(long, value_name = "PATH")]
    pub fixtures: Vec<PathBuf>,
    /// A folder of contracts that override the embedded ones
    #[arg(long, value_name = "DIR")]
    pub contracts: Option<PathBuf>,
    /// The OpenStack release of the cloud: icehouse, juno, … [default: the newest]
    #[arg(long, value_name = "NAME")]
    pub release: Option<String>,
    /// The address to listen on [default: a free port of 127.0.0.1]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = values::listen)]
    pub listen: Option<SocketAddr>,
    /// The URL at which clients reach the cloud, if not the address to listen on: http://HOST:PORT
    #[arg(long, value_name = "URL", value_parser = values::origin)]
    pub advertise: Option<String>,
    /// Speak TLS, with a certificate that an authority signs which is made for this run; clients find it by OS_CACERT
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key"])]
    pub tls: bool,
    /// The same, and write the certificate of the authority to this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["tls_cert", "tls_key"])]
    pub tls_ca: Option<PathBuf>,
    /// Speak TLS with this certificate (PEM, with those that sign it behind it)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Let other machines use the admin routes that send this token
    #[arg(long, value_name = "TOKEN")]
    pub admin_token: Option<AdminToken>,
    /// How to answer a request that breaks its contract
    #[arg(long, value_enum, default_value = "reject")]
    pub on_violation: Reaction,
    /// Do not fail for this code, everywhere or on one operation, or in some tests alone; repeatable
    #[arg(long, value_name = "CODE[@OPERATION][#TEST]")]
    pub allow: Vec<Reasoned<Rule>>,
    /// Fail for this code, everywhere or on one operation, or in some tests alone; repeatable
    #[arg(long, value_name = "CODE[@OPERATION][#TEST]")]
    pub deny: Vec<Rule>,
    /// Have something go wrong, such as rate-limited (see docs/faults.md); repeatable
    #[arg(long, value_name = "NAME[@OPERATION][=KEY=VALUE,…]")]
    pub fault: Vec<String>,
    /// Give awkward answers that the contract allows: awkward, or one of docs/awkward-answers.md; repeatable
    #[arg(long, value_name = "NAME")]
    pub answers: Vec<String>,
    /// Lay the catalog out as some real clouds do, such as two-regions (see docs/catalogs.md)
    #[arg(long, value_name = "NAME")]
    pub catalog: Option<String>,
    /// Write every interaction to this file (JSON lines, without secrets)
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Print a line for each request to standard error
    #[arg(long)]
    pub log: bool,
    /// Compare requests with the snapshots in this folder
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<PathBuf>,
    /// The subfolder of DIR for this run's snapshots
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub scenario: String,
    /// A place in bodies whose value differs from run to run; repeatable
    #[arg(long, value_name = "POINTER[=REGEX]")]
    pub mask: Vec<Mask>,
    /// This run is a shard: snapshots that it does not use are not unreferenced
    #[arg(long)]
    pub partial: bool,
    /// Write a report (text, json, junit, markdown, sarif, github, html); - is standard output; repeatable
    #[arg(long, value_name = "FORMAT=PATH")]
    pub report: Vec<Wanted>,
    /// The seed of generated ids
    #[arg(long, value_name = "N", value_parser = values::seed, default_value = "1")]
    pub seed: u64,
    /// Freeze the time (RFC 3339); tokens then expire in 2100
    #[arg(long, value_name = "TIME", value_parser = values::clock)]
    pub clock: Option<Timestamp>,
}

/// What is a secret in a real cloud.
#[derive(Clone, Debug, Args)]
pub struct SecretOptions {
    /// A place in bodies where a value that looks like a secret is one; repeatable
    #[arg(long, value_name = "POINTER")]
    pub redact: Vec<Pattern>,
    /// A place in bodies where a value that looks like a secret is not one, and is kept; repeatable
    #[arg(long, value_name = "POINTER")]
    pub keep: Vec<Reasoned<Pattern>>,
}

/// See [`OnViolation`].
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Reaction {
    /// Exactly the answer that the real service gives
    Reject,
    /// The cloud's answer, as far as it can serve the request
    Report,
}

impl From<Reaction> for OnViolation {
    fn from(reaction: Reaction) -> OnViolation {
        match reaction {
            Reaction::Reject => OnViolation::Reject,
            Reaction::Report => OnViolation::Report,
        }
    }
}
