//! What the cloud holds when it starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::behaviour::{Boot, Pace};
use super::layout::Layout;
use super::page_limits::PageLimits;
use super::quota::Quotas;
use super::resource::Resource;
use super::stable_id::stable_id;
use crate::base::Node;
use crate::contract::Deviations;

/// What the cloud holds when it starts.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The release that the cloud is, and where it differs from it.
    pub release: Deviations,
    /// The region in which clients look first.
    pub region: String,
    /// The others, each with resources of its own.
    pub other_regions: Vec<String>,
    /// The domain of all users and projects.
    pub domain: Domain,
    /// The projects.
    pub projects: Vec<Project>,
    /// The users.
    pub users: Vec<User>,
    /// The application credentials.
    pub application_credentials: Vec<ApplicationCredential>,
    /// How long a token lives, in seconds.
    pub token_lifetime: u64,
    /// The availability zones; the first is the default.
    pub availability_zones: Vec<String>,
    /// How boots go.
    pub boot: Boot,
    /// How long a server takes to complete an action.
    pub actions: Pace,
    /// After so many seconds Nova confirms a resize itself (its `resize_confirm_window`); 0: it never does.
    pub resize_confirm_window: u64,
    /// For so many seconds a deleted server can be restored (`reclaim_instance_interval`); 0: it is gone at once.
    pub reclaim_instance_interval: u64,
    /// How many items a page of a list has.
    pub page_limits: PageLimits,
    /// What goes wrong on purpose; what that means is for who injects it.
    pub faults: Vec<Node>,
    /// How the catalog is laid out, if not as usual.
    pub catalog: Option<Arc<Layout>>,
    /// What is awkward about the answers; what that means is for who gives them.
    pub answers: Vec<Node>,
    /// How much a project may have.
    pub quotas: Quotas,
    /// The resources, by collection.
    pub resources: BTreeMap<String, Vec<Resource>>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The id: 32 hexadecimal digits.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
    /// Project ids and the roles there, in order of the file.
    pub roles: BTreeMap<String, Vec<String>>,
}

/// An application credential.
#[derive(Clone, Debug)]
pub struct ApplicationCredential {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The secret.
    pub secret: String,
    /// The id of its user.
    pub user: String,
    /// The id of its project.
    pub project: String,
    /// The names of its roles; none means all roles of its user.
    pub roles: Vec<String>,
    /// May it make other credentials?
    pub unrestricted: bool,
}

impl Fixture {
    /// Nothing yet.
    pub fn empty() -> Fixture {
        Fixture {
            release: Deviations::default(),
            region: String::new(),
            other_regions: Vec::new(),
            domain: Domain { id: String::new(), name: String::new() },
            projects: Vec::new(),
            users: Vec::new(),
            application_credentials: Vec::new(),
            token_lifetime: 3600,
            availability_zones: Vec::new(),
            boot: Boot::AT_ONCE,
            actions: Pace::Polls(0),
            resize_confirm_window: 0,
            reclaim_instance_interval: 0,
            page_limits: PageLimits::default(),
            faults: Vec::new(),
            catalog: None,
            answers: Vec::new(),
            quotas: Quotas::default(),
            resources: BTreeMap::new(),
        }
    }

    /// The id of the project `name`.
    pub fn project_id(&self, name: &str) -> Option<String> {
        self.projects.iter().find(|project| project.name == name).map(|project| project.id.clone())
    }

    /// The user as whom clients log in, and the project: `demo`, who is in the base cloud and may have another password, or the
    /// first user if there is no `demo`; in the project `demo`, or else in the first in which the user has a role. `None`: there is
    /// no such user or project.
    pub fn entrance(&self) -> Option<(&User, &Project)> {
        const DEMO: &str = "demo";
        let user = self.users.iter().find(|user| user.name == DEMO).or_else(|| self.users.first())?;
        let mut own = self.projects.iter().filter(|project| user.roles.contains_key(&project.id));
        let project = own.clone().find(|project| project.name == DEMO).or_else(|| own.next())?;
        Some((user, project))
    }

    /// The id of the role `name`.
    pub fn role_id(&self, name: &str) -> String {
        stable_id(&format!("role {name}"))
    }
}
