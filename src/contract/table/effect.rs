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
    Document "document" "Return the document in the contract.";
    Absent "absent" "Return 404 for a path that clients probe; not a violation.";
    Index "index" "List the resources of a collection, in brief.";
    Detail "detail" "List the resources of a collection, with details.";
    Show "show" "Show a resource.";
    Create "create" "Create a resource.";
    Update "update" "Update a resource.";
    Gone "gone" "Return 410 for an API that Nova removed; not a violation.";
    Unavailable "unavailable" "Return 400 for what a service routes and no longer does; not a violation.";
    IndexAccess "index-access" "List the projects that may use a flavor.";
    AddAccess "add-access" "Give a project access to a flavor.";
    RemoveAccess "remove-access" "Remove a project's access to a flavor.";
    AddHost "add-host" "Add a host to an aggregate.";
    RemoveHost "remove-host" "Remove a host from an aggregate.";
    SetMetadata "set-metadata" "Create or update metadata of an aggregate.";
    CacheImages "cache-images" "Cache images on the hosts of an aggregate.";
    ShowLimits "show-limits" "Show the limits of a project, and its usage.";
    ShowQuotas "show-quotas" "Show the quotas of a project or a quota class.";
    ShowDefaultQuotas "show-default-quotas" "Show the default quotas of a project.";
    DetailQuotas "detail-quotas" "Show the quotas of a project, each with its usage.";
    UpdateQuotas "update-quotas" "Update the quotas of a project or a quota class.";
    DeleteQuotas "delete-quotas" "Revert the quotas of a project to the defaults.";
    IndexQuotas "index-quotas" "List the quotas that were set.";
    ShowQuotaProject "show-quota-project" "Show whose quotas a token may see.";
    AddRouterInterface "add-router-interface" "Add an interface to a router.";
    RemoveRouterInterface "remove-router-interface" "Remove an interface from a router.";
    SumHypervisors "sum-hypervisors" "Show summary statistics over all hypervisors.";
    SearchHypervisors "search-hypervisors" "Search hypervisors by a part of their name.";
    SearchHypervisorServers "search-hypervisor-servers" "Search hypervisors by a part of their name, and list their servers.";
    UpdateService "update-service" "Enable, disable or force down a compute service.";
    IndexHosts "index-hosts" "List the hosts, by the services that run on them.";
    ShowHost "show-host" "Show what a host has, and what is used of it.";
    UpdateHost "update-host" "Enable or disable a host, or start or end its maintenance.";
    PowerHost "power-host" "Start, stop or reboot a host.";
    ShowUsageAudit "show-usage-audit" "Show how far the audits of usage are.";
    CreateExternalEvents "create-external-events" "Take what other services tell of servers.";
    CreateAssistedSnapshot "create-assisted-snapshot" "Create a snapshot of an attached volume for Cinder.";
    DeleteAssistedSnapshot "delete-assisted-snapshot" "Delete a snapshot of an attached volume for Cinder.";
    IndexLiveMigrations "index-live-migrations" "List the live migrations of a server that are under way.";
    ShowLiveMigration "show-live-migration" "Show a live migration that is under way.";
    AbortLiveMigration "abort-live-migration" "Abort a live migration.";
    CompleteLiveMigration "complete-live-migration" "Force a live migration to complete.";
    IndexUsage "index-usage" "List the usage of all projects.";
    ShowUsage "show-usage" "Show the usage of a project.";
    IndexInstanceActions "index-instance-actions" "List the actions of a server.";
    ShowInstanceAction "show-instance-action" "Show an action of a server.";
    IndexOwnScopes "index-own-scopes" "List the projects or domains in which a user has a role, or the system.";
    ChangeUserPassword "change-user-password" "Change the password of a user who gives the current one.";
    GrantRole "grant-role" "Assign a role to a user or a group.";
    RevokeRole "revoke-role" "Unassign a role from a user or a group.";
    CheckRole "check-role" "Check whether a user or a group has a role.";
    IndexRolesOfUser "index-roles-of-user" "List the roles of a user or a group in a project, a domain or the system.";
    AddMember "add-member" "Add a user to a group.";
    RemoveMember "remove-member" "Remove a user from a group.";
    CheckMember "check-member" "Check whether a user is in a group.";
    IndexMembers "index-members" "List the users in a group.";
    IndexGroupsOfUser "index-groups-of-user" "List the groups of a user.";
    IndexImpliedRoles "index-implied-roles" "List the roles that a role implies.";
    ImplyRole "imply-role" "Have a role imply another.";
    ShowImpliedRole "show-implied-role" "Show that a role implies another.";
    RevokeImpliedRole "revoke-implied-role" "Have a role no longer imply another.";
    IndexRoleInferences "index-role-inferences" "List all roles that imply others.";
    CreateProject "create-project" "Create a project, or a domain that is asked for as one.";
    ShowProject "show-project" "Show a project, with its parents and its subtree if asked for.";
    IndexAssignments "index-assignments" "List role assignments.";
    CreateServer "create-server" "Create a server.";
    UpdateServer "update-server" "Update a server.";
    Patch "patch" "Update an image by a JSON patch.";
    Upload "upload" "Upload the data of an image.";
    Download "download" "Download the data of an image; of large data only the digests are kept.";
    Stage "stage" "Upload the data of an image to a staging area.";
    Import "import" "Import the data of an image.";
    CreateDefinition "create-definition" "Add a part to a namespace of metadata definitions.";
    ReplaceDefinitions "replace-definitions" "Replace the tags of a namespace, or add some.";
    ShowDefinition "show-definition" "Show a part of a namespace.";
    UpdateDefinition "update-definition" "Update a part of a namespace.";
    DeleteDefinition "delete-definition" "Delete a part of a namespace.";
    ClearDefinitions "clear-definitions" "Delete all parts of a kind from a namespace.";
    EnableVolumeService "enable-volume-service" "Enable a service of Cinder.";
    DisableVolumeService "disable-volume-service" "Disable a service of Cinder.";
    FreezeVolumeHost "freeze-volume-host" "Freeze a backend of Cinder.";
    FailOverVolumeHost "fail-over-volume-host" "Fail over a backend of Cinder.";
    ShowLogLevels "show-log-levels" "Show what Cinder's services log.";
    SetLogLevels "set-log-levels" "Set what Cinder's services log.";
    EnableCluster "enable-cluster" "Enable a cluster of Cinder's services.";
    DisableCluster "disable-cluster" "Disable a cluster of Cinder's services.";
    CleanUpWorkers "clean-up-workers" "Finish what Cinder's services left undone.";
    ThawVolumeHost "thaw-volume-host" "Thaw a backend of Cinder.";
    CreateTask "create-task" "Import an image by a task.";
    Deactivate "deactivate" "Deactivate an image.";
    Reactivate "reactivate" "Reactivate an image.";
    AddImageTag "add-image-tag" "Add a tag to an image.";
    RemoveImageTag "remove-image-tag" "Delete a tag of an image.";
    IndexTasksOfImage "index-tasks-of-image" "List the tasks of an image.";
    SetField "set-field" "Set a field of a resource to a value in the body of an action.";
    Delete "delete" "Delete a resource.";
    IssueToken "issue-token" "Issue a token.";
    ShowToken "show-token" "Validate a token, and show it.";
    RevokeToken "revoke-token" "Revoke a token.";
    ShowCatalog "show-catalog" "Show the catalog of the token.";
    IssueTokenV2 "issue-token-v2" "Issue a token, in Keystone v2.0.";
    ShowTokenV2 "show-token-v2" "Validate the token in the path, and show it, in Keystone v2.0.";
    AttachVolume "attach-volume" "Attach a volume to a server.";
    UpdateAttachment "update-attachment" "Update a volume attachment.";
    SwapVolume "swap-volume" "Put another volume in the place of one that is attached to a server.";
    DetachVolume "detach-volume" "Detach a volume from a server.";
    VolumeAction "volume-action" "Perform an action of a volume.";
    ShowVolumeLimits "show-volume-limits" "Show the limits of a project for volumes, and its usage.";
    ShowVolumeQuotas "show-volume-quotas" "Show the quotas of a project or a quota class for volumes.";
    ShowDefaultVolumeQuotas "show-default-volume-quotas" "Show the default quotas of a project for volumes.";
    UpdateVolumeQuotas "update-volume-quotas" "Update the quotas of a project or a quota class for volumes.";
    DeleteVolumeQuotas "delete-volume-quotas" "Revert the quotas of a project for volumes to the defaults.";
    IndexTypeAccess "index-type-access" "List the projects that may use a volume type.";
    AddTypeAccess "add-type-access" "Give a project access to a volume type.";
    RemoveTypeAccess "remove-type-access" "Remove a project's access to a volume type.";
    SetDefaultType "set-default-type" "Set the volume type that volumes of a project get which ask for none.";
    IndexManageable "index-manageable" "List what is on a volume backend and could become Cinder's.";
    ManageVolume "manage-volume" "Have Cinder take a volume of a backend.";
    ManageSnapshot "manage-snapshot" "Have Cinder take a snapshot of a backend.";
    AcceptTransfer "accept-transfer" "Accept the transfer of a volume.";
    ShowPools "show-pools" "List the pools of the volume backend.";
    ShowCapabilities "show-capabilities" "Show what the volume backend can do.";
    UpdateVolumeHost "update-volume-host" "Enable or disable a host of Cinder, at which it fails.";
    ShowVolumeHost "show-volume-host" "Show what is on a host of Cinder.";
    CreateGroupFromSource "create-group-from-source" "Create a group with copies of the volumes of another, or of a snapshot of one.";
    ResetStatus "reset-status" "Set the states of a volume, a snapshot or a backup, whatever is going on.";
    ResetGroupState "reset-group-state" "Set the state of a group of volumes, or of a snapshot of one.";
    ReplicateGroup "replicate-group" "Replicate a group of volumes.";
    DeleteGroup "delete-group" "Delete a group of volumes, with its volumes if that is asked.";
    ExportBackup "export-backup" "Tell what another cloud needs to know of a backup.";
    ImportBackup "import-backup" "Take a backup that another cloud has told of.";
    RestoreBackup "restore-backup" "Restore a backup of a volume.";
    ShowQosSpecs "show-qos-specs" "Show QoS specs.";
    UpdateQosSpecs "update-qos-specs" "Add specs to QoS specs.";
    DeleteQosKeys "delete-qos-keys" "Remove specs from QoS specs.";
    IndexQosAssociations "index-qos-associations" "List the volume types that have QoS specs.";
    AssociateQosSpecs "associate-qos-specs" "Give QoS specs to a volume type.";
    DisassociateQosSpecs "disassociate-qos-specs" "Take QoS specs away from a volume type.";
    DisassociateAllQosSpecs "disassociate-all-qos-specs" "Take QoS specs away from all volume types.";
    CreateEncryption "create-encryption" "Encrypt the volumes of a type.";
    ShowEncryption "show-encryption" "Show how the volumes of a type are encrypted.";
    UpdateEncryption "update-encryption" "Update how the volumes of a type are encrypted.";
    DeleteEncryption "delete-encryption" "Encrypt the volumes of a type no longer.";
    ShowVolumeEncryption "show-volume-encryption" "Show how a volume is encrypted.";
    IndexAttachments "index-attachments" "List the attachments of volumes.";
    ShowAttachment "show-attachment" "Show an attachment of a volume.";
    CreateAttachment "create-attachment" "Create an attachment of a volume.";
    UpdateVolumeAttachment "update-volume-attachment" "Update an attachment of a volume.";
    CompleteAttachment "complete-attachment" "Complete an attachment of a volume.";
    DeleteAttachment "delete-attachment" "Delete an attachment of a volume.";
    IndexInterfaces "index-interfaces" "List the port interfaces of a server.";
    ShowInterface "show-interface" "Show a port interface of a server.";
    AttachInterface "attach-interface" "Attach a port interface to a server.";
    DetachInterface "detach-interface" "Detach a port interface from a server.";
    AddFixedIp "add-fixed-ip" "Add a fixed IP address to a server.";
    RemoveFixedIp "remove-fixed-ip" "Remove a fixed IP address from a server.";
    AddFloatingIp "add-floating-ip" "Associate a floating IP with a server.";
    RemoveFloatingIp "remove-floating-ip" "Disassociate a floating IP from a server.";
    IndexGroupsOfServer "index-groups-of-server" "List the security groups of a server.";
    AddGroup "add-group" "Add a security group to a server.";
    RemoveGroup "remove-group" "Remove a security group from a server.";
    CreateConsole "create-console" "Create a console of a server.";
    ShowDiagnostics "show-diagnostics" "Show the diagnostics of a server.";
    IndexItems "index-items" "List the items of a field, such as metadata or tags.";
    ShowItem "show-item" "Show an item of a field.";
    CheckItem "check-item" "Check whether a field has an item.";
    MergeItems "merge-items" "Create or update items of a field.";
    ReplaceItems "replace-items" "Replace the items of a field.";
    ClearItems "clear-items" "Delete all items of a field.";
    PutItem "put-item" "Create or update an item of a field.";
    DeleteItem "delete-item" "Delete an item of a field.";
    IndexZones "index-zones" "List availability zones.";
    DetailZones "detail-zones" "List availability zones, with their hosts.";
    IndexFloatingIpPools "index-floating-ip-pools" "List the networks that provide floating IPs.";
    IndexMembersV1 "index-members-v1" "List the members of an image, in Glance v1.";
    IndexSharedImages "index-shared-images" "List the images that are shared with a project, in Glance v1.";
    PutMemberV1 "put-member-v1" "Share an image with a project, in Glance v1.";
    ReplaceMembersV1 "replace-members-v1" "Replace the members of an image, in Glance v1.";
    DeleteMemberV1 "delete-member-v1" "Share an image with a project no longer, in Glance v1.";
    ShowImageHeaders "show-image-headers" "Show an image in response headers.";
    DownloadImageV1 "download-image-v1" "Download the data of an image, in Glance v1.";
    CreateImageV1 "create-image-v1" "Create an image from headers, in Glance v1.";
    UpdateImageV1 "update-image-v1" "Update an image from headers, in Glance v1.";
    DeleteImageV1 "delete-image-v1" "Delete an image, in Glance v1.";
    IndexTenants "index-tenants" "List the tenants of the token's user.";
}

/// The effect that a row names, or the action of a server.
pub fn effect(node: &Node) -> Result<Effect, Diagnostic> {
    let actions = ServerAction::ALL.iter().map(|(name, action)| (*name, Effect::Action(*action)));
    let all: Vec<(&str, Effect)> = Effect::ALL.iter().copied().chain(actions).collect();
    node.choice(&all)
}
