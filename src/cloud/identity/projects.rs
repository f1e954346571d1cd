//! Projects and domains: where they are in the tree, and what goes with them. Source: keystone/resource/core.py.

use super::accounts::enabled;
use super::directory::is_enabled;
use super::options;
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Collection, Fault, Resource};
use crate::cloud::verb::{
    Answer, Ask, Listed, Scope, create as usual_create, resources_of, shown_fields, visible, wrapped,
};
use crate::contract::{Code, Service};

/// How deep projects may be below their domain.
const DEEPEST: usize = 5;

/// A project is below another, or below its domain.
pub fn complete(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
    let (parent, given) = (text("parent_id"), text("domain_id"));
    let usual =
        || ask.caller.and_then(|caller| caller.domain.clone()).unwrap_or_else(|| cloud.fixture.domain.id.clone());
    let domain = given.unwrap_or_else(usual);
    fields.insert("domain_id", json!(domain));
    if cloud.known("domains", &domain).is_none() {
        return Err(invalid(&format!("Could not find domain: {domain}.")));
    }
    let parent = parent.unwrap_or_else(|| domain.clone());
    fields.insert("parent_id", json!(parent));
    enabled(fields);
    place(cloud, &parent, &domain)
}

fn place(cloud: &Cloud, parent: &str, domain: &str) -> Result<(), Fault> {
    if cloud.known("domains", parent).is_some() {
        return match parent == domain {
            true => Ok(()),
            false => Err(invalid(&format!(
                "Cannot create project, the parent ({parent}) is acting as a domain, but this project's domain id ({domain}) does not \
                 match the parent's id."
            ))),
        };
    }
    let Some(found) = cloud.known("projects", parent) else {
        return Err(invalid(&format!("Could not find project: {parent}.")));
    };
    let its = found.text("domain_id");
    if its != domain {
        return Err(invalid(&format!(
            "Cannot create project, since it specifies its domain_id {domain}, but specifies a parent in a different domain ({its})."
        )));
    }
    let above: Vec<&Resource> = std::iter::once(found).chain(cloud.parents(parent)).collect();
    if let Some(disabled) = above.iter().find(|own| !is_enabled(own)) {
        let id = &disabled.id;
        return Err(invalid(&format!("cannot create a project in a branch containing a disabled project: {id}")));
    }
    match above.len() < DEEPEST {
        true => Ok(()),
        false => Err(Fault::new(Code::Quota, 403, format!("Max hierarchy depth reached for {parent} branch."))),
    }
}

/// What Keystone calls one of a collection.
fn singular(collection: &str) -> &str {
    collection.trim_end_matches('s')
}

fn invalid(message: &str) -> Fault {
    Fault::new(Code::Rule, 400, message)
}

/// Where the project is kept that the path names: a domain is one to Keystone.
pub fn kept_in(cloud: &Cloud, ask: &Ask<'_>) -> Option<&'static str> {
    let is_one = ask.collection() == "projects" && !ask.parameters.is_empty();
    (is_one && cloud.known("domains", ask.id()).is_some()).then_some("domains")
}

/// A project is enabled only below projects that are, and disabled only above projects that are not.
pub fn change(cloud: &mut Cloud, ask: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    enabled(fields);
    options::change(cloud, ask, fields, singular(ask.collection()))?;
    let id = ask.id();
    let now = fields.get("enabled") != Some(&Value::Bool(false));
    let before = cloud.known(ask.collection(), id);
    let was = before.is_none_or(is_enabled);
    let is_moved = |field: &str| {
        ask.fields().contains_key(field) && before.is_some_and(|before| before.body.get(field) != fields.get(field))
    };
    // What a domain has under these names as a project is not told to who asks for domains.
    if ask.list_name() != "projects" {
        return Ok(());
    }
    if is_moved("domain_id") {
        return Err(invalid("Cannot change Domain ID"));
    }
    if is_moved("parent_id") {
        return Err(refused("Update of `parent_id` is not allowed."));
    }
    if is_moved("is_domain") {
        return Err(invalid("Update of `is_domain` is not allowed."));
    }
    if ask.collection() != "projects" {
        return Ok(());
    }
    if !was && now && cloud.parents(id).any(|parent| !is_enabled(parent)) {
        return Err(refused(&format!("Cannot enable project {id} since it has disabled parents")));
    }
    if was && !now && below(cloud, id).iter().any(|child| is_enabled(child)) {
        return Err(refused(&format!("Cannot disable project {id} since its subtree contains enabled projects.")));
    }
    Ok(())
}

/// A 403 that has nothing to do with who asks.
fn refused(message: &str) -> Fault {
    Fault::new(Code::State, 403, message)
}

/// A project with others below it stays; one that goes takes its assignments along.
pub fn leave(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    options::refuse_to_delete(cloud, "projects", id, singular("projects"))?;
    if !below(cloud, id).is_empty() {
        return Err(refused(&format!(
            "Cannot delete the project {id} since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a \
             whole subtree."
        )));
    }
    forget_project(cloud, id);
    Ok(())
}

fn forget_project(cloud: &mut Cloud, id: &str) {
    cloud.grants.forget(id);
    for collection in ["credentials", "application_credentials"] {
        cloud.collection(collection).retain(|own| own.text("project_id") != id);
    }
}

/// An enabled domain stays; one that goes takes all that is in it along.
pub fn domain_leaves(cloud: &mut Cloud, _: &Ask<'_>, id: &str) -> Result<(), Fault> {
    options::refuse_to_delete(cloud, "domains", id, singular("domains"))?;
    if cloud.known("domains", id).is_none_or(is_enabled) {
        return Err(refused("Cannot delete a domain that is enabled, please disable it first."));
    }
    for collection in ["projects", "users", "groups", "roles"] {
        let own = cloud.collections.get(collection).into_iter().flat_map(Collection::iter);
        let own: Vec<String> = own.filter(|own| own.text("domain_id") == id).map(|own| own.id.clone()).collect();
        for own in own {
            cloud.grants.forget(&own);
            cloud.collection(collection).remove(&own);
        }
    }
    cloud.grants.forget(id);
    Ok(())
}

/// The projects below the project `id`, the nearest first.
pub fn below<'c>(cloud: &'c Cloud, id: &str) -> Vec<&'c Resource> {
    let all: Vec<&Resource> = cloud.collections.get("projects").into_iter().flat_map(Collection::iter).collect();
    let mut found: Vec<&Resource> = Vec::new();
    let mut open = vec![id.to_owned()];
    while let Some(parent) = open.pop() {
        let children = all.iter().filter(|own| own.text("parent_id") == parent);
        for child in children {
            found.push(child);
            open.push(child.id.clone());
        }
    }
    found
}

/// A new project. One that acts as a domain is a domain.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = ask.fields();
    if fields.get("is_domain") != Some(&Value::Bool(true)) {
        return usual_create(cloud, ask);
    }
    if fields.get("parent_id").or(fields.get("domain_id")).is_some_and(|id| !id.is_null()) {
        return Err(invalid("only root projects are allowed to act as domains."));
    }
    let own = (ask.types)("domains");
    let mut domain = own.new_resource(cloud, ask, fields);
    (own.complete)(cloud, ask, &mut domain.body)?;
    own.refuse_twin(cloud, &domain, None)?;
    (own.derive)(own.collection, &mut domain.body);
    let shown = ask.resource_type().view(cloud, ask.service, &domain);
    cloud.add("domains", domain);
    ask.answer(Some(wrapped(ask, Value::Object(shown))))
}

/// What a domain has as a project, and does not show as a domain.
const OF_PROJECTS: [&str; 3] = ["is_domain", "domain_id", "parent_id"];

/// A domain is a project to Keystone, at the top of the tree.
pub fn complete_domain(_: &mut Cloud, _: &Ask<'_>, fields: &mut Map) -> Result<(), Fault> {
    enabled(fields);
    fields.insert("is_domain", json!(true));
    fields.insert("domain_id", Value::Null);
    fields.insert("parent_id", Value::Null);
    Ok(())
}

/// A domain as one.
pub fn as_domain(_: &Cloud, _: &Service, _: &Resource, body: &mut Map) {
    body.retain(|field, _| !OF_PROJECTS.contains(&field.as_str()));
}

/// A project, or a domain as one.
pub fn as_project(_: &Cloud, _: &Service, project: &Resource, body: &mut Map) {
    body.insert("links", json!({"self": format!("self:projects/{}", project.id)}));
}

/// The projects; domains to those who ask for them.
pub fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let are_domains = ask.query.last("is_domain").is_some_and(|word| truth(word) == Some(true));
    let collection = if are_domains { "domains" } else { "projects" };
    let resources = resources_of(cloud, ask, collection, Scope::Visible)?;
    Ok(Listed { cloud, resources })
}

/// A project, with what is above and below it if the query asks for that.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    visible(cloud, ask, true)?;
    let is_asked = |name: &str| ask.query.last(name).is_some_and(|word| word.is_empty() || truth(word) != Some(false));
    for (one, other) in [("parents_as_list", "parents_as_ids"), ("subtree_as_list", "subtree_as_ids")] {
        if is_asked(one) && is_asked(other) {
            return Err(invalid(&format!("Cannot use {one} and {other} query params at the same time.")));
        }
    }
    let mut body = shown_fields(cloud, ask);
    let (cloud, id) = (&*cloud, ask.id());
    let user = ask.asking_user();
    let own = |project: &&Resource| {
        !cloud.roles_at(user, &crate::cloud::store::Target::Project(project.id.clone())).is_empty()
    };
    let list = |all: Vec<&Resource>| -> Value {
        all.into_iter().filter(own).map(|project| json!({"project": Value::Object(project.body.clone())})).collect()
    };
    if is_asked("parents_as_list") {
        body.insert("parents", list(cloud.parents(id).collect()));
    } else if is_asked("parents_as_ids") {
        body.insert("parents", parents_as_ids(cloud, id));
    }
    if is_asked("subtree_as_list") {
        body.insert("subtree", list(below(cloud, id)));
    } else if is_asked("subtree_as_ids") {
        body.insert("subtree", subtree_as_ids(cloud, id));
    }
    ask.answer(Some(wrapped(ask, Value::Object(body))))
}

/// `{"parent": {"its parent": {"the domain": null}}}`
fn parents_as_ids(cloud: &Cloud, id: &str) -> Value {
    let parent = cloud.known("projects", id).map(|own| own.text("parent_id")).filter(|parent| !parent.is_empty());
    parent.map_or(Value::Null, |parent| {
        Value::Object(Map::from_iter([(parent.to_owned(), parents_as_ids(cloud, parent))]))
    })
}

fn subtree_as_ids(cloud: &Cloud, id: &str) -> Value {
    let all = cloud.collections.get("projects").into_iter().flat_map(Collection::iter);
    let children = all.filter(|own| own.text("parent_id") == id);
    let children: Map = children.map(|own| (own.id.clone(), subtree_as_ids(cloud, &own.id))).collect();
    if children.is_empty() { Value::Null } else { Value::Object(children) }
}
