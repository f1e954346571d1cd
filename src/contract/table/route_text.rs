//! The route of an operation as a text.

use super::contracts::ServiceContract;
use super::operation::Operation;
use super::service::ProjectInUrl;

impl ServiceContract {
    /// The route of an operation in full: `POST /compute/v2.1/servers/{id}/action {os-start}`
    pub fn route_text(&self, operation: &Operation) -> String {
        let service = &self.service;
        let root = if operation.at_mount { "" } else { &service.root };
        let action = operation.action.as_ref().map(|action| format!(" {{{action}}}")).unwrap_or_default();
        let path = if operation.path.is_empty() { String::new() } else { operation.path_text() };
        let needs_project = service.project_in_url == ProjectInUrl::Required && !path.is_empty();
        let project = if needs_project { "/{project}" } else { "" };
        format!("{} {}{root}{project}{path}{action}", operation.method, service.mount)
    }
}
