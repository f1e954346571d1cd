//! What a recording shows of the cloud: the resources that were there when it began, and those that came with each write.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::key::without_numbers;
use super::tape::{Entry, created, texts};
use crate::base::Version;
use crate::base::json::Value;
use crate::cloud::Shown;
use crate::contract::{Contracts, Dialect, Effect};
use crate::exchange::ruling::{Ruling, Target};

/// The resources in a recording, each as it first appeared.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// What no write of the recording made.
    pub initial: Vec<Shown>,
    /// What a write made, and what names that, by the sequence of the write.
    pub made: BTreeMap<u64, Vec<Shown>>,
}

/// The resources in an answer, if it is a success and the request is about a collection.
pub fn shown(contracts: &Contracts, ruling: &Ruling<'_>, status: u16, body: Option<&Value>) -> Vec<Shown> {
    let Target { contract: Some(contract), operation: Some(operation), version } = ruling.target else {
        return Vec::new();
    };
    let (Some(collection), Some(body), Ok(table)) = (&operation.collection, body, contract.table()) else {
        return Vec::new();
    };
    let tells = matches!(
        operation.effect,
        Some(
            Effect::Index
                | Effect::Detail
                | Effect::Show
                | Effect::Create
                | Effect::CreateServer
                | Effect::Update
                | Effect::UpdateServer
        )
    );
    // Nova shows other services' resources in its own way.
    let is_elsewhere = |name: &str| {
        let others = contracts.services().iter().filter(|other| other.service.dialect != Dialect::Nova);
        contract.service.dialect == Dialect::Nova && others.into_iter().any(|other| other.has_collection(name))
    };
    let version = version.unwrap_or(Version::FIRST);
    let row = operation.responses.iter().find(|row| row.status == status && row.versions.contains(version));
    let Some(schema) = row.and_then(|row| row.body).filter(|_| tells && status < 300) else { return Vec::new() };
    if contract.service.classic || is_elsewhere(collection) {
        return Vec::new();
    }
    let resources = table.schemas.resources_in(schema, version, body).into_iter();
    let told = resources.filter_map(|mut fields| {
        fields.retain(|_, value| !is_placeholder(value));
        let id = fields.get("id").and_then(Value::as_str).or_else(|| fields.get("name")?.as_str())?.to_owned();
        Some(Shown { collection: collection.clone(), id, fields })
    });
    told.collect()
}

/// Is it what stands for a secret?
fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(|text| without_numbers(text) != text)
}

impl World {
    /// The resources in `entries`, each with the fields in its answer.
    pub fn of<'e>(entries: impl Iterator<Item = (&'e Entry, Vec<Shown>)>) -> World {
        let (mut makers, mut places, mut all) = (HashMap::<String, u64>::default(), HashMap::default(), Vec::new());
        for (entry, told) in entries {
            if entry.is_write && entry.status < 300 {
                let ids = entry.body.as_ref().map(created).unwrap_or_default();
                // A write to a resource answers with it, too.
                let is_new = |id: &String| !entry.key.parameters.contains(id);
                for id in ids.into_iter().filter(is_new) {
                    makers.entry(id).or_insert(entry.sequence);
                }
            }
            for shown in told {
                let place = *places.entry((shown.collection.clone(), shown.id.clone())).or_insert_with(|| {
                    all.push(Shown { fields: crate::base::json::Map::new(), ..shown.clone() });
                    all.len() - 1
                });
                let first: &mut Shown = &mut all[place];
                for (name, value) in shown.fields {
                    first.fields.get_or_insert_with(name, || value);
                }
            }
        }
        let mut world = World::default();
        for shown in all {
            let mut named = BTreeSet::from([shown.id.clone()]);
            shown.fields.values().for_each(|value| texts(value, &mut named));
            // The last of those that made it, or what it names.
            match named.iter().filter_map(|id| makers.get(id)).max() {
                Some(maker) => world.made.entry(*maker).or_default().push(shown),
                None => world.initial.push(shown),
            }
        }
        world
    }
}
