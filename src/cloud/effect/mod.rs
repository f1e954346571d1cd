//! What operations do: one file a verb. An effect sees a request that the contract let pass, and answers it or says no.

mod classic;
mod create_server;
mod delete;
mod document;
mod image_headers;
mod index;
mod power;
mod show;
mod token;
mod token_v2;
mod update_server;

use serde_json::Value;

use super::fault::Fault;
use super::state::Cloud;
use super::token::Caller;
use crate::base::Version;
use crate::contract::{Contracts, Effect, Operation, Projection, Schemas, Service, Stored};
use crate::message::{Base, Headers, Query, Response};

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
    /// The body; null without one.
    pub body: &'a Value,
    /// Where links lead.
    pub base: &'a Base,
    /// Who asks; `None` where no token is needed.
    pub caller: Option<&'a Caller>,
}

/// An answer of success, before the service's own headers are added.
pub type Answer = Response;

impl Cloud {
    /// Does what the operation's effect says.
    ///
    /// # Errors
    /// The cloud says no; an operation without an effect is a 501.
    pub fn perform(&mut self, ask: &Ask<'_>) -> Result<Answer, Fault> {
        ask.permitted()?;
        match ask.operation.effect {
            None => Err(Fault::new(crate::contract::Code::NotSimulated, 501, not_simulated(ask.operation))),
            Some(Effect::Document) => Ok(document::document(self, ask)),
            Some(Effect::Absent) => Err(Fault::not_found("The resource could not be found.")),
            Some(Effect::Index | Effect::Detail) => index::index(self, ask),
            Some(Effect::Show) => show::show(self, ask),
            Some(Effect::CreateServer) => create_server::create(self, ask),
            Some(Effect::UpdateServer) => update_server::update(self, ask),
            Some(Effect::Delete) => delete::delete(self, ask),
            Some(Effect::Start) => power::start(self, ask),
            Some(Effect::Stop) => power::stop(self, ask),
            Some(Effect::IssueToken) => token::issue(self, ask),
            Some(Effect::ShowToken) => token::show(self, ask),
            Some(Effect::RevokeToken) => token::revoke(self, ask),
            Some(Effect::ShowCatalog) => token::catalog(self, ask),
            Some(Effect::IssueTokenV2) => token_v2::issue(self, ask),
            Some(Effect::ShowImageHeaders) => image_headers::show(self, ask),
            Some(Effect::IndexZones) => document::zones(self, ask),
            Some(Effect::IndexTenants) => token_v2::tenants(self, ask),
        }
    }
}

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

    /// Has the caller the role that the operation's policy asks for?
    fn permitted(&self) -> Result<(), Fault> {
        match (&self.operation.policy, self.caller) {
            (Some((rule, role)), Some(caller)) if !caller.has_role(role) => Err(Fault::policy(rule)),
            _ => Ok(()),
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

    /// The refusal of an id that names nothing.
    fn not_found(&self) -> Fault {
        let id = self.id();
        match self.collection() {
            "servers" if self.service.name == "compute-v2" => Fault::not_found("Instance could not be found"),
            "servers" => Fault::not_found(format!("Instance {id} could not be found.")),
            "images" if self.service.dialect == crate::contract::Dialect::Nova => Fault::not_found("Image not found."),
            "flavors" => Fault::not_found(format!("Flavor {id} could not be found.")),
            "images" => Fault::not_found(format!("No image found with ID {id}")),
            "networks" => Fault::not_found(format!("Network {id} could not be found.")).named("NetworkNotFound"),
            "subnets" => Fault::not_found(format!("Subnet {id} could not be found.")).named("SubnetNotFound"),
            "ports" => Fault::not_found(format!("Port {id} could not be found.")).named("PortNotFound"),
            "security_groups" => {
                Fault::not_found(format!("Security group {id} does not exist")).named("SecurityGroupNotFound")
            }
            _ => Fault::not_found("The resource could not be found."),
        }
    }
}
