//! One of the two contracts that are compared: those of a release, at a version.

use crate::base::{Diagnostic, Microversion, Version};
use crate::contract::table::{Contracts, Microversions, Release, ServiceContract};

/// Contracts as one side of a comparison has them.
#[derive(Clone, Debug)]
pub struct View<'c> {
    /// What the side is called.
    pub name: String,
    /// Its contracts.
    pub contracts: &'c Contracts,
    release: Option<Release>,
    version: Option<Microversion>,
}

impl<'c> View<'c> {
    /// `contracts` at their newest versions.
    pub fn newest(name: &str, contracts: &'c Contracts) -> View<'c> {
        View { name: name.to_owned(), contracts, release: contracts.release().cloned(), version: None }
    }

    /// The same as a release has them.
    ///
    /// # Errors
    /// There is no such release.
    pub fn of_release(self, name: &str) -> Result<View<'c>, Diagnostic> {
        let release = self.contracts.releases().find(name)?.clone();
        Ok(View { release: Some(release), ..self })
    }

    /// The same at a microversion, which one of the services has to have; others are at their newest.
    ///
    /// # Errors
    /// None has it.
    pub fn at(self, version: Microversion) -> Result<View<'c>, Diagnostic> {
        let view = View { version: Some(version), ..self };
        let has_it = |contract: &ServiceContract| {
            let own = contract.service.microversions.as_ref().filter(|own| own.minimum.major == version.major);
            own.is_some_and(|own| view.place(contract, own) == own.place(version) && own.place(version).is_some())
        };
        match view.contracts.services().iter().any(has_it) {
            true => Ok(view),
            false => Err(Diagnostic::new(format!("no service of {} has the version {version}", view.name))
                .row("fix", "see `mockstack contract list` for the versions")),
        }
    }

    /// The version of an API on this side; `None` if it is not offered.
    pub fn version(&self, contract: &ServiceContract) -> Option<Version> {
        let offered = self.contracts.releases().offers(self.release.as_ref(), &contract.service.name);
        let all = contract.service.microversions.as_ref();
        offered.then(|| all.and_then(|all| self.place(contract, all)).unwrap_or(Version::FIRST))
    }

    /// The version that was asked for, if it is one of this API and not later than the last that there is; or the last.
    fn place(&self, contract: &ServiceContract, all: &Microversions) -> Option<Version> {
        let offered = self.release.as_ref().and_then(|release| release.offers.get(&contract.service.name));
        let newest =
            offered.and_then(|text| text.parse().ok()).map_or(all.maximum, |last: Microversion| last.min(all.maximum));
        let asked = self.version.filter(|asked| asked.major == all.minimum.major).unwrap_or(newest);
        all.place(asked.min(newest))
    }
}
