//! The routes under `/__mockstack/`: the state of the cloud, the recording, the verdict so far, a way to start
//! again, and projects that have a cloud of their own. Not for web pages.

mod clock;
mod faults;
mod guard;
#[cfg(feature = "cli")]
mod page;
mod projects;
mod root;
mod routes;
mod so_far;
mod told;

use hyper::body::Incoming;

use super::{Answer, Answered, Outgoing};
use crate::exchange::Exchange;
use crate::message::{Intake, Peer, Request};

use self::root::{OF_BROWSERS, of_browser};

pub use self::guard::{AdminToken, Guard};
pub use self::root::{HEALTH, PREFIX};
pub use self::routes::Routes;

/// The routes, before who answers everything else.
#[derive(Debug)]
pub struct Admin<A> {
    /// The routes.
    pub routes: Routes,
    /// Who answers everything else: the exchange itself, or a proxy of a real cloud.
    pub others: A,
}

impl<A: Answer> Answer for Admin<A> {
    fn intake(&self, method: &str, path: &str) -> Intake {
        let is_page = || OF_BROWSERS.contains(&path) && self.routes.exchange.contracts().mounted(path).is_none();
        match self.others.intake(method, path) {
            // What a browser asks is known by its path; what else leads to no contract may be a service of the cloud.
            Intake::Unread if path.starts_with(PREFIX) || is_page() => {
                Exchange::intake(&self.routes.exchange, method, path)
            }
            intake => intake,
        }
    }

    async fn answer(&self, request: Request) -> Answered {
        match request.path.strip_prefix(PREFIX) {
            Some(route) => self.routes.answer(route, &request),
            // Where a service is at the port itself, `/` is its own.
            None => match of_browser(&request, self.routes.exchange.contracts())
                .filter(|_| self.routes.exchange.contracts().mounted(&request.path).is_none())
            {
                Some(response) => response.into(),
                None => self.others.answer(request).await,
            },
        }
    }

    fn forward(&self, request: hyper::Request<Incoming>, peer: Peer) -> impl Future<Output = Outgoing> + Send {
        self.others.forward(request, peer)
    }

    fn has_lower_case_headers(&self) -> bool {
        self.others.has_lower_case_headers()
    }

    fn garbage(&self, why: &str) {
        Exchange::garbage(&self.routes.exchange, why);
    }
}
