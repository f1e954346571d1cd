//! What clients made in a session, as long as it is there.

use std::sync::{Arc, Mutex};

use foldhash::HashMap;

use super::sequence::lock;
use crate::cloud::{Cloud, Made, Remnant};
use crate::recording::{Interaction, Leftover};

/// What clients made in a session, and which request did.
#[derive(Debug, Default)]
pub struct Leavings(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    made: HashMap<Made, Arc<Maker>>,
    /// How much is kept without a look at what is still there.
    enough: usize,
}

/// The request that made something.
#[derive(Debug)]
pub struct Maker {
    operation: Arc<str>,
    request: u64,
    test: Option<Arc<str>>,
    project: Option<String>,
}

impl Maker {
    /// The request of that interaction; `None`: it led to no operation, and made nothing.
    pub fn of<B, H>(interaction: &Interaction<B, H>) -> Option<Maker> {
        Some(Maker {
            operation: interaction.operation.clone()?,
            request: interaction.sequence,
            test: interaction.test.as_ref().map(|label| Arc::clone(&label.name)),
            project: interaction.project.clone(),
        })
    }
}

impl Leavings {
    /// `maker` has made all of that. What is gone is forgotten once there is much of it.
    pub fn note(&self, made: Vec<Made>, maker: Maker, cloud: &Cloud) {
        const FEW: usize = 100;
        let mut known = lock(&self.0);
        let maker = Arc::new(maker);
        known.made.extend(made.into_iter().map(|made| (made, Arc::clone(&maker))));
        if known.made.len() > known.enough.max(FEW) {
            // What a server still holds back counts, too.
            known.made.retain(|made, _| cloud.has(made));
            known.enough = 2 * known.made.len();
        }
    }

    /// Forgets what was made, in all or in one project.
    pub fn forget(&self, project: Option<&str>) {
        lock(&self.0).made.retain(|_, maker| project.is_some() && maker.project.as_deref() != project);
    }

    /// What is left of it in `cloud`, of all or of one project, in the order in which it was made.
    pub fn left(&self, cloud: &Cloud, project: Option<&str>) -> Vec<Leftover> {
        let known = lock(&self.0);
        let is_meant = |maker: &Maker| project.is_none() || maker.project.as_deref() == project;
        let meant = known.made.iter().filter(|(_, maker)| is_meant(maker));
        let mut left: Vec<Leftover> =
            meant.filter_map(|(made, maker)| Some(leftover(cloud.remnant(made)?, maker))).collect();
        left.sort_by(|a, b| (a.request, &a.kind, &a.name).cmp(&(b.request, &b.kind, &b.name)));
        left
    }
}

fn leftover(Remnant { kind, name, id, region }: Remnant, maker: &Maker) -> Leftover {
    let (operation, request) = (maker.operation.to_string(), maker.request);
    Leftover { kind, name, id, region, operation, request, test: maker.test.as_deref().map(str::to_owned) }
}
