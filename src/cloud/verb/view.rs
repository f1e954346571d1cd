//! How a service shows a resource, or reports that it does not exist.

use super::ask::ResourceType;
use crate::base::json::Map;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::contract::Service;

impl ResourceType {
    /// The fields of `resource` as `service` shows them: those that are stored, and those that only this service has.
    pub fn view(&self, cloud: &Cloud, service: &Service, resource: &Resource) -> Map {
        let mut body = Map::over(&resource.body, 4);
        if let Some((_, add)) = self.views.iter().find(|(dialect, _)| *dialect == service.dialect) {
            add(cloud, service, resource, &mut body);
        }
        body
    }

    /// The refusal of an `id` that `service` does not know; `user` is whose it would be.
    pub fn not_found(&self, service: &Service, id: &str, user: &str) -> Fault {
        let Some(row) = self.missing.iter().find(|row| row.is_of(service)) else {
            return Fault::no_resource();
        };
        let fault = Fault::not_found(row.message.replace("{id}", id).replace("{user}", user));
        Fault { name: row.name, ..fault }
    }
}
