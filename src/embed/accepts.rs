//! The door for wiremock: a cloud as an answer, and as a matcher of requests that a contract finds right.

use std::sync::Arc;

use wiremock::{Respond, ResponseTemplate};

use super::{MockCloud, convert};
use crate::base::Diagnostic;
use crate::contract::is_right;
use crate::exchange::{Exchange, examine};

/// Matches the requests of one operation that its contract finds right. Tokens are not looked at, and nothing that a
/// request names is looked up.
#[derive(Clone, Debug)]
pub struct Accepts {
    pub(super) exchange: Arc<Exchange>,
    pub(super) operation: Arc<str>,
}

impl wiremock::Match for Accepts {
    fn matches(&self, request: &wiremock::Request) -> bool {
        let request = convert::request(request, self.exchange.intake(request.method.as_str(), request.url.path()));
        let examined = examine(self.exchange.contracts(), &request);
        examined.is_some_and(|examined| {
            is_right(&examined.violations) && examined.operation.as_deref() == Some(self.operation.as_ref())
        })
    }
}

impl MockCloud {
    /// Matches requests of an operation, such as `compute.servers.create`, that its contract finds right.
    ///
    /// # Errors
    /// The operation does not exist, or its contract cannot be read.
    pub fn accepts(&self, operation: &str) -> Result<Accepts, Diagnostic> {
        match self.exchange.contracts().operation(operation)? {
            Some((_, row)) => Ok(Accepts { exchange: Arc::clone(&self.exchange), operation: Arc::clone(&row.id) }),
            None => Err(Diagnostic::new(format!("no operation is called {operation:?}"))
                .row("fix", "see `mockstack contract list` for the names")),
        }
    }
}

impl Respond for MockCloud {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let request = convert::request(request, self.exchange.intake(request.method.as_str(), request.url.path()));
        convert::response(&self.exchange.handle(&request))
    }
}
