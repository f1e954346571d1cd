//! Consoles: the URL of a server's screen. Nothing listens there.

use crate::base::json::json;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// Types of consoles that this cloud has, and the address at which Nova's proxy for each answers by default.
const TYPES: [(&str, &str); 5] = [
    ("novnc", "http://127.0.0.1:6080/vnc_auto.html?path=%3Ftoken%3D"),
    ("spice-html5", "http://127.0.0.1:6082/spice_auto.html?token="),
    ("spice-direct", "http://127.0.0.1:13002/nova?token="),
    ("serial", "ws://127.0.0.1:6083/?token="),
    ("webmks", "http://127.0.0.1:6090/?token="),
];

/// A console of the type that the body names.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = ask.fields();
    let server = visible(cloud, ask, false)?;
    if server.text("hostId").is_empty() {
        return Err(Fault::new(Code::State, 409, format!("Instance {} is not ready", server.id)));
    }
    drop(server);
    let url = url(cloud, &ask.required("type")?)?;
    let console = json!({"protocol": fields.get("protocol"), "type": fields.get("type"), "url": url});
    ask.answer(Some(json!({"remote_console": console})))
}

/// The address of a new console of that type.
///
/// # Errors
/// The cloud has no such consoles.
pub fn url(cloud: &mut Cloud, kind: &str) -> Result<String, Fault> {
    match TYPES.iter().find(|(known, _)| *known == kind) {
        Some((_, address)) => Ok(format!("{address}{}", cloud.ids.uuid())),
        None => Err(Fault::new(Code::Choice, 400, format!("Unavailable console type {kind}."))),
    }
}
