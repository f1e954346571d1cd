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
mod note;
mod quota_set;
mod refresh;
mod seen;
mod server_group;
mod server_security_groups;
mod service;
mod settle;
mod show;
mod take_away;
mod token;
mod token_v2;
mod update;
mod update_server;
mod usage;
mod zones;

pub use self::boot::plant;
use super::fault::Fault;
use super::state::Cloud;
use crate::cloud::ask::{Answer, Ask};
use crate::contract::Effect;

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
            None => Err(ask.not_simulated()),
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
