//! What operations do: one file a verb. An effect sees a request that the contract let pass, and answers it or says no.

use super::compute::{aggregates, assisted_snapshots, availability_zones, flavors, hosts, hypervisors};
use super::compute::{quota_sets, servers, services, usage, usage_audit};
use super::identity::{accounts, groups, implied_roles, projects, role_assignments, tokens, tokens_v2};
use super::image::{data, headers_v1, members_v1, metadef_parts, patch, tags, tasks};
use super::network::{floating_ips, quotas as network_quotas, routers};
use super::store::{Cloud, Fault};
use super::verb::{Answer, Ask, bulk, create, delete, document, index, show, update};
use super::volume::{
    actions, attachments, backends, backups, clusters, default_types, encryption, group_actions, groups_from_source,
    log_levels, manage, qos, quotas, reset_status::reset_status, transfers, types, workers,
};
use super::volume::{groups as volume_groups, services as volume_services};
use crate::base::Version;
use crate::base::json::surrogate;
use crate::contract::{Code, Effect};

impl Cloud {
    /// Performs the operation's effect. The APIs of Icehouse's time name fields and word refusals in their own way.
    ///
    /// # Errors
    /// The cloud refuses; an operation without an effect is a 501.
    pub fn perform(&mut self, ask: &Ask<'_>) -> Result<Answer, Fault> {
        self.made.clear();
        if !ask.service.classic {
            let at_old_root = ask.version == Version::LEGACY_V2 && !ask.is_of("liberty..");
            let answer = self.relaxed_or_not(ask);
            return if at_old_root {
                answer.map_err(|fault| servers::classic::by_former_rule(ask, fault))
            } else {
                answer
            };
        }
        let body = servers::classic::canonical(ask.body);
        self.carry_out(&Ask { body: &body, ..*ask }).map_err(|fault| servers::classic::fault(ask, fault))
    }

    /// The relaxed form of an API passes on what it knows.
    fn relaxed_or_not(&mut self, ask: &Ask<'_>) -> Result<Answer, Fault> {
        match ask.operation.body.filter(|_| ask.version == Version::LEGACY_V2) {
            Some(schema) => self.carry_out(&Ask { body: &ask.schemas.relaxed(schema, ask.body), ..*ask }),
            None => self.carry_out(ask),
        }
    }

    fn carry_out(&mut self, ask: &Ask<'_>) -> Result<Answer, Fault> {
        if !matches!(ask.operation.effect, Some(Effect::Action(_))) {
            ask.permitted()?;
        }
        let instead = projects::kept_in(self, ask).or_else(|| volume_groups::kept_in(ask));
        let ask = &Ask { instead, ..*ask };
        // Python reads it, and no database takes it.
        if surrogate::is_in(ask.body) {
            let said = ask.manner().unencodable;
            return Err(Fault::new(Code::Malformed, said.status, said.message));
        }
        if let Some(answer) = network_quotas::perform(self, ask) {
            return answer;
        }
        match ask.operation.effect {
            None => Err(ask.not_simulated()),
            Some(Effect::Document) => Ok(document::document(self, ask)),
            Some(Effect::Absent) => Err(Fault::no_resource()),
            Some(Effect::Index | Effect::Detail) => index::index(self, ask),
            Some(Effect::Show) => show::show(self, ask),
            Some(Effect::Create) => match ask.bulk() {
                Some((name, items)) => bulk::create(self, ask, name, items),
                None => create::create(self, ask),
            },
            Some(Effect::Update) => update::update(self, ask),
            Some(Effect::Gone) => Err(Fault::new(Code::NotFound, 410, GONE)),
            Some(Effect::Unavailable) => Err(Fault::new(Code::NotFound, 400, UNAVAILABLE)),
            Some(Effect::IndexAccess) => flavors::index_access(self, ask),
            Some(Effect::AddAccess) => flavors::add_access(self, ask),
            Some(Effect::RemoveAccess) => flavors::remove_access(self, ask),
            Some(Effect::AddHost) => aggregates::add_host(self, ask),
            Some(Effect::RemoveHost) => aggregates::remove_host(self, ask),
            Some(Effect::SetMetadata) => aggregates::set_metadata(self, ask),
            Some(Effect::CacheImages) => aggregates::cache_images(self, ask),
            Some(Effect::ShowLimits) => quota_sets::limits(self, ask),
            Some(Effect::ShowQuotas) => quota_sets::show(self, ask),
            Some(Effect::ShowDefaultQuotas) => quota_sets::defaults(self, ask),
            Some(Effect::DetailQuotas) => quota_sets::detail(self, ask),
            Some(Effect::UpdateQuotas) => quota_sets::update(self, ask),
            Some(Effect::DeleteQuotas) => quota_sets::delete(self, ask),
            // Neutron's alone, and answered above.
            Some(Effect::IndexQuotas | Effect::ShowQuotaProject) => Err(ask.not_simulated()),
            Some(Effect::AddRouterInterface) => routers::add_interface(self, ask),
            Some(Effect::RemoveRouterInterface) => routers::remove_interface(self, ask),
            Some(Effect::SumHypervisors) => hypervisors::statistics(self, ask),
            Some(Effect::SearchHypervisors | Effect::SearchHypervisorServers) => hypervisors::search(self, ask),
            Some(Effect::UpdateService) => services::update(self, ask),
            Some(Effect::IndexHosts) => hosts::index(self, ask),
            Some(Effect::ShowHost) => hosts::show(self, ask),
            Some(Effect::UpdateHost) => hosts::update(self, ask),
            Some(Effect::PowerHost) => hosts::power(self, ask),
            Some(Effect::ShowUsageAudit) => usage_audit::show(self, ask),
            Some(Effect::CreateExternalEvents) => servers::external_events::create(self, ask),
            Some(Effect::CreateAssistedSnapshot) => assisted_snapshots::create(self, ask),
            Some(Effect::DeleteAssistedSnapshot) => assisted_snapshots::delete(self, ask),
            Some(Effect::IndexLiveMigrations) => servers::live_migrations::index(self, ask),
            Some(Effect::ShowLiveMigration) => servers::live_migrations::show(self, ask),
            Some(Effect::AbortLiveMigration) => servers::live_migrations::end(self, ask, "abort live migration"),
            Some(Effect::CompleteLiveMigration) => servers::live_migrations::end(self, ask, "force_complete"),
            Some(Effect::IndexUsage) => usage::index(self, ask),
            Some(Effect::ShowUsage) => usage::show(self, ask),
            Some(Effect::IndexOwnScopes) => accounts::own_scopes(self, ask),
            Some(Effect::ChangeUserPassword) => accounts::change_password(self, ask),
            Some(Effect::GrantRole) => role_assignments::grant(self, ask),
            Some(Effect::RevokeRole) => role_assignments::revoke(self, ask),
            Some(Effect::CheckRole) => role_assignments::check(self, ask),
            Some(Effect::IndexRolesOfUser) => role_assignments::index_of_actor(self, ask),
            Some(Effect::AddMember) => groups::add_member(self, ask),
            Some(Effect::RemoveMember) => groups::remove_member(self, ask),
            Some(Effect::CheckMember) => groups::check_member(self, ask),
            Some(Effect::IndexMembers) => groups::index_members(self, ask),
            Some(Effect::IndexGroupsOfUser) => groups::index_of_user(self, ask),
            Some(Effect::IndexImpliedRoles) => implied_roles::index(self, ask),
            Some(Effect::ImplyRole) => implied_roles::imply(self, ask),
            Some(Effect::ShowImpliedRole) => implied_roles::show(self, ask),
            Some(Effect::RevokeImpliedRole) => implied_roles::revoke(self, ask),
            Some(Effect::IndexRoleInferences) => implied_roles::index_all(self, ask),
            Some(Effect::CreateProject) => projects::create(self, ask),
            Some(Effect::ShowProject) => projects::show(self, ask),
            Some(Effect::IndexAssignments) => role_assignments::index(self, ask),
            Some(Effect::CreateServer) => servers::boot::create(self, ask),
            Some(Effect::UpdateServer) => servers::update::update(self, ask),
            Some(Effect::Patch) => patch::patch(self, ask),
            Some(Effect::Upload) => data::upload(self, ask),
            Some(Effect::Download) => data::download(self, ask),
            Some(Effect::Stage) => data::stage(self, ask),
            Some(Effect::Import) => data::import(self, ask),
            Some(Effect::CreateDefinition) => metadef_parts::create(self, ask),
            Some(Effect::ReplaceDefinitions) => metadef_parts::replace(self, ask),
            Some(Effect::ShowDefinition) => metadef_parts::show(self, ask),
            Some(Effect::UpdateDefinition) => metadef_parts::update(self, ask),
            Some(Effect::DeleteDefinition) => metadef_parts::delete(self, ask),
            Some(Effect::ClearDefinitions) => metadef_parts::clear(self, ask),
            Some(Effect::EnableVolumeService) => volume_services::switch(self, ask, true),
            Some(Effect::DisableVolumeService) => volume_services::switch(self, ask, false),
            Some(Effect::FreezeVolumeHost) => volume_services::freeze(self, ask, true),
            Some(Effect::FailOverVolumeHost) => volume_services::fail_over(self, ask),
            Some(Effect::ShowLogLevels) => log_levels::show(self, ask),
            Some(Effect::SetLogLevels) => log_levels::set(self, ask),
            Some(Effect::EnableCluster) => clusters::switch(self, ask, true),
            Some(Effect::DisableCluster) => clusters::switch(self, ask, false),
            Some(Effect::CleanUpWorkers) => workers::clean_up(self, ask),
            Some(Effect::ThawVolumeHost) => volume_services::freeze(self, ask, false),
            Some(Effect::CreateTask) => tasks::create(self, ask),
            Some(Effect::Deactivate) => data::set_active(self, ask, false),
            Some(Effect::Reactivate) => data::set_active(self, ask, true),
            Some(Effect::AddImageTag) => tags::add(self, ask),
            Some(Effect::RemoveImageTag) => tags::remove(self, ask),
            Some(Effect::IndexTasksOfImage) => tasks::of_image(self, ask),
            Some(Effect::SetField) => update::set_field(self, ask),
            Some(Effect::Delete) => delete::delete(self, ask),
            Some(Effect::Action(action)) => servers::action::action(self, ask, action),
            Some(Effect::IssueToken) => tokens::issue(self, ask),
            Some(Effect::ShowToken) => tokens::show(self, ask),
            Some(Effect::RevokeToken) => tokens::revoke(self, ask),
            Some(Effect::ShowCatalog) => tokens::catalog(self, ask),
            Some(Effect::IssueTokenV2) => tokens_v2::issue(self, ask),
            Some(Effect::DownloadImageV1) => headers_v1::download(self, ask),
            Some(Effect::CreateImageV1) => headers_v1::create(self, ask),
            Some(Effect::UpdateImageV1) => headers_v1::update(self, ask),
            Some(Effect::DeleteImageV1) => headers_v1::delete(self, ask),
            Some(Effect::IndexMembersV1) => members_v1::index(self, ask),
            Some(Effect::IndexSharedImages) => members_v1::index_shared(self, ask),
            Some(Effect::PutMemberV1) => members_v1::put(self, ask),
            Some(Effect::ReplaceMembersV1) => members_v1::replace(self, ask),
            Some(Effect::DeleteMemberV1) => members_v1::delete(self, ask),
            Some(Effect::ShowImageHeaders) => headers_v1::show(self, ask),
            Some(Effect::VolumeAction) => actions::act(self, ask),
            Some(Effect::ShowVolumeLimits) => quotas::limits(self, ask),
            Some(Effect::ShowVolumeQuotas) => quotas::show(self, ask),
            Some(Effect::ShowDefaultVolumeQuotas) => quotas::defaults(self, ask),
            Some(Effect::UpdateVolumeQuotas) => quotas::update(self, ask),
            Some(Effect::DeleteVolumeQuotas) => quotas::delete(self, ask),
            Some(Effect::IndexTypeAccess) => types::index_access(self, ask),
            Some(Effect::AddTypeAccess) => types::set_access(self, ask, true),
            Some(Effect::RemoveTypeAccess) => types::set_access(self, ask, false),
            Some(Effect::SetDefaultType) => default_types::set(self, ask),
            Some(Effect::IndexManageable) => manage::index(self, ask),
            Some(Effect::ManageVolume) => manage::manage_volume(self, ask),
            Some(Effect::ManageSnapshot) => manage::manage_snapshot(self, ask),
            Some(Effect::AcceptTransfer) => transfers::accept(self, ask),
            Some(Effect::ShowPools) => backends::pools(self, ask),
            Some(Effect::ShowCapabilities) => backends::capabilities(ask),
            Some(Effect::UpdateVolumeHost) => backends::update_host(self, ask),
            Some(Effect::ShowVolumeHost) => backends::host(self, ask),
            Some(Effect::CreateGroupFromSource) => groups_from_source::create(self, ask),
            Some(Effect::ResetStatus) => reset_status(self, ask),
            Some(Effect::ResetGroupState) => group_actions::reset_state(self, ask),
            Some(Effect::ReplicateGroup) => group_actions::replicate(self, ask),
            Some(Effect::DeleteGroup) => volume_groups::delete(self, ask),
            Some(Effect::ExportBackup) => backups::export(self, ask),
            Some(Effect::ImportBackup) => backups::import(self, ask),
            Some(Effect::RestoreBackup) => backups::restore(self, ask),
            Some(Effect::ShowQosSpecs) => qos::show(self, ask),
            Some(Effect::UpdateQosSpecs) => qos::update(self, ask),
            Some(Effect::DeleteQosKeys) => qos::delete_keys(self, ask),
            Some(Effect::IndexQosAssociations) => qos::index_associations(self, ask),
            Some(Effect::AssociateQosSpecs) => qos::associate(self, ask, true),
            Some(Effect::DisassociateQosSpecs) => qos::associate(self, ask, false),
            Some(Effect::DisassociateAllQosSpecs) => qos::disassociate_all(self, ask),
            Some(Effect::CreateEncryption) => encryption::create(self, ask),
            Some(Effect::ShowEncryption) => encryption::show(self, ask),
            Some(Effect::UpdateEncryption) => encryption::update(self, ask),
            Some(Effect::DeleteEncryption) => encryption::delete(self, ask),
            Some(Effect::ShowVolumeEncryption) => encryption::show_of_volume(self, ask),
            Some(Effect::IndexAttachments) => attachments::index(self, ask),
            Some(Effect::ShowAttachment) => attachments::show(self, ask),
            Some(Effect::CreateAttachment) => attachments::create(self, ask),
            Some(Effect::UpdateVolumeAttachment) => attachments::update(self, ask),
            Some(Effect::CompleteAttachment) => attachments::complete(self, ask),
            Some(Effect::DeleteAttachment) => attachments::delete(self, ask),
            Some(Effect::AttachVolume) => servers::volume_attachments::attach(self, ask),
            Some(Effect::UpdateAttachment) => servers::volume_attachments::update(self, ask),
            Some(Effect::SwapVolume) => servers::volume_attachments::swap_volume(self, ask),
            Some(Effect::DetachVolume) => servers::volume_attachments::detach(self, ask),
            Some(Effect::IndexInterfaces) => servers::interfaces::index(self, ask),
            Some(Effect::ShowInterface) => servers::interfaces::show(self, ask),
            Some(Effect::AttachInterface) => servers::interfaces::attach(self, ask),
            Some(Effect::DetachInterface) => servers::interfaces::detach(self, ask),
            Some(Effect::AddFixedIp) => servers::interfaces::add_address(self, ask),
            Some(Effect::RemoveFixedIp) => servers::interfaces::remove_address(self, ask),
            Some(Effect::AddFloatingIp) => servers::floating_ips::add(self, ask),
            Some(Effect::RemoveFloatingIp) => servers::floating_ips::remove(self, ask),
            Some(Effect::IndexGroupsOfServer) => servers::security_groups::index(self, ask),
            Some(Effect::AddGroup) => servers::security_groups::add(self, ask),
            Some(Effect::RemoveGroup) => servers::security_groups::remove(self, ask),
            Some(Effect::CreateConsole) => servers::consoles::create(self, ask),
            Some(Effect::ShowDiagnostics) => servers::diagnostics::show(self, ask),
            Some(Effect::IndexZones) => availability_zones::index(self, ask, false),
            Some(Effect::DetailZones) => availability_zones::index(self, ask, true),
            Some(Effect::IndexFloatingIpPools) => floating_ips::index_pools(self, ask),
            Some(Effect::IndexInstanceActions) => servers::instance_actions::index(self, ask),
            Some(Effect::ShowInstanceAction) => servers::instance_actions::show(self, ask),
            Some(Effect::IndexItems) => servers::items::index(self, ask),
            Some(Effect::ShowItem) => servers::items::show(self, ask),
            Some(Effect::CheckItem) => servers::items::check(self, ask),
            Some(Effect::MergeItems) => servers::items::merge(self, ask),
            Some(Effect::ReplaceItems) => servers::items::replace(self, ask),
            Some(Effect::ClearItems) => servers::items::clear(self, ask),
            Some(Effect::PutItem) => servers::items::put(self, ask),
            Some(Effect::DeleteItem) => servers::items::delete(self, ask),
            Some(Effect::ShowTokenV2) => tokens_v2::show(self, ask),
            Some(Effect::IndexTenants) => tokens_v2::tenants(self, ask),
        }
    }
}

/// What Nova says of an API that it removed.
const GONE: &str = "This resource is no longer available. No forwarding address is given.";

/// What it says of a console that it no longer has.
const UNAVAILABLE: &str =
    "The server could not comply with the request since it is either malformed or otherwise incorrect.";
