//! Hypervisors and Nova's own services go by a number until 2.52, then by a UUID.

use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// The key of the hypervisor or service that the path names.
pub fn locate(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<String, Fault> {
    if has_uuid(ask) {
        return match uuid::Uuid::try_parse(ask.id()) {
            Ok(_) => Ok(ask.id().to_owned()),
            // Clients try with a name first.
            Err(_) => Err(Fault::new(Code::NotFound, 400, format!("Invalid uuid {}", ask.id()))),
        };
    }
    let number = ask.id().parse::<u64>().map_err(|_| ask.not_found())?;
    let mut all = cloud.collection(ask.collection()).iter();
    let found = all.find(|own| own.body.get("number").and_then(crate::base::json::Value::as_u64) == Some(number));
    found.map(|found| found.id.clone()).ok_or_else(|| ask.not_found())
}

/// Does the version name them by UUID?
pub fn has_uuid(ask: &Ask<'_>) -> bool {
    ask.version.is_since(2, 53)
}

/// The refusal of a name, with which clients try first.
pub fn no_integer() -> Fault {
    Fault::new(Code::NotFound, 400, "Invalid input received: id must be an integer")
}
