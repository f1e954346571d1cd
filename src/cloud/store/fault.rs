//! Why something is refused; the services word it (`dialect`).

use crate::base::Pointer;
use crate::contract::{Code, NO_RESOURCE, Refusal};

/// A refusal, before it is put into a service's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What kind of refusal, for the verdict.
    pub code: Code,
    /// The status.
    pub status: u16,
    /// The sentence.
    pub message: String,
    /// What it is called, where a service has names for its refusals.
    pub name: Name,
    /// What is behind it, where API versions word that in their own way.
    pub reason: Option<Box<Reason>>,
    /// The place of the body that is to blame.
    pub at: Option<Pointer>,
}

impl Fault {
    /// A refusal with a status and a sentence.
    pub fn new(code: Code, status: u16, message: impl Into<String>) -> Fault {
        Fault { code, status, message: message.into(), name: Name::None, reason: None, at: None }
    }

    /// A body without a field that it must have. The contract is asked first, so only a body that no schema describes gets here.
    pub fn missing(field: &str) -> Fault {
        Fault::new(Code::Missing, 400, format!("'{field}' is a required property"))
    }

    /// Something that is not there.
    pub fn not_found(message: impl Into<String>) -> Fault {
        Fault::new(Code::NotFound, 404, message)
    }

    /// The same in the words that all services have for it.
    pub fn no_resource() -> Fault {
        Fault::not_found(NO_RESOURCE)
    }

    /// A write that names something unknown at `pointer`.
    pub fn reference(status: u16, pointer: Pointer, message: impl Into<String>) -> Fault {
        Fault { at: Some(pointer), ..Fault::new(Code::Reference, status, message) }
    }

    /// A role that is missing for `rule`, in Nova's words.
    pub fn policy(rule: &str) -> Fault {
        Fault::forbidden_by(rule, not_allowed(rule))
    }

    /// The same in the words of `message`.
    pub fn forbidden_by(rule: &str, message: String) -> Fault {
        Fault::new(Code::Policy, 403, message).because(Reason::Policy { rule: rule.to_owned() })
    }

    /// A server that is in the wrong state for `action`; `field` is `vm_state` or `task_state`.
    pub fn while_in(action: &str, id: &str, field: &'static str, state: &str) -> Fault {
        let message = format!("Cannot '{action}' instance {id} while it is in {field} {state}");
        let reason = Reason::State { action: action.to_owned(), field, state: state.to_owned() };
        Fault::new(Code::State, 409, message).because(reason)
    }

    /// A server that was never there, to code that looks for its cell first.
    pub fn no_cell(id: &str) -> Fault {
        let message = format!("Instance {id} has no mapping to a cell.");
        Fault::not_found(message).because(Reason::NoCell)
    }

    /// Wrong or missing credentials.
    pub fn unauthorized() -> Fault {
        Fault::new(Code::Token, 401, UNAUTHORIZED)
    }

    /// The code under which it is a violation; `None` if it is a refusal that is only counted. What a service answers with 400
    /// is a violation in any service, even where others use 409, as Cinder does for a volume that is in use.
    pub fn violation(&self) -> Option<Code> {
        match (self.status, self.code) {
            (_, code) if code.row().fails => Some(code),
            (400, Code::NotFound) => Some(Code::Reference),
            // The service blames the client, whoever found it.
            (400, _) => Some(Code::Rule),
            _ => None,
        }
    }

    /// The same refusal with what is behind it as data.
    #[must_use]
    pub fn because(self, reason: Reason) -> Fault {
        Fault { reason: Some(Box::new(reason)), ..self }
    }

    /// The same refusal under a name of the service's own.
    #[must_use]
    pub fn named(self, name: &'static str) -> Fault {
        Fault { name: Name::Own(name), ..self }
    }

    /// The same refusal below what webob says of its status.
    #[must_use]
    pub fn by_webob(self) -> Fault {
        Fault { name: Name::Webob, ..self }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        let name = refusal.class.map_or(Name::None, Name::Own);
        Fault { name, ..Fault::new(Code::Malformed, refusal.status, refusal.message) }
    }
}

/// What a refusal is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// It has no name.
    None,
    /// A name of Neutron's.
    Own(&'static str),
    /// What a service leaves to its framework: the message stands below webob's own.
    Webob,
}

/// What is behind a refusal, as data: those reasons that API versions word in their own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A role is missing.
    Policy {
        /// For this rule.
        rule: String,
    },
    /// A server is in the wrong state.
    State {
        /// What was to be done.
        action: String,
        /// `vm_state` or `task_state`.
        field: &'static str,
        /// What that is.
        state: String,
    },
    /// A server was never there.
    NoCell,
    /// A server would be resized to the flavor that it has.
    SameFlavor,
    /// A login goes by a method that is not there, or that may not be used like that.
    Login {
        /// The methods that there are, where Keystone lists them.
        methods: &'static [&'static str],
    },
}

/// What Keystone and the middleware before the other services say without credentials.
pub const UNAUTHORIZED: &str = "The request you have made requires authentication.";

/// The message of oslo.policy for a role that is missing for `rule`.
pub fn not_allowed(rule: &str) -> String {
    format!("Policy doesn't allow {rule} to be performed.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::CODES;

    #[test]
    fn a_400_is_a_violation_whatever_its_code() {
        for row in CODES {
            let violation = Fault::new(row.code, 400, "").violation();
            assert!(violation.is_some_and(|code| code.row().fails), "{}", row.name);
        }
    }
}
