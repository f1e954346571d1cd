//! What a kind of resource does when one comes, changes or goes.

use super::ask::Ask;
use crate::base::FieldMap;
use crate::cloud::store::{Cloud, Fault, Resource};

/// What a kind of resource does beside what all kinds do.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// The collection.
    pub collection: &'static str,
    /// Refuses what cannot be, and fills in what follows from what was asked; of a new resource and of a changed one.
    pub complete: Complete,
    /// The same of a changed one, where that differs.
    pub change: Option<Complete>,
    /// Refuses what cannot be asked for at once, of several new ones.
    pub agree: Agree,
    /// Adds what comes along with a new one.
    pub arrive: Arrive,
    /// Refuses to let go of what must stay, and takes along what goes too.
    pub leave: Leave,
}

/// What happens before the resource of that id goes.
pub type Leave = fn(&mut Cloud, &Ask<'_>, &str) -> Result<(), Fault>;

/// Looks at the requests for several resources, before any is there.
pub type Agree = fn(&[Ask<'_>]) -> Result<(), Fault>;

/// Happens before the resource is there.
pub type Arrive = fn(&mut Cloud, &Resource);

/// Gets the fields of a resource as they are to become.
pub type Complete = fn(&mut Cloud, &Ask<'_>, &mut FieldMap) -> Result<(), Fault>;

impl Hooks {
    /// A kind that does nothing of its own.
    pub const NONE: Hooks = Hooks {
        collection: "",
        complete: as_it_is,
        change: None,
        agree: whatever_they_are,
        arrive: alone,
        leave: nothing_else,
    };
}

/// A changed resource stays as it was asked for.
pub fn as_it_is(_: &mut Cloud, _: &Ask<'_>, _: &mut FieldMap) -> Result<(), Fault> {
    Ok(())
}

fn nothing_else(_: &mut Cloud, _: &Ask<'_>, _: &str) -> Result<(), Fault> {
    Ok(())
}

fn whatever_they_are(_: &[Ask<'_>]) -> Result<(), Fault> {
    Ok(())
}

fn alone(_: &mut Cloud, _: &Resource) {}
