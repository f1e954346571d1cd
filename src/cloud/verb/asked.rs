//! What can be read off a request, and how it is answered.

use super::ask::{Answer, Ask, ResourceType};
use super::row::Owner;
use crate::base::json::{Map, Value};
use crate::cloud::dialect::{Manner, manner};
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::contract::{Code, PathSegment, Projection};
use crate::message::Response;

impl Ask<'_> {
    /// The collection that the operation is about; empty, which none is called, if it is about none.
    pub(in crate::cloud) fn collection(&self) -> &str {
        self.instead.unwrap_or(self.operation_collection())
    }

    /// The collection of the operation, which has its name and its look in answers.
    fn operation_collection(&self) -> &str {
        self.operation.collection.as_deref().unwrap_or("")
    }

    /// Is the cloud one of these releases? One of none in particular is the newest.
    pub(in crate::cloud) fn is_of(&self, releases: &str) -> bool {
        self.contracts.release().is_none_or(|release| self.contracts.releases().within(release, releases))
    }

    /// The first value of the path: the id of the resource.
    pub(in crate::cloud) fn id(&self) -> &str {
        self.parameters.first().map_or("", String::as_str)
    }

    /// The first value of the path as the collection knows it: pairs of keys are found below their user.
    pub(in crate::cloud) fn key(&self) -> String {
        self.key_of(self.parameter("id").unwrap_or(self.id()))
    }

    /// The value of the path's `{name}`, for an effect whose routes all have one. A row of somebody's own contract may lack it:
    /// its value is empty then, as no id is.
    pub(in crate::cloud) fn in_path(&self, name: &str) -> &str {
        self.parameter(name).unwrap_or("")
    }

    /// The value of the path's `{name}`, which some of the routes have.
    pub(in crate::cloud) fn parameter(&self, name: &str) -> Option<&str> {
        let names = self.operation.path.iter().filter_map(|segment| match segment {
            PathSegment::Parameter(name) => Some(name.as_str()),
            PathSegment::Fixed(_) => None,
        });
        names.zip(self.parameters).find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// The key of the resource `id`.
    pub(in crate::cloud) fn key_of(&self, id: &str) -> String {
        let own = self.resource_type();
        match own.owner {
            Owner::User => format!("{}/{id}", self.user()),
            _ if own.within.is_some() => format!("{}/{id}", self.id()),
            Owner::Cloud | Owner::Project | Owner::Shared => id.to_owned(),
        }
    }

    /// The name of the collection in answers: where two services have one, the name of the service precedes it.
    pub(in crate::cloud) fn list_name(&self) -> &str {
        let name = self.operation_collection();
        name.rsplit_once('.').map_or(name, |(_, name)| name)
    }

    /// Refuses what is asked of the parts of another resource, if that is to be refused.
    pub(in crate::cloud) fn enter(&self, cloud: &mut Cloud) -> Result<(), Fault> {
        self.resource_type().within.map_or(Ok(()), |within| within(cloud, self))
    }

    /// Is `resource` a part of the resource that the path names first?
    pub(in crate::cloud) fn is_within(&self, resource: &Resource) -> bool {
        resource.id.strip_prefix(self.id()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Is `resource` of a type that users own, and of the user that is asked about?
    pub(in crate::cloud) fn owns_by_user(&self, resource: &Resource) -> bool {
        self.resource_type().owner == Owner::User && resource.text("user_id") == self.user()
    }

    /// The dialect of the service.
    pub(in crate::cloud) fn manner(&self) -> &'static Manner {
        manner(self.service.dialect)
    }

    /// The type of resource that the operation is about.
    pub(in crate::cloud) fn resource_type(&self) -> &'static ResourceType {
        (self.types)(self.collection())
    }

    /// The type as which the answer shows the resource.
    pub(in crate::cloud) fn shown_type(&self) -> &'static ResourceType {
        (self.types)(self.operation_collection())
    }

    /// The same, where resources are created or changed.
    ///
    /// # Errors
    /// The collection has no type of its own, so clients cannot create or change its resources.
    pub(in crate::cloud) fn own_type(&self) -> Result<&'static ResourceType, Fault> {
        Some(self.resource_type()).filter(|own| !own.collection.is_empty()).ok_or_else(|| self.not_simulated())
    }

    /// The user whose resources are asked for: the caller, or the one that path, query or body name in versions that have that.
    pub(in crate::cloud) fn user(&self) -> &str {
        let in_body = || self.body.as_object()?.values().next()?.get("user_id")?.as_str();
        let in_query = || self.query.last("user_id").filter(|_| self.knows("user_id"));
        let named = self.parameter("user_id").or_else(in_query).or_else(in_body);
        named.unwrap_or_else(|| self.asking_user())
    }

    /// The user who asks; empty where nobody does, who has no resources and no roles.
    pub(in crate::cloud) fn asking_user(&self) -> &str {
        self.caller.map_or("", |caller| &caller.user)
    }

    /// Has the query that parameter at this version?
    pub(in crate::cloud) fn knows(&self, parameter: &str) -> bool {
        self.operation.query.is_some_and(|query| self.schemas.has_field(query, parameter, self.version))
    }

    /// The caller's project; `None`: nobody asks, or somebody who is in none.
    pub(in crate::cloud) fn project(&self) -> Option<&str> {
        self.caller?.project.as_deref()
    }

    /// The text `field` of the body, which must have it.
    pub(in crate::cloud) fn required(&self, field: &str) -> Result<String, Fault> {
        self.fields().get(field).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| Fault::missing(field))
    }

    /// Has the caller the role that the operation's policy asks for, or owns what is asked for?
    pub(in crate::cloud) fn permitted(&self) -> Result<(), Fault> {
        let (Some(policy), Some(caller)) = (&self.operation.policy, self.caller) else { return Ok(()) };
        let as_owner = policy
            .owner
            .as_deref()
            .is_some_and(|role| (self.resource_type().owns)(self, caller) && caller.has_role(role));
        match caller.has_role(&policy.role) || as_owner {
            true => Ok(()),
            false => Err(Fault::forbidden_by(&policy.rule, (self.manner().policy)(&policy.rule))),
        }
    }

    /// May the caller see `resource`? Who has no token sees nothing.
    pub(in crate::cloud) fn sees(&self, resource: &Resource) -> bool {
        self.caller.is_some_and(|caller| resource.is_visible_to(caller))
    }

    /// May the caller change `resource`, which it sees? If it belongs to no project, the operation's policy has decided.
    pub(in crate::cloud) fn may_change(&self, resource: &Resource) -> bool {
        self.caller.is_some_and(|caller| caller.admin || resource.project.is_none() || resource.is_owned_by(caller))
    }

    /// Is the caller an administrator?
    pub(in crate::cloud) fn is_admin(&self) -> bool {
        self.caller.is_some_and(|caller| caller.admin)
    }

    /// The answer of success with `stored` as the contract shows it at this version.
    ///
    /// # Errors
    /// A required field is not there: a defect of the cloud or the fixture, and a 500.
    pub(in crate::cloud) fn answer(&self, stored: Option<Value>) -> Result<Answer, Fault> {
        let row = self.operation.success(self.version);
        let status = row.map_or(200, |row| row.status);
        let (Some(schema), Some(stored)) = (row.and_then(|row| row.body), stored) else {
            let kind = (self.manner().empty_type)(status);
            return Ok(kind
                .into_iter()
                .fold(Response::empty(status), |answer, kind| answer.with("Content-Type", kind)));
        };
        let projection =
            Projection { schemas: self.schemas, version: self.version, admin: self.is_admin(), base: self.base };
        let body = projection
            .project(schema, &stored)
            .map_err(|missing| Fault::new(Code::NotSimulated, 500, format!("mockstack cannot answer: {missing}")))?;
        Ok(Response::json(status, body))
    }

    /// The status of success at this version.
    pub(in crate::cloud) fn status(&self) -> u16 {
        self.operation.success(self.version).map_or(200, |row| row.status)
    }

    /// An answer without a body that the service's code makes by hand: it has the type of pages.
    pub(in crate::cloud) fn bare(&self, status: u16) -> Answer {
        Response::empty(status).with("Content-Type", "text/html; charset=UTF-8")
    }

    /// The refusal of an id that names nothing.
    pub(in crate::cloud) fn not_found(&self) -> Fault {
        self.not_found_in(self.collection(), self.parameter("id").unwrap_or(self.id()))
    }

    /// The refusal of an `id` that names nothing in `collection`.
    pub(in crate::cloud) fn not_found_in(&self, collection: &str, id: &str) -> Fault {
        (self.types)(collection).not_found(self.service, id, self.user())
    }

    /// The fields that the body gives the resource, under the names by which they are stored.
    pub(in crate::cloud) fn fields(&self) -> Map {
        match self.operation.body {
            Some(schema) => self.schemas.stored(schema, self.body),
            // What no schema describes goes by its own names: actions of Icehouse, whose checks are written by hand.
            None => {
                let inner = self.body.as_object().and_then(|body| body.values().next()?.as_object());
                inner.map_or_else(Map::new, Map::clone)
            }
        }
    }

    /// The name of the list and its items, if the body has the bulk form.
    pub(in crate::cloud) fn bulk(&self) -> Option<(&str, &[Value])> {
        let name = self.operation.bulk.as_deref()?;
        let list = self.body.get(name)?;
        Some((name, list.as_array().map_or(&[], Vec::as_slice)))
    }

    /// The refusal of an operation that is checked, but not simulated.
    pub(in crate::cloud) fn not_simulated(&self) -> Fault {
        let id = &self.operation.id;
        let message = match self.operation.only_routed {
            true => "mockstack does not have this operation.".to_owned(),
            false => format!("mockstack knows {id} and has checked the request, but does not simulate its answer."),
        };
        Fault::new(Code::NotSimulated, 501, message)
    }
}
