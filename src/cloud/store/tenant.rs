//! A project that has a cloud of its own.

use super::seal::Seal;
use crate::base::Ids;

/// A project that has a cloud of its own, and the user who logs in to it. All of it follows from the seed and the name.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// The name of the project, and of its user.
    pub name: String,
    /// The id of the project.
    pub project: String,
    /// The id of the user.
    pub user: String,
    /// The password of the user.
    pub password: String,
    /// What its tokens have in common.
    pub seal: Seal,
    /// Its further ids.
    pub ids: Ids,
}

impl Tenant {
    /// The project `name` of a server with that seed.
    pub fn new(seed: u64, name: &str) -> Tenant {
        let mut ids = Ids::named(seed, name);
        let mut id = || ids.uuid().simple().to_string();
        let (project, user) = (id(), id());
        let seal = Seal::new(ids.bits());
        let password = ids.password(20);
        Tenant { name: name.to_owned(), project, user, password, seal, ids }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_and_the_name_decide() {
        let tenant = |seed, name| Tenant::new(seed, name);
        assert_eq!(tenant(1, "a").project, tenant(1, "a").project);
        for other in [tenant(1, "b"), tenant(2, "a")] {
            let own = tenant(1, "a");
            assert!(own.project != other.project && own.user != other.user && own.password != other.password);
            assert_ne!(own.seal, other.seal);
        }
    }
}
