//! What operations do: one file a verb. An effect sees a request that the contract let pass, and answers it or says no.

mod act;
mod aggregate;
mod assignment;
mod attachment;
mod boot;
mod bulk;
mod classic;
mod console;
mod create;
mod delete;
mod diagnostics;
mod document;
mod flavor;
mod floating;
mod hypervisor;
mod identity;
mod image;
mod image_headers;
mod index;
mod instance_actions;
mod interface;
mod items;
mod keypair;
mod keys;
mod kind;
mod quota_set;
mod refresh;
mod seen;
mod server_group;
mod server_security_groups;
mod service;
mod settle;
mod show;
mod token;
mod token_v2;
mod update;
mod update_server;
mod usage;
mod zones;

use std::sync::Arc;

use serde_json::Value;

pub use self::boot::plant;
use self::kind::{Kind, Owner};
pub use self::kind::{is_of_cloud, is_status_of_new};
use super::fault::Fault;
use super::resource::Resource;
use super::state::Cloud;
use crate::base::Version;
use crate::cloud::caller::Caller;
use crate::cloud::vm_state::VmState;
use crate::contract::{Contracts, Dialect, Effect, Operation, PathSegment, Projection, Schemas, Service, Stored};
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
    /// The version.
    pub version: Version,
    /// The values of the `{names}` of the path.
    pub parameters: &'a [String],
    /// The query.
    pub query: &'a Query,
    /// The headers.
    pub headers: &'a Headers,
    /// What is known of a body that is no document.
    pub contents: Option<&'a Contents>,
    /// The body; null without one.
    pub body: &'a Value,
    /// Where links lead.
    pub base: &'a Base<'a>,
    /// Who asks; `None` where no token is needed.
    pub caller: Option<&'a Arc<Caller>>,
    /// The id of the request.
    pub request_id: &'a str,
}

/// An answer of success, before the service's own headers are added.
pub type Answer = Response;

impl Cloud {
    /// Does what the operation's effect says. The APIs of Icehouse's time name fields and word refusals in their own way.
    ///
    /// # Errors
    /// The cloud says no; an operation without an effect is a 501.
    pub fn perform(&mut self, ask: &Ask<'_>) -> Result<Answer, Fault> {
        if !ask.service.classic {
            return self.carry_out(ask);
        }
        let body = classic::canonical(ask.body);
        self.carry_out(&Ask { body: &body, ..*ask }).map_err(|fault| classic::fault(ask, fault))
    }

    fn carry_out(&mut self, ask: &Ask<'_>) -> Result<Answer, Fault> {
        if !matches!(ask.operation.effect, Some(Effect::Act(_))) {
            ask.permitted()?;
        }
        match ask.operation.effect {
            None => Err(Fault::new(crate::contract::Code::NotSimulated, 501, not_simulated(ask.operation))),
            Some(Effect::Document) => Ok(document::document(self, ask)),
            Some(Effect::Absent) => Err(Fault::not_found("The resource could not be found.")),
            Some(Effect::Index | Effect::Detail) => index::index(self, ask),
            Some(Effect::Show) => show::show(self, ask),
            Some(Effect::Create) => match ask.bulk() {
                Some((name, items)) => bulk::create(self, ask, name, items),
                None => create::create(self, ask),
            },
            Some(Effect::Update) => update::update(self, ask),
            Some(Effect::Gone) => Err(Fault::new(crate::contract::Code::NotFound, 410, GONE)),
            Some(Effect::IndexAccess) => flavor::index_access(self, ask),
            Some(Effect::AddAccess) => flavor::add_access(self, ask),
            Some(Effect::RemoveAccess) => flavor::remove_access(self, ask),
            Some(Effect::AddHost) => aggregate::add_host(self, ask),
            Some(Effect::RemoveHost) => aggregate::remove_host(self, ask),
            Some(Effect::SetMetadata) => aggregate::set_metadata(self, ask),
            Some(Effect::ShowLimits) => quota_set::limits(self, ask),
            Some(Effect::ShowQuotas) => quota_set::show(self, ask),
            Some(Effect::ShowDefaultQuotas) => quota_set::defaults(self, ask),
            Some(Effect::DetailQuotas) => quota_set::detail(self, ask),
            Some(Effect::UpdateQuotas) => quota_set::update(self, ask),
            Some(Effect::DeleteQuotas) => quota_set::delete(self, ask),
            Some(Effect::SumHypervisors) => hypervisor::statistics(self, ask),
            Some(Effect::SearchHypervisors) => hypervisor::search(self, ask),
            Some(Effect::UpdateService) => service::update(self, ask),
            Some(Effect::IndexUsage) => usage::index(self, ask),
            Some(Effect::ShowUsage) => usage::show(self, ask),
            Some(Effect::IndexOwnScopes) => identity::own_scopes(self, ask),
            Some(Effect::ChangeUserPassword) => identity::change_password(self, ask),
            Some(Effect::GrantRole) => assignment::grant(self, ask),
            Some(Effect::RevokeRole) => assignment::revoke(self, ask),
            Some(Effect::CheckRole) => assignment::check(self, ask),
            Some(Effect::IndexRolesOfUser) => assignment::index_of_user(self, ask),
            Some(Effect::IndexAssignments) => assignment::index(self, ask),
            Some(Effect::CreateServer) => boot::create(self, ask),
            Some(Effect::UpdateServer) => update_server::update(self, ask),
            Some(Effect::Patch) => image::patch(self, ask),
            Some(Effect::Upload) => image::upload(self, ask),
            Some(Effect::Download) => image::download(self, ask),
            Some(Effect::SetField) => update::set_field(self, ask),
            Some(Effect::Delete) => delete::delete(self, ask),
            Some(Effect::Act(act)) => act::act(self, ask, act),
            Some(Effect::IssueToken) => token::issue(self, ask),
            Some(Effect::ShowToken) => token::show(self, ask),
            Some(Effect::RevokeToken) => token::revoke(self, ask),
            Some(Effect::ShowCatalog) => token::catalog(self, ask),
            Some(Effect::IssueTokenV2) => token_v2::issue(self, ask),
            Some(Effect::ShowImageHeaders) => image_headers::show(self, ask),
            Some(Effect::AttachVolume) => attachment::attach(self, ask),
            Some(Effect::UpdateAttachment) => attachment::update(self, ask),
            Some(Effect::DetachVolume) => attachment::detach(self, ask),
            Some(Effect::IndexInterfaces) => interface::index(self, ask),
            Some(Effect::ShowInterface) => interface::show(self, ask),
            Some(Effect::AttachInterface) => interface::attach(self, ask),
            Some(Effect::DetachInterface) => interface::detach(self, ask),
            Some(Effect::AddFixedIp) => interface::add_address(self, ask),
            Some(Effect::RemoveFixedIp) => interface::remove_address(self, ask),
            Some(Effect::AddFloatingIp) => floating::add(self, ask),
            Some(Effect::RemoveFloatingIp) => floating::remove(self, ask),
            Some(Effect::IndexGroupsOfServer) => server_security_groups::index(self, ask),
            Some(Effect::AddGroup) => server_security_groups::add(self, ask),
            Some(Effect::RemoveGroup) => server_security_groups::remove(self, ask),
            Some(Effect::CreateConsole) => console::create(self, ask),
            Some(Effect::ShowDiagnostics) => diagnostics::show(self, ask),
            Some(Effect::IndexZones) => zones::index(self, ask),
            Some(Effect::IndexInstanceActions) => instance_actions::index(self, ask),
            Some(Effect::ShowInstanceAction) => instance_actions::show(self, ask),
            Some(Effect::IndexItems) => items::index(self, ask),
            Some(Effect::ShowItem) => items::show(self, ask),
            Some(Effect::MergeItems) => items::merge(self, ask),
            Some(Effect::ReplaceItems) => items::replace(self, ask),
            Some(Effect::ClearItems) => items::clear(self, ask),
            Some(Effect::PutItem) => items::put(self, ask),
            Some(Effect::DeleteItem) => items::delete(self, ask),
            Some(Effect::ShowTokenV2) => token_v2::show(self, ask),
            Some(Effect::IndexTenants) => token_v2::tenants(self, ask),
        }
    }
}

/// What Nova says of an API that it removed.
const GONE: &str = "This resource is no longer available. No forwarding address is given.";

fn not_simulated(operation: &Operation) -> String {
    format!("mockstack knows {} and has checked the request, but does not simulate its answer.", operation.id)
}

impl Ask<'_> {
    /// The collection that the operation is about.
    fn collection(&self) -> &str {
        self.operation.collection.as_deref().unwrap_or_default()
    }

    /// The first value of the path: the id of the resource.
    fn id(&self) -> &str {
        self.parameters.first().map_or("", String::as_str)
    }

    /// The first value of the path as the collection knows it: pairs of keys are found below their user.
    fn key(&self) -> String {
        self.key_of(self.parameter("id").unwrap_or(self.id()))
    }

    /// The value of the path's `{name}`.
    fn parameter(&self, name: &str) -> Option<&str> {
        let names = self.operation.path.iter().filter_map(|segment| match segment {
            PathSegment::Parameter(name) => Some(name.as_str()),
            PathSegment::Fixed(_) => None,
        });
        names.zip(self.parameters).find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }

    /// The key of the resource `id`.
    fn key_of(&self, id: &str) -> String {
        match Kind::of(self.collection()) {
            Some(kind) if kind.owner == Owner::User => format!("{}/{id}", self.user()),
            _ => id.to_owned(),
        }
    }

    /// The collection as answers call it: of one that two services have, the name of the service stands before it.
    fn list_name(&self) -> &str {
        self.collection().rsplit('.').next().unwrap_or_default()
    }

    /// Is `resource` of a kind that users own, and of the user that is asked about?
    fn owns_by_user(&self, resource: &Resource) -> bool {
        Kind::of(self.collection()).is_some_and(|kind| kind.owner == Owner::User)
            && resource.text("user_id") == self.user()
    }

    /// The kind of resource that the operation is about.
    fn kind(&self) -> Result<&'static Kind, Fault> {
        let none = || Fault::new(crate::contract::Code::NotSimulated, 501, not_simulated(self.operation));
        Kind::of(self.collection()).ok_or_else(none)
    }

    /// The user whose resources are asked for: the caller, or the one that path, query or body name in versions that have that.
    fn user(&self) -> &str {
        let in_body = || self.body.as_object()?.values().next()?.get("user_id")?.as_str();
        let in_query = || self.query.last("user_id").filter(|_| self.knows("user_id"));
        let named = self.parameter("user_id").or_else(in_query).or_else(in_body);
        named.or(self.caller.map(|caller| caller.user.as_str())).unwrap_or_default()
    }

    /// Has the query that parameter at this version?
    fn knows(&self, parameter: &str) -> bool {
        self.operation.query.is_some_and(|query| self.schemas.has_field(query, parameter, self.version))
    }

    /// The caller's project.
    fn project(&self) -> &str {
        self.caller.and_then(|caller| caller.project.as_deref()).unwrap_or_default()
    }

    /// Has the caller the role that the operation's policy asks for, or owns what is asked for?
    fn permitted(&self) -> Result<(), Fault> {
        let (Some(policy), Some(caller)) = (&self.operation.policy, self.caller) else { return Ok(()) };
        let as_owner = policy.owner.as_deref().is_some_and(|role| self.is_owner(caller) && caller.has_role(role));
        match caller.has_role(&policy.role) || as_owner {
            true => Ok(()),
            false if self.service.dialect == Dialect::Keystone => Err(Fault::not_authorized(&policy.rule)),
            false => Err(Fault::policy(&policy.rule)),
        }
    }

    /// Is what is asked for the caller's own: the user or the project that the path, the query or the body names?
    fn is_owner(&self, caller: &Caller) -> bool {
        match Kind::of(self.collection()) {
            Some(kind) if kind.owner == Owner::User => self.user() == caller.user,
            _ if self.collection() == "domains" => caller.project.is_some() && self.parameters.len() == 1,
            _ => self.id() == caller.user || caller.project.as_deref() == Some(self.id()),
        }
    }

    /// May the caller change `resource`, which it sees? Where it is no project's, the operation's policy has said so.
    fn may_change(&self, resource: &Resource) -> bool {
        self.caller.is_some_and(|caller| caller.admin || resource.project.is_none() || resource.is_owned_by(caller))
    }

    /// May the caller change what `server` has? Not while it is locked, busy or in none of `states`.
    fn at_rest(&self, server: &Resource, deed: &str, states: &[VmState]) -> Result<(), Fault> {
        if server.body.get("locked") == Some(&Value::Bool(true)) && !self.is_admin() {
            return Err(Fault::new(crate::contract::Code::State, 409, format!("Instance {} is locked", server.id)));
        }
        VmState::allow(server, deed, states)?;
        match server.text("OS-EXT-STS:task_state") {
            "" => Ok(()),
            task => Err(Fault::while_in(deed, &server.id, "task_state", task)),
        }
    }

    /// Is the caller an administrator?
    fn is_admin(&self) -> bool {
        self.caller.is_some_and(|caller| caller.admin)
    }

    /// The answer of success with `stored` as the contract shows it at this version.
    ///
    /// # Errors
    /// A required field is not there: a defect of the cloud or the fixture, and a 500.
    fn answer(&self, stored: Option<Value>) -> Result<Answer, Fault> {
        self.answer_with(stored.as_ref().map(Stored::Value))
    }

    /// The same, out of what is stored elsewhere.
    ///
    /// # Errors
    /// As [`Ask::answer`].
    fn answer_with(&self, stored: Option<Stored<'_>>) -> Result<Answer, Fault> {
        let row = self.operation.success(self.version);
        let status = row.map_or(200, |row| row.status);
        let (Some(schema), Some(stored)) = (row.and_then(|row| row.body), stored) else {
            // Nova's empty answers still declare their type.
            return Ok(Response::empty(status).with("Content-Type", "application/json"));
        };
        let projection =
            Projection { schemas: self.schemas, version: self.version, admin: self.is_admin(), base: self.base };
        let body = projection.project(schema, stored).map_err(|missing| {
            Fault::new(crate::contract::Code::NotSimulated, 500, format!("mockstack cannot answer: {missing}"))
        })?;
        Ok(Response::json(status, body))
    }

    /// The status of success at this version.
    fn status(&self) -> u16 {
        self.operation.success(self.version).map_or(200, |row| row.status)
    }

    /// An answer without a body that the service's code makes by hand: it has the type of pages.
    fn bare(&self, status: u16) -> Answer {
        Response::empty(status).with("Content-Type", "text/html; charset=UTF-8")
    }

    /// The refusal of an id that names nothing.
    fn not_found(&self) -> Fault {
        kind::not_found(self, self.collection(), self.parameter("id").unwrap_or(self.id()))
    }
}
