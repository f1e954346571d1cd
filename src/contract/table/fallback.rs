//! What an API version takes from another: Nova's v2 of Icehouse has rows for what it does in its own way, and for the rest those
//! of v2.1, whose relaxed form was made to be the same.

use super::contracts::{Contracts, Mounted, ServiceContract};
use super::operation::Operation;
use crate::base::{Diagnostic, Version};

impl Contracts {
    /// The API version that answers `method` at `path`: the one that is mounted there, or the one that it takes the rest from.
    pub fn asked<'p>(&self, method: &str, path: &'p str) -> Option<Mounted<'_, 'p>> {
        let mounted = self.mounted(path)?;
        // It takes operations at its own roots, not the roots of the other.
        let is_at_root = mounted.contract.service.root_of(mounted.path).is_some();
        let Some(other) = self.fallback_of(mounted.contract).filter(|_| is_at_root) else { return Some(mounted) };
        let is_own = mounted.contract.route(method, mounted.path).is_ok();
        let found =
            other.route(method, mounted.path).is_ok_and(|found| found.operations.iter().any(|row| was_there(row)));
        Some(if found && !is_own { Mounted { contract: other, ..mounted } } else { mounted })
    }

    /// The API version from which `contract` takes what it has no row for.
    fn fallback_of(&self, contract: &ServiceContract) -> Option<&ServiceContract> {
        let name = contract.service.fallback.as_deref()?;
        self.services().iter().find(|other| other.service.name == name)
    }

    /// The rows that `contract` takes from another API version.
    ///
    /// # Errors
    /// Its contract cannot be read.
    pub fn rows_of_fallback(&self, contract: &ServiceContract) -> Result<Vec<&Operation>, Diagnostic> {
        let Some(other) = self.fallback_of(contract) else { return Ok(Vec::new()) };
        let is_own = |row: &Operation| {
            let path = format!("{}/0{}", contract.service.root, row.path_text());
            contract.route(&row.method, &path).is_ok()
        };
        let rows = other.table()?.operations.iter();
        Ok(rows.filter(|row| !row.at_mount && !row.path.is_empty() && was_there(row) && !is_own(row)).collect())
    }
}

/// Was the operation there before microversions were?
fn was_there(operation: &Operation) -> bool {
    operation.lifetime.contains(Version::LEGACY_V2)
}
