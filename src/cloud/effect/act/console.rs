//! Consoles.

use serde_json::json;

use super::{More, Payload};
use crate::cloud::state::Cloud;

/// What is on every console, as Nova's own simulated driver has it.
const OUTPUT: [&str; 3] = ["FAKE CONSOLE OUTPUT", "ANOTHER", "LAST LINE"];

/// The last lines of the console.
pub fn output(payload: Payload<'_>) -> More {
    let asked: Option<i64> = payload.word("length").parse().ok();
    let length = asked.and_then(|length| usize::try_from(length).ok()).unwrap_or(OUTPUT.len());
    let lines = &OUTPUT[OUTPUT.len().saturating_sub(length)..];
    More::reply("output", json!(lines.join("\n")))
}

/// Where a console of the type that is asked for can be opened.
pub fn open(cloud: &mut Cloud, payload: Payload<'_>) -> More {
    let kind = payload.text("type").unwrap_or_default();
    let url = url(cloud, kind);
    More::reply("console", json!({"type": kind, "url": url}))
}

/// The address of a new console.
pub fn url(cloud: &mut Cloud, kind: &str) -> String {
    let token = cloud.ids.uuid();
    match kind {
        "spice-html5" => format!("http://127.0.0.1:6082/spice_auto.html?token={token}"),
        "serial" => format!("ws://127.0.0.1:6083/?token={token}"),
        "rdp-html5" => format!("http://127.0.0.1:6083/?token={token}"),
        "xvpvnc" => format!("http://127.0.0.1:6081/console?token={token}"),
        _ => format!("http://127.0.0.1:6080/vnc_auto.html?path=%3Ftoken%3D{token}"),
    }
}
