//! What Nova called its policy rules before Liberty, at `/v2`. Source: etc/nova/policy.json of 2014.1 to 2015.1.

/// How rules begin today, and what stood for that; a name that ends in a colon keeps what follows.
const FORMER: [(&str, &str); 30] = [
    ("os_compute_api:servers:", "compute:"),
    ("os_compute_api:os-lock-server:unlock:unlock_override", "compute:unlock_override"),
    ("os_compute_api:limits:other_project", "compute_extension:used_limits_for_admin"),
    ("os_compute_api:os-admin-actions:inject_network_info", "compute_extension:admin_actions:injectNetworkInfo"),
    ("os_compute_api:os-admin-actions:reset_state", "compute_extension:admin_actions:resetState"),
    ("os_compute_api:os-migrate-server:migrate_live", "compute_extension:admin_actions:migrateLive"),
    ("os_compute_api:os-migrate-server:migrate", "compute_extension:admin_actions:migrate"),
    ("os_compute_api:os-agents", "compute_extension:agents"),
    ("os_compute_api:os-aggregates", "compute_extension:aggregates"),
    ("os_compute_api:os-assisted-volume-snapshots:", "compute_extension:os-assisted-volume-snapshots:"),
    ("os_compute_api:os-availability-zone:", "compute_extension:availability_zone:"),
    ("os_compute_api:os-evacuate", "compute_extension:evacuate"),
    ("os_compute_api:os-flavor-access:add_tenant_access", "compute_extension:flavor_access:addTenantAccess"),
    ("os_compute_api:os-flavor-access:remove_tenant_access", "compute_extension:flavor_access:removeTenantAccess"),
    ("os_compute_api:os-flavor-extra-specs:", "compute_extension:flavorextraspecs:"),
    ("os_compute_api:os-flavor-manage", "compute_extension:flavormanage"),
    ("os_compute_api:os-hosts", "compute_extension:hosts"),
    ("os_compute_api:os-hypervisors", "compute_extension:hypervisors"),
    ("os_compute_api:os-instance-usage-audit-log", "compute_extension:instance_usage_audit_log"),
    ("os_compute_api:os-keypairs:", "compute_extension:keypairs:"),
    ("os_compute_api:os-migrations:", "compute_extension:migrations:"),
    ("os_compute_api:os-quota-class-sets", "compute_extension:quota_classes"),
    ("os_compute_api:os-quota-sets:", "compute_extension:quotas:"),
    ("os_compute_api:os-server-diagnostics", "compute_extension:server_diagnostics"),
    ("os_compute_api:os-server-external-events:", "compute_extension:os-server-external-events:"),
    ("os_compute_api:os-services", "compute_extension:services"),
    ("os_compute_api:os-shelve:shelve_offload", "compute_extension:shelveOffload"),
    ("os_compute_api:os-simple-tenant-usage:", "compute_extension:simple_tenant_usage:"),
    ("os_compute_api:os-tenant-networks", "compute_extension:os-tenant-networks"),
    ("os_compute_api:os-volumes-attachments:", "compute_extension:volume_attachments:"),
];

/// The name of `rule` in those releases; what was not there yet has today's.
pub fn former(rule: &str) -> String {
    let known = FORMER.iter().find_map(|(today, then)| Some((then, rule.strip_prefix(today)?)));
    match known {
        Some((then, rest)) if then.ends_with(':') => format!("{then}{rest}"),
        Some((then, _)) => (*then).to_owned(),
        None => rule.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_keep_what_follows_a_colon() {
        assert_eq!(former("os_compute_api:os-aggregates:create"), "compute_extension:aggregates");
        assert_eq!(former("os_compute_api:os-quota-sets:update"), "compute_extension:quotas:update");
        assert_eq!(former("os_compute_api:servers:reboot"), "compute:reboot");
        assert_eq!(former("compute_extension:evacuate"), "compute_extension:evacuate");
    }
}
