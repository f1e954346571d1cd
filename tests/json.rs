//! JSON is what Python's parser makes of it: tests/cases/python-json.jsonl has what `json.loads` of CPython 3.11 says of each text, as its
//! `repr` prints it.

use mockstack::base::json::{DEEPEST, Value, from_str};
use mockstack::base::python_repr;

#[test]
fn a_text_is_what_python_reads() {
    let rows: Vec<Value> =
        include_str!("cases/python-json.jsonl").lines().map(|line| from_str(line).unwrap()).collect();
    assert!(rows.len() > 100);
    for row in rows {
        let text = row["text"].as_str().unwrap();
        match (from_str::<Value>(text), row.get("repr").and_then(Value::as_str)) {
            (Ok(read), Some(repr)) => assert_eq!(python_repr(&read), repr, "{text}"),
            (Err(_), None) => {}
            (read, python) => panic!("{text}: {read:?}, but Python has {python:?}"),
        }
    }
}

/// What was read is written as it was read, digits and halves of surrogate pairs too.
#[test]
fn what_is_written_is_what_was_read() {
    let text = r#"{"b":[1.50,1E+3,-0,1000000000000000000000000000000,NaN,-Infinity],"a":"\ud800 \"é😀\u0001\n"}"#;
    assert_eq!(from_str::<Value>(text).unwrap().to_string(), text);
}

#[test]
fn depth_ends_where_pythons_stack_does() {
    let deep = |depth: usize| from_str::<Value>(&("[".repeat(depth) + &"]".repeat(depth)));
    assert!(deep(DEEPEST).is_ok());
    let error = deep(DEEPEST + 1).unwrap_err();
    assert!(error.is_too_deep());
    assert_eq!(error.to_string(), format!("recursion limit exceeded at line 1 column {}", DEEPEST + 1));
}
