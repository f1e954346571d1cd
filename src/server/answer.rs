//! The exchange answers what the server hands over.

use super::Answer;
use crate::exchange::Exchange;
use crate::message::{Request, Response};

impl Answer for Exchange {
    fn body_limit(&self, path: &str) -> usize {
        Exchange::body_limit(self, path)
    }

    async fn answer(&self, request: Request) -> Response {
        let (send, receive) = tokio::sync::oneshot::channel();
        self.handle(&request, Box::new(move |response| drop(send.send(response))));
        // Every path through the exchange calls back; a recorder that died is a 500.
        receive.await.unwrap_or_else(|_| Response::empty(500))
    }

    fn garbage(&self, why: &str) {
        Exchange::garbage(self, why);
    }
}
