//! Consoles.

use super::more::More;
use super::payload::Payload;
use crate::base::json::json;
use crate::cloud::compute::servers::consoles::url;
use crate::cloud::store::{Cloud, Fault};

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
///
/// # Errors
/// The cloud has no such consoles.
pub fn open(cloud: &mut Cloud, payload: Payload<'_>) -> Result<More, Fault> {
    let kind = payload.required("type")?;
    let url = url(cloud, kind)?;
    Ok(More::reply("console", json!({"type": kind, "url": url})))
}
