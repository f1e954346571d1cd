//! The dialect of each service: one file a service. [`Manner`] lists the differences; a service that leaves something
//! out does not compile.

mod cinder;
mod glance;
mod keystone;
mod manner;
mod neutron;
mod nova;
mod paging;
mod webob;

pub use manner::{Asked, Manner, RequestId, Said, ShownPage, UnknownFilters};
pub use webob::{too_large, unsupported_media};

use crate::cloud::store::Fault;
use crate::contract::Dialect;
use crate::message::Response;

/// The manner of the services with this `dialect`.
pub fn manner(dialect: Dialect) -> &'static Manner {
    match dialect {
        Dialect::Nova => &nova::MANNER,
        Dialect::Keystone => &keystone::MANNER,
        Dialect::Glance => &glance::MANNER,
        Dialect::Neutron => &neutron::MANNER,
        Dialect::Cinder => &cinder::MANNER,
    }
}

impl UnknownFilters<'_> {
    /// The refusal of these parameters, if there are any and the service with this `dialect` does not just ignore them.
    pub fn refusal(&self, dialect: Dialect) -> Option<Fault> {
        if self.names.is_empty() { None } else { (manner(dialect).unknown_filters)(self) }
    }
}

impl Fault {
    /// The answer in the words of `dialect`; `accept` is the request's Accept header.
    pub fn render(&self, dialect: Dialect, accept: &str) -> Response {
        (manner(dialect).refuse)(self, accept)
    }
}
