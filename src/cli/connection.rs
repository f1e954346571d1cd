//! The options that say how a real cloud is reached.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::clouds::RealCloud;
use super::print::tell;
use super::values;
use crate::base::Diagnostic;
use crate::upstream::{Client, Trust};

/// The group of options that name the cloud.
pub const REAL_CLOUD: &str = "real_cloud";

/// How to reach a real cloud.
#[derive(Clone, Debug, Args)]
pub struct Connection {
    /// Trust only the certificates in this file [default: those of the platform]
    #[arg(long, value_name = "FILE", requires = REAL_CLOUD, conflicts_with = "insecure")]
    cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long, requires = REAL_CLOUD)]
    insecure: bool,
    /// How long to wait for data from the cloud before giving up
    #[arg(long, value_name = "SECONDS", requires = REAL_CLOUD, default_value = "60", value_parser = values::seconds)]
    timeout: Duration,
}

impl Connection {
    /// A client for `cloud`.
    ///
    /// # Errors
    /// The certificates to trust cannot be read.
    pub fn client(&self, cloud: &RealCloud) -> Result<Client, Diagnostic> {
        Client::new(&self.trust(cloud), self.timeout)
    }

    /// The certificates to trust for `cloud`, including those of clouds.yaml.
    fn trust(&self, cloud: &RealCloud) -> Trust {
        if self.insecure || (self.cacert.is_none() && cloud.insecure) {
            tell("warning: certificates are not verified: anyone between here and the cloud can read the passwords\n");
            return Trust::Any;
        }
        let file = self.cacert.as_ref().or(cloud.cacert.as_ref());
        file.map_or(Trust::Platform, |file| Trust::File(file.clone()))
    }
}
