//! The kinds of resources that do something of their own when one comes, changes or goes, a row each.

use super::compute::{
    aggregates as aggregate, flavors as flavor, keypairs as keypair, server_groups as server_group, services as service,
};
use super::identity::accounts as identity;
use super::image::images as image;
use super::network::{
    default_security_groups as default_groups, floating_ips as address, networks as network, ports as port,
    security_groups as group,
};
use super::verb::{Hooks, as_it_is};
use super::volume::volumes as volume;

/// What the kind of the resources in `collection` does.
pub fn hooks_of(collection: &str) -> &'static Hooks {
    HOOKS.iter().find(|hooks| hooks.collection == collection).unwrap_or(&Hooks::NONE)
}

const HOOKS: &[Hooks] = &[
    Hooks { collection: "flavors", complete: flavor::complete, ..Hooks::NONE },
    Hooks { collection: "keypairs", complete: keypair::complete, ..Hooks::NONE },
    Hooks { collection: "server_groups", complete: server_group::complete, ..Hooks::NONE },
    Hooks { collection: "aggregates", complete: aggregate::complete, leave: aggregate::refuse_full, ..Hooks::NONE },
    Hooks {
        collection: "volumes",
        complete: volume::complete,
        change: Some(volume::change),
        leave: volume::leave,
        ..Hooks::NONE
    },
    Hooks { collection: "snapshots", complete: volume::complete_snapshot, change: Some(as_it_is), ..Hooks::NONE },
    Hooks { collection: "projects", complete: identity::in_domain, arrive: default_groups::give, ..Hooks::NONE },
    Hooks { collection: "users", complete: identity::in_domain, ..Hooks::NONE },
    Hooks { collection: "roles", complete: identity::as_asked, ..Hooks::NONE },
    Hooks { collection: "domains", complete: identity::as_asked, ..Hooks::NONE },
    Hooks { collection: "regions", complete: identity::as_asked, ..Hooks::NONE },
    Hooks { collection: "identity.services", complete: identity::as_asked, ..Hooks::NONE },
    Hooks { collection: "endpoints", complete: identity::as_asked, ..Hooks::NONE },
    Hooks { collection: "application_credentials", complete: identity::application_credential, ..Hooks::NONE },
    Hooks { collection: "services", leave: service::refuse_busy, ..Hooks::NONE },
    Hooks {
        collection: "networks",
        complete: network::complete,
        change: Some(as_it_is),
        leave: network::leave,
        ..Hooks::NONE
    },
    Hooks {
        collection: "subnets",
        complete: network::complete_subnet,
        change: Some(as_it_is),
        leave: network::subnet_leaves,
        ..Hooks::NONE
    },
    Hooks {
        collection: "ports",
        complete: port::complete,
        change: Some(port::change),
        leave: port::leave,
        ..Hooks::NONE
    },
    Hooks { collection: "floatingips", complete: address::complete, change: Some(address::change), ..Hooks::NONE },
    Hooks {
        collection: "security_groups",
        complete: group::complete,
        change: Some(as_it_is),
        leave: group::leave,
        ..Hooks::NONE
    },
    Hooks {
        collection: "security_group_rules",
        complete: group::complete_rule,
        change: Some(as_it_is),
        agree: group::rules_agree,
        ..Hooks::NONE
    },
    Hooks {
        collection: "images",
        complete: image::complete,
        change: Some(as_it_is),
        leave: image::leave,
        ..Hooks::NONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::verb::Kind;

    #[test]
    fn each_row_is_of_a_kind_that_there_is() {
        for row in HOOKS {
            assert!(Kind::of(row.collection).is_some(), "{}", row.collection);
            assert_eq!(
                HOOKS.iter().filter(|other| other.collection == row.collection).count(),
                1,
                "{}",
                row.collection
            );
        }
    }
}
