//! How each service refuses a change to what the caller sees and does not own.

use super::ask::Ask;
use crate::cloud::store::Fault;
use crate::contract::{Code, Dialect};

/// The refusal of a change to what the caller sees and does not own.
pub fn forbidden(ask: &Ask<'_>, verb: &str) -> Fault {
    let what = ask.collection().trim_end_matches('s');
    match ask.service.dialect {
        Dialect::Glance => {
            let verb = if verb == "update" { "modify" } else { verb };
            Fault::new(Code::Policy, 403, format!("You are not authorized to complete {verb}_image action."))
        }
        Dialect::Neutron => Fault::new(Code::Policy, 403, format!("rule:{verb}_{what} is disallowed by policy"))
            .named("PolicyNotAuthorized"),
        _ => ask.not_found(),
    }
}
