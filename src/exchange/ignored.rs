//! Parameters of a list that the service ignores: it is told in the verdict, because the client gets more than it asked for.

use crate::base::Version;
use crate::cloud::UnknownFilters;
use crate::contract::{Code, Contracts, Operation, Part, Service, Violation};
use crate::message::Query;

/// A list that is asked for.
pub struct List<'a> {
    /// The contracts.
    pub contracts: &'a Contracts,
    /// The service.
    pub service: &'a Service,
    /// The row.
    pub operation: &'a Operation,
    /// The version.
    pub version: Version,
    /// Does an administrator ask?
    pub admin: bool,
}

impl List<'_> {
    /// A note for each parameter by which nothing is narrowed; none where the service refuses them.
    pub fn ignored(&self, query: &Query) -> Vec<Violation> {
        let Some(filters) = &self.operation.filters else { return Vec::new() };
        let names = filters.unknown(self.service, query, self.version);
        let unknown =
            UnknownFilters { names: &names, version: self.version, admin: self.admin, contracts: self.contracts };
        if unknown.refusal(self.service.dialect).is_some() {
            return Vec::new();
        }
        names.iter().map(|name| self.note(name, query.last(name).unwrap_or(""))).collect()
    }

    fn note(&self, name: &str, value: &str) -> Violation {
        let rows = self.operation.filters.iter().flat_map(|filters| &filters.0);
        let living = rows.filter(|row| row.lifetime.contains(self.version));
        let known: Vec<&str> = living.map(|row| row.parameter.as_str()).collect();
        let expected = match known.is_empty() {
            true => "ignored: the list is not narrowed by it, nor by anything else".to_owned(),
            false => format!("ignored: the list is not narrowed by it, only by {}", known.join(", ")),
        };
        let plain = Violation::plain(Code::Ignored, Part::Query, name, expected, value);
        Violation { rule: Some(self.operation.place.clone()), ..plain }
    }
}
