//! Files that users write. The first line says what the rest is: `fixture`, `contract` or `config`. Each is read, or refused
//! with a place.

use std::collections::BTreeMap;

use mockstack::base::Clock;
use mockstack::cli::config_text;
use mockstack::cloud::{Cloud, Fields};
use mockstack::contract::Contracts;

pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((kind, text)) = text.split_once('\n') else { return };
    match kind {
        "fixture" => fixture(text),
        "contract" => contract(text),
        "config" => config(text),
        _ => {}
    }
}

fn fixture(text: &str) {
    let file = super::file(".yaml", text.as_bytes());
    let read = (*super::fixture()).clone().with_overlay(file.path(), Fields::default());
    match read {
        Ok(fixture) => {
            let cloud = Cloud::new(fixture.into(), 1, Clock::Frozen("2026-02-03T04:05:06Z".parse().unwrap()));
            cloud.summary(None);
        }
        Err(error) => has_place(&error.to_string(), &file.path().display().to_string()),
    }
}

/// The facts of the service that the contract is read for.
const SERVICE: &str = include_str!("../../contracts/compute/v2.1/service.yaml");

fn contract(text: &str) {
    let files: BTreeMap<String, String> = [("service", SERVICE), ("x", text)]
        .map(|(name, text)| (format!("contracts/compute/v2.1/{name}.yaml"), text.to_owned()))
        .into();
    let read = Contracts::from_files(files).and_then(|contracts| contracts.services()[0].table().map(|_| ()));
    if let Err(error) = read {
        has_place(&error.to_string(), "contracts/compute/v2.1/x.yaml");
    }
}

fn config(text: &str) {
    let file = super::file(".yaml", text.as_bytes());
    match config_text(file.path()) {
        Ok(printed) => {
            let again = super::file(".yaml", printed.as_bytes());
            let read = config_text(again.path()).unwrap_or_else(|error| panic!("{error}\n{printed}"));
            assert_eq!(
                read.replace(&*again.path().display().to_string(), ""),
                printed.replace(&*file.path().display().to_string(), "")
            );
        }
        Err(error) => has_place(&error.to_string(), &file.path().display().to_string()),
    }
}

/// `FILE:LINE:COLUMN` stands in the complaint.
fn has_place(complaint: &str, file: &str) {
    let is_placed = complaint.split(file).skip(1).any(|rest| {
        let mut parts = rest.strip_prefix(':').unwrap_or_default().splitn(2, ':');
        let starts = |part: Option<&str>| part.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
        starts(parts.next()) && starts(parts.next())
    });
    assert!(is_placed, "no place: {complaint}");
}
