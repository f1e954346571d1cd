//! What the recordings of a suite, or of a client, have sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::json::Value;
use crate::base::{Diagnostic, Version, Versions};
use crate::contract::{Contracts, Part, Reached};
use crate::message::Query;
use crate::recording::Interaction;

/// What was sent, by operation.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The requests of each operation.
    pub(super) operations: BTreeMap<Arc<str>, Requests>,
}

/// The requests of one operation that were right.
#[derive(Clone, Debug)]
pub(super) struct Requests {
    pub times: u64,
    /// The versions that the API has in this cloud.
    pub api: Versions,
    /// Those that were sent.
    pub versions: Versions,
    /// What the contract has at these.
    pub known: BTreeMap<String, Reached>,
    /// What was sent, of that.
    pub sent: BTreeMap<String, Sent>,
    /// The faults that were injected.
    pub faults: BTreeSet<String>,
}

/// A field that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub versions: Versions,
    /// The limits at which a value was.
    pub limits: BTreeSet<String>,
}

/// What a contract has of an operation at a version.
type Reach = Arc<BTreeMap<String, Reached>>;

/// Reads what a contract has, once for each operation and version.
#[derive(Debug)]
pub struct Fields<'c> {
    contracts: &'c Contracts,
    read: HashMap<(Arc<str>, Version), Reach>,
}

impl<'c> Fields<'c> {
    /// What is in `contracts`.
    pub fn new(contracts: &'c Contracts) -> Fields<'c> {
        Fields { contracts, read: HashMap::new() }
    }

    fn of(&mut self, id: &Arc<str>, version: Version) -> Result<Option<(Versions, Reach)>, Diagnostic> {
        let Some((contract, operation)) = self.contracts.operation(id)? else { return Ok(None) };
        let schemas = &contract.table()?.schemas;
        let read = self.read.entry((Arc::clone(id), version)).or_insert_with(|| {
            let of = |schema, is_query| schemas.reach(schema, version, is_query);
            let query = operation.query.map(|schema| of(schema, true)).into_iter().flatten();
            Arc::new(operation.body.map(|schema| of(schema, false)).into_iter().flatten().chain(query).collect())
        });
        Ok(Some((contract.service.versions(), Arc::clone(read))))
    }
}

impl Suite {
    /// Was nothing asked?
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Adds what was asked, if it was right; nothing else covers anything.
    ///
    /// # Errors
    /// A contract cannot be read.
    pub fn add(&mut self, known: &mut Fields<'_>, interaction: &Interaction) -> Result<(), Diagnostic> {
        let Some(id) = interaction.operation.as_ref().filter(|_| is_right(interaction)) else {
            return Ok(());
        };
        let version = interaction.version.unwrap_or(Version::FIRST);
        let Some((api, reached)) = known.of(id, version)? else { return Ok(()) };
        let requests = self.operations.entry(Arc::clone(id)).or_insert_with(|| Requests::of(api));
        requests.add(version, &reached);
        requests.faults.extend(interaction.fault.clone());
        let body = interaction.request.body.as_ref().unwrap_or(&Value::Null);
        let query = interaction.request.target.split_once('?').map_or("", |(_, query)| query);
        let query = Query::parse(query).to_document();
        let parameters = query.as_object().into_iter().flatten();
        let parameters = parameters.map(|(name, values)| (format!("?{}", name.as_str()), values));
        for (pointer, value) in parameters
            .flat_map(|(name, values)| values.as_array().into_iter().flatten().map(move |value| (name.clone(), value)))
        {
            requests.sent(version, &pointer, value);
        }
        requests.document(version, body, "");
        Ok(())
    }
}

/// Is nothing wrong with the request, whatever is with the answer?
fn is_right(interaction: &Interaction) -> bool {
    interaction.violations.iter().all(|violation| violation.part == Part::Answer || !violation.code.row().fails)
}

impl Requests {
    fn of(api: Versions) -> Requests {
        let (known, sent, faults) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Requests { times: 0, api, versions: Versions::NONE, known, sent, faults }
    }

    fn add(&mut self, version: Version, reached: &BTreeMap<String, Reached>) {
        self.times += 1;
        if self.versions.contains(version) {
            return;
        }
        self.versions |= Versions::only(version);
        for (pointer, own) in reached {
            let known = self.known.entry(pointer.clone()).or_default();
            known.is_named |= own.is_named;
            known.lifetime |= own.lifetime;
            known.limits.extend(own.limits.clone());
        }
    }

    fn document(&mut self, version: Version, value: &Value, at: &str) {
        match value {
            Value::Object(map) => {
                for (name, value) in map.iter() {
                    let named = format!("{at}/{}", name.as_str());
                    let child = if self.known.contains_key(&named) { named } else { format!("{at}/*") };
                    self.sent(version, &child, value);
                    self.document(version, value, &child);
                }
            }
            Value::Array(items) => {
                let child = format!("{at}/*");
                for item in items {
                    self.sent(version, &child, item);
                    self.document(version, item, &child);
                }
            }
            _ => {}
        }
    }

    fn sent(&mut self, version: Version, pointer: &str, value: &Value) {
        let Some(known) = self.known.get(pointer) else { return };
        let empty = || Sent { versions: Versions::NONE, limits: BTreeSet::new() };
        let sent = self.sent.entry(pointer.to_owned()).or_insert_with(empty);
        sent.versions |= Versions::only(version);
        let reached = known.limits.iter().filter(|(_, limit)| limit.is_reached_by(value));
        sent.limits.extend(reached.map(|(told, _)| told.clone()));
    }
}
