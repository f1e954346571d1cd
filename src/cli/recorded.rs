//! What is read of recordings whose clients are to be told what becomes of them.

use std::num::NonZero;
use std::path::Path;

use super::failure::Failure;
use super::verify::whole;
use crate::base::Diagnostic;
use crate::contract::{Contracts, Release};
use crate::recording::{Alike, Header, Keys, Reader, alike, to_line};

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

/// The header of the recording at `path`, and its requests, those that ask alike put together.
///
/// # Errors
/// It cannot be read, or is incomplete.
pub fn kinds(path: &Path) -> Result<(Header, Vec<Alike>), Failure> {
    let mut reader = Reader::open(path)?;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    if let Some(requests) = alike(path, threads) {
        return Ok((reader.header, requests));
    }
    let (header, mut keys, mut found) = (reader.header.clone(), Keys::default(), Vec::<(u64, Alike)>::new());
    for interaction in reader.by_ref() {
        let first = Box::new(interaction?);
        let key = keys.of(&to_line(&first));
        match found.iter_mut().find(|(own, _)| *own == key) {
            Some((_, alike)) => alike.times += 1,
            None => found.push((key, Alike { first, times: 1 })),
        }
    }
    whole(path, &reader.end())?;
    Ok((header, found.into_iter().map(|(_, alike)| alike).collect()))
}
