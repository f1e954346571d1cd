//! A cloud for a project of its own: the fixture's, shared until the project changes something.

use std::sync::Arc;

use super::identity::catalog;
use super::store::{Actor, Cloud, Collection, Fixture, Grant, Grants, Quotas, Resource, Target, Tenant, parts_of};
use crate::base::json::{Map, Name, Value, with_texts};
use crate::base::{Clock, Diagnostic, Node};
use crate::contract::Contracts;

/// What the clouds of several projects have in common. In each of them the project has the place that the fixture gives to the
/// project of its first user, mostly `demo`: what belongs to that one belongs to it.
#[derive(Debug)]
pub struct Template {
    cloud: Cloud,
    /// The ids of the user and the project in whose place others come.
    user: String,
    project: String,
    /// What names one of the two: collections and ids.
    named: Vec<(String, Vec<String>)>,
}

/// What is a user's own: the fixture's user keeps it, and who comes in its place has the like.
const OWN: [&str; 2] = ["users", "keypairs"];

/// What the fixture's user alone keeps: whoever has its secret can use it, whatever the project.
const KEPT: &str = "application_credentials";

impl Template {
    /// The template of clouds that hold `fixture`; `None` if nobody can log in there.
    pub fn new(fixture: Arc<Fixture>, contracts: &Contracts) -> Option<Template> {
        let (user, project) = fixture.entrance().map(|(user, project)| (user.id.clone(), project.id.clone()))?;
        let mut cloud = Cloud::new(fixture, 0, Clock::Wall);
        catalog::seed(&mut cloud, contracts);
        let names = |collection: &str, resource: &Resource| {
            let mut found = false;
            let mut look = |text: &str| {
                let is_in = |id: &String, of: &[&str]| !of.contains(&collection) && text.contains(id.as_str());
                found |= is_in(&user, &[KEPT]) || is_in(&project, &OWN);
                String::new()
            };
            look(&resource.id);
            if let Some(project) = &resource.project {
                look(project);
            }
            let _ = with_texts(&Value::Object(resource.body.clone()), &mut look);
            found
        };
        let ids = |collection: &str, all: &Collection| {
            all.iter().filter(|own| names(collection, own)).map(|own| own.id.clone()).collect::<Vec<_>>()
        };
        let all = cloud.everywhere().map(|(name, all)| (name.to_string(), ids(parts_of(&name).0, all)));
        let named = all.filter(|(_, ids)| !ids.is_empty()).collect();
        Some(Template { user, project, named, cloud })
    }

    /// How much the project may have, where `node` says so, and else as the fixture says.
    ///
    /// # Errors
    /// It is not what `quotas` of a fixture may be.
    pub fn quotas(&self, node: &Node) -> Result<Quotas, Diagnostic> {
        let mut quotas = self.cloud.fixture.quotas.clone();
        quotas.apply(node)?;
        Ok(quotas)
    }

    /// The data that the clouds were filled with.
    pub fn fixture(&self) -> &Fixture {
        &self.cloud.fixture
    }

    /// The cloud of `tenant`.
    pub fn cloud(&self, tenant: &Tenant, clock: Clock, quotas: Option<Quotas>) -> Cloud {
        let mut cloud = Cloud {
            collections: self.cloud.collections.clone(),
            grants: self.grants(tenant),
            has_catalog: true,
            ids: tenant.ids.clone(),
            seal: Some(tenant.seal),
            quotas: quotas.map(Box::new),
            regions: self.cloud.regions.clone(),
            ..Cloud::empty(Arc::clone(&self.cloud.fixture), clock)
        };
        for (collection, ids) in &self.named {
            let (collection, region) = parts_of(collection);
            cloud.within(region, |cloud| ids.iter().for_each(|id| self.hand_over(cloud, tenant, collection, id)));
        }
        if let Some(mut project) = cloud.collection("projects").get_mut(&tenant.project) {
            project.set("name", tenant.name.as_str());
        }
        if let Some(mut user) = cloud.collection("users").get_mut(&tenant.user) {
            user.set("name", tenant.name.as_str());
            user.set("password", tenant.password.as_str());
        }
        cloud
    }

    /// Puts the tenant where a resource names the user or the project of the fixture.
    fn hand_over(&self, cloud: &mut Cloud, tenant: &Tenant, collection: &str, id: &str) {
        let all = cloud.collection(collection);
        let in_project = |text: &str| text.replace(&self.project, &tenant.project);
        let in_both = |text: &str| in_project(text).replace(&self.user, &tenant.user);
        match collection {
            KEPT => all.replace(id, |own| renamed(&own, in_project)),
            _ if OWN.contains(&collection) => {
                if let Some(like) = all.get(id).map(|own| renamed(own, in_both)) {
                    all.put(like);
                }
            }
            _ => all.replace(id, |own| renamed(&own, in_both)),
        }
    }

    /// Who has which role where: the fixture's users in the tenant's project as in their own.
    fn grants(&self, tenant: &Tenant) -> Grants {
        let mut grants = Grants::default();
        for grant in self.cloud.grants.iter() {
            let is_here = matches!(&grant.target, Target::Project(id) if *id == self.project);
            let target = if is_here { Target::Project(tenant.project.clone()) } else { grant.target.clone() };
            if matches!(&grant.actor, Actor::User(id) if *id == self.user) {
                let actor = Actor::User(tenant.user.clone());
                grants.add(Grant { actor, target: target.clone(), ..Grant::clone(grant) });
            }
            match is_here {
                true => grants.add(Grant { target, ..Grant::clone(grant) }),
                false => grants.add(Arc::clone(grant)),
            }
        }
        grants
    }
}

/// `resource` with other texts; what has none is shared.
fn renamed(resource: &Resource, change: impl Fn(&str) -> String) -> Resource {
    let fields = resource.body.iter().map(|(name, value)| (name, value, with_texts(value, &mut |text| change(text))));
    let differing: Vec<(&Name, Value)> =
        fields.filter(|(_, before, after)| before != &after).map(|(name, _, after)| (name, after)).collect();
    let mut body = Map::over(&resource.body, differing.len());
    differing.into_iter().for_each(|(name, value)| drop(body.insert(name.clone(), value)));
    let (id, project) = (change(&resource.id), resource.project.as_deref().map(&change));
    Resource { id, project, body, ..resource.clone() }
}
