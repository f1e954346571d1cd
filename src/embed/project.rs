//! A project with a cloud of its own, inside a test.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::told::assert_clean;
use crate::exchange::{Exchange, Session};
use crate::report::{Ending, Outcome};
use crate::server::Entrance;

/// A project with a cloud of its own: state, quotas, ids and verdict are nobody else's. It goes when this is dropped; what was
/// asked in it stays in the verdict of the cloud.
#[derive(Debug)]
pub struct Project {
    pub(super) exchange: Arc<Exchange>,
    pub(super) session: Arc<Session>,
    pub(super) entrance: Entrance,
}

impl Project {
    /// The variables of an openrc, for a client that is started.
    pub fn env(&self) -> BTreeMap<String, String> {
        self.entrance.variables(None).into_iter().collect()
    }

    /// The text of a clouds.yaml with the cloud `mockstack`.
    pub fn clouds_yaml(&self) -> String {
        self.entrance.clouds_yaml()
    }

    /// The outcome so far, by the rules of `mockstack run` without options.
    pub fn outcome(&self) -> Outcome {
        let (faults, left) = (self.session.fault_reports(), self.exchange.left_in(&self.session));
        Outcome::new(self.session.journal().clone(), Ending { faults, left, ..Ending::default() })
    }

    /// Fails the test unless every request in it was right, with what is wrong and how it would be right.
    #[track_caller]
    pub fn assert_clean(&self) {
        assert_clean(&self.outcome());
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = self.session.name().map(|name| self.exchange.close(name));
    }
}
