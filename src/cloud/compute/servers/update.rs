//! Changed fields of a server.

use super::access_address::kept;
use crate::base::json::Value;
use crate::base::python_repr;
use crate::cloud::store::{Cloud, Fault, nova_time};
use crate::cloud::verb::{Answer, Ask, shown_fields, visible, wrapped};
use crate::contract::Code;

/// Changes the fields that the body names; the contract has let only the right ones pass.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let updated = nova_time(&cloud.clock);
    let mut server = visible(cloud, ask, false)?;
    let zone = server.body["OS-EXT-AZ:availability_zone"].clone();
    for (field, value) in ask.body.object("server") {
        match field.as_str() {
            "hostname" => server.set("OS-EXT-SRV-ATTR:hostname", value.clone()),
            "pinned_availability_zone" if !value.is_null() && *value != zone => {
                let message = format!(
                    "Server can only be pinned to its current availability zone {}, but {} was requested.",
                    python_repr(&zone),
                    python_repr(value)
                );
                return Err(Fault::new(Code::State, 409, message));
            }
            // The APIs that drop unknown keys get this far with them.
            "name" | "accessIPv4" | "accessIPv6" | "OS-DCF:diskConfig" | "description" | "pinned_availability_zone" => {
                server.set(field, kept(field, value));
            }
            _ => {}
        }
    }
    server.set("updated", updated);
    drop(server);
    let body = shown_fields(cloud, ask);
    ask.answer(Some(wrapped(ask, Value::Object(body))))
}
