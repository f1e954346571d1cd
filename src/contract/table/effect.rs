//! What the simulated cloud does for an operation: one table of names.

use super::server_action::ServerAction;
use crate::base::{Diagnostic, Node};

macro_rules! effects {
    ($($variant:ident $name:literal $meaning:literal;)*) => {
        /// What the simulated cloud does; closed, because each is code: see `cloud/dispatch.rs`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Effect {
            $(#[doc = $meaning] $variant,)*
            /// An action of a server.
            Action(ServerAction),
        }

        impl Effect {
            /// Every effect but the actions of servers, by the name that contracts use.
            pub const ALL: &'static [(&'static str, Effect)] = &[$(($name, Effect::$variant),)*];
        }
    };
}

effects! {
    Document "document" "The row's literal document.";
    Absent "absent" "A path that clients probe in vain: 404, and no violation.";
    Index "index" "The resources of a collection, in brief.";
    Detail "detail" "The resources of a collection, whole.";
    Show "show" "One resource.";
    Create "create" "A resource more.";
    Update "update" "Changed fields of a resource.";
    Gone "gone" "An API that Nova removed: 410, and no violation.";
    IndexAccess "index-access" "The projects that may use a flavor.";
    AddAccess "add-access" "One project more may use a flavor.";
    RemoveAccess "remove-access" "One project less may use a flavor.";
    AddHost "add-host" "A host joins an aggregate.";
    RemoveHost "remove-host" "A host leaves an aggregate.";
    SetMetadata "set-metadata" "Items of an aggregate's metadata.";
    ShowLimits "show-limits" "The limits of a project, and what it uses.";
    ShowQuotas "show-quotas" "The quotas of a project or of a class.";
    ShowDefaultQuotas "show-default-quotas" "The quotas of a project that has none of its own.";
    DetailQuotas "detail-quotas" "The quotas of a project, each beside what is used of it.";
    UpdateQuotas "update-quotas" "Quotas of its own for a project or a class.";
    DeleteQuotas "delete-quotas" "A project goes back to the quotas of all.";
    SumHypervisors "sum-hypervisors" "All hypervisors as if they were one.";
    SearchHypervisors "search-hypervisors" "The hypervisors that have a text in their name.";
    SearchHypervisorServers "search-hypervisor-servers" "The same, with their servers.";
    UpdateService "update-service" "One of Nova's own services is enabled, disabled or forced down.";
    IndexUsage "index-usage" "What all projects used.";
    ShowUsage "show-usage" "What one project used.";
    IndexInstanceActions "index-instance-actions" "What was done to a server.";
    ShowInstanceAction "show-instance-action" "One thing that was done to a server.";
    IndexOwnScopes "index-own-scopes" "The projects or domains in which a user has a role.";
    ChangeUserPassword "change-user-password" "Another password for a user who knows the one that it has.";
    GrantRole "grant-role" "A role more for a user.";
    RevokeRole "revoke-role" "A role less for a user.";
    CheckRole "check-role" "Has a user a role?";
    IndexRolesOfUser "index-roles-of-user" "The roles of a user in a project or domain.";
    IndexAssignments "index-assignments" "The roles of all users.";
    CreateServer "create-server" "A new server.";
    UpdateServer "update-server" "Changed fields of a server.";
    Patch "patch" "Fields of an image are changed by a JSON patch.";
    Upload "upload" "The contents of an image arrive.";
    Download "download" "The contents of an image, of which only an empty one has any that could be given.";
    SetField "set-field" "A field of a resource takes a value out of the body of an action.";
    Delete "delete" "A resource less.";
    IssueToken "issue-token" "A new token.";
    ShowToken "show-token" "What a token says.";
    RevokeToken "revoke-token" "A token less.";
    ShowCatalog "show-catalog" "The catalog of the token.";
    IssueTokenV2 "issue-token-v2" "A new token, as Keystone's v2.0 has it.";
    ShowTokenV2 "show-token-v2" "A token, as Keystone's v2.0 has it; the path names it.";
    AttachVolume "attach-volume" "A volume is attached to a server.";
    UpdateAttachment "update-attachment" "The attachment of a volume changes.";
    DetachVolume "detach-volume" "A volume is detached from a server.";
    IndexInterfaces "index-interfaces" "The network interfaces of a server.";
    ShowInterface "show-interface" "A network interface of a server.";
    AttachInterface "attach-interface" "A server gets a network interface.";
    DetachInterface "detach-interface" "A server loses a network interface.";
    AddFixedIp "add-fixed-ip" "A port of a server gets an address.";
    RemoveFixedIp "remove-fixed-ip" "A port of a server loses an address.";
    AddFloatingIp "add-floating-ip" "A floating IP is given to a server.";
    RemoveFloatingIp "remove-floating-ip" "A floating IP is taken from a server.";
    IndexGroupsOfServer "index-groups-of-server" "The security groups of a server.";
    AddGroup "add-group" "A server gets a security group.";
    RemoveGroup "remove-group" "A server loses a security group.";
    CreateConsole "create-console" "A console of a server.";
    ShowDiagnostics "show-diagnostics" "What a server is measured at.";
    IndexItems "index-items" "The items of a field.";
    ShowItem "show-item" "One item of a field.";
    MergeItems "merge-items" "Items are added to a field.";
    ReplaceItems "replace-items" "The items of a field give way to others.";
    ClearItems "clear-items" "The items of a field are taken away.";
    PutItem "put-item" "An item of a field is added or changed.";
    DeleteItem "delete-item" "An item of a field less.";
    IndexZones "index-zones" "The availability zones.";
    DetailZones "detail-zones" "The availability zones, with their hosts.";
    IndexFloatingIpPools "index-floating-ip-pools" "The networks out of which floating IPs come.";
    ShowImageHeaders "show-image-headers" "One image, told in headers.";
    IndexTenants "index-tenants" "The projects of the token's user, as Keystone's v2.0 calls them.";
}

/// The effect that a row names, or the action of a server.
pub fn effect(node: &Node) -> Result<Effect, Diagnostic> {
    let actions = ServerAction::ALL.iter().map(|(name, action)| (*name, Effect::Action(*action)));
    let all: Vec<(&str, Effect)> = Effect::ALL.iter().copied().chain(actions).collect();
    node.choice(&all)
}
