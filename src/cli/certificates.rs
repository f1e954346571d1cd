//! The options that say whose certificates are trusted.

use std::path::PathBuf;

use clap::Args;

use super::clouds::RealCloud;
use super::print::tell;
use crate::upstream::Trust;

/// Whose certificates are trusted.
#[derive(Clone, Debug, Args)]
pub struct Certificates {
    /// Trust the certificates in this file alone [default: those of the platform]
    #[arg(long, value_name = "FILE", conflicts_with = "insecure")]
    cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long)]
    insecure: bool,
}

impl Certificates {
    /// Whose certificates of `cloud` are trusted; what clouds.yaml says of it counts too.
    pub fn trust(&self, cloud: &RealCloud) -> Trust {
        if self.insecure || (self.cacert.is_none() && cloud.insecure) {
            tell("warning: any certificate is trusted: whoever is between here and the cloud can read the passwords\n");
            return Trust::Any;
        }
        let file = self.cacert.as_ref().or(cloud.cacert.as_ref());
        file.map_or(Trust::Platform, |file| Trust::File(file.clone()))
    }
}
