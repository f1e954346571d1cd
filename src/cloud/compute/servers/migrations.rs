//! The list of migrations: what it refuses before it looks. Source: answers of nova 34.0.0.

use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Ask, Listed, instant, visible_resources};
use crate::contract::Code;

/// Migrations, newest first.
pub fn list<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let time = |name: &str| ask.query.last(name).filter(|_| ask.knows(name)).and_then(instant);
    if time("changes-since").zip(time("changes-before")).is_some_and(|(since, before)| before < since) {
        let message = "The value of changes-since must be less than or equal to changes-before.";
        return Err(Fault::new(Code::Rule, 400, message));
    }
    let marker = ask.query.last("marker").filter(|_| ask.knows("marker"));
    let all = cloud.collection("migrations");
    match marker.filter(|marker| all.iter().all(|migration| migration.text("uuid") != *marker)) {
        Some(marker) => Err(Fault::new(Code::NotFound, 400, format!("Marker {marker} could not be found."))),
        None => visible_resources(cloud, ask),
    }
}
