//! A recording out of anywhere: it is read and reported in every format, or refused.

use mockstack::base::Diagnostic;
use mockstack::recording::{Keep, Reader};
use mockstack::report::{FORMATS, Outcome, coloured};

pub fn run(data: &[u8]) {
    let file = super::file(".jsonl", data);
    let Ok(outcome) = read(file.path()) else { return };
    let reports: Vec<String> = FORMATS.iter().map(|format| (format.write)(&outcome)).collect();
    coloured(&outcome);
    let json = FORMATS.iter().position(|format| format.name == "json").unwrap();
    mockstack::base::json::from_str::<mockstack::base::json::Value>(&reports[json])
        .unwrap_or_else(|error| panic!("{error}: {}", reports[json]));
    let again = read(file.path()).unwrap();
    assert!(FORMATS.iter().map(|format| (format.write)(&again)).eq(reports), "the same recording made two reports");
}

fn read(path: &std::path::Path) -> Result<Outcome, Diagnostic> {
    Outcome::of_recording(Reader::open(path)?, Keep::REPORT)
}
