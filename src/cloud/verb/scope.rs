//! Which resources a list shows to whom.

use serde_json::Value;

use super::ask::Ask;
use super::resource_type::{Kind, Owner};
use crate::base::truth;
use crate::cloud::store::{Caller, Fault, Resource};
use crate::contract::{Code, Dialect};

/// Whose resources a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Those that the caller may see.
    Visible,
    /// Those of the caller's project.
    Own,
    /// Those of the user that is asked about.
    Users,
    /// All.
    All,
    /// Flavors that the caller's project may use.
    Usable,
    /// Flavors that are not for everybody.
    Hidden,
    /// Networks that lead outside.
    Outside,
}

impl Seen {
    /// What the list that `ask` asks for shows.
    ///
    /// # Errors
    /// The query asks for what the caller may not see, or in words that say nothing.
    pub fn by(ask: &Ask<'_>) -> Result<Seen, Fault> {
        match (ask.service.dialect, ask.collection()) {
            (Dialect::Nova, "flavors") => flavors(ask),
            (Dialect::Nova, "server_groups") if ask.is_admin() && ask.query.last("all_projects").is_some() => {
                Ok(Seen::All)
            }
            (Dialect::Nova, "networks") if ask.operation.id.ends_with("floating_ip_pools.index") => Ok(Seen::Outside),
            // Cinder does not hear it from others.
            (Dialect::Cinder, _) if ask.is_admin() && asks_for_all(ask) => Ok(Seen::All),
            (Dialect::Neutron | Dialect::Glance, _) => Ok(Seen::Visible),
            (_, collection) => Ok(match Kind::of(collection).map(|kind| kind.owner) {
                Some(Owner::Project) => Seen::Own,
                Some(Owner::User) => Seen::Users,
                Some(Owner::Cloud | Owner::Shared) | None => Seen::Visible,
            }),
        }
    }

    /// Is `resource` shown?
    pub fn shows(self, ask: &Ask<'_>, resource: &Resource) -> bool {
        let is = |test: &dyn Fn(&Caller) -> bool| ask.caller.is_some_and(|caller| test(caller));
        match self {
            Seen::All => true,
            Seen::Visible => resource.public || is(&|caller| resource.is_visible_to(caller)),
            Seen::Own => is(&|caller| resource.is_owned_by(caller)),
            Seen::Users => ask.owns_by_user(resource),
            Seen::Usable => is(&|caller| resource.is_visible_to(&Caller { admin: false, ..caller.clone() })),
            Seen::Hidden => !resource.public,
            Seen::Outside => resource.body.get("router:external") == Some(&Value::Bool(true)),
        }
    }
}

fn asks_for_all(ask: &Ask<'_>) -> bool {
    ask.query.last("all_tenants").is_some_and(|word| truth(word) != Some(false))
}

/// Only an administrator is asked which flavors to list: those to use, the others, or all (`None`).
fn flavors(ask: &Ask<'_>) -> Result<Seen, Fault> {
    for filter in ["minRam", "minDisk"] {
        if let Some(number) = ask.query.last(filter).filter(|number| number.parse::<i64>().is_err()) {
            return Err(Fault::new(Code::Rule, 400, format!("Invalid {filter} filter [{number}]")));
        }
    }
    match ask.query.last("is_public").filter(|_| ask.is_admin()) {
        None => Ok(Seen::Usable),
        Some("None") => Ok(Seen::All),
        Some(word) => match truth(word) {
            Some(true) => Ok(Seen::Usable),
            Some(false) => Ok(Seen::Hidden),
            None => Err(Fault::new(Code::Rule, 400, format!("Invalid is_public filter [{word}]"))),
        },
    }
}
