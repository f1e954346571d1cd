//! A real cloud answers. Who has the sockets asks it, and hands the answer in; what is here knows where the cloud's endpoints are,
//! and where they are mounted at our port.

mod catalog;
mod mounts;
mod rewrite;

use std::sync::{Arc, Mutex};

use crate::base::json::Value;
use crate::cloud::Fault;
use crate::contract::{Code, Contracts, Part, Violation};
use crate::exchange::answered::Answered;
use crate::exchange::call::Call;
use crate::exchange::ruling::{Findings, Ruling};
use crate::exchange::sequence::{Sequence, lock};
use crate::message::Response;

pub use super::forward::catalog::{Endpoint, endpoints};
pub use super::forward::mounts::{Mounts, usual_mount};
pub use super::forward::rewrite::Rewriter;

/// A real cloud as a responder.
#[derive(Debug)]
pub struct Forward {
    mounts: Mutex<Arc<Mounts>>,
}

impl Forward {
    /// A cloud whose identity service is at `auth_url`.
    pub fn new(contracts: &Contracts, auth_url: &str) -> Forward {
        Forward { mounts: Mutex::new(Arc::new(Mounts::new(contracts, auth_url))) }
    }

    /// Where its endpoints are mounted, as far as they are known.
    pub fn mounts(&self) -> Arc<Mounts> {
        Arc::clone(&lock(&self.mounts))
    }

    /// Takes note of the endpoints in `body`, if it is a catalog.
    pub fn learn(&self, body: &Value) {
        let offered = endpoints(body);
        if offered.is_empty() {
            return;
        }
        let mut mounts = lock(&self.mounts);
        if let Some(more) = mounts.with(&offered) {
            *mounts = Arc::new(more);
        }
    }

    /// The answer to a request that matches no endpoint of the cloud, or whose body is incomplete.
    pub fn answer(&self, call: &Call<'_>, ruling: &Ruling<'_>, sequence: &Sequence) -> Answered {
        let own = ruling.answer().cloned();
        let (response, findings) = match (own, call.mounted) {
            (Some(own), _) => (own, Findings::default()),
            (None, mounted) => {
                let message = "The cloud has no such endpoint in its catalog, or nobody has logged in yet.";
                let dialect = mounted.map(|mounted| mounted.contract.service.dialect);
                let fault = Fault::new(Code::UnknownOperation, 404, message);
                let response = dialect.map(|dialect| fault.render(dialect, call.accept()));
                let violation = Violation::plain(Code::UnknownOperation, Part::Path, "", fault.message, "");
                let findings = Findings { violations: vec![violation], ..Findings::default() };
                (response.unwrap_or_else(|| Response::empty(404)), findings)
            }
        };
        Answered { response, sequence: sequence.next(), findings, ..Answered::default() }
    }
}
