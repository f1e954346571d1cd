//! What a cloud inside a test is like.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{MockCloud, ServedCloud};
use crate::base::{Clock, Diagnostic};
use crate::cloud::{Cloud, Fields, Fixture};
use crate::contract::Contracts;
use crate::exchange::{Exchange, Options, fault};
use crate::snapshot::Collector;

/// Says what a cloud is like; see [`MockCloud::builder`].
#[derive(Clone, Debug, Default)]
pub struct Builder {
    release: Option<String>,
    fixtures: Vec<Overlay>,
    seed: Option<u64>,
}

/// A fixture over the base cloud.
#[derive(Clone, Debug)]
enum Overlay {
    Text(String),
    Path(PathBuf),
}

impl MockCloud {
    /// The base cloud with the embedded contracts, as `mockstack run` starts it.
    ///
    /// # Errors
    /// The embedded files cannot be read: a defect of mockstack.
    pub fn new() -> Result<MockCloud, Diagnostic> {
        MockCloud::builder().build()
    }

    /// A cloud of another release, or with other content.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// The OpenStack release, such as `train`; otherwise the newest.
    #[must_use]
    pub fn release(self, name: impl Into<String>) -> Builder {
        Builder { release: Some(name.into()), ..self }
    }

    /// A fixture over the base cloud, as text in YAML; repeatable.
    #[must_use]
    pub fn fixture(self, yaml: impl Into<String>) -> Builder {
        self.over(Overlay::Text(yaml.into()))
    }

    /// The same as a file or folder; repeatable.
    #[must_use]
    pub fn fixture_file(self, path: impl Into<PathBuf>) -> Builder {
        self.over(Overlay::Path(path.into()))
    }

    /// The seed of generated ids; otherwise 1.
    #[must_use]
    pub fn seed(self, seed: u64) -> Builder {
        Builder { seed: Some(seed), ..self }
    }

    fn over(mut self, overlay: Overlay) -> Builder {
        self.fixtures.push(overlay);
        self
    }

    /// The cloud, which listens nowhere: it answers for a `MockServer` of wiremock, or for requests that you hand it.
    ///
    /// # Errors
    /// The release does not exist, or a fixture is wrong.
    pub fn build(self) -> Result<MockCloud, Diagnostic> {
        let shared = embedded()?;
        let fields = Fields::of(&shared);
        let fixture = self.fixtures.iter().try_fold(Fixture::base()?, |fixture, overlay| match overlay {
            Overlay::Text(text) => fixture.with_text("fixture", text, fields),
            Overlay::Path(path) => fixture.with_overlay(path, fields),
        })?;
        let contracts = Contracts::clone(&shared).deviating(self.release.as_deref(), &fixture.release)?;
        let faults = fixture.faults.iter().map(|node| fault(&contracts, node)).collect::<Result<_, _>>()?;
        let seed = self.seed.unwrap_or(1);
        let options = Options { collector: Some(Collector::default()), faults, seed, ..Options::default() };
        let cloud = Cloud::new(Arc::new(fixture), seed, Clock::Wall);
        Ok(MockCloud::of(Exchange::new(contracts, cloud, options)).sharing(shared))
    }

    /// The cloud, with a port of its own on 127.0.0.1.
    ///
    /// # Errors
    /// As [`Builder::build`]; or nothing can listen there.
    pub fn start(self) -> Result<ServedCloud, Diagnostic> {
        ServedCloud::start(self.build()?)
    }
}

/// The embedded contracts, which are read once for all clouds that there are.
fn embedded() -> Result<Arc<Contracts>, Diagnostic> {
    static SHARED: Mutex<Weak<Contracts>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(contracts) = shared.upgrade() {
        return Ok(contracts);
    }
    let contracts = Arc::new(Contracts::embedded()?);
    *shared = Arc::downgrade(&contracts);
    Ok(contracts)
}
