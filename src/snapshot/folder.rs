//! The folder of snapshots: what each test and each project asked has a folder of its own in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::collector::{Asker, Texts};
use super::comparison::{Comparison, Place, compare};
use super::store::{Owner, Pending, Stored, pending, read};

/// The scenario of a run that names none.
const USUAL: &str = "default";

/// The most bytes in the name of a folder; file systems take 255.
const LONGEST: usize = 120;

/// The snapshots of a run. What belongs to no test and no project is in the folder of the scenario; what does is in a folder of its own:
/// `DIR/LABEL`, or `DIR/SCENARIO/LABEL` in a scenario with a name.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder of all.
    pub root: PathBuf,
    /// The scenario of the run.
    pub scenario: String,
    /// Is the run a shard, so that it does not meet all of them?
    pub partial: bool,
    /// Does a difference fail the run? It does in CI.
    pub enforced: bool,
}

/// How much of a run is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it: what nobody asked any more is unreferenced.
    Whole,
    /// What some of its tests asked.
    Part,
}

#[derive(Default)]
struct Files {
    stored: Vec<Stored>,
    pending: Vec<Pending>,
}

impl Folder {
    /// Compares what was asked with what is accepted; see `compare`.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn compare(&self, mut asked: Texts, extent: Extent) -> io::Result<Comparison> {
        let mut files = match extent {
            Extent::Whole => self.all()?,
            Extent::Part => self.some(asked.keys().flatten())?,
        };
        let askers: BTreeSet<Asker> = asked.keys().chain(files.keys()).cloned().collect();
        let mut comparison = Comparison::default();
        for asker in askers {
            let Files { stored, pending } = files.remove(&asker).unwrap_or_default();
            let texts = asked.remove(&asker).unwrap_or_default();
            let (folder, owner) = (self.of(asker.as_deref()), asker.map(|label| self.owner(label)));
            let place = Place { folder: &folder, owner: owner.as_ref(), partial: self.partial };
            comparison.add(compare(place, texts, stored, pending)?);
        }
        Ok(comparison)
    }

    /// Can all that is there be read?
    ///
    /// # Errors
    /// Something cannot.
    pub fn check(&self) -> io::Result<()> {
        self.all().map(drop)
    }

    /// The folder of the scenario.
    pub fn of_scenario(&self) -> PathBuf {
        self.root.join(&self.scenario)
    }

    fn owner(&self, label: Arc<str>) -> Owner {
        Owner { label, scenario: self.scenario.clone() }
    }

    /// Where new snapshots of that asker go.
    fn of(&self, asker: Option<&str>) -> PathBuf {
        let Some(label) = asker else { return self.of_scenario() };
        let above = if self.scenario == USUAL { self.root.clone() } else { self.of_scenario() };
        above.join(folder_name(label))
    }

    /// All files of the scenario, by who asked. Those that belong to nobody are in its folder, the others say whose they are.
    fn all(&self) -> io::Result<BTreeMap<Asker, Files>> {
        let mut files = BTreeMap::new();
        self.read(&self.root, &mut files, |asker| asker.is_some())?;
        self.read(&self.of_scenario(), &mut files, |asker| asker.is_none())?;
        Ok(files)
    }

    /// Those of some askers.
    fn some<'l>(&self, labels: impl Iterator<Item = &'l Arc<str>>) -> io::Result<BTreeMap<Asker, Files>> {
        let mut files = BTreeMap::new();
        for label in labels {
            self.read(&self.of(Some(label)), &mut files, |asker| asker.as_ref() == Some(label))?;
        }
        Ok(files)
    }

    /// Reads what is below `folder` and has a wanted owner.
    fn read(
        &self,
        folder: &Path,
        files: &mut BTreeMap<Asker, Files>,
        is_wanted: impl Fn(&Asker) -> bool,
    ) -> io::Result<()> {
        let asker = |owner: Option<&Owner>| match owner {
            None => Some(None),
            Some(owner) => (owner.scenario == self.scenario).then(|| Some(Arc::clone(&owner.label))),
        };
        let wanted = |owner: Option<&Owner>| asker(owner).filter(|asker| is_wanted(asker));
        for stored in read(folder)? {
            if let Some(asker) = wanted(stored.owner.as_ref()) {
                files.entry(asker).or_default().stored.push(stored);
            }
        }
        for pending in pending(folder)? {
            if let Some(asker) = wanted(pending.owner.as_ref()) {
                files.entry(asker).or_default().pending.push(pending);
            }
        }
        Ok(())
    }
}

/// A name for the folder of a label, such as `tests_boot.py__test_tags`. Two labels may have the same: each file says whose it is.
fn folder_name(label: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.+=,[]".contains(c);
    let name: String = label.chars().map(|c| if is_plain(c) { c } else { '_' }).take(LONGEST).collect();
    // Neither hidden nor the folder above.
    if name.is_empty() || name.starts_with('.') { format!("_{name}") } else { name }
}
