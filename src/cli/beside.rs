//! Clouds beside each other in one process: what each is made of, and the options that are of no use there.

use std::path::{Path, PathBuf};

use super::cell::Place;
use super::configurable::Configurable;
use super::settings::{Ground, Settings};
use super::verify::within;
use crate::base::Diagnostic;
use crate::cloud::Fields;
use crate::contract::Contracts;

/// The options that are about the log or the address of one cloud, or its snapshots; in mockstack.yaml they are passed over.
pub const REFUSED: [&str; 12] = [
    "log",
    "listen",
    "advertise",
    "tls",
    "tls_ca",
    "tls_cert",
    "tls_key",
    "admin_token",
    "snapshots",
    "scenario",
    "mask",
    "partial",
];

/// Refuses them, and `more`.
///
/// # Errors
/// One of them is given.
pub fn refuse(options: &Configurable, more: &[&str]) -> Result<(), Diagnostic> {
    let long = |id: &&str| format!("--{}", id.replace('_', "-"));
    match REFUSED.iter().chain(more).map(long).find(|option| options.is_given(option)) {
        None => Ok(()),
        Some(option) => {
            let told = Diagnostic::new(format!("{option} applies to one cloud, but here each release has its own"));
            Err(told.row("fix", "leave it out, or use `mockstack run`"))
        }
    }
}

/// The releases that `text` names, the oldest first: `all`, ranges, and names, with commas between them.
///
/// # Errors
/// A release does not exist, or a range contains none.
pub fn releases(contracts: &Contracts, text: &str) -> Result<Vec<String>, Diagnostic> {
    let ranges = text.split(',').map(str::trim).map(|range| if range == "all" { ".." } else { range });
    let named = ranges.map(|range| within(contracts, range)).collect::<Result<Vec<_>, _>>()?.concat();
    let all = contracts.releases().iter().map(|release| &release.name);
    Ok(all.filter(|name| named.contains(name)).cloned().collect())
}

/// A cloud for each of the releases that `text` names, and for each vendor's fixture.
///
/// # Errors
/// A release does not exist, a fixture is none, or two clouds have one name.
pub fn places(settings: &Settings, ground: &Ground, text: &str, vendors: &[PathBuf]) -> Result<Vec<Place>, Diagnostic> {
    let mut places: Vec<Place> =
        releases(&ground.contracts, text)?.into_iter().map(|release| of_release(settings, ground, &release)).collect();
    for path in vendors {
        let place = of_vendor(settings, ground, path)?;
        if places.iter().any(|own| own.name == place.name) {
            let told = Diagnostic::new("two clouds have the same name").row("where", path.display().to_string());
            return Err(told.row("found", place.name).row("fix", "give the file another name"));
        }
        places.push(place);
    }
    Ok(places)
}

/// The cloud that is that release.
pub fn of_release(settings: &Settings, ground: &Ground, release: &str) -> Place {
    let mut settings = alone(settings);
    settings.options.release = Some(release.to_owned());
    Place { name: release.to_owned(), settings, ground: ground.clone() }
}

fn of_vendor(settings: &Settings, ground: &Ground, path: &Path) -> Result<Place, Diagnostic> {
    let fixture = ground.fixture.clone().with_overlay(path, Fields::of(&ground.contracts))?;
    let mut settings = alone(settings);
    settings.options.release = None;
    Ok(Place { name: name_of(path), settings, ground: Ground { fixture, ..ground.clone() } })
}

/// The name of a cloud by its fixture: that of the file, without the ending.
pub fn name_of(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The settings of one of several clouds: it has a port of its own, and is told with the others.
fn alone(settings: &Settings) -> Settings {
    let mut alone = settings.clone();
    let options = &mut alone.options;
    (options.listen, options.advertise, options.admin_token) = (None, None, None);
    (options.tls, options.tls_ca, options.tls_cert, options.tls_key) = (false, None, None, None);
    (options.record, options.snapshots) = (None, None);
    options.report.clear();
    alone
}
