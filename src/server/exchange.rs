//! The exchange answers what the server hands over.

use super::{Answer, Answered};
use crate::exchange::Exchange;
use crate::message::{Intake, Request};

impl Answer for Exchange {
    fn intake(&self, method: &str, path: &str) -> Intake {
        Exchange::intake(self, method, path)
    }

    async fn answer(&self, request: Request) -> Answered {
        let taken = self.take(&request);
        if taken.is_recorded() {
            // What else has arrived is taken first, so that one write does for all.
            tokio::task::yield_now().await;
        }
        taken.send().into()
    }

    fn has_lower_case_headers(&self) -> bool {
        Exchange::has_lower_case_headers(self)
    }

    fn garbage(&self, why: &str) {
        Exchange::garbage(self, why);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;

    use super::*;
    use crate::base::Clock;
    use crate::cloud::{Cloud, Fixture};
    use crate::contract::Contracts;
    use crate::exchange::Options;
    use crate::recording::Recorder;

    /// A client that hangs up between its request and the answer is in the recording all the same.
    #[tokio::test]
    async fn a_request_whose_client_goes_is_written_down() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (contracts, fixture) = (Contracts::embedded().unwrap(), Fixture::base().unwrap());
        let options = Options { recorder: Recorder::create(file.path(), 1, &contracts).ok(), ..Options::default() };
        let exchange = Exchange::new(contracts, Cloud::new(Arc::new(fixture), 1, Clock::Wall), options);
        let lines = || std::fs::read_to_string(file.path()).unwrap().lines().count();
        let request = Request { method: "GET".into(), path: "/compute".into(), ..Request::default() };
        {
            let mut answer = pin!(exchange.answer(request));
            tokio::select! {
                biased;
                _ = &mut answer => panic!("it waits for others that arrive with it"),
                () = std::future::ready(()) => {}
            }
            assert_eq!(lines(), 1, "the header alone");
        }
        assert_eq!(lines(), 2);
    }
}
