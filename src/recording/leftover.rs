//! What a run left behind: the last line of a recording keeps it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that a run made and did not delete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leftover {
    /// What it is: `server`.
    pub kind: String,
    /// Its name; without one its id.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The region that it is in, if not the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The operation that made it.
    pub operation: String,
    /// The number of the request that made it.
    pub request: u64,
    /// The name of the test that did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
}

/// The most that are told one by one.
const MOST: usize = 1000;

impl Leftover {
    /// `server web1`, or `server web1 in RegionTwo`
    pub fn told(&self) -> String {
        let region = self.region.iter().map(|region| format!(" in {region}")).collect::<String>();
        format!("{} {}{region}", self.kind, self.name)
    }

    /// Adds `more` to what is told already; beyond the first thousand one of each operation and test stands for all.
    pub fn put_together(all: &mut Vec<Leftover>, more: impl IntoIterator<Item = Leftover>) {
        for one in more {
            let is_like = |own: &Leftover| own.operation == one.operation && own.test == one.test;
            if all.len() < MOST || !all.iter().any(is_like) {
                all.push(one);
            }
        }
    }
}

impl fmt::Display for Leftover {
    /// `server web1, made by compute.servers.create in request 7`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, made by {} in request {}", self.told(), self.operation, self.request)
    }
}
