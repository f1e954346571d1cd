//! Who links mockstack keeps serde_json as it is. These break when a crate turns on `arbitrary_precision` or `preserve_order`, which
//! then hold for the whole program. A test program is a crate that links the library as any other does; what only
//! tests need could add features, not take any away.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    name: String,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, u64>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Count(u64),
    Share(f64),
    Text(String),
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Size { bytes: u64, share: f64 },
}

#[test]
fn keys_are_sorted() {
    assert_eq!(serde_json::from_str::<Value>(r#"{"b": 1, "a": 2}"#).unwrap().to_string(), r#"{"a":2,"b":1}"#);
    assert_eq!(json!({"b": 1, "a": 2}).to_string(), r#"{"a":2,"b":1}"#);
}

#[test]
fn numbers_are_values_and_no_digits() {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(read("1e2"), json!(100.0));
    assert_eq!(read("1.0").as_f64(), Some(1.0));
    assert_eq!(read("1.00"), json!(1.0));
    assert_eq!(read("1.0").to_string(), "1.0");
    assert_eq!(read("1E2").to_string(), "100.0");
    assert_eq!(format!("{:?}", read("1")), "Number(1)");
    assert!(serde_json::from_str::<Value>("1e999").unwrap_err().to_string().starts_with("number out of range"));
    assert_eq!(serde_json::from_value::<f64>(json!(0.1)).unwrap(), 0.1);
}

#[test]
fn numbers_in_flattened_and_untagged_types_are_found() {
    let flat: Flat = serde_json::from_value(json!({"name": "a", "size": u64::MAX})).unwrap();
    assert_eq!(flat.rest["size"], u64::MAX);
    assert_eq!(serde_json::from_str::<Untagged>(&u64::MAX.to_string()).unwrap(), Untagged::Count(u64::MAX));
    assert_eq!(serde_json::from_str::<Untagged>("1.5").unwrap(), Untagged::Share(1.5));
    assert_eq!(serde_json::from_value::<Untagged>(json!("a")).unwrap(), Untagged::Text("a".into()));
    let tagged: Tagged = serde_json::from_str(r#"{"kind": "Size", "bytes": 1, "share": 0.5}"#).unwrap();
    assert_eq!(tagged, Tagged::Size { bytes: 1, share: 0.5 });
}

#[test]
fn depth_is_limited() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    assert!(serde_json::from_str::<Value>(&deep).unwrap_err().to_string().starts_with("recursion limit exceeded"));
}
