//! What several tests need: the contracts and the examples that stand beside them, clouds with and without sockets.

pub mod bless;
pub mod generate;
pub mod simulated;
pub mod story;
pub mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use mockstack::base::json::{Map, Value, json};
use mockstack::base::{Version, Versions};
use mockstack::contract::{Contracts, Operation, SchemaId, Schemas, ServiceContract, prune};

/// The embedded contracts, read once a test program.
pub fn contracts() -> &'static Arc<Contracts> {
    static CONTRACTS: LazyLock<Arc<Contracts>> =
        LazyLock::new(|| Contracts::embedded().unwrap_or_else(|error| panic!("{error}")).into());
    &CONTRACTS
}

/// Every row, with its service.
pub fn rows() -> Vec<(&'static ServiceContract, &'static Operation)> {
    let table = |contract: &'static ServiceContract| contract.table().unwrap_or_else(|error| panic!("{error}"));
    contracts()
        .services()
        .iter()
        .flat_map(|contract| table(contract).operations.iter().map(move |row| (contract, row)))
        .collect()
}

/// The row `id` with its service and schemas.
pub fn row(id: &str) -> (&'static ServiceContract, &'static Operation, &'static Schemas) {
    let found = contracts().operation(id).unwrap_or_else(|error| panic!("{error}"));
    let (contract, operation) = found.unwrap_or_else(|| panic!("no row is called {id}"));
    (contract, operation, &contract.table().unwrap().schemas)
}

/// A case that stands in a file beside the contract: `contracts/…/examples/ROW/{accepted,refused}/WHAT.json`.
pub struct Example {
    /// The file.
    pub path: PathBuf,
    /// The folder of the contract: `contracts/compute/v2.1`.
    pub folder: String,
    /// The row without its service: `servers.create`.
    pub row: String,
    /// `accepted` or `refused`.
    pub kind: String,
    /// What the example shows: `not-yet-tags`.
    pub name: String,
    /// The case.
    pub case: Value,
}

/// Every example, read once a test program.
pub fn examples() -> &'static [Example] {
    static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        walk_folder(&root.join("contracts"), &mut files);
        files.sort();
        files.iter().map(|path| example(root, path)).collect()
    });
    &EXAMPLES
}

fn walk_folder(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk_folder(&path, files);
        } else if path.extension().is_none_or(|extension| extension != "yaml") {
            files.push(path);
        }
    }
}

fn example(root: &Path, path: &Path) -> Example {
    let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
    let parts: Vec<&str> = name.split('/').collect();
    let ["contracts", service, version, "examples", row, kind, file] = parts.as_slice() else {
        panic!("{name}: expected contracts/SERVICE/VERSION/examples/ROW/KIND/WHAT.json");
    };
    let what = file.strip_suffix(".json").unwrap_or_else(|| panic!("{name}: expected a .json file"));
    let text = fs::read_to_string(path).unwrap();
    let case = mockstack::base::json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    Example {
        path: path.to_owned(),
        folder: format!("contracts/{service}/{version}"),
        row: (*row).to_owned(),
        kind: (*kind).to_owned(),
        name: what.to_owned(),
        case,
    }
}

/// The examples of a row. Of one that is another API version's, those that are asked at the first version of that.
pub fn examples_of(contract: &ServiceContract, operation: &Operation) -> Vec<&'static Example> {
    let (folder, _) = operation.place.file.rsplit_once('/').unwrap();
    let row = operation.id.strip_prefix(&format!("{}.", contract.service.name)).unwrap();
    let first = contract.service.rows_of.as_ref().map(|name| {
        let other = contracts().services().iter().find(|other| other.service.name == *name).unwrap();
        other.service.microversions.as_ref().unwrap().minimum.to_string()
    });
    let is_asked = |example: &&Example| {
        let asked = example.case.get("microversion").and_then(Value::as_str);
        first.as_deref().is_none_or(|first| asked.is_none_or(|asked| asked == first))
    };
    let own = examples().iter().filter(|example| example.folder == folder && example.row == row);
    own.filter(is_asked).collect()
}

/// A query as the judge wants it: an object of lists.
pub fn query_document(case: &Value) -> Value {
    let listed = |value: &Value| if value.is_array() { value.clone() } else { json!([value]) };
    let map = case.get("query").and_then(Value::as_object).cloned().unwrap_or_default();
    Value::Object(map.iter().map(|(name, value)| (name.clone(), listed(value))).collect::<Map>())
}

/// Where a schema has fields, told by its pruned forms.
#[derive(Default)]
pub struct Shape {
    /// The versions in which each place exists; items of lists are `*`, other fields `{}`.
    pub present: BTreeMap<Vec<String>, Versions>,
    /// The versions in which the object at a place refuses fields that it does not name.
    pub strict: BTreeMap<Vec<String>, Versions>,
    /// Fields that an object requires and does not have.
    pub lacking: BTreeSet<String>,
}

impl Shape {
    /// The shape of a schema in the versions of `api`.
    pub fn of(schemas: &Schemas, id: SchemaId, api: Versions) -> Shape {
        let mut shape = Shape::default();
        for version in api.iter() {
            shape.add(&prune(schemas, id, version), version, &mut Vec::new());
        }
        shape
    }

    fn add(&mut self, schema: &Value, version: Version, path: &mut Vec<String>) {
        *self.present.entry(path.clone()).or_default() |= Versions::only(version);
        if schema["additionalProperties"] == json!(false) {
            *self.strict.entry(path.clone()).or_default() |= Versions::only(version);
        }
        let named = |key: &str| schema.get(key).and_then(Value::as_object).into_iter().flatten();
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if schema["properties"].get(required.as_str().unwrap()).is_none() {
                self.lacking.insert(format!("{}/{} at {version}", path.join("/"), required));
            }
        }
        named("properties").for_each(|(name, field)| self.below(field, version, path, name));
        named("patternProperties").for_each(|(_, field)| self.below(field, version, path, "{}"));
        for (key, step) in [("items", "*"), ("additionalProperties", "{}")] {
            if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
                self.below(inner, version, path, step);
            }
        }
        for key in ["then", "else"] {
            schema.get(key).into_iter().for_each(|form| self.add(form, version, path));
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            schema
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .for_each(|form| self.add(form, version, path));
        }
    }

    fn below(&mut self, schema: &Value, version: Version, path: &mut Vec<String>, step: &str) {
        path.push(step.to_owned());
        self.add(schema, version, path);
        path.pop();
    }

    /// The fields that do not live as long as the object they are in, with their lifetime and the object's.
    pub fn restricted(&self) -> Vec<(&[String], Versions, Versions)> {
        let with_parent = self.present.iter().filter_map(|(path, lifetime)| {
            let parent = self.present[path.split_last()?.1];
            (*lifetime != parent).then_some((path.as_slice(), *lifetime, parent))
        });
        with_parent.collect()
    }
}

/// Is there a value at `path`, in which `*` is any item?
pub fn has(value: &Value, path: &[String]) -> bool {
    match path.split_first() {
        None => true,
        Some((step, rest)) if step == "*" => {
            value.as_array().is_some_and(|items| items.iter().any(|item| has(item, rest)))
        }
        Some((step, rest)) => value.get(step).is_some_and(|inner| has(inner, rest)),
    }
}

/// The same as serde_json has it, for the tools of others.
pub fn of_serde(value: &Value) -> serde_json::Value {
    serde_json::from_str(&value.to_string()).unwrap()
}
