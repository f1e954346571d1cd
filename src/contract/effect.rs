//! What the simulated cloud does with a request: a word of a row.

use super::act::Act;
use super::service::choice;
use crate::base::{Diagnostic, Node};

/// What the simulated cloud does; closed, because each is code: `cloud/effect/<verb>.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The row's literal document.
    Document,
    /// A path that clients probe in vain: 404, and no violation.
    Absent,
    /// The resources of a collection, in brief.
    Index,
    /// The resources of a collection, whole.
    Detail,
    /// One resource.
    Show,
    /// A resource more.
    Create,
    /// Changed fields of a resource.
    Update,
    /// An API that Nova removed: 410, and no violation.
    Gone,
    /// The projects that may use a flavor.
    IndexAccess,
    /// One project more may use a flavor.
    AddAccess,
    /// One project less may use a flavor.
    RemoveAccess,
    /// A host joins an aggregate.
    AddHost,
    /// A host leaves an aggregate.
    RemoveHost,
    /// Items of an aggregate's metadata.
    SetMetadata,
    /// The limits of a project, and what it uses.
    ShowLimits,
    /// The quotas of a project or of a class.
    ShowQuotas,
    /// The quotas of a project that has none of its own.
    ShowDefaultQuotas,
    /// The quotas of a project, each beside what is used of it.
    DetailQuotas,
    /// Quotas of its own for a project or a class.
    UpdateQuotas,
    /// A project goes back to the quotas of all.
    DeleteQuotas,
    /// All hypervisors as if they were one.
    SumHypervisors,
    /// The hypervisors that have a text in their name.
    SearchHypervisors,
    /// One of Nova's own services is enabled, disabled or forced down.
    UpdateService,
    /// What all projects used.
    IndexUsage,
    /// What one project used.
    ShowUsage,
    /// The projects or domains in which a user has a role.
    IndexOwnScopes,
    /// Another password for a user who knows the one that it has.
    ChangeUserPassword,
    /// A role more for a user.
    GrantRole,
    /// A role less for a user.
    RevokeRole,
    /// Has a user a role?
    CheckRole,
    /// The roles of a user in a project or domain.
    IndexRolesOfUser,
    /// The roles of all users.
    IndexAssignments,
    /// A new server.
    CreateServer,
    /// Changed fields of a server.
    UpdateServer,
    /// A resource less.
    Delete,
    /// A server does something.
    Act(Act),
    /// A new token.
    IssueToken,
    /// What a token says.
    ShowToken,
    /// A token less.
    RevokeToken,
    /// The catalog of the token.
    ShowCatalog,
    /// A new token, as Keystone's v2.0 has it.
    IssueTokenV2,
    /// A token, as Keystone's v2.0 has it; the path names it.
    ShowTokenV2,
    /// The items of a field.
    IndexItems,
    /// One item of a field.
    ShowItem,
    /// Items are added to a field.
    MergeItems,
    /// The items of a field give way to others.
    ReplaceItems,
    /// The items of a field are taken away.
    ClearItems,
    /// An item of a field is added or changed.
    PutItem,
    /// An item of a field less.
    DeleteItem,
    /// The availability zones.
    IndexZones,
    /// One image, told in headers.
    ShowImageHeaders,
    /// What was done to a server.
    IndexInstanceActions,
    /// One thing that was done to a server.
    ShowInstanceAction,
    /// The projects of the token's user, as Keystone's v2.0 calls them.
    IndexTenants,
}

impl Effect {
    /// Every effect but the acts of servers, by the name that contracts use.
    pub const ALL: &'static [(&'static str, Effect)] = &[
        ("document", Effect::Document),
        ("absent", Effect::Absent),
        ("index", Effect::Index),
        ("detail", Effect::Detail),
        ("show", Effect::Show),
        ("create", Effect::Create),
        ("update", Effect::Update),
        ("gone", Effect::Gone),
        ("index-access", Effect::IndexAccess),
        ("add-access", Effect::AddAccess),
        ("remove-access", Effect::RemoveAccess),
        ("add-host", Effect::AddHost),
        ("remove-host", Effect::RemoveHost),
        ("set-metadata", Effect::SetMetadata),
        ("show-limits", Effect::ShowLimits),
        ("show-quotas", Effect::ShowQuotas),
        ("show-default-quotas", Effect::ShowDefaultQuotas),
        ("detail-quotas", Effect::DetailQuotas),
        ("update-quotas", Effect::UpdateQuotas),
        ("delete-quotas", Effect::DeleteQuotas),
        ("sum-hypervisors", Effect::SumHypervisors),
        ("search-hypervisors", Effect::SearchHypervisors),
        ("update-service", Effect::UpdateService),
        ("index-usage", Effect::IndexUsage),
        ("show-usage", Effect::ShowUsage),
        ("index-own-scopes", Effect::IndexOwnScopes),
        ("change-user-password", Effect::ChangeUserPassword),
        ("grant-role", Effect::GrantRole),
        ("revoke-role", Effect::RevokeRole),
        ("check-role", Effect::CheckRole),
        ("index-roles-of-user", Effect::IndexRolesOfUser),
        ("index-assignments", Effect::IndexAssignments),
        ("create-server", Effect::CreateServer),
        ("update-server", Effect::UpdateServer),
        ("delete", Effect::Delete),
        ("issue-token", Effect::IssueToken),
        ("show-token", Effect::ShowToken),
        ("revoke-token", Effect::RevokeToken),
        ("show-catalog", Effect::ShowCatalog),
        ("issue-token-v2", Effect::IssueTokenV2),
        ("show-token-v2", Effect::ShowTokenV2),
        ("index-tenants", Effect::IndexTenants),
        ("show-image-headers", Effect::ShowImageHeaders),
        ("index-zones", Effect::IndexZones),
        ("index-instance-actions", Effect::IndexInstanceActions),
        ("show-instance-action", Effect::ShowInstanceAction),
        ("index-items", Effect::IndexItems),
        ("show-item", Effect::ShowItem),
        ("merge-items", Effect::MergeItems),
        ("replace-items", Effect::ReplaceItems),
        ("clear-items", Effect::ClearItems),
        ("put-item", Effect::PutItem),
        ("delete-item", Effect::DeleteItem),
    ];
}

/// The effect that a row names, or the act of a server.
pub(super) fn effect(node: &Node) -> Result<Effect, Diagnostic> {
    let acts = Act::ALL.map(|(name, act)| (name, Effect::Act(act)));
    let all: Vec<(&str, Effect)> = Effect::ALL.iter().copied().chain(acts).collect();
    choice(node, &all)
}
