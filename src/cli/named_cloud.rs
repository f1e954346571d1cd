//! The options that name a real cloud, and say how it is reached.

use std::ffi::OsString;

use clap::{ArgGroup, Args};

use super::cloud_options::SecretOptions;
use super::clouds::RealCloud;
use super::configurable::Given;
use super::connection::{Connection, REAL_CLOUD};
use super::failure::Failure;
use crate::base::Diagnostic;
use crate::upstream::Client;

/// A real cloud.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new(REAL_CLOUD).args(["auth_url", "cloud"]))]
pub struct NamedCloud {
    /// The URL of the cloud's identity service; credentials come from the OS_* variables
    #[arg(long, value_name = "URL")]
    auth_url: Option<String>,
    /// A cloud in clouds.yaml
    #[arg(long, value_name = "NAME")]
    cloud: Option<String>,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    secrets: Given<SecretOptions>,
}

impl NamedCloud {
    /// Was one given?
    pub fn is_named(&self) -> bool {
        self.auth_url.is_some() || self.cloud.is_some()
    }

    /// What is a secret and what is not: arguments that mockstack.yaml can set too.
    pub fn secrets(&self) -> &[OsString] {
        &self.secrets.arguments
    }

    /// The given cloud, and a client for it.
    ///
    /// # Errors
    /// None was given, its credentials cannot be read, or the certificates to trust cannot.
    pub fn find(&self) -> Result<(RealCloud, Client), Failure> {
        let cloud = match (&self.cloud, &self.auth_url) {
            (Some(name), _) => RealCloud::named(name)?,
            (None, Some(url)) => RealCloud::of_environment(url)?,
            (None, None) => {
                let told = Diagnostic::new("no real cloud was given");
                return Err(told
                    .row("fix", "choose one with --cloud, or give its identity service with --auth-url")
                    .into());
            }
        };
        let client = self.connection.client(&cloud)?;
        Ok((cloud, client))
    }
}
