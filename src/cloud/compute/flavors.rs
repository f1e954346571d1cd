//! Flavors, and the projects that may use those that are not public.

use super::quota_sets::invalid_project;
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Resource, SHARED_WITH};
use crate::cloud::verb::{
    Answer, Ask, Identifier, Missing, Order, Owner, ResourceType, Scope, by_publicity, links, visible,
};
use crate::contract::Code;

pub const FLAVORS: ResourceType = ResourceType {
    collection: "flavors",
    owner: Owner::Cloud,
    id: Identifier::Asked,
    unique: &[("name", "Flavor with name {name} already exists."), ("id", "Flavor with ID {id} already exists.")],
    missing: &[Missing::any("Flavor {id} could not be found.")],
    derive,
    published: |flavor| flavor.get(PUBLIC)?.as_bool(),
    complete,
    scope,
    order: |_| Order::By("id"),
    ..ResourceType::PLAIN
};

fn derive(collection: &str, flavor: &mut Map) {
    links::derive(collection, flavor);
    // Until 2.74 no swap is the empty text.
    let swap = flavor.get("swap").cloned().filter(|swap| *swap != json!(0)).unwrap_or_else(|| json!(""));
    flavor.insert("swap_or_blank", swap);
}

/// What a list of flavors shows.
fn scope(ask: &Ask<'_>) -> Result<Scope, Fault> {
    for filter in ["minRam", "minDisk"] {
        if let Some(number) = ask.query.last(filter).filter(|number| number.parse::<i64>().is_err()) {
            return Err(Fault::new(Code::Rule, 400, format!("Invalid {filter} filter [{number}]")));
        }
    }
    by_publicity(ask)
}

/// Numbers may be strings of digits, booleans may be words; nobody has access to a flavor that is not public, not even its creator.
pub fn complete(_: &mut Cloud, _: &Ask<'_>, flavor: &mut Map) -> Result<(), Fault> {
    for field in NUMBERS {
        let number = match flavor.get(field) {
            Some(Value::String(text)) => text.parse::<u64>().map_or(Value::Null, Value::from),
            Some(Value::Number(number)) => json!(number.as_f64().map_or(0, |number| number as u64)),
            _ => json!(0),
        };
        flavor.insert(field, number);
    }
    if let Some(factor) = flavor.get("rxtx_factor").and_then(as_float) {
        flavor.insert("rxtx_factor", json!(factor));
    }
    if let Some(name) = flavor.get("name").and_then(Value::as_str).map(str::trim) {
        flavor.insert("name", json!(name.to_owned()));
    }
    let public = match flavor.get(PUBLIC) {
        Some(Value::String(word)) => truth(word).unwrap_or(true),
        Some(Value::Bool(public)) => *public,
        _ => true,
    };
    flavor.insert(PUBLIC.to_owned(), json!(public));
    if !public {
        flavor.get_or_insert_with(SHARED_WITH, || Value::from(Vec::<Value>::new()));
    }
    Ok(())
}

/// The field that says whether a flavor is for every project.
pub const PUBLIC: &str = "os-flavor-access:is_public";

/// What a flavor has none of unless it says so.
const NUMBERS: [&str; 5] = ["ram", "vcpus", "disk", "OS-FLV-EXT-DATA:ephemeral", "swap"];

fn as_float(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// The projects that may use the flavor that the path names.
pub fn index_access(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let flavor = visible(cloud, ask, false)?;
    if flavor.public {
        return Err(Fault::not_found("Access list not available for public flavors."));
    }
    ask.answer(Some(access(&flavor)))
}

/// Gives a project access to the flavor.
pub fn add_access(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let project = known_project(cloud, ask)?;
    let number = number(cloud, ask);
    let mut flavor = visible(cloud, ask, false)?;
    // Nova did not mind before 2.7.
    if flavor.public && ask.version.is_since(2, 7) {
        return Err(Fault::new(Code::State, 409, "Can not add access to a public flavor."));
    }
    let mut projects = flavor.shared_with().to_vec();
    if projects.contains(&json!(project)) {
        let message = format!("Flavor access already exists for flavor {number} and project {project} combination.");
        return Err(Fault::new(Code::State, 409, message));
    }
    projects.push(json!(project));
    flavor.set(SHARED_WITH, projects);
    ask.answer(Some(access(&flavor)))
}

/// Removes a project's access to the flavor, even if the project no longer exists.
pub fn remove_access(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let project = ask.required("tenant")?;
    let number = number(cloud, ask);
    let mut flavor = visible(cloud, ask, false)?;
    let mut projects = flavor.shared_with().to_vec();
    let Some(place) = projects.iter().position(|other| *other == json!(project)) else {
        let message = format!("Flavor access not found for {number} / {project} combination.");
        return Err(Fault::not_found(message));
    };
    projects.remove(place);
    flavor.set(SHARED_WITH, projects);
    ask.answer(Some(access(&flavor)))
}

/// Refusals name the flavor that the path names by its number in the database. One that is not there is refused before.
fn number(cloud: &mut Cloud, ask: &Ask<'_>) -> u64 {
    cloud.collection("flavors").number_of(ask.id()).unwrap_or_default()
}

/// Nova asks Keystone whether there is such a project.
fn known_project(cloud: &Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    let project = ask.required("tenant")?;
    match cloud.project_name(&project) {
        Some(_) => Ok(project),
        None => Err(invalid_project(&project)),
    }
}

fn access(flavor: &Resource) -> Value {
    let row = |project: &Value| json!({"flavor_id": flavor.id, "tenant_id": project});
    let rows: Value = flavor.shared_with().iter().map(row).collect();
    json!({"flavor_access": rows})
}
