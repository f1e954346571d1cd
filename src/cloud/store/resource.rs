//! A stored resource: a superset that holds every form of its fields.

use super::behaviour::Pending;
use super::caller::Caller;
use super::record::Record;
use crate::base::json::{Map, Value};

/// A stored resource. Its body holds every form of every field; the response schema picks.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The id.
    pub id: String,
    /// The project that owns it; `None`: the cloud does.
    pub project: Option<String>,
    /// Does every project see it?
    pub public: bool,
    /// The fields.
    pub body: Map,
    /// What the code knows of it beside.
    pub record: Record,
    /// What is still to happen to it.
    pub pending: Option<Pending>,
}

/// The stored field that lists the projects which may use a resource that is not public.
pub const SHARED_WITH: &str = "shared_with";

impl Resource {
    /// A resource of `project`, or of the cloud, that only who owns it sees, at rest.
    pub fn new(id: impl Into<String>, project: Option<String>, body: impl Into<Map>) -> Resource {
        let (id, body) = (id.into(), body.into());
        Resource { id, project, public: false, body, record: Record::None, pending: None }
    }

    /// May `caller` see it?
    pub fn is_visible_to(&self, caller: &Caller) -> bool {
        self.public || caller.admin || self.is_owned_by(caller) || self.is_shared_with(caller)
    }

    /// Is it of the caller's project?
    pub fn is_owned_by(&self, caller: &Caller) -> bool {
        self.project.is_some() && self.project == caller.project
    }

    /// Is the caller's project among those that may use it?
    fn is_shared_with(&self, caller: &Caller) -> bool {
        self.shared_with().iter().any(|id| caller.project.as_deref() == id.as_str())
    }

    /// The ids of the projects that may use it though it is not public; without the field there are none.
    pub fn shared_with(&self) -> &[Value] {
        self.body.list(SHARED_WITH)
    }

    /// A field as a string; empty if it is not one.
    pub fn text(&self, field: &str) -> &str {
        self.body.text(field)
    }

    /// Changes a field.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        match self.body.get_mut(field) {
            Some(own) => *own = value.into(),
            None => drop(self.body.insert(field.to_owned(), value.into())),
        }
    }
}
