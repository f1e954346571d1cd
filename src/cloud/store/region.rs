//! What a region has of its own beside the first: all but who may log in.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::collections::Collections;
use super::contents::Fixture;
use super::history::History;
use super::resource::Resource;
use super::stable_id::stable_uuid;
use crate::base::json::{Map, with_texts};

/// What a region has of its own, while requests go elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Region {
    pub(super) collections: Collections,
    pub(super) last_addresses: HashMap<String, u128>,
    pub(super) history: History,
}

/// The other regions of a cloud that holds `fixture`, by name.
pub fn regions(fixture: &Fixture) -> BTreeMap<Arc<str>, Region> {
    let filled = |name: &String| {
        let mut collections = Collections::default();
        collections.fill(&resources_in(name, fixture), |_| true);
        (Arc::from(name.as_str()), Region { collections, ..Region::default() })
    };
    fixture.other_regions.iter().map(filled).collect()
}

/// What `fixture` holds, in another region: the same under other ids. An id that no client needs to look up, such as that of a flavor,
/// is the same everywhere.
pub fn resources_in(region: &str, fixture: &Fixture) -> BTreeMap<String, Vec<Resource>> {
    let ids = fixture.resources.values().flatten().map(|resource| resource.id.as_str());
    let own: HashSet<&str> = ids.filter(|id| uuid::Uuid::try_parse(id).is_ok()).collect();
    let change = |text: &str| {
        let is_end = |c: char| !c.is_ascii_hexdigit() && c != '-';
        let word = |word: &str| match own.contains(word) {
            true => in_region(region, word),
            false => word.to_owned(),
        };
        // What ends a word stays behind it.
        let words = text.split_inclusive(is_end).map(|part| {
            let length = part.trim_end_matches(is_end).len();
            word(&part[..length]) + &part[length..]
        });
        words.collect::<String>()
    };
    let there = |resource: &Resource| {
        let fields = resource.body.iter();
        let body: Map =
            fields.map(|(name, value)| (name.clone(), with_texts(value, &mut |text| change(text)))).collect();
        Resource { id: change(&resource.id), body, ..resource.clone() }
    };
    let all = fixture.resources.iter();
    all.map(|(name, resources)| (name.clone(), resources.iter().map(there).collect())).collect()
}

/// The id that the resource `id` of a fixture has in another region; in the first one it is `id` itself.
pub fn in_region(region: &str, id: &str) -> String {
    if region.is_empty() { id.to_owned() } else { stable_uuid(&format!("{id} in {region}")) }
}

/// The name of a collection of a region among all: `servers@RegionTwo`, as its endpoints are called.
pub fn at_region<'n>(collection: &'n str, region: &str) -> Cow<'n, str> {
    if region.is_empty() { Cow::Borrowed(collection) } else { format!("{collection}@{region}").into() }
}

/// The collection and the region of such a name.
pub fn parts_of(name: &str) -> (&str, &str) {
    name.split_once('@').unwrap_or((name, ""))
}

/// What a resource of such a collection is: `server`.
pub fn kind_of(name: &str) -> &str {
    let (collection, _) = parts_of(name);
    collection.strip_suffix('s').unwrap_or(collection)
}
