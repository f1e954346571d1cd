//! What an operation is asked, and the type of the resources that it is about: the two know each other.

use std::sync::Arc;

use super::row::{Fixed, Identifier, Missing, Order, Owner, Scope};
use crate::base::Version;
use crate::base::json::{Map, Value};
use crate::cloud::store::{Caller, Cloud, Fault, Pace, Resource};
use crate::contract::{Contracts, Dialect, Operation, Schemas, Service};
use crate::message::{Base, Contents, Headers, Query, Response};

/// A request that the contract let pass.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// All contracts: the catalog lists their services.
    pub contracts: &'a Contracts,
    /// The service that is asked.
    pub service: &'a Service,
    /// The schemas of the service.
    pub schemas: &'a Schemas,
    /// The operation.
    pub operation: &'a Operation,
    /// The collection that holds what the path names, where that is not the one of the operation.
    pub instead: Option<&'static str>,
    /// The version.
    pub version: Version,
    /// The values of the `{names}` of the path.
    pub parameters: &'a [String],
    /// The query.
    pub query: &'a Query,
    /// The same as it was sent.
    pub sent_query: &'a str,
    /// The headers.
    pub headers: &'a Headers,
    /// What is known about a body that is not a document.
    pub contents: Option<&'a Contents>,
    /// The body; null without one.
    pub body: &'a Value,
    /// Where links lead.
    pub base: &'a Base<'a>,
    /// Who asks; `None` where no token is needed.
    pub caller: Option<&'a Arc<Caller>>,
    /// The id of the request.
    pub request_id: &'a str,
    /// How long it takes, if not as long as the fixture says.
    pub pace: Option<Pace>,
    /// The type of the resources in a collection.
    pub types: Types,
}

/// An answer of success, before the service's own headers are added.
pub type Answer = Response;

/// The type of the resources in a collection.
pub type Types = fn(&str) -> &'static ResourceType;

/// A type of resource. What a row leaves out is as in [`ResourceType::PLAIN`].
#[derive(Clone, Copy)]
pub struct ResourceType {
    /// The collection.
    pub collection: &'static str,
    /// Whose a resource is.
    pub owner: Owner,
    /// What a resource is a part of: refuses who may not do what is asked to the parts of the resource that the path names first,
    /// whose id precedes the part's own in the key of the collection. `None`: it stands by itself.
    pub within: Option<Within>,
    /// How it gets its id.
    pub id: Identifier,
    /// Fields that stay as they are, and how a change is refused.
    pub fixed: &'static [Fixed],
    /// Fields that are unique among the resources of an owner, and the message for a duplicate; `{field}` is replaced by its value.
    pub unique: &'static [(&'static str, &'static str)],
    /// The field that says among which of them: those of another domain may be called the same.
    pub unique_within: Option<&'static str>,
    /// The message for one that does not exist, by service.
    pub missing: &'static [Missing],
    /// The quota that it counts towards.
    pub quota: Option<&'static str>,
    /// The status in the answer that creates one, if it is different from the first poll on.
    pub status_of_new: Option<&'static str>,
    /// The service that owns the collection: times have its format.
    pub home: Dialect,
    /// The `revision_number` of a new one, where the service counts changes.
    pub first_revision: Option<u64>,
    /// What services show beside the stored fields.
    pub views: &'static [(Dialect, View)],
    /// Adds the fields that follow from others; called with the collection whenever fields change.
    pub derive: fn(&str, &mut Map),
    /// Whether the fields make it visible to everybody; `None` if they do not say.
    pub published: fn(&Map) -> Option<bool>,
    /// Refuses a change to a resource, or a new one, whose fields the caller may not set.
    pub permit: Permit,
    /// Checks the fields of a new resource and fills in defaults.
    pub complete: Complete,
    /// The same for a changed one, where that differs.
    pub change: Option<Complete>,
    /// Adds what only the answer to a change tells.
    pub tell_change: fn(&mut Map),
    /// Refuses requests of one bulk create that contradict each other.
    pub agree: fn(&[Ask<'_>]) -> Result<(), Fault>,
    /// Refuses one more than a service lets its project have, where it counts in its own way.
    pub allow: fn(&mut Cloud, &Resource, &str) -> Result<(), Fault>,
    /// Adds headers to the answer that creates one.
    pub greet: fn(&Ask<'_>, &Resource, Answer) -> Answer,
    /// Adds what a new resource brings with it, before the resource itself.
    pub arrive: fn(&mut Cloud, &Resource),
    /// Refuses to delete a resource that must stay, and deletes what belongs to it.
    pub leave: fn(&mut Cloud, &Ask<'_>, &str) -> Result<(), Fault>,
    /// Called with the id after a resource was created, changed or deleted.
    pub follow: fn(&mut Cloud, &str),
    /// Deletes one.
    pub delete: fn(&mut Cloud, &Ask<'_>) -> Result<Answer, Fault>,
    /// Brings fields up to date that follow from other resources.
    pub refresh: fn(&mut Cloud, &Ask<'_>),
    /// Applies the changes that are due; the last argument says whether a client is polling.
    pub advance: fn(&mut Cloud, &str, bool),
    /// The key of the resource that the path names.
    pub locate: fn(&mut Cloud, &Ask<'_>) -> Result<String, Fault>,
    /// Whose resources a list shows.
    pub scope: fn(&Ask<'_>) -> Result<Scope, Fault>,
    /// The resources of a list.
    pub list: List,
    /// The order of lists that ask for none.
    pub order: fn(Dialect) -> Order,
    /// What `marker` names a resource by.
    pub marker: fn(&Resource) -> &str,
    /// Is what is asked for the caller's own?
    pub owns: fn(&Ask<'_>, &Caller) -> bool,
}

/// Adds to the fields of a resource what only one service shows.
pub type View = fn(&Cloud, &Service, &Resource, &mut Map);

/// Refuses what is asked of the parts of a resource.
pub type Within = fn(&mut Cloud, &Ask<'_>) -> Result<(), Fault>;

/// Gets the resource that is to change, if there is one yet.
pub type Permit = fn(&mut Cloud, &Ask<'_>, Option<&Resource>) -> Result<(), Fault>;

/// Gets the fields of a resource as they are to become.
pub type Complete = fn(&mut Cloud, &Ask<'_>, &mut Map) -> Result<(), Fault>;

/// Finds the resources that a list shows.
pub type List = for<'c> fn(&'c mut Cloud, &Ask<'_>) -> Result<Listed<'c>, Fault>;

/// The resources that a list shows, and the cloud that they are in.
pub struct Listed<'c> {
    /// The cloud, in which everything that was due has happened.
    pub cloud: &'c Cloud,
    /// The resources, in order.
    pub resources: Vec<&'c Resource>,
}
