//! Consoles.

use super::more::More;
use super::payload::Payload;
use crate::base::json::json;
use crate::cloud::compute::servers::consoles::url;
use crate::cloud::store::{Cloud, Fault};

/// What stands last on every console, as Nova's own simulated driver has it.
const LAST: [&str; 3] = ["FAKE CONSOLE OUTPUT", "ANOTHER", "LAST LINE"];

/// So many lines has the log of a console: OpenStack's conformance suite asks for more than ten.
const LENGTH: usize = 40;

/// The last lines of the console. Nova takes as many of them as the length says, all but the first for -1, none for what is no number.
pub fn output(payload: Payload<'_>) -> More {
    let booting = (1..=LENGTH - LAST.len()).map(|step| format!("[{:>9.6}] boot: step {step}", step as f64 / 8.0));
    let lines: Vec<String> = booting.chain(LAST.map(str::to_owned)).collect();
    let first = match payload.word("length").as_str() {
        "" => 0,
        length => match length.parse::<i64>().unwrap_or(0) {
            own @ 1.. => LENGTH.saturating_sub(usize::try_from(own).unwrap_or(LENGTH)),
            0 => LENGTH,
            skipped => usize::try_from(skipped.unsigned_abs()).map_or(LENGTH, |skipped| skipped.min(LENGTH)),
        },
    };
    More::reply("output", json!(lines[first..].join("\n")))
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
