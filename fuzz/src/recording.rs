//! A recording out of anywhere: it is read and reported in every format, or refused.

use mockstack::recording::Reader;
use mockstack::report::{FORMATS, Outcome, coloured};

pub fn run(data: &[u8]) {
    let file = super::file(".jsonl", data);
    let Ok(outcome) = Reader::open(file.path()).and_then(Outcome::of_recording) else { return };
    let reports: Vec<String> = FORMATS.iter().map(|format| (format.write)(&outcome)).collect();
    coloured(&outcome);
    let json = FORMATS.iter().position(|format| format.name == "json").unwrap();
    mockstack::base::json::from_str::<mockstack::base::json::Value>(&reports[json])
        .unwrap_or_else(|error| panic!("{error}: {}", reports[json]));
    let again = Reader::open(file.path()).and_then(Outcome::of_recording).unwrap();
    assert!(FORMATS.iter().map(|format| (format.write)(&again)).eq(reports), "the same recording made two reports");
}
