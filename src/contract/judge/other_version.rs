//! A body that is wrong here may be valid in another version of the same API: then the client uses that version.

use super::judgement::Judgement;
use crate::base::json::Value;
use crate::contract::table::{Contracts, Operation, ServiceContract};

impl Contracts {
    /// Where `body`, which `operation` refuses, would be right: the same operation of another version of the API that the
    /// release offers.
    pub fn right_as(&self, contract: &ServiceContract, operation: &Operation, body: &Value) -> Option<String> {
        let own = &contract.service;
        let siblings = self.living().filter(|other| other.service.mount == own.mount && other.service.name != own.name);
        siblings.into_iter().find_map(|other| other.takes(operation.name(), body))
    }
}

impl ServiceContract {
    /// The operation that is called so here, if it takes `body`, and at which versions.
    fn takes(&self, name: &str, body: &Value) -> Option<String> {
        let table = self.table().ok()?;
        let own = table.operations.iter().find(|own| own.name() == name && own.body.is_some())?;
        let valid = Judgement::new(own, &table.schemas, self.service.versions(), None, body).valid();
        let at = self.service.microversions.as_ref().map(|_| format!(" at {}", valid.within(self.service.versions())));
        (!valid.is_empty()).then(|| format!("{}, {}{}", own.id, self.route_text(own), at.unwrap_or_default()))
    }
}
