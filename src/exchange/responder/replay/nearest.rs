//! The recorded request that is nearest to one that was not recorded, and where the two differ.

use super::key::Key;
use super::tape::{Entry, Miss, Tape};
use crate::base::Pointer;
use crate::base::json::Value;
use crate::contract::{Code, Part, Violation};

/// The message for a request that has no answer.
pub fn told(tape: &Tape, key: &Key, miss: &Miss) -> Violation {
    let line = |place: usize| tape.entries()[place].told();
    match miss {
        Miss::Unknown => unknown(tape, key),
        Miss::Repeated(place) => {
            let expected =
                format!("no further request: {} was the last one recorded, and it was already sent", line(*place));
            plain(Code::Repeated, Part::Path, "", expected, "")
        }
        Miss::TooEarly(place, lacking) => {
            let expected = format!("{} first: in the recording, {} comes after it", line(*lacking), line(*place));
            plain(Code::TooEarly, Part::Path, "", expected, "")
        }
        Miss::Gone(place, deletion) => {
            let expected =
                format!("no such request after {}; {} was recorded before it", line(*deletion), line(*place));
            plain(Code::NotRecorded, Part::Path, "", expected, "")
        }
    }
}

/// The message for a request whose recorded answer was too large to be kept.
pub fn gone(entry: &Entry) -> Violation {
    let expected = format!("a recorded answer; the body of the answer to {} was too large to record", entry.told());
    plain(Code::NotRecorded, Part::Path, "", expected, "")
}

fn unknown(tape: &Tape, key: &Key) -> Violation {
    let of_operation = tape.entries().iter().filter(|entry| entry.key.operation == key.operation);
    let differences = of_operation.map(|entry| (entry, differences(&entry.key, key)));
    let Some((entry, found)) = differences.min_by_key(|(_, found)| found.len()) else {
        return plain(
            Code::NotRecorded,
            Part::Path,
            "",
            format!("a recorded request; none was for {}", key.operation),
            "",
        );
    };
    let nearest = entry.told();
    match found.into_iter().next() {
        Some(Difference { part, pointer, recorded, sent }) => plain(
            Code::NotRecorded,
            part,
            &pointer,
            format!("{recorded}, as in the nearest recorded request, {nearest}"),
            &sent,
        ),
        None => plain(Code::NotRecorded, Part::Path, "", format!("a recorded request, such as {nearest}"), ""),
    }
}

fn plain(code: Code, part: Part, pointer: &str, expected: String, found: &str) -> Violation {
    let violation = Violation::plain(code, part, "", expected, found);
    Violation { pointer: Pointer::parse(pointer), ..violation }
}

struct Difference {
    part: Part,
    pointer: String,
    recorded: String,
    sent: String,
}

/// Where two requests of one operation differ.
fn differences(recorded: &Key, sent: &Key) -> Vec<Difference> {
    let mut found = Vec::new();
    for (place, parameter) in sent.parameters.iter().enumerate() {
        let other = recorded.parameters.get(place).map(String::as_str).unwrap_or_default();
        if other != parameter {
            let (recorded, sent) = (format!("'{other}' in the path"), format!("'{parameter}'"));
            found.push(Difference { part: Part::Path, pointer: String::new(), recorded, sent });
        }
    }
    if recorded.query != sent.query {
        let text = |query: &[(String, String)]| {
            let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
            if pairs.is_empty() { "no query".to_owned() } else { format!("?{}", pairs.join("&")) }
        };
        let (recorded, sent) = (text(&recorded.query), text(&sent.query));
        found.push(Difference { part: Part::Query, pointer: String::new(), recorded, sent });
    }
    bodies(&mut String::new(), Some(&recorded.json()), Some(&sent.json()), &mut found);
    found
}

fn bodies(pointer: &mut String, recorded: Option<&Value>, sent: Option<&Value>, found: &mut Vec<Difference>) {
    let step = |pointer: &mut String, name: &str| {
        let parent = pointer.len();
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        parent
    };
    match (recorded, sent) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(name)));
            for name in names {
                let parent = step(pointer, name);
                bodies(pointer, old.get(name), new.get(name), found);
                pointer.truncate(parent);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for place in 0..old.len().max(new.len()) {
                let parent = step(pointer, &place.to_string());
                bodies(pointer, old.get(place), new.get(place), found);
                pointer.truncate(parent);
            }
        }
        (old, new) if old == new => {}
        (old, new) => {
            let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), crate::base::python_repr);
            found.push(Difference { part: Part::Body, pointer: pointer.clone(), recorded: text(old), sent: text(new) });
        }
    }
}
