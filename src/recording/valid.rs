//! Where a wrong request would be right.

use serde::{Deserialize, Serialize};

use crate::base::{Versions, parse_lifetime};
use crate::contract::Remedy;

/// The versions in which a request would be right: as it was sent, and after each of a few edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Valid {
    /// The versions that the API has in this cloud.
    #[serde(with = "ranges")]
    pub api: Versions,
    /// Those in which it is right as it was sent.
    #[serde(with = "ranges")]
    pub as_sent: Versions,
    /// Single edits that make it right, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edited>,
}

/// An edit, and where the request is right after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// What to do: `drop "tags"`.
    pub edit: String,
    /// The versions in which the request is right then.
    #[serde(with = "ranges")]
    pub versions: Versions,
}

impl Valid {
    /// What `remedy` says, within the versions that the `api` has.
    pub fn of(remedy: &Remedy, api: Versions) -> Valid {
        let edited =
            remedy.edits.iter().map(|(edit, versions)| Edited { edit: edit.to_string(), versions: *versions & api });
        Valid { api, as_sent: remedy.as_sent & api, edits: edited.collect() }
    }
}

/// Versions are written as a list of ranges that are closed at both ends, so that one who reads it need not know the API.
mod ranges {
    use super::*;

    pub fn serialize<S: serde::Serializer>(versions: &Versions, serializer: S) -> Result<S::Ok, S::Error> {
        versions.within(Versions::ALL).ranges().serialize(serializer)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Versions, D::Error> {
        let ranges = Vec::<String>::deserialize(deserializer)?;
        let read = |text: &String| parse_lifetime(text).map_err(serde::de::Error::custom);
        ranges.iter().try_fold(Versions::NONE, |all, text| Ok(all | read(text)?))
    }
}
