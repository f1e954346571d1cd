//! What a run made is deleted again.

use std::collections::HashSet;

use super::cloud::{Cloud, Received, Sent, get, inner};
use super::journal::Journal;
use super::pauses::Pauses;
use super::remains::{is_server, note_remains};
use crate::base::json::Value;

/// Deletes everything in `journal`, last first; returns what could not be deleted. Each deletion may take `patience` seconds.
pub fn sweep(cloud: &mut impl Cloud, journal: &mut Journal, patience: u32) -> Vec<String> {
    let lists = journal.left().intended.clone();
    // What was asked for but not listed as created: found by the id of the run in its name.
    for list in &lists {
        for path in found(cloud, list, &journal.run) {
            if !journal.left().made.contains(&path) {
                // What cannot be written down is deleted below all the same.
                let _ = journal.made(&path);
            }
        }
    }
    let (mut left, mut tried) = (Vec::new(), HashSet::new());
    while let Some(path) = journal.left().made.iter().rev().find(|path| !tried.contains(*path)).cloned() {
        tried.insert(path.clone());
        if is_server(&path)
            && let Err(why) = note_remains(cloud, journal, &path, patience)
        {
            left.push(format!("what the deletion of {path} leaves behind: {why}"));
        }
        match delete(cloud, &path, patience) {
            Ok(()) => drop(journal.gone(&path)),
            Err(why) => left.push(format!("{path}: {why}")),
        }
    }
    left
}

/// The paths of what has the id of the run in its name in the list at `path`.
fn found(cloud: &mut impl Cloud, path: &str, run: &str) -> Vec<String> {
    let Ok(Received { status: 200, body, .. }) = cloud.ask(&get(path)) else { return Vec::new() };
    let lists = body.as_object().into_iter().flatten().filter_map(|(_, list)| list.as_array());
    let mut paths = Vec::new();
    for item in lists.flatten().map(inner) {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let Some(name) = text("name").filter(|name| name.contains(run)) else { continue };
        // Key pairs have no other id.
        paths.push(format!("{path}/{}", text("id").unwrap_or(name)));
    }
    paths
}

fn delete(cloud: &mut impl Cloud, path: &str, patience: u32) -> Result<(), String> {
    // Some are gone at once, others only later.
    let (mut why, mut accepted) = (String::new(), false);
    let mut pauses = Pauses::within(patience);
    loop {
        let sent = if accepted { get(path) } else { Sent { method: "DELETE".to_owned(), ..get(path) } };
        match cloud.ask(&sent) {
            Ok(Received { status: 404 | 410, .. }) => return Ok(()),
            Ok(Received { status: 200..300, body, .. }) if accepted && is_error(&body) => accepted = false,
            Ok(Received { status: 200..300, .. }) if !accepted => {
                accepted = true;
                continue;
            }
            Ok(Received { status: 200..300, .. }) => {}
            Ok(Received { status, .. }) => why = format!("the cloud answered {status}"),
            Err(broken) => why = broken,
        }
        match pauses.next() {
            Some(pause) => cloud.wait(pause),
            None => break,
        }
    }
    Err(if accepted { "it is still there".to_owned() } else { why })
}

/// Did it come to a stop on its way out?
fn is_error(body: &Value) -> bool {
    inner(body).get("status").and_then(Value::as_str).is_some_and(|status| status.eq_ignore_ascii_case("error"))
}
