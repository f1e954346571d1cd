//! A real cloud behind our port: requests go there, answers come back, and both are handed to the exchange.

mod answering;
mod asking;
mod collected;
mod headers;
mod pending;
mod relay;
mod rest;

use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;

use super::body::Arrived;
use super::proxy::asking::Asking;
use super::proxy::pending::Pending;
use super::{Answer, Answered, Outgoing, convert};
use crate::exchange::Exchange;
use crate::message::{Intake, Peer, Request as Asked};
use crate::upstream::Client;

pub use super::proxy::relay::Relay;
pub use super::proxy::rest::{Credentials, Rest};

/// A real cloud behind our port.
#[derive(Debug)]
pub struct Proxy {
    exchange: Arc<Exchange>,
    client: Client,
}

impl Proxy {
    /// Asks the cloud that `exchange` knows of, by `client`.
    pub fn new(exchange: Arc<Exchange>, client: Client) -> Proxy {
        Proxy { exchange, client }
    }
}

impl Answer for Proxy {
    fn intake(&self, _method: &str, _path: &str) -> Intake {
        Intake::Unread
    }

    async fn answer(&self, request: Asked) -> Answered {
        Answer::answer(&*self.exchange, request).await
    }

    async fn forward(&self, request: Request<Incoming>, peer: Peer) -> Outgoing {
        let time = self.exchange.now();
        let (head, body) = request.into_parts();
        let path = convert::path_of(&head.uri);
        let target = head.uri.query().map_or(path.to_owned(), |query| [path, "?", query].concat());
        let url = self.exchange.mounts().and_then(|mounts| Some((mounts.url(&target)?, mounts)));
        let Some((url, mounts)) = url else {
            let request = convert::request(&head, Arrived::default(), peer);
            return convert::answer(self.answer(request).await);
        };
        let asking = match Asking::new(&self.exchange, &head, body, &mounts, &url, peer).await {
            Ok(asking) => asking,
            // Half a request is nothing to pass on.
            Err(request) => return convert::answer(self.answer(*request).await),
        };
        let Asking { outgoing, asked, meter, is_streamed } = asking;
        let pending = Pending::new(Arc::clone(&self.exchange), asked, time, is_streamed.then(|| meter.clone()));
        match self.client.send(outgoing, &meter).await {
            Ok(response) => answering::pass_on(response, pending, &mounts, self.client.patience()).await,
            Err(broken) => convert::answer(pending.broken(&broken).into()),
        }
    }

    fn garbage(&self, why: &str) {
        Exchange::garbage(&self.exchange, why);
    }
}
