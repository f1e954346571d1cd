//! What Nova says that it was extended with; of some only its relaxed form says so.

use crate::base::Version;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::cloud::verb::{Ask, Listed, ResourceType, visible_resources};

/// They have links of their own.
pub const EXTENSIONS: ResourceType =
    ResourceType { collection: "compute.extensions", derive: |_, _| {}, list, locate, ..ResourceType::OTHER };

/// Its fields are those of an API that only the relaxed form still speaks of.
const OF_RELAXED: &str = "OS-EXT-VIF-NET";

fn is_told(ask: &Ask<'_>, extension: &Resource) -> bool {
    ask.version == Version::LEGACY_V2 || extension.id != OF_RELAXED
}

fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let mut listed = visible_resources(cloud, ask)?;
    listed.resources.retain(|extension| is_told(ask, extension));
    Ok(listed)
}

fn locate(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    let found = cloud.collection("compute.extensions").get(ask.id()).filter(|extension| is_told(ask, extension));
    found.map(|extension| extension.id.clone()).ok_or_else(|| ask.not_found())
}
