//! The cloud starts again from its fixture.

use std::sync::Arc;

use super::store::{Cloud, Resource};
use super::table::resource_type;

/// Where the services keep the quotas that they were given.
const QUOTAS: [&str; 3] = ["quota_sets", "volume.quota_sets", "network.quotas"];

impl Cloud {
    /// Starts again from the fixture: everything but the tokens, or the resources of one project.
    pub fn reset(&mut self, project: Option<&str>) {
        let project = project.and_then(|name| self.project_id(name));
        self.in_each_region(|cloud| cloud.reset_here(project.as_ref()));
        if project.is_none() {
            self.has_catalog = false;
            self.seed_identity();
        }
        self.give_default_groups(project.as_deref());
    }

    fn reset_here(&mut self, project: Option<&String>) {
        let is_meant = |resource: &Resource| project.is_none() || resource.project.as_ref() == project;
        self.collections.iter_mut().for_each(|collection| collection.retain(|resource| !is_meant(resource)));
        match project {
            Some(id) => QUOTAS.iter().for_each(|name| self.forget_quotas(name, id)),
            None => self.last_addresses.clear(),
        }
        let servers = self.collections.get("servers");
        let is_alive = |id: &str| servers.is_some_and(|servers| servers.get(id).is_some());
        self.history.retain(|server| !is_meant(server), is_alive);
        let fixture = Arc::clone(&self.fixture);
        let resources = self.resources_here(&fixture);
        self.collections.fill(&resources, is_meant);
    }

    /// Becomes `fresh`; tokens stay valid, and ids go on.
    pub fn start_again_as(&mut self, fresh: Cloud) {
        let tokens = std::mem::take(&mut self.tokens);
        *self = Cloud { tokens, ids: self.ids.clone(), ..fresh };
    }

    /// Takes away the quotas of a project, and those of its users: their keys begin with its id.
    fn forget_quotas(&mut self, collection: &str, project: &str) {
        if self.collections.get(collection).is_none() {
            return;
        }
        self.collection(collection).retain(|quotas| {
            !quotas.id.strip_prefix(project).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
    }

    /// A project that a client made is not in the fixture, and its group neither.
    fn give_default_groups(&mut self, project: Option<&str>) {
        let made = project.filter(|id| !self.fixture.projects.iter().any(|own| own.id == *id));
        if let Some(project) = made.and_then(|id| self.collection("projects").get(id).cloned()) {
            (resource_type("projects").arrive)(self, &project);
        }
    }
}
