//! An API, and the versions at which a document describes it.

use crate::base::json::{Value, json};
use crate::base::{Diagnostic, Version, Versions};
use crate::contract::schema::Schemas;
use crate::contract::table::{Dialect, ServiceContract, Table};

/// An API in the document, with the versions that it is described at.
#[derive(Clone, Copy, Debug)]
pub struct Api<'c> {
    /// The API.
    pub contract: &'c ServiceContract,
    pub(super) table: &'c Table,
    /// All versions that the document is about.
    pub(super) versions: Versions,
    /// The newest of them.
    pub(super) version: Version,
}

impl<'c> Api<'c> {
    /// The API at one version, or in a document of all versions at `versions`.
    ///
    /// # Errors
    /// Its contract cannot be read.
    pub fn new(contract: &'c ServiceContract, versions: Versions) -> Result<Api<'c>, Diagnostic> {
        let version = versions.iter().last().unwrap_or(Version::FIRST);
        Ok(Api { contract, table: contract.table()?, versions, version })
    }

    pub(super) fn schemas(&self) -> &'c Schemas {
        &self.table.schemas
    }

    pub(super) fn is_of_one_version(&self) -> bool {
        self.versions.iter().nth(1).is_none()
    }

    pub(super) fn fault_name(&self) -> String {
        let (name, _) = Dialect::ALL
            .iter()
            .find(|(_, own)| *own == self.contract.service.dialect)
            .unwrap_or(&("nova", Dialect::Nova));
        format!("refused-by-{name}")
    }
}

impl Api<'_> {
    /// The header that asks for the version.
    pub(super) fn version_header(&self) -> Option<Value> {
        let microversions = self.contract.service.told_apart()?;
        let (name, prefix) = match (&microversions.service, &microversions.legacy_header) {
            (Some(service), _) => ("OpenStack-API-Version", format!("{service} ")),
            (None, Some(header)) => (header.as_str(), String::new()),
            (None, None) => return None,
        };
        let value = format!("{prefix}{}", self.version);
        if !self.is_of_one_version() {
            return Some(json!({"name": name, "in": "header", "schema": {"type": "string"}}));
        }
        Some(json!({"name": name, "in": "header", "required": true, "schema": {"type": "string", "enum": [value]}}))
    }

    pub(super) fn has_versions(&self) -> bool {
        self.contract.service.told_apart().is_some() && self.version != Version::LEGACY_V2
    }
}
