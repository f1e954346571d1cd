//! Role assignments: which role a user or a group has where.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Who has a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// A user, by id.
    User(String),
    /// All members of a group, by its id.
    Group(String),
}

/// Where it has the role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// In a project, by id.
    Project(String),
    /// In a domain, by id.
    Domain(String),
    /// In the cloud as a whole.
    System,
}

/// A role assignment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Who has the role.
    pub actor: Actor,
    /// Where.
    pub target: Target,
    /// Has it in the projects below, instead of the target itself?
    pub inherited: bool,
    /// The id of the role.
    pub role: String,
}

/// All role assignments of the cloud.
#[derive(Clone, Debug, Default)]
pub struct Grants(BTreeSet<Arc<Grant>>);

impl Grants {
    /// Adds one, unless it is there.
    pub fn add(&mut self, grant: impl Into<Arc<Grant>>) {
        self.0.insert(grant.into());
    }

    /// Takes one away; was it there?
    pub fn remove(&mut self, grant: &Grant) -> bool {
        self.0.remove(grant)
    }

    /// Is it there?
    pub fn has(&self, grant: &Grant) -> bool {
        self.0.contains(grant)
    }

    /// All, in an order that does not depend on when they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Grant>> {
        self.0.iter()
    }

    /// Those of a user or a group.
    pub fn of<'g>(&'g self, actor: &'g Actor) -> impl Iterator<Item = &'g Grant> {
        let least = Grant {
            actor: actor.clone(),
            target: Target::Project(String::new()),
            inherited: false,
            role: String::new(),
        };
        self.0.range(least..).map(Arc::as_ref).take_while(move |grant| grant.actor == *actor)
    }

    /// Takes away all that name `id`: a user, a group, a project, a domain or a role that is no more.
    pub fn forget(&mut self, id: &str) {
        self.0.retain(|grant| {
            let (Actor::User(actor) | Actor::Group(actor)) = &grant.actor;
            let target = match &grant.target {
                Target::Project(target) | Target::Domain(target) => Some(target),
                Target::System => None,
            };
            actor != id && grant.role != id && target.is_none_or(|target| target != id)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(user: &str, project: &str) -> Grant {
        Grant {
            actor: Actor::User(user.to_owned()),
            target: Target::Project(project.to_owned()),
            inherited: false,
            role: "r".to_owned(),
        }
    }

    #[test]
    fn what_names_something_that_is_no_more_goes_with_it() {
        let mut grants = Grants::default();
        for (user, project) in [("a", "p"), ("a", "q"), ("b", "p")] {
            grants.add(grant(user, project));
        }
        assert_eq!(grants.of(&Actor::User("a".to_owned())).count(), 2);
        assert_eq!(grants.of(&Actor::Group("a".to_owned())).count(), 0);
        grants.forget("p");
        assert_eq!(grants.iter().map(Arc::as_ref).collect::<Vec<_>>(), [&grant("a", "q")]);
        grants.forget("r");
        assert_eq!(grants.iter().count(), 0);
    }
}
