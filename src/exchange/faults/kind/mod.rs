//! What a fault does: a file for each kind, listed here.

mod answer;
mod catalog;
mod connection;
mod hidden;
mod pace;
mod page;
mod server;
mod site;
mod token;
mod twin;
mod volume;

use self::answer::AnswerFault;
use self::catalog::CatalogFault;
use self::connection::ConnectionFault;
use self::hidden::HiddenFault;
use self::pace::PaceFault;
use self::page::PageFault;
use self::server::ServerFault;
use self::token::TokenFault;
use self::volume::VolumeFault;
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;

pub use self::page::limit_to;
pub use self::site::{Expectation, Site};

macro_rules! kinds {
    ($($name:literal $variant:ident($inner:ty) $doc:literal;)*) => {
        /// What a fault does.
        #[derive(Clone, Debug)]
        pub enum FaultKind {
            $(#[doc = $doc] $variant($inner),)*
        }

        impl FaultKind {
            /// The keys that name a kind.
            pub fn names() -> impl Iterator<Item = &'static str> {
                [$($name),*].into_iter()
            }

            /// Reads the arguments of the kind `name`; `None`: there is no such kind.
            pub fn read(name: &str, arguments: &Node) -> Option<Result<FaultKind, Diagnostic>> {
                match name {
                    $($name => Some(<$inner>::read(arguments).map(FaultKind::$variant)),)*
                    _ => None,
                }
            }

            /// What the client gets, and what is expected of it then.
            pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
                match self {
                    $(FaultKind::$variant(fault) => fault.strike(site),)*
                }
            }
        }
    };
}

kinds! {
    "answer" Answer(AnswerFault) "Another answer than that of the cloud.";
    "connection" Connection(ConnectionFault) "The connection ends before the answer does.";
    "pace" Pace(PaceFault) "The answer is slow.";
    "token" Token(TokenFault) "The token is not accepted any more.";
    "hidden" Hidden(HiddenFault) "What was created cannot be read yet.";
    "server" Server(ServerFault) "The server does not become or stay active.";
    "volume" Volume(VolumeFault) "The volume stays in a state.";
    "catalog" Catalog(CatalogFault) "The catalog lacks endpoints.";
    "twin" Twin(twin::TwinFault) "There is already a resource of that name.";
    "page" Page(PageFault) "A list comes in pages.";
}

impl FaultKind {
    /// Is it the name of a kind?
    pub fn is_one(name: &str) -> bool {
        FaultKind::names().any(|own| own == name)
    }

    /// Is the token of the request to end before it is judged?
    pub fn ends_token(&self) -> bool {
        matches!(self, FaultKind::Token(TokenFault { revoked: true }))
    }

    /// Is the token of the request to count as none this time?
    pub fn ignores_token(&self) -> bool {
        matches!(self, FaultKind::Token(_))
    }
}
