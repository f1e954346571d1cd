//! Which roles a user has where: its own and those of its groups, those that it inherits from above, and those that these
//! imply. Source: keystone/assignment/core.py.

use std::collections::BTreeSet;

use super::directory::{IMPLIES, MEMBERS, is_enabled, texts, word};
use crate::base::json::Value;
use crate::cloud::store::{Actor, Caller, Cloud, Collection, Grant, Resource, Target};

impl Cloud {
    /// The roles that a user has at a place, by their names.
    pub(super) fn roles_at(&self, user: &str, target: &Target) -> Vec<&Resource> {
        let above = self.above(target);
        let counts = |grant: &&Grant| match grant.inherited {
            true => above.contains(&grant.target),
            false => grant.target == *target,
        };
        let mut ids: BTreeSet<String> = BTreeSet::new();
        for actor in self.actors(user) {
            ids.extend(self.grants.of(&actor).filter(counts).map(|grant| grant.role.clone()));
        }
        self.with_implied(ids)
    }

    /// The roles `ids` and all that they imply, by their names.
    pub(super) fn with_implied(&self, ids: BTreeSet<String>) -> Vec<&Resource> {
        let mut open: Vec<&Resource> = ids.iter().filter_map(|id| self.known("roles", id)).collect();
        let mut found: Vec<&Resource> = Vec::new();
        while let Some(role) = open.pop() {
            if !found.iter().any(|own| own.id == role.id) {
                found.push(role);
                open.extend(self.implied_by(role));
            }
        }
        found.sort_by_key(|role| role.text("name"));
        found
    }

    /// The roles that `role` itself implies.
    pub(super) fn implied_by(&self, role: &Resource) -> Vec<&Resource> {
        let ids = texts(role.body.list(IMPLIES));
        ids.iter().filter_map(|id| self.known("roles", id)).collect()
    }

    /// A user, and the groups that it is in.
    fn actors(&self, user: &str) -> Vec<Actor> {
        let groups = self.collections.get("groups").into_iter().flat_map(Collection::iter);
        let own = groups.filter(|group| is_member(group, user)).map(|group| Actor::Group(group.id.clone()));
        std::iter::once(Actor::User(user.to_owned())).chain(own).collect()
    }

    /// The places from which a project inherits: the projects above, and the domain.
    fn above(&self, target: &Target) -> Vec<Target> {
        let Target::Project(id) = target else { return Vec::new() };
        let mut above: Vec<Target> = self.parents(id).map(|parent| Target::Project(parent.id.clone())).collect();
        let own = self.known("projects", id);
        above.extend(own.map(|project| Target::Domain(project.text("domain_id").to_owned())));
        // Keystone's database does not tell a project that inherits to those below from one that is below.
        above
    }

    /// The projects above the project `id`, from the nearest on.
    pub(super) fn parents<'c>(&'c self, id: &str) -> impl Iterator<Item = &'c Resource> + use<'c> {
        let up = |project: &&Resource| self.known("projects", project.text("parent_id"));
        std::iter::successors(self.known("projects", id).as_ref().and_then(up), move |project| up(project))
    }

    /// The caller that a user is at a place, or without one; `None` if it has no role there.
    pub(super) fn enter(&self, user: &str, target: Option<&Target>) -> Option<Caller> {
        let caller = Caller { user: user.to_owned(), ..Caller::default() };
        let Some(target) = target else { return Some(caller) };
        let roles = self.roles_at(user, target);
        // A role of a domain counts only by what it implies.
        let roles = roles.into_iter().filter(|role| role.body.get("domain_id").is_none_or(Value::is_null));
        let roles: Vec<String> = roles.map(|role| role.text("name").to_owned()).collect();
        if roles.is_empty() {
            return None;
        }
        let admin = roles.iter().any(|role| role == "admin");
        let caller = Caller { roles, admin, ..caller };
        Some(match target {
            Target::Project(id) => Caller { project: Some(id.clone()), project_name: self.project_name(id), ..caller },
            Target::Domain(id) => Caller { domain: Some(id.clone()), ..caller },
            Target::System => Caller { system: true, ..caller },
        })
    }

    /// Who has a token has the roles that it has now: those of tokens follow what was granted and taken away. A token ends with its
    /// user, its project or domain, its application credential, or the last role.
    pub(super) fn follow_roles(&mut self) {
        let Cloud { tokens, .. } = self;
        let mut tokens = std::mem::take(tokens);
        tokens.follow(|token| {
            let Caller { user, project, domain, system, .. } = &*token.caller;
            let target = match (project, domain, system) {
                (Some(id), ..) => Some(Target::Project(id.clone())),
                (None, Some(id), _) => Some(Target::Domain(id.clone())),
                (None, None, true) => Some(Target::System),
                _ => None,
            };
            let is_usable = |collection, id: &Option<String>| {
                id.as_ref().is_none_or(|id| self.known(collection, id).is_some_and(is_enabled))
            };
            let key = token.application_credential.as_ref().map(|id| format!("{user}/{id}"));
            let is_alive = is_usable("projects", project)
                && is_usable("domains", domain)
                && self.account_of_claim("users", &crate::base::json::json!({"id": user})).is_some()
                && key.is_none_or(|key| self.known("application_credentials", &key).is_some());
            let now = self.enter(user, target.as_ref()).filter(|_| is_alive)?;
            Some(match token.application_credential {
                Some(_) => now.with_only(&token.caller.roles),
                None => now,
            })
        });
        self.tokens = tokens;
    }
}

/// Is the user in the group?
pub fn is_member(group: &Resource, user: &str) -> bool {
    group.body.get(MEMBERS).and_then(Value::as_array).is_some_and(|members| members.iter().any(|id| id == user))
}

/// The place that the scope of a login names.
pub fn target_of(cloud: &Cloud, scope: &Value) -> Option<Target> {
    match scope {
        Value::Object(scope) if scope.contains_key("system") => Some(Target::System),
        Value::Object(scope) if scope.contains_key("project") => {
            let project = cloud.account_of_claim("projects", scope.get("project")?)?;
            Some(Target::Project(project.id.clone()))
        }
        Value::Object(scope) if scope.contains_key("domain") => {
            cloud.domain_of_claim(scope.get("domain")).map(|domain| Target::Domain(domain.id.clone()))
        }
        // There are no trusts.
        _ => None,
    }
}

/// The default project of a user, if it has one.
pub fn default_target(user: &Resource) -> Option<Target> {
    let fields = Value::Object(user.body.clone());
    word(&fields, "default_project_id").map(|id| Target::Project(id.to_owned()))
}
