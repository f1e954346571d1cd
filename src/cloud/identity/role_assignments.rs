//! Which roles users and groups have in projects, in domains and in the system.

use std::collections::BTreeSet;

use super::accounts::listed;
use super::directory::{HIDDEN, MEMBERS, texts};
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Actor, Cloud, Collection, Fault, Grant, Resource, Target};
use crate::cloud::verb::{Answer, Ask};
use crate::contract::Code;

/// The assignment that a path names. Everything that it names is there; without a role it stands for all of them.
fn named(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Grant, Fault> {
    let role = match ask.parameter("role_id") {
        Some(id) => existing(cloud, "roles", id)?,
        None => String::new(),
    };
    let actor = match ask.parameter("user_id") {
        Some(id) => Actor::User(existing(cloud, "users", id)?),
        None => Actor::Group(existing(cloud, "groups", ask.in_path("group_id"))?),
    };
    let target = match (ask.parameter("project_id"), ask.parameter("domain_id")) {
        // A domain is a project to Keystone.
        (Some(id), _) if cloud.known("domains", id).is_some() => Target::Domain(id.to_owned()),
        (Some(id), _) => Target::Project(existing(cloud, "projects", id)?),
        (None, Some(id)) => Target::Domain(existing(cloud, "domains", id)?),
        (None, None) => Target::System,
    };
    let inherited = ask.operation.path_text().ends_with("/inherited_to_projects");
    Ok(Grant { actor, target, inherited, role })
}

fn existing(cloud: &Cloud, collection: &str, id: &str) -> Result<String, Fault> {
    let missing = || Fault::not_found(format!("Could not find {}: {id}.", collection.trim_end_matches('s')));
    cloud.known(collection, id).map(|found| found.id.clone()).ok_or_else(missing)
}

fn unassigned(grant: &Grant) -> Fault {
    let Grant { role, actor: Actor::User(actor) | Actor::Group(actor), target, .. } = grant;
    let target = match target {
        Target::Project(id) | Target::Domain(id) => id,
        Target::System => "system",
    };
    Fault::not_found(format!(
        "Could not find role assignment with role: {role}, user or group: {actor}, project, domain, or system: {target}."
    ))
}

/// Gives a user or a group a role.
pub fn grant(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let grant = named(cloud, ask)?;
    is_of_the_place(cloud, &grant)?;
    cloud.grants.add(grant);
    cloud.follow_roles();
    ask.answer(None)
}

/// The role of a domain is given only in that domain.
fn is_of_the_place(cloud: &Cloud, grant: &Grant) -> Result<(), Fault> {
    let Grant { role, target, .. } = grant;
    let own = cloud.known("roles", role).map(|own| own.text("domain_id")).filter(|domain| !domain.is_empty());
    let Some(own) = own else { return Ok(()) };
    let (what, id) = match target {
        Target::System => {
            let why = format!(
                "Role {role} is a domain-specific role. Unable to use a domain-specific role in a system assignment."
            );
            return Err(Fault::new(Code::Rule, 400, why));
        }
        Target::Project(id) if cloud.known("projects", id).is_none_or(|project| project.text("domain_id") != own) => {
            ("Project", id)
        }
        Target::Domain(id) if id != own => ("Domain", id),
        Target::Project(_) | Target::Domain(_) => return Ok(()),
    };
    Err(Fault::new(
        Code::State,
        403,
        format!("{what} {id} must be in the same domain as the role {role} being assigned."),
    ))
}

/// Refuses filters that contradict each other.
fn refuse_contradictions(ask: &Ask<'_>, effective: bool) -> Result<(), Fault> {
    let has = |name: &str| ask.query.last(name).is_some();
    let refused = |message: String| Err(Fault::new(Code::Rule, 400, message));
    if has("user.id") && has("group.id") {
        let pairs: Vec<String> = ask.query.0.iter().map(|(name, value)| format!("('{name}', '{value}')")).collect();
        let either = "{'required': ['group.id']}, {'required': ['user.id']}";
        return refused(format!("ImmutableMultiDict([{}]) is valid under each of {either}", pairs.join(", ")));
    }
    if has("scope.project.id") && has("scope.domain.id") {
        return refused("Specify a domain or project, not both".to_owned());
    }
    if effective && has("group.id") {
        return refused("Combining effective and group filter will always result in an empty list.".to_owned());
    }
    Ok(())
}

/// Takes a role away.
pub fn revoke(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let grant = named(cloud, ask)?;
    if !cloud.grants.remove(&grant) {
        return Err(unassigned(&grant));
    }
    cloud.follow_roles();
    ask.answer(None)
}

/// Is a role assigned?
pub fn check(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let grant = named(cloud, ask)?;
    match cloud.grants.has(&grant) {
        true => ask.answer(None),
        false => Err(unassigned(&grant)),
    }
}

/// The roles that a user or a group was given at a place.
pub fn index_of_actor(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let Grant { actor, target, inherited, .. } = named(cloud, ask)?;
    let own = cloud.grants.of(&actor).filter(|grant| grant.target == target && grant.inherited == inherited);
    let roles = own.filter_map(|grant| cloud.known("roles", &grant.role)).map(shown_role).collect();
    ask.answer(Some(listed(ask, roles)))
}

/// A role without what nobody sees.
fn shown_role(role: &Resource) -> Value {
    Value::Object(role.body.clone().into_iter().filter(|(field, _)| !HIDDEN.contains(&field.as_str())).collect())
}

/// Every assignment, as the query narrows it.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let is_asked = |name: &str| ask.query.last(name).is_some_and(|word| word.is_empty() || truth(word) != Some(false));
    let (with_names, effective) = (is_asked("include_names"), is_asked("effective"));
    refuse_contradictions(ask, effective)?;
    let cloud = &*cloud;
    let rows = cloud.grants.iter().flat_map(|grant| match effective {
        true => expanded(cloud, grant),
        false => vec![Row { grant: Grant::clone(grant), group: None, prior: None }],
    });
    let wanted = |row: &Row| is_wanted(cloud, ask, &row.grant);
    let rows: Value = rows.filter(wanted).filter_map(|row| shown(cloud, &row, with_names)).collect();
    ask.answer(Some(listed(ask, rows)))
}

/// An assignment in the list, and the group by which a user has it.
struct Row {
    grant: Grant,
    group: Option<String>,
    /// The role that was granted, if this one is only implied by it.
    prior: Option<String>,
}

/// What an assignment comes to: of each member of a group, in each project that inherits, with the roles that it implies.
fn expanded(cloud: &Cloud, grant: &Grant) -> Vec<Row> {
    let (actors, group) = match &grant.actor {
        Actor::User(_) => (vec![grant.actor.clone()], None),
        Actor::Group(id) => {
            let members = cloud.known("groups", id).map_or_else(Vec::new, |group| texts(group.body.list(MEMBERS)));
            (members.into_iter().map(Actor::User).collect(), Some(id.clone()))
        }
    };
    let targets: Vec<Target> = match grant.inherited {
        false => vec![grant.target.clone()],
        true => {
            let projects = cloud.collections.get("projects").into_iter().flat_map(Collection::iter);
            let inherits = |project: &&Resource| match &grant.target {
                Target::Domain(id) => project.text("domain_id") == id,
                Target::Project(id) => cloud.parents(&project.id).any(|parent| parent.id == *id),
                Target::System => false,
            };
            projects.filter(inherits).map(|project| Target::Project(project.id.clone())).collect()
        }
    };
    let mut roles = cloud.with_implied(BTreeSet::from([grant.role.clone()]));
    roles.retain(|role| role.text("domain_id").is_empty());
    let mut rows = Vec::new();
    for actor in &actors {
        for target in &targets {
            rows.extend(roles.iter().map(|role| Row {
                grant: Grant { actor: actor.clone(), target: target.clone(), inherited: false, role: role.id.clone() },
                group: group.clone(),
                prior: Some(grant.role.clone()).filter(|granted| *granted != role.id),
            }));
        }
    }
    rows
}

fn is_wanted(cloud: &Cloud, ask: &Ask<'_>, grant: &Grant) -> bool {
    let asked = |name: &str| ask.query.last(name);
    let is = |name: &str, own: Option<&str>| asked(name).is_none_or(|wanted| own == Some(wanted));
    let (user, group) = match &grant.actor {
        Actor::User(id) => (Some(id.as_str()), None),
        Actor::Group(id) => (None, Some(id.as_str())),
    };
    let (project, domain, system) = match &grant.target {
        Target::Project(id) => (Some(id.as_str()), None, None),
        Target::Domain(id) => (None, Some(id.as_str()), None),
        Target::System => (None, None, Some("all")),
    };
    let with_subtree = asked("include_subtree").is_some_and(|word| word.is_empty() || truth(word) != Some(false));
    let is_below = with_subtree
        && project
            .is_some_and(|own| cloud.parents(own).any(|parent| Some(parent.id.as_str()) == asked("scope.project.id")));
    is("role.id", Some(&grant.role))
        && is("user.id", user)
        && is("group.id", group)
        && (is("scope.project.id", project) || is_below)
        && is("scope.domain.id", domain)
        && (asked("scope.system").is_none() || system.is_some())
        && is("scope.OS-INHERIT:inherited_to", grant.inherited.then_some("projects"))
}

fn shown(cloud: &Cloud, row: &Row, with_names: bool) -> Option<Value> {
    let Row { grant, group, prior } = row;
    let entity = |collection: &str, id: &str| {
        let found = cloud.known(collection, id)?;
        let mut fields = Map::from_iter([("id", json!(id))]);
        if with_names {
            fields.insert("name", json!(found.text("name")));
            let domain = cloud.known("domains", found.text("domain_id"));
            let domain = domain.map(|domain| json!({"id": domain.id, "name": domain.text("name")}));
            fields.extend(domain.map(|domain| ("domain".to_owned(), domain)));
        }
        Some(Value::Object(fields))
    };
    let (kind, collection, actor) = match &grant.actor {
        Actor::User(id) => ("user", "users", id),
        Actor::Group(id) => ("group", "groups", id),
    };
    let (mut scope, place) = match &grant.target {
        Target::Project(id) => (json!({"project": entity("projects", id)?}), format!("projects/{id}")),
        Target::Domain(id) => (json!({"domain": entity("domains", id)?}), format!("domains/{id}")),
        Target::System => (json!({"system": {"all": true}}), "system".to_owned()),
    };
    let by = group.as_ref().map_or_else(|| format!("{collection}/{actor}"), |group| format!("groups/{group}"));
    let path = format!("{place}/{by}/roles/{}", prior.as_ref().unwrap_or(&grant.role));
    let assignment = match grant.inherited {
        true => format!("self:OS-INHERIT/{path}/inherited_to_projects"),
        false => format!("self:{path}"),
    };
    if grant.inherited {
        scope["OS-INHERIT:inherited_to"] = json!("projects");
    }
    let mut links = json!({"assignment": assignment});
    if let Some(group) = group {
        links["membership"] = json!(format!("self:groups/{group}/users/{actor}"));
    }
    if let Some(prior) = prior {
        links["prior_role"] = json!(format!("self:prior_role/{}/implies/{prior}", grant.role));
    }
    let mut shown = json!({"links": links, "role": entity("roles", &grant.role)?, "scope": scope});
    shown[kind] = entity(collection, actor)?;
    Some(shown)
}
