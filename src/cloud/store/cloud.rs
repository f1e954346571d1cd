//! The state of the cloud: what is alive, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;

use super::caller::Caller;
use super::collection::Collection;
use super::collections::Collections;
use super::contents::Fixture;
use super::grants::Grants;
use super::history::History;
use super::lookup::{Key, Totals};
use super::made::Made;
use super::quota::Quotas;
use super::region::{Region, kind_of, regions};
use super::resource::Resource;
use super::seal::Seal;
use super::token::Token;
use super::tokens::Tokens;
use crate::base::json::{Value, json};
use crate::base::{Clock, Ids};

/// The compute host that is always there.
pub const HOST: &str = "mockstack";

/// The simulated cloud.
#[derive(Debug)]
pub struct Cloud {
    /// The data it was filled with.
    pub fixture: Arc<Fixture>,
    /// What it holds.
    pub(in crate::cloud) collections: Collections,
    pub(in crate::cloud) tokens: Tokens,
    /// Are the entries of the catalog resources yet?
    pub(in crate::cloud) has_catalog: bool,
    /// Who has which role where.
    pub(in crate::cloud) grants: Grants,
    /// The seed of the ids.
    pub seed: u64,
    pub(in crate::cloud) ids: Ids,
    /// Of a cloud that is one project's: what its tokens have in common.
    pub(in crate::cloud) seal: Option<Seal>,
    /// Of such a cloud: how much a project may have, if not as much as the fixture says.
    pub(in crate::cloud) quotas: Option<Box<Quotas>>,
    /// By subnet, the place of the address that was given last.
    pub(in crate::cloud) last_addresses: HashMap<String, u128>,
    /// What was done to servers.
    pub(in crate::cloud) history: History,
    /// What the last request made.
    pub(in crate::cloud) made: Vec<Made>,
    /// The region that is asked; empty: the first.
    pub(in crate::cloud) region: Arc<str>,
    /// The other regions by name, without the one that is asked.
    pub(in crate::cloud) regions: BTreeMap<Arc<str>, Region>,
    /// The time.
    pub clock: Clock,
}

impl Cloud {
    /// A cloud that contains `fixture`.
    pub fn new(fixture: Arc<Fixture>, seed: u64, clock: Clock) -> Cloud {
        let mut cloud = Cloud { seed, ids: Ids::new(seed), ..Cloud::empty(fixture, clock) };
        let fixture = Arc::clone(&cloud.fixture);
        cloud.collections.fill(&fixture.resources, |_| true);
        cloud.regions = regions(&fixture);
        cloud.seed_identity();
        cloud
    }

    /// A cloud for `fixture` that contains nothing yet.
    pub(in crate::cloud) fn empty(fixture: Arc<Fixture>, clock: Clock) -> Cloud {
        Cloud {
            fixture,
            collections: Collections::default(),
            tokens: Tokens::default(),
            has_catalog: false,
            grants: Grants::default(),
            seed: 0,
            ids: Ids::new(0),
            seal: None,
            quotas: None,
            last_addresses: HashMap::default(),
            history: History::default(),
            made: Vec::new(),
            region: Arc::from(""),
            regions: BTreeMap::new(),
            clock,
        }
    }

    /// How much a project may have that has no quotas of its own.
    pub(in crate::cloud) fn quotas(&self) -> &Quotas {
        self.quotas.as_deref().unwrap_or(&self.fixture.quotas)
    }

    /// Who asks with `token`; `None` if it was never issued, was revoked or is over.
    pub fn caller(&self, token: &str) -> Option<Arc<Caller>> {
        self.token(token).map(|token| Arc::clone(&token.caller))
    }

    pub(in crate::cloud) fn token(&self, token: &str) -> Option<&Token> {
        self.tokens.get(token).filter(|token| token.expires_at > self.clock.now())
    }

    /// The collection `name`, empty if the cloud has none of it yet.
    pub(in crate::cloud) fn collection(&mut self, name: &str) -> &mut Collection {
        self.collections.get_mut(name)
    }

    /// The names and states of the resources by collection, of all or of one project.
    pub fn summary(&self, project: Option<&str>) -> Value {
        let project = project.and_then(|name| self.project_id(name));
        let is_meant = |resource: &&Resource| project.is_none() || resource.project == project;
        let row = |resource: &Resource| {
            let owner = resource.project.as_deref().and_then(|id| self.project_name(id));
            json!({"id": resource.id, "name": resource.text("name"), "status": resource.body.get("status"), "project": owner})
        };
        let rows = |collection: &Collection| collection.iter().filter(is_meant).map(row).collect::<Value>();
        Value::Object(self.everywhere().map(|(name, collection)| (name.into_owned(), rows(collection))).collect())
    }

    /// What `id` names: `server vm1`. Only ids that clients cannot make up count.
    pub fn name_of(&self, id: &str) -> Option<String> {
        uuid::Uuid::try_parse(id).ok()?;
        if let Some(name) = self.project_name(id) {
            return Some(format!("project {name}"));
        }
        self.everywhere().find_map(|(collection, resources)| {
            let resource = resources.get(id)?;
            let name = Some(resource.text("name")).filter(|name| !name.is_empty()).unwrap_or("without a name");
            Some(format!("{} {name}", kind_of(&collection)))
        })
    }

    /// The name of the project `id`.
    pub fn project_name(&self, id: &str) -> Option<String> {
        self.collections.get("projects")?.get(id).map(|project| project.text("name").to_owned())
    }

    /// The id of the project `name`; of several in different domains, of the oldest.
    pub fn project_id(&self, name: &str) -> Option<String> {
        self.collections.get("projects")?.with(&Key::Name(name.into())).next().map(|project| project.id.clone())
    }

    /// Is there a project or a user of that name?
    pub fn has_account(&self, name: &str) -> bool {
        let named = |collection: &str| self.collections.get(collection)?.with(&Key::Name(name.into())).next();
        named("projects").or_else(|| named("users")).is_some()
    }

    /// What the servers of the caller's project use.
    pub(in crate::cloud) fn used(&self, caller: &Caller) -> Totals {
        caller.project.as_deref().map(|project| self.totals(project)).unwrap_or_default()
    }

    /// How much of a quota `project` uses; Nova counts only some for a whole project.
    pub(in crate::cloud) fn used_by(&self, project: &str, resource: &str) -> u64 {
        match resource {
            "instances" => self.totals(project).count,
            "cores" => self.totals(project).cores,
            "ram" => self.totals(project).ram,
            "server_groups" => {
                self.collections.get("server_groups").map_or(0, |groups| groups.totals(Some(project)).count)
            }
            _ => 0,
        }
    }

    fn totals(&self, project: &str) -> Totals {
        self.collections.get("servers").map(|servers| servers.totals(Some(project))).unwrap_or_default()
    }

    /// A new password, without similar-looking characters.
    pub(in crate::cloud) fn password(&mut self) -> String {
        self.ids.password(12)
    }

    /// Has the cloud a compute host of that name?
    pub(in crate::cloud) fn has_host(&self, host: &str) -> bool {
        host == HOST || self.hosts().any(|service| service.text("host") == host)
    }

    /// Does the fixture mark the compute service of `host` as down?
    pub(in crate::cloud) fn is_down(&self, host: &str) -> bool {
        self.hosts().any(|service| service.text("host") == host && service.text("state") == "down")
    }

    fn hosts(&self) -> impl Iterator<Item = &Resource> {
        let services = self.collections.get("services").into_iter().flat_map(Collection::iter);
        services.filter(|service| service.text("binary") == "nova-compute")
    }

    /// Ends a token.
    pub fn end_token(&mut self, token: &str) {
        self.tokens.remove(token);
    }

    /// What `ask` comes to while the cloud does not know of the resource `id`.
    pub fn without<T>(&mut self, id: &str, ask: impl FnOnce(&mut Cloud) -> T) -> T {
        let name = self.collections.iter().find(|(_, own)| own.get(id).is_some()).map(|(name, _)| name.to_owned());
        let withdrawn = name.as_deref().and_then(|name| self.collection(name).withdraw(id));
        let came = ask(self);
        if let (Some(name), Some(withdrawn)) = (name, withdrawn) {
            self.collection(&name).restore(withdrawn);
        }
        came
    }

    /// A new request id.
    pub fn request_id(&mut self) -> String {
        format!("req-{}", self.ids.uuid())
    }
}
