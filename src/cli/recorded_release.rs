//! The release of a recording.

use std::path::Path;

use crate::base::Diagnostic;
use crate::contract::{Contracts, Release};
use crate::recording::Header;

/// The release of the recording at `path`: the one that is `given`, or that it names; of a real cloud the one whose compute service
/// ends where that of the cloud does.
///
/// # Errors
/// It does not say, or there is no such release.
pub fn recorded_release(
    all: &Contracts,
    given: Option<&str>,
    path: &Path,
    header: &Header,
) -> Result<String, Diagnostic> {
    let of_cloud = |maximum: &String| {
        let ends = |release: &&Release| release.offers.get("compute") == Some(maximum);
        all.releases().iter().find(ends).map(|release| release.name.clone())
    };
    let compute = header.cloud.as_ref().map(|cloud| cloud.services.iter().find(|service| service.kind == "compute"));
    let own = match compute {
        Some(compute) => compute.and_then(|service| of_cloud(service.max.as_ref()?)),
        None => header.release.clone(),
    };
    match given.or(own.as_deref()) {
        Some(name) => Ok(all.releases().find(name)?.name.clone()),
        None => Err(Diagnostic::new("the recording does not say of which release it is")
            .row("where", path.display().to_string())
            .row("fix", "name the release with --from")),
    }
}
