//! Requests that a contract finds right.

use std::sync::Arc;

use super::convert;
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
