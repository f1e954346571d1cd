//! All contracts: embedded in the binary, each service read on first use.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::answers::{Answers, Which};
use super::name::named as check_name;
use super::operation::Operation;
use super::release::{Release, Releases};
use super::router::{Match, Operations, Unrouted, find};
use super::routes::without_rows;
use super::rows_of::{base_of, living, parsed_over};
use super::service::{Service, rest_below};
use super::sources::{
    RELEASES, Source, Sources, check_collections, embedded, named, parsed, put_over, same_service, without_service,
};
use super::team_rules::{RULES, TeamRule};
use crate::base::Diagnostic;
use crate::base::json::Value;
use crate::contract::finding::Violation;
use crate::contract::schema::{File, Loader, Schemas};

/// The table of operations of all services. A clone reads no file again: it has the same rows, and may become of another release.
#[derive(Clone, Debug)]
pub struct Contracts {
    services: Vec<ServiceContract>,
    releases: Releases,
    release: Option<Release>,
    rules: Vec<TeamRule>,
}

/// The contract of one version of one service.
#[derive(Clone, Debug)]
pub struct ServiceContract {
    /// The facts that hold for all its operations.
    pub service: Service,
    /// Does the release that is in force offer it?
    pub lives: bool,
    /// Is a file of the user's among its own?
    is_touched: bool,
    sources: Arc<Sources>,
    /// The files of the API version whose rows it has.
    base: Option<Arc<Sources>>,
    /// What the files say, whatever the release: clones share it.
    table: Arc<OnceLock<Result<Table, Diagnostic>>>,
}

/// What is read on first use.
#[derive(Debug)]
pub struct Table {
    /// The rows.
    pub operations: Operations,
    /// The schemas that they name.
    pub schemas: Schemas,
}

impl Contracts {
    /// The contracts that come with mockstack.
    ///
    /// # Errors
    /// A file cannot be read: a defect of mockstack.
    pub fn embedded() -> Result<Contracts, Diagnostic> {
        Contracts::from_sources(embedded()?)
    }

    /// The embedded contracts, with those of a folder over them if one is named.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn load(overlay: Option<&Path>) -> Result<Contracts, Diagnostic> {
        overlay.map_or_else(Contracts::embedded, Contracts::with_overlay)
    }

    /// The embedded contracts with the files below `folder` over them: the same name replaces, a new one adds. Each API that
    /// they touch is read at once, so that a mistake shows before anything runs.
    ///
    /// # Errors
    /// A file cannot be read, or is not a valid contract.
    pub fn with_overlay(folder: &Path) -> Result<Contracts, Diagnostic> {
        let mut sources = embedded()?;
        put_over(&mut sources, folder)?;
        let contracts = Contracts::from_sources(sources.clone())?;
        contracts
            .services
            .iter()
            .filter(|service| service.is_touched)
            .try_for_each(|service| service.table().map(|_| ()))?;
        check_collections(&sources)?;
        contracts.check_team_rules()?;
        Ok(contracts)
    }

    /// The contracts of `folder` and no others, if they are all: it has a `releases.yaml`, as mockstack's own folder has. Otherwise
    /// those that are embedded, with those of the folder over them.
    ///
    /// # Errors
    /// A file cannot be read, or is not a valid contract.
    pub fn of_folder(folder: &Path) -> Result<Contracts, Diagnostic> {
        if !folder.join("releases.yaml").is_file() {
            return Contracts::with_overlay(folder);
        }
        let mut sources = Sources::new();
        put_over(&mut sources, folder)?;
        let contracts = Contracts::from_sources(sources)?;
        contracts.services.iter().try_for_each(|service| service.table().map(|_| ()))?;
        Ok(contracts)
    }

    /// Contracts from (name, text) pairs; names are `contracts/SERVICE/VERSION/FILE.yaml`.
    ///
    /// # Errors
    /// A `service.yaml` cannot be read, or a folder has none.
    pub fn from_files(files: BTreeMap<String, String>) -> Result<Contracts, Diagnostic> {
        Contracts::from_sources(named(files))
    }

    fn from_sources(sources: Sources) -> Result<Contracts, Diagnostic> {
        let mut folders: BTreeMap<&str, Sources> = BTreeMap::new();
        let (mut releases, mut rules) = (Releases::default(), Vec::new());
        for (name, source) in &sources {
            if name == RELEASES {
                releases = Releases::read(&source.node()?)?;
            } else if name == RULES {
                rules = TeamRule::read(&source.node()?)?;
            } else if let Some((folder, _)) = name.rsplit_once('/') {
                folders.entry(folder).or_default().insert(name.clone(), source.clone());
            }
        }
        let mut services: Vec<ServiceContract> = Vec::new();
        let mut standing = Vec::new();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (folder, mut own) in folders {
            let facts = own.remove(&format!("{folder}/service.yaml"));
            let facts = facts.ok_or_else(|| without_service(&sources, folder))?;
            let node = facts.node()?;
            let service = Service::read(&node)?;
            standing.extend(node.get("rows_of").cloned().map(|name| (services.len(), name)));
            if let Some(other) = names.insert(service.name.clone(), facts.file.clone()) {
                return Err(same_service(&service.name, &facts.file, &other));
            }
            let is_touched = facts.is_own || own.values().any(|source| source.is_own);
            services.push(ServiceContract {
                service,
                lives: true,
                is_touched,
                sources: own.into(),
                base: None,
                table: Arc::default(),
            });
        }
        for (own, name) in standing {
            let all: Vec<&Service> = services.iter().map(|contract| &contract.service).collect();
            let base = services[base_of(&all, own, &name)?].clone();
            services[own].is_touched |= base.is_touched;
            services[own].base = Some(base.sources);
        }
        let contracts = Contracts { services, releases, release: None, rules };
        match contracts.releases.newest().cloned() {
            Some(newest) => Ok(contracts.under(newest)),
            None => Ok(contracts),
        }
    }

    /// The release, and a text that changes when any contract does, or what the release or a fixture makes of one:
    /// recordings keep it.
    pub fn revision(&self) -> String {
        let mut all = Vec::new();
        for contract in &self.services {
            for (name, source) in contract.sources.iter() {
                all.extend([name.as_bytes(), source.identity()].concat());
            }
            all.extend(format!("{} {:?}", contract.lives, contract.service).bytes());
        }
        let revision = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, &all).simple();
        self.release.as_ref().map_or(revision.to_string(), |release| format!("{}-{revision}", release.name))
    }

    /// The same contracts as the release of that name or alias has them.
    ///
    /// # Errors
    /// The release does not exist.
    pub fn of_release(self, name: &str) -> Result<Contracts, Diagnostic> {
        let release = self.releases.find(name)?.clone();
        Ok(self.under(release))
    }

    /// The same contracts for URLs that were recorded in another release: whether a project is in one was a matter of the catalog
    /// there, so that it counts neither way where releases differ.
    #[must_use]
    pub fn with_any_project(mut self) -> Contracts {
        self.services.iter_mut().for_each(|contract| contract.service.take_any_project());
        self
    }

    fn under(mut self, release: Release) -> Contracts {
        for contract in &mut self.services {
            contract.lives = self.releases.offers(Some(&release), &contract.service.name);
            contract.service.become_of(&release, &self.releases);
        }
        self.release = Some(release);
        self
    }

    /// The release that is in force.
    pub fn release(&self) -> Option<&Release> {
        self.release.as_ref()
    }

    /// All releases.
    pub fn releases(&self) -> &Releases {
        &self.releases
    }

    /// The services that the release offers.
    pub fn living(&self) -> impl Iterator<Item = &ServiceContract> {
        self.services.iter().filter(|contract| contract.lives)
    }

    /// The releases in which `method` and `path` lead to an operation, if they do in another than the one in force.
    pub fn elsewhere(&self, method: &str, path: &str) -> Option<String> {
        let others = self.services.iter().filter(|contract| !contract.lives);
        let places = others.flat_map(|contract| mounts(contract, path));
        let found = places.filter(|place| place.contract.route(method, place.path).is_ok());
        let texts: Vec<String> = found.map(|place| self.releases.text(&place.contract.service.name)).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }

    /// The releases that offer the API version, if not all do.
    pub fn lives_in(&self, contract: &ServiceContract) -> Option<String> {
        let text = self.releases.text(&contract.service.name);
        let all = self.releases.oldest().map(|oldest| format!("{}..", oldest.name));
        Some(text).filter(|text| !text.is_empty() && Some(text) != all.as_ref())
    }

    /// Which of the team's own rules `body` breaks, a body of `operation`.
    pub fn team_rules(&self, operation: &Operation, body: &Value) -> Vec<Violation> {
        self.rules.iter().flat_map(|rule| rule.broken(operation, body)).collect()
    }

    /// Refuses a rule for an operation that there is not.
    fn check_team_rules(&self) -> Result<(), Diagnostic> {
        self.rules.iter().try_for_each(|rule| match self.operation(&rule.operation)? {
            Some(_) => Ok(()),
            None => Err(self.no_operation(&rule.operation).at(&rule.place)),
        })
    }

    /// The services of all releases, in alphabetical order.
    pub fn services(&self) -> &[ServiceContract] {
        &self.services
    }

    /// Types of services, as a catalog or a mount calls them, and where each is mounted. Of equal ones the first counts.
    pub fn mounts_by_type(&self) -> Vec<(String, String)> {
        let mut types = Vec::new();
        for ServiceContract { service, .. } in &self.services {
            types.push((service.mount.trim_start_matches('/').to_owned(), service.mount.clone()));
            types.extend(service.catalog.iter().map(|entry| (entry.kind.clone(), service.mount.clone())));
        }
        types
    }

    /// The contract of the API version `name`.
    pub(in crate::contract) fn service_mut(&mut self, name: &str) -> Option<&mut ServiceContract> {
        self.services.iter_mut().find(|contract| contract.service.name == name)
    }

    /// The API version that answers at `path`: of those that are mounted there the one with the longest root that fits;
    /// if none fits, the one that lists the versions.
    pub fn mounted<'p>(&self, path: &'p str) -> Option<Mounted<'_, 'p>> {
        let places = self.living().flat_map(|contract| mounts(contract, path));
        places.max_by_key(|place| match place.contract.service.root_of(place.path) {
            None => (0, place.contract.tells_versions()),
            // A relaxed form stands back where the API itself still is.
            Some((root, _)) => (root.path.len() + 1, !root.relaxed),
        })
    }
}

/// An API version that answers at a path.
#[derive(Clone, Copy, Debug)]
pub struct Mounted<'c, 'p> {
    /// The API version.
    pub contract: &'c ServiceContract,
    /// Where its service is mounted; empty at the root of the port.
    pub mount: &'c str,
    /// What follows the mount.
    pub path: &'p str,
    /// Which of several endpoints of that service it is, `RegionTwo` of `/compute@RegionTwo`; empty for the usual one.
    pub endpoint: &'p str,
}

/// The places at which `contract` answers to `path`.
pub fn mounts<'c, 'p>(contract: &'c ServiceContract, path: &'p str) -> impl Iterator<Item = Mounted<'c, 'p>> {
    let service = &contract.service;
    let place = |(endpoint, path)| Mounted { contract, mount: &service.mount, path, endpoint };
    let own = endpoint_below(path, &service.mount).map(place);
    let at_port = service.at_port && service.root_of(path).is_some();
    own.into_iter().chain(at_port.then_some(Mounted { contract, mount: "", path, endpoint: "" }))
}

/// The endpoint of a service at `mount` below which `path` is, and the rest of it. `/compute@RegionTwo` stands beside `/compute`
/// where a cloud has several: whoever records one mounts them all at one port.
fn endpoint_below<'p>(path: &'p str, mount: &str) -> Option<(&'p str, &'p str)> {
    if let Some(rest) = rest_below(path, mount) {
        return Some(("", rest));
    }
    let named = path.strip_prefix(mount)?.strip_prefix('@')?;
    let end = named.find('/').unwrap_or(named.len());
    Some(named.split_at(end))
}

impl ServiceContract {
    /// The collections that its rows are about; no table is made for that.
    pub fn collections(&self) -> Vec<String> {
        self.sources.values().flat_map(Source::collections).collect()
    }

    /// Is one of its rows about the collection `name`?
    pub fn has_collection(&self, name: &str) -> bool {
        self.sources.values().any(|source| source.has_collection(name))
    }

    /// Its answers that contain resources of `collection`; no table is built for that.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn answers_about(&self, collection: &str, which: Which) -> Result<Answers, Diagnostic> {
        Answers::read(&self.sources, collection, which)
    }

    /// The rows and schemas; read on first use.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn table(&self) -> Result<&Table, Diagnostic> {
        self.table.get_or_init(|| self.read_table()).as_ref().map_err(Clone::clone)
    }

    /// Are the rows at the mount of the service (its list of versions) among those of this version?
    fn tells_versions(&self) -> bool {
        self.table().is_ok_and(|table| table.operations.iter().any(|operation| operation.at_mount))
    }

    /// The rows that a method and a path below the mount lead to.
    ///
    /// # Errors
    /// Why they lead nowhere; a contract that cannot be read leads nowhere.
    pub fn route(&self, method: &str, path: &str) -> Result<Match<'_>, Unrouted> {
        let table = self.table().map_err(|_| Unrouted::NoSuchPath)?;
        find(&self.service, &table.operations, method, path)
    }

    fn read_table(&self) -> Result<Table, Diagnostic> {
        let schemas = Schemas::new();
        let base = self.base.as_deref();
        let files = base.map_or_else(|| parsed(&self.sources), |base| parsed_over(base, &self.sources))?;
        let loader = Loader::new(&schemas, files);
        let mut operations = Vec::new();
        for (name, file) in &loader.files().0 {
            self.read_file(&loader, name, file, &mut operations)?;
        }
        for routes in loader.files().0.values().filter_map(File::routes) {
            let others = without_rows(&self.service.name, routes, &operations)?;
            operations.extend(others);
        }
        if base.is_some() {
            operations = living(operations);
        }
        // What is embedded has been read by a test; elsewhere a mistake would show only once the schema is looked at.
        if base.into_iter().chain([&*self.sources]).flat_map(Sources::values).any(Source::is_text) {
            loader.name_all()?;
            schemas.check()?;
        }
        Ok(Table { operations: Operations::new(operations)?, schemas })
    }

    fn read_file(
        &self,
        loader: &Loader<'_>,
        name: &str,
        file: &File,
        rows: &mut Vec<Operation>,
    ) -> Result<(), Diagnostic> {
        let stem = name.trim_end_matches(".yaml");
        check_name("a contract file", stem, file.place())?;
        let resource = format!("{}.{stem}", self.service.name);
        for (row, _, node) in file.operations() {
            rows.push(Operation::read(loader, name, &resource, row, (node, file.resource()))?);
        }
        Ok(())
    }
}
