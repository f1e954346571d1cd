//! How much a project may have now.

use super::cloud::Cloud;
use super::quota::Quotas;
use super::resource::Resource;

impl Cloud {
    /// The limits of `project`; of none: the default ones.
    pub(in crate::cloud) fn limits(&self, project: Option<&str>) -> Limits<'_> {
        let kept = |collection: &str, id: &str| self.collections.get(collection)?.get(id);
        Limits {
            own: project.and_then(|project| kept("quota_sets", project)),
            class: kept("quota_class_sets", "default"),
            quotas: self.quotas(),
        }
    }
}

/// The limits of a project: its own, or else those of the default class, or else the fixture's.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'c> {
    own: Option<&'c Resource>,
    class: Option<&'c Resource>,
    quotas: &'c Quotas,
}

impl Limits<'_> {
    /// The limit of `resource`.
    pub fn of(&self, resource: &str) -> i64 {
        let kept = |set: Option<&Resource>| set?.body.get(resource)?.as_i64();
        kept(self.own).or_else(|| kept(self.class)).unwrap_or_else(|| self.quotas.limit(resource))
    }
}
