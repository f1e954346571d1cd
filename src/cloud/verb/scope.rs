//! Which resources a list shows to whom.

use super::ask::Ask;
use super::row::{Owner, Scope};
use crate::base::json::{Map, Value};
use crate::base::truth;
use crate::cloud::store::{Caller, Fault, Resource};
use crate::contract::Code;

impl Scope {
    /// Is `resource` shown?
    pub fn shows(self, ask: &Ask<'_>, resource: &Resource) -> bool {
        let is = |test: &dyn Fn(&Caller) -> bool| ask.caller.is_some_and(|caller| test(caller));
        match self {
            Scope::All => true,
            Scope::Visible => resource.public || is(&|caller| resource.is_visible_to(caller)),
            Scope::Own => is(&|caller| resource.is_owned_by(caller)),
            Scope::Users => ask.owns_by_user(resource),
            Scope::Usable => is(&|caller| resource.is_visible_to(&Caller { admin: false, ..caller.clone() })),
            Scope::Hidden => !resource.public,
        }
    }
}

/// What the lists of a service show of a type about which nothing is particular.
pub fn usual(ask: &Ask<'_>) -> Result<Scope, Fault> {
    let by_owner = match ask.resource_type().owner {
        Owner::Project => Scope::Own,
        Owner::User => Scope::Users,
        Owner::Cloud | Owner::Shared => Scope::Visible,
    };
    let manner = ask.manner();
    Ok(match () {
        () if manner.lists_visible => Scope::Visible,
        () if manner.has_all_tenants && ask.is_admin() && asks_for_all(ask) => Scope::All,
        () => by_owner,
    })
}

/// Whether a type with these `fields` is for every project, if they say.
pub fn is_public(fields: &Map) -> Option<bool> {
    fields.get("is_public").and_then(Value::as_bool)
}

/// Only an administrator is asked which flavors or types to list: those to use, the others, or all (`None`).
pub fn by_publicity(ask: &Ask<'_>) -> Result<Scope, Fault> {
    match ask.query.last("is_public").filter(|_| ask.is_admin()) {
        None => Ok(Scope::Usable),
        Some(word) if word.eq_ignore_ascii_case("none") => Ok(Scope::All),
        Some(word) => match truth(word) {
            Some(true) => Ok(Scope::Usable),
            Some(false) => Ok(Scope::Hidden),
            None => Err(Fault::new(Code::Rule, 400, format!("Invalid is_public filter [{word}]"))),
        },
    }
}

fn asks_for_all(ask: &Ask<'_>) -> bool {
    ask.query.last("all_tenants").is_some_and(|word| truth(word) != Some(false))
}
