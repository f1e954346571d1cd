//! The words in which rows of resource types are written.

use crate::base::json::Map;
use crate::cloud::store::{Fault, Name};
use crate::contract::{Code, Dialect, Service};

/// How a service reports that a resource does not exist.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// The service that reports it.
    pub speaker: Speaker,
    /// Its message; `{id}` is replaced by the id, `{user}` by the user who would own the resource.
    pub message: &'static str,
    /// What the service calls it.
    pub name: Name,
}

/// Who uses a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// Every service that has no other row.
    Any,
    /// All API versions of a service.
    Dialect(Dialect),
    /// One API version.
    Service(&'static str),
}

impl Missing {
    /// The message of every service that has none of its own.
    pub const fn any(message: &'static str) -> Missing {
        Missing { speaker: Speaker::Any, message, name: Name::None }
    }

    /// The message of one service.
    pub const fn of(dialect: Dialect, message: &'static str) -> Missing {
        Missing { speaker: Speaker::Dialect(dialect), ..Missing::any(message) }
    }

    /// The same under Neutron's name.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Missing {
        Missing { name: Name::Own(name), ..self }
    }

    /// Does it apply to `service`?
    pub fn is_of(&self, service: &Service) -> bool {
        match self.speaker {
            Speaker::Any => true,
            Speaker::Dialect(dialect) => dialect == service.dialect,
            Speaker::Service(name) => name == service.name,
        }
    }
}

/// Whose a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The cloud's: everybody sees it.
    Cloud,
    /// A project's.
    Project,
    /// A project's, which may let all others see it.
    Shared,
    /// A user's; the user's id precedes the resource's own in the key of the collection.
    User,
}

/// How a resource gets its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identifier {
    /// The one that was asked for, or else a UUID.
    Asked,
    /// A UUID.
    Uuid,
    /// A number, and a UUID beside it.
    Number,
    /// Its name.
    Name,
    /// A UUID without dashes, as Keystone has them.
    Hex,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As they were created.
    Oldest,
    /// The newest first.
    Newest,
    /// By a field.
    By(&'static str),
}

/// Whose resources a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that the caller may see.
    Visible,
    /// Those of the caller's project.
    Own,
    /// Those of the user that is asked about.
    Users,
    /// All.
    All,
    /// Those that the caller's project may use, even where an administrator sees more.
    Usable,
    /// Those that are not for everybody.
    Hidden,
}

/// A field that stays as it is.
pub struct Fixed {
    /// The field.
    pub field: &'static str,
    /// The status of the refusal.
    pub status: u16,
    /// Its message.
    pub message: &'static str,
}

impl Fixed {
    /// Refuses another value than before.
    pub fn allow(&self, before: &Map, sent: &Map) -> Result<(), Fault> {
        let code = if self.status == 400 { Code::Rule } else { Code::State };
        match sent.get(self.field).is_some_and(|value| before.get(self.field) != Some(value)) {
            true => Err(Fault::new(code, self.status, self.message)),
            false => Ok(()),
        }
    }
}
