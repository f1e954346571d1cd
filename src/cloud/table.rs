//! The types of resources, a row each.

use super::compute::{aggregates, extensions, flavors, hypervisors, keypairs, server_groups, servers, services};
use super::identity::resource_types as identity;
use super::image::{images, members, metadefs, tasks};
use super::network::{
    default_security_groups, floating_ips, ip_availability, networks, pools, ports, quotas, routers,
    security_group_rules, security_groups,
};
use super::store::{Cloud, Resource};
use super::verb::{Order, ResourceType};
use super::volume::{
    attachments, backups, clusters, default_types, extensions as volume_extensions, group_snapshots, group_types,
    groups, log_levels, messages, qos, services as volume_services, transfers, types, volumes,
};
use crate::contract::Dialect;

/// The type of the resources in `collection`.
pub fn resource_type(collection: &str) -> &'static ResourceType {
    ALL.iter().copied().find(|own| own.collection == collection).unwrap_or(&ResourceType::OTHER)
}

/// A new project gets its default security group.
const PROJECTS: ResourceType = ResourceType { arrive: give_default_groups, ..identity::PROJECTS };

fn give_default_groups(cloud: &mut Cloud, project: &Resource) {
    cloud.in_each_region(|cloud| default_security_groups::give(cloud, project));
}

const MIGRATIONS: ResourceType = ResourceType {
    collection: "migrations",
    list: servers::migrations::list,
    marker: |migration| migration.text("uuid"),
    order: |dialect| if dialect == Dialect::Nova { Order::Newest } else { Order::Oldest },
    ..ResourceType::OTHER
};

/// Every type that is in some way its own.
const ALL: &[&ResourceType] = &[
    &servers::server_type::SERVERS,
    &servers::shares::SHARES,
    &flavors::FLAVORS,
    &keypairs::KEYPAIRS,
    &server_groups::SERVER_GROUPS,
    &aggregates::AGGREGATES,
    &hypervisors::HYPERVISORS,
    &services::SERVICES,
    &MIGRATIONS,
    &extensions::EXTENSIONS,
    &images::IMAGES,
    &members::IMAGE_MEMBERS,
    &tasks::IMAGE_TASKS,
    &metadefs::NAMESPACES,
    &volumes::VOLUMES,
    &volumes::SNAPSHOTS,
    &types::VOLUME_TYPES,
    &default_types::DEFAULT_TYPES,
    &transfers::TRANSFERS,
    &backups::BACKUPS,
    &groups::GROUPS,
    &groups::CONSISTENCY_GROUPS,
    &group_types::GROUP_TYPES,
    &group_snapshots::GROUP_SNAPSHOTS,
    &group_snapshots::CGSNAPSHOTS,
    &messages::MESSAGES,
    &qos::QOS_SPECS,
    &volume_services::SERVICE,
    &log_levels::LOG_LEVELS,
    &clusters::CLUSTERS,
    &volume_extensions::EXTENSIONS,
    &attachments::ATTACHMENTS,
    &networks::NETWORKS,
    &networks::SUBNETS,
    &networks::EXTENSIONS,
    &ip_availability::IP_AVAILABILITIES,
    &ports::PORTS,
    &floating_ips::FLOATING_IPS,
    &security_groups::SECURITY_GROUPS,
    &security_group_rules::SECURITY_GROUP_RULES,
    &routers::ROUTERS,
    &pools::SUBNET_POOLS,
    &pools::ADDRESS_SCOPES,
    &pools::RBAC_POLICIES,
    &quotas::QUOTAS,
    &PROJECTS,
    &identity::USERS,
    &identity::GROUPS,
    &identity::ROLES,
    &identity::DOMAINS,
    &identity::REGIONS,
    &identity::SERVICES,
    &identity::ENDPOINTS,
    &identity::CREDENTIALS,
    &identity::APPLICATION_CREDENTIALS,
    &identity::ACCESS_RULES,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;
    use crate::cloud::store::{FoundBy, SHARED};
    use crate::cloud::{image, volume};
    use crate::contract::{Contracts, Effect, Kind, Which, walk};

    /// The values that `service` allows in a field of what it shows of a collection.
    fn choices(service: &str, collection: &str, field: &str) -> Vec<String> {
        let contracts = Contracts::embedded().unwrap();
        let api = contracts.services().iter().find(|api| api.service.name == service).unwrap();
        let answers = api.answers_about(collection, Which::Show).unwrap();
        let forms = answers.bodies.iter().flat_map(|body| answers.schemas.forms_of(*body, field));
        let found = forms.flat_map(|(versions, form)| walk(&answers.schemas, form, &json!("!"), versions).into_vec());
        let choices = found.filter_map(|finding| match finding.kind {
            Kind::Enum(choices) => {
                Some(choices.iter().filter_map(|(choice, _)| choice.as_str().map(str::to_owned)).collect())
            }
            _ => None,
        });
        choices.last().unwrap()
    }

    #[test]
    fn closed_sets_are_those_of_the_contract() {
        let same = |(service, collection, field): (&str, &str, &str), names: &[&str]| {
            let (mut own, mut allowed) = (names.to_vec(), choices(service, collection, field));
            own.sort_unstable();
            allowed.sort_unstable();
            assert_eq!(own, allowed, "{service} {collection} {field}");
        };
        same(("image", "images", "status"), &image::record::STATUSES.map(|row| row.1));
        same(("image", "images", "visibility"), &image::record::VISIBILITIES.map(|row| row.1));
        same(("volume", "volumes", "status"), &volume::record::STATUSES.map(|row| row.1));
    }

    #[test]
    fn no_two_rows_are_of_one_collection() {
        for row in ALL {
            assert_eq!(ALL.iter().filter(|other| other.collection == row.collection).count(), 1, "{}", row.collection);
        }
    }

    #[test]
    fn all_regions_share_what_is_keystones() {
        let own = ALL.iter().filter(|own| own.home == Dialect::Keystone).map(|own| own.collection);
        let (mut own, mut shared) = (own.collect::<Vec<_>>(), SHARED.to_vec());
        own.sort_unstable();
        shared.sort_unstable();
        assert_eq!(own, shared);
    }

    #[test]
    fn what_must_be_unique_is_found_by_it() {
        for (own, (field, _)) in ALL.iter().flat_map(|own| own.unique.iter().map(move |row| (own, row))) {
            let found = FoundBy::of(own.collection);
            let is_indexed = matches!((*field, found), ("id", _) | ("name", FoundBy::Name | FoundBy::User));
            assert!(is_indexed, "{}: {field}", own.collection);
        }
    }

    /// A row that creates or changes resources of a collection without a type could only answer 501.
    #[test]
    fn every_row_that_creates_or_changes_has_a_type() {
        let contracts = Contracts::embedded().unwrap();
        let rows = contracts.services().iter().flat_map(|contract| contract.table().unwrap().operations.iter());
        let making: Vec<_> = rows.filter(|row| matches!(row.effect, Some(Effect::Create | Effect::Update))).collect();
        assert!(!making.is_empty(), "there are such rows");
        for row in making {
            let collection = row.collection.as_deref().expect("a collection");
            assert!(!resource_type(collection).collection.is_empty(), "{}: {collection:?} has no type", row.id);
        }
    }
}
