//! Quotas: how much a project may use, and Nova's refusals beyond that.

use std::collections::BTreeMap;

use super::fault::Fault;
use crate::base::{Diagnostic, Node, Yaml, unknown_key};
use crate::contract::Code;

/// What Nova counts, and its own defaults (nova/conf/quota.py). What the network service counts is -1 to it: no limit.
pub const RESOURCES: [(&str, i64); 14] = [
    ("instances", 10),
    ("cores", 20),
    ("ram", 51200),
    ("metadata_items", 128),
    ("injected_files", 5),
    ("injected_file_content_bytes", 10240),
    ("injected_file_path_bytes", 255),
    ("key_pairs", 100),
    ("server_groups", 10),
    ("server_group_members", 10),
    ("floating_ips", UNLIMITED),
    ("fixed_ips", UNLIMITED),
    ("security_groups", UNLIMITED),
    ("security_group_rules", UNLIMITED),
];

/// What Cinder counts, and its own defaults (cinder/quota.py).
pub const VOLUME_RESOURCES: [(&str, i64); 7] = [
    ("volumes", 10),
    ("per_volume_gigabytes", UNLIMITED),
    ("snapshots", 10),
    ("gigabytes", 1000),
    ("backups", 10),
    ("backup_gigabytes", 1000),
    ("groups", 10),
];

/// The value for no limit.
pub const UNLIMITED: i64 = -1;

/// How much a project may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotas(BTreeMap<&'static str, i64>);

impl Default for Quotas {
    fn default() -> Quotas {
        Quotas(all().collect())
    }
}

impl Quotas {
    /// No limits.
    pub fn unlimited() -> Quotas {
        Quotas(all().map(|(name, _)| (name, UNLIMITED)).collect())
    }

    /// The limit of `resource`; -1 is unlimited.
    pub fn limit(&self, resource: &str) -> i64 {
        self.0.get(resource).copied().unwrap_or(UNLIMITED)
    }

    /// Overrides these with the `quotas` of a fixture.
    ///
    /// # Errors
    /// A key that is not a resource, or a limit that is not a number from -1.
    pub fn apply(&mut self, node: &Node) -> Result<(), Diagnostic> {
        for (key, place, value) in node.entries()? {
            let Some((name, _)) = all().find(|(name, _)| name == key) else {
                return Err(unknown_key(key, place, &all().map(|(name, _)| name).collect::<Vec<_>>()));
            };
            self.0.insert(name, limit(value)?);
        }
        Ok(())
    }
}

/// What both count.
fn all() -> impl Iterator<Item = (&'static str, i64)> {
    RESOURCES.into_iter().chain(VOLUME_RESOURCES)
}

fn limit(node: &Node) -> Result<i64, Diagnostic> {
    let number = match node.yaml() {
        Yaml::Number(number) => number.as_i64().filter(|number| *number >= UNLIMITED),
        _ => None,
    };
    number.ok_or_else(|| node.expected("a whole number from 0, or -1 for no limit"))
}

/// A request for more of a resource.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The resource, by Nova's name.
    pub resource: &'static str,
    /// How much more is requested.
    pub requested: u64,
    /// How much there is.
    pub used: u64,
    /// The limit; -1 is unlimited.
    pub limit: i64,
}

impl Wish {
    /// Is it within the limit? A request for nothing always is.
    pub fn fits(&self) -> bool {
        let room = u64::try_from(self.limit).map_or(u64::MAX, |limit| limit.saturating_sub(self.used));
        self.requested == 0 || self.requested <= room
    }
}

/// Refuses wishes that do not fit, in Nova's words: one sentence names all of them.
///
/// # Errors
/// 403, or what an API of its time makes of it.
pub fn allow(wishes: &[Wish]) -> Result<(), Fault> {
    allow_as(wishes, |wish| wish.requested.to_string())
}

/// The same where `requested` says how the refusal puts what is requested.
///
/// # Errors
/// As [`allow`].
pub fn allow_as(wishes: &[Wish], requested: impl Fn(&Wish) -> String) -> Result<(), Fault> {
    let mut over: Vec<&Wish> = wishes.iter().filter(|wish| !wish.fits()).collect();
    over.sort_by_key(|wish| wish.resource);
    match over.as_slice() {
        [] => Ok(()),
        [wish] => Err(exceeded(sentence(wish).unwrap_or_else(|| counted(&over, requested)))),
        over => Err(exceeded(counted(over, requested))),
    }
}

fn exceeded(message: String) -> Fault {
    Fault::new(Code::Quota, 403, message)
}

/// What Nova says of the resources that it does not count aloud.
fn sentence(wish: &Wish) -> Option<String> {
    let words = match wish.resource {
        "key_pairs" => "Quota exceeded, too many key pairs.",
        "server_groups" => "Quota exceeded, too many server groups.",
        "server_group_members" => "Quota exceeded, too many servers in group",
        "injected_files" => "Personality file limit exceeded",
        "injected_file_path_bytes" => return Some(format!("Personality file path exceeds maximum {}", wish.limit)),
        "injected_file_content_bytes" => {
            return Some(format!("Personality file content exceeds maximum {}", wish.limit));
        }
        "metadata_items" => return Some(format!("Maximum number of metadata items exceeds {}", wish.limit)),
        _ => return None,
    };
    Some(words.to_owned())
}

fn counted(over: &[&Wish], requested: impl Fn(&Wish) -> String) -> String {
    let list = |of: &dyn Fn(&Wish) -> String| over.iter().map(|wish| of(wish)).collect::<Vec<_>>().join(", ");
    let names = list(&|wish| wish.resource.to_owned());
    let (requested, used) = (list(&requested), list(&|wish| wish.used.to_string()));
    let allowed = list(&|wish| wish.limit.to_string());
    format!("Quota exceeded for {names}: Requested {requested}, but already used {used} of {allowed} {names}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(wishes: &[(&'static str, u64, u64, i64)]) -> Option<String> {
        let wishes: Vec<Wish> = wishes
            .iter()
            .map(|&(resource, requested, used, limit)| Wish { resource, requested, used, limit })
            .collect();
        allow(&wishes).err().map(|fault| fault.message)
    }

    /// The last one fits, the next does not, and -1 always does.
    #[test]
    fn a_wish_fits_up_to_the_limit() {
        assert_eq!(said(&[("instances", 1, 9, 10)]), None);
        assert_eq!(said(&[("instances", u64::MAX, 9, UNLIMITED)]), None);
        assert_eq!(said(&[("instances", 0, 11, 10)]), None);
        let message = said(&[("instances", 2, 9, 10)]);
        assert_eq!(
            message.as_deref(),
            Some("Quota exceeded for instances: Requested 2, but already used 9 of 10 instances")
        );
    }

    /// Nova names all that do not fit in one sentence, in alphabetical order.
    #[test]
    fn several_are_named_together() {
        let message = said(&[("ram", 512, 51200, 51200), ("instances", 1, 1, 10), ("cores", 1, 20, 20)]);
        insta::assert_snapshot!(message.unwrap(), @"Quota exceeded for cores, ram: Requested 1, 512, but already used 20, 51200 of 20, 51200 cores, ram");
    }

    /// Resources that are not counted aloud have sentences of their own.
    #[test]
    fn some_have_their_own_sentence() {
        assert_eq!(said(&[("key_pairs", 1, 100, 100)]).as_deref(), Some("Quota exceeded, too many key pairs."));
        assert_eq!(
            said(&[("metadata_items", 129, 0, 128)]).as_deref(),
            Some("Maximum number of metadata items exceeds 128")
        );
    }
}
