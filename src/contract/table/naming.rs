//! How operations are called: ids, names without the service, and other names that tools have for them.

use std::sync::Arc;

use super::contracts::{Contracts, ServiceContract};
use super::operation::Operation;
use super::service::Service;
use crate::base::Diagnostic;

impl Contracts {
    /// The ids of the operations of the release in force that `text` names: as for [`Contracts::operation`], in every API version
    /// that there is; or all of a service, or of a resource, with `.*` at the end.
    ///
    /// # Errors
    /// A service's contract cannot be read.
    pub fn operations_named(&self, text: &str) -> Result<Vec<Arc<str>>, Diagnostic> {
        let mut found = Vec::new();
        for contract in self.living() {
            let named = |operation: &&Operation| match text.strip_suffix(".*") {
                Some(prefix) => contract.service.is_below(operation, prefix),
                None => contract.service.is_named(operation, text) || contract.service.family_id(operation) == text,
            };
            found.extend(contract.table()?.operations.iter().filter(named).map(|operation| Arc::clone(&operation.id)));
        }
        Ok(found)
    }

    /// The operation `id`; the service may be left out, its synonyms and the row's other names count.
    ///
    /// # Errors
    /// A service's contract cannot be read.
    pub fn operation(&self, id: &str) -> Result<Option<(&ServiceContract, &Operation)>, Diagnostic> {
        let others = self.services().iter().filter(|contract| !contract.lives);
        for contract in self.living().chain(others) {
            let found = contract.table()?.operations.iter().find(|operation| contract.service.is_named(operation, id));
            if let Some(operation) = found {
                return Ok(Some((contract, operation)));
            }
        }
        Ok(None)
    }

    /// The complaint that no operation is called `id`, with the one that was probably meant.
    pub fn no_operation(&self, id: &str) -> Diagnostic {
        let tables = self.services().iter().filter_map(|contract| contract.table().ok());
        let rows = tables.flat_map(|table| table.operations.iter());
        let names = rows.flat_map(|operation| [operation.id.as_ref(), operation.name()]);
        Diagnostic::new(format!("no operation is called {id:?}"))
            .did_you_mean(id, names)
            .row("fix", "see `mockstack contract list` for their names")
    }
}

impl Service {
    /// The id of `operation` under the name that all API versions of the service share: `compute.servers.create` of
    /// `compute-v2.servers.create`.
    fn family_id(&self, operation: &Operation) -> String {
        let family = self.name.split_once("-v").map_or(self.name.as_str(), |(family, _)| family);
        [family, operation.id.strip_prefix(self.name.as_str()).unwrap_or_default()].concat()
    }

    /// Is `operation` one of the service or of the resource `prefix`?
    fn is_below(&self, operation: &Operation, prefix: &str) -> bool {
        let is_below = |id: &str| id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'));
        is_below(&operation.id) || is_below(operation.name()) || is_below(&self.family_id(operation))
    }

    /// Does `id` name `operation` of this service?
    fn is_named(&self, operation: &Operation, id: &str) -> bool {
        let without_service = |full: &str| full.strip_prefix(&format!("{}.", self.name)).unwrap_or(full).to_owned();
        let own = without_service(&operation.id);
        let mut names = vec![own.as_str()];
        names.extend(operation.aliases.iter().map(String::as_str));
        let prefixed = |name: &str| {
            let mut services = self.synonyms.iter().chain([&self.name]);
            services
                .any(|service| id.strip_prefix(service.as_str()).and_then(|rest| rest.strip_prefix('.')) == Some(name))
        };
        names.into_iter().any(|name| id == name || prefixed(name))
    }
}
