//! All contracts: embedded in the binary, each service read on first use.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use include_dir::{Dir, include_dir};

use super::load::{Files, Loader};
use super::operation::Operation;
use super::release::{Release, Releases};
use super::router::{Match, Operations, Unrouted, find};
use super::schema::Schemas;
use super::service::{ProjectInUrl, Service, refuse_unknown, rest_below};
use crate::base::{Diagnostic, Node, files_below, parse_yaml, read_text};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/contracts");

/// The table of operations of all services.
#[derive(Debug)]
pub struct Contracts {
    services: Vec<ServiceContract>,
    releases: Releases,
    release: Option<Release>,
}

/// The contract of one version of one service.
#[derive(Debug)]
pub struct ServiceContract {
    /// The facts that hold for all its operations.
    pub service: Service,
    /// Does the release that is in force offer it?
    pub lives: bool,
    sources: Vec<(String, String)>,
    table: OnceLock<Result<Table, Diagnostic>>,
}

/// What is read on first use.
#[derive(Debug, Default)]
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
        Contracts::from_files(embedded_files())
    }

    /// The embedded contracts, with those of a folder over them if one is named.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn load(overlay: Option<&Path>) -> Result<Contracts, Diagnostic> {
        overlay.map_or_else(Contracts::embedded, Contracts::with_overlay)
    }

    /// The embedded contracts with the files below `folder` over them: the same name replaces, a new one adds. All of
    /// them are read at once, so that a mistake shows before anything runs.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn with_overlay(folder: &Path) -> Result<Contracts, Diagnostic> {
        let mut files = embedded_files();
        overlay(folder, &mut files)?;
        let contracts = Contracts::from_files(files)?;
        contracts.services.iter().try_for_each(|service| service.table().map(|_| ()))?;
        Ok(contracts)
    }

    /// Contracts out of (name, text) pairs; names are `contracts/SERVICE/VERSION/FILE.yaml`.
    ///
    /// # Errors
    /// A `service.yaml` cannot be read, or a folder has none.
    pub fn from_files(files: BTreeMap<String, String>) -> Result<Contracts, Diagnostic> {
        let mut folders: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        let mut releases = Releases::default();
        for (name, text) in files {
            if name == RELEASES {
                releases = Releases::read(&name, &text)?;
            } else if let Some((folder, _)) = name.rsplit_once('/') {
                folders.entry(folder.to_owned()).or_default().push((name, text));
            }
        }
        let services = folders.into_iter().map(|(folder, sources)| ServiceContract::new(&folder, sources));
        let contracts = Contracts { services: services.collect::<Result<_, _>>()?, releases, release: None };
        match contracts.releases.newest().cloned() {
            Some(newest) => Ok(contracts.under(newest)),
            None => Ok(contracts),
        }
    }

    /// The release, and a text that changes when any contract does, or what the release or a fixture makes of one:
    /// recordings keep it.
    pub fn revision(&self) -> String {
        let mut all = String::new();
        for contract in &self.services {
            contract.sources.iter().for_each(|(name, text)| all.extend([name.as_str(), text]));
            all += &format!("{} {:?}", contract.lives, contract.service);
        }
        let revision = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, all.as_bytes()).simple();
        self.release.as_ref().map_or(revision.to_string(), |release| format!("{}-{revision}", release.name))
    }

    /// The same contracts as the release of that name or alias has them.
    ///
    /// # Errors
    /// There is no such release.
    pub fn of_release(self, name: &str) -> Result<Contracts, Diagnostic> {
        let release = self.releases.find(name)?.clone();
        Ok(self.under(release))
    }

    fn under(mut self, release: Release) -> Contracts {
        for contract in &mut self.services {
            contract.lives = self.releases.offers(Some(&release), &contract.service.name);
            contract.service.become_of(&release);
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

    /// The services of all releases, in alphabetical order.
    pub fn services(&self) -> &[ServiceContract] {
        &self.services
    }

    /// The contract of the API version `name`.
    pub(super) fn service_mut(&mut self, name: &str) -> Option<&mut ServiceContract> {
        self.services.iter_mut().find(|contract| contract.service.name == name)
    }

    /// The API version that answers at `path`: of those that are mounted there the one with the longest root that fits;
    /// if none fits, the one that tells of the versions.
    pub fn mounted<'p>(&self, path: &'p str) -> Option<Mounted<'_, 'p>> {
        let places = self.living().flat_map(|contract| mounts(contract, path));
        places.max_by_key(|place| match place.contract.service.root_of(place.path) {
            None => (0, place.contract.tells_versions()),
            // A relaxed form stands back where the API itself still is.
            Some((root, _)) => (root.path.len() + 1, !root.relaxed),
        })
    }

    /// The operation `id`; the service may be left out, its synonyms and the row's other names count.
    ///
    /// # Errors
    /// A service's contract cannot be read.
    pub fn operation(&self, id: &str) -> Result<Option<(&ServiceContract, &Operation)>, Diagnostic> {
        let others = self.services.iter().filter(|contract| !contract.lives);
        for contract in self.living().chain(others) {
            let found = contract.table()?.operations.iter().find(|operation| contract.service.is_named(operation, id));
            if let Some(operation) = found {
                return Ok(Some((contract, operation)));
            }
        }
        Ok(None)
    }
}

impl Contracts {
    /// The complaint that no operation is called `id`, with the one that was probably meant.
    pub fn no_operation(&self, id: &str) -> Diagnostic {
        let tables = self.services.iter().filter_map(|contract| contract.table().ok());
        let rows = tables.flat_map(|table| table.operations.iter());
        let names = rows.flat_map(|operation| [operation.id.as_ref(), operation.name()]);
        Diagnostic::new(format!("no operation is called {id:?}"))
            .did_you_mean(id, names)
            .row("fix", "see `mockstack contract list` for their names")
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
}

/// The places at which `contract` answers to `path`.
pub(super) fn mounts<'c, 'p>(contract: &'c ServiceContract, path: &'p str) -> impl Iterator<Item = Mounted<'c, 'p>> {
    let service = &contract.service;
    let own = rest_below(path, &service.mount).map(|rest| Mounted { contract, mount: &service.mount, path: rest });
    let at_port = service.at_port && service.root_of(path).is_some();
    own.into_iter().chain(at_port.then_some(Mounted { contract, mount: "", path }))
}

impl Service {
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

impl ServiceContract {
    fn new(folder: &str, sources: Vec<(String, String)>) -> Result<ServiceContract, Diagnostic> {
        let name = format!("{folder}/service.yaml");
        let Some((_, text)) = sources.iter().find(|(file, _)| *file == name) else {
            return Err(Diagnostic::new(format!("{folder} has no service.yaml")));
        };
        let service = Service::read(&parse_yaml(&name, text)?)?;
        let sources = sources.into_iter().filter(|(file, _)| *file != name).collect();
        Ok(ServiceContract { service, lives: true, sources, table: OnceLock::new() })
    }

    /// The rows and schemas; read on first use.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn table(&self) -> Result<&Table, Diagnostic> {
        self.table.get_or_init(|| self.read_table()).as_ref().map_err(Clone::clone)
    }

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
        let files = parsed(&self.sources)?;
        let mut loader = Loader::new(&files);
        let mut operations = Vec::new();
        for (file, node) in &files {
            self.read_file(&mut loader, file, node, &mut operations)?;
        }
        Ok(Table { operations: Operations::new(operations), schemas: loader.schemas })
    }

    fn read_file(
        &self,
        loader: &mut Loader<'_>,
        file: &str,
        node: &Node,
        rows: &mut Vec<Operation>,
    ) -> Result<(), Diagnostic> {
        refuse_unknown(node, &["operations", "schemas"])?;
        let resource = format!("{}.{}", self.service.name, file.trim_end_matches(".yaml"));
        for (name, _, row) in node.get("operations").map_or(Ok(&[][..]), Node::entries)? {
            rows.push(Operation::read(loader, file, &resource, name, row)?);
        }
        Ok(())
    }
}

/// The files by their short names, each read by whichever thread is free: reading YAML is most of a start.
fn parsed(sources: &[(String, String)]) -> Result<Files, Diagnostic> {
    let next = AtomicUsize::new(0);
    let read_on = || {
        let taken = std::iter::from_fn(|| sources.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.map(|(name, text)| (name.as_str(), parse_yaml(name, text))).collect::<Vec<_>>()
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(sources.len());
    let mut read = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(read_on)).collect();
        let mut read = read_on();
        for other in others {
            read.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        read
    });
    // The first mistake in the order of the files is the one that is told.
    read.sort_by_key(|(name, _)| *name);
    let short = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    read.into_iter().map(|(name, node)| Ok((short(name), node?))).collect()
}

fn embedded_files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    collect(&EMBEDDED, &mut files);
    files
}

/// What each release offers.
const RELEASES: &str = "contracts/releases.yaml";

/// Example bodies are not contracts.
fn collect(dir: &Dir<'_>, files: &mut BTreeMap<String, String>) {
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|e| e == "yaml")) {
        let text = file.contents_utf8().unwrap_or_default();
        files.insert(format!("contracts/{}", file.path().display()), text.to_owned());
    }
    dir.dirs().filter(|dir| !dir.path().ends_with("examples")).for_each(|dir| collect(dir, files));
}

fn overlay(folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), Diagnostic> {
    let unreadable = |path: &Path, error: std::io::Error| {
        Diagnostic::new("cannot read the contracts")
            .row("where", path.display().to_string())
            .row("because", error.to_string())
    };
    for path in files_below(folder, ".yaml").map_err(|error| unreadable(folder, error))? {
        let text = read_text(&path).map_err(|error| unreadable(&path, error))?;
        let name = path.strip_prefix(folder).unwrap_or(&path);
        files.insert(format!("contracts/{}", name.display()), text);
    }
    Ok(())
}
