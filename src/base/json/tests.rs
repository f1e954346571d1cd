use std::sync::LazyLock;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value as Other;

use super::*;

/// Both answers as texts: what was read, or what is wrong with it.
fn both(text: &str) -> (Result<String, String>, Result<String, String>) {
    let ours = from_str::<Value>(text).map(|value| value.to_string()).map_err(|error| error.to_string());
    let other = serde_json::from_str::<Other>(text).map_err(|error| error.to_string());
    (ours, other.map(|value| value.to_string()))
}

/// What is cut, and what has one byte that does not belong there, is told in the same words at the same place.
#[test]
fn what_is_wrong_is_told_as_serde_json_does() {
    let whole =
        "{\"a\": [1, -2.5e+7, true, false, null, \"x\\n\\u00e9\\ud83d\\ude00\"],\n \"b\" : {}, \"c\":[[],{\"d\":0}]}";
    assert!(from_str::<Value>(whole).is_ok());
    let mut wrong: Vec<String> =
        (0..whole.len()).filter(|end| whole.is_char_boundary(*end)).map(|end| whole[..end].to_owned()).collect();
    for at in 0..whole.len() {
        for other in
            [",", ":", "}", "]", "[", "{", "\"", "\\", "0", "x", "-", "e", ".", "\n", " ", "\u{1}", "é", "n", "t"]
        {
            wrong.push([&whole[..at], other, &whole[at..]].concat());
            wrong.push([&whole[..at], other, &whole[at + 1..]].concat());
        }
    }
    for text in wrong {
        let (ours, other) = both(&text);
        if !format!("{other:?}").contains("surrogate") && !format!("{other:?}").contains("hex escape") {
            assert_eq!(ours.as_ref().err(), other.as_ref().err(), "{text}");
        }
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 20, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..20).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// Wherever in a text of whatever length it stands.
#[test]
fn what_is_special_is_escaped_everywhere() {
    for length in 0..20 {
        for at in 0..=length {
            for special in ["\"", "\\", "\n", "\u{1f}", "\u{7f}", " ", "é", "\u{e000}", "\u{100000}", "\u{10ffff}"] {
                let text = ["a".repeat(at), special.to_owned(), "z".repeat(length - at)].concat();
                assert_eq!(Value::from(text.as_str()).to_string(), serde_json::to_string(&text).unwrap());
            }
        }
    }
}

proptest! {
    /// serde_json reads what is written as we do, and we read what it writes.
    #[test]
    fn what_is_written_is_what_serde_json_reads(value in any_value()) {
        let text = value.to_string();
        let other: Other = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(from_str::<Value>(&text).unwrap(), value.clone());
        prop_assert_eq!(from_str::<Value>(&format!("{value:#}")).unwrap(), value.clone());
        prop_assert_eq!(&serde_json::to_value(&value).unwrap(), &other);
        prop_assert_eq!(to_string(&other).unwrap(), other.to_string());
        prop_assert_eq!(serde_json::to_string_pretty(&value).unwrap(), format!("{value:#}"));
    }

    /// Any text is JSON to both or to none, but for what Python takes.
    #[test]
    fn any_text_is_json_to_both(text in r#"[\[\]{}:,0-9.eE+ "a\\n\-]{0,12}"#) {
        let (ours, other) = both(&text);
        if other != Err("number out of range at line 1 column".into()) {
            prop_assert_eq!(ours.is_ok(), other.is_ok(), "{}: {:?} {:?}", text, ours, other);
        }
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Plain,
    Sized(u64),
    Pair(i8, bool),
    Named { share: f64, rest: Value },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Whole<'t> {
    #[serde(borrow)]
    text: std::borrow::Cow<'t, str>,
    kinds: Vec<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    none: Option<u8>,
    by_number: std::collections::BTreeMap<u8, ()>,
}

#[test]
fn types_are_written_and_read_as_serde_json_does() {
    let rest = from_str(r#"[1.50,NaN,100000000000000000000000000000000000000000000]"#).unwrap();
    let kinds = vec![Kind::Plain, Kind::Sized(u64::MAX), Kind::Pair(-1, true), Kind::Named { share: 0.5, rest }];
    let whole = Whole { text: "a".into(), kinds, none: None, by_number: [(7, ())].into() };
    let text = to_string(&whole).unwrap();
    assert_eq!(
        text,
        r#"{"text":"a","kinds":["Plain",{"Sized":18446744073709551615},{"Pair":[-1,true]},{"Named":{"share":0.5,"rest":[1.50,NaN,100000000000000000000000000000000000000000000]}}],"by_number":{"7":null}}"#
    );
    let plain = text.replace("by_number\":{\"7\":null}", "by_number\":{}");
    let read: Whole<'_> = from_str(&plain).unwrap();
    assert_eq!(read, Whole { by_number: [].into(), ..whole });
    assert!(matches!(read.text, std::borrow::Cow::Borrowed("a")));
    for wrong in [r#"{"text":1}"#, r#"{"text":"a","kinds":[]}"#, r#"{"text":"a","kinds":["Other"],"by_number":{}}"#] {
        let (ours, other) = (from_str::<Whole<'_>>(wrong), serde_json::from_str::<Whole<'_>>(wrong));
        assert_eq!(ours.unwrap_err().to_string(), other.unwrap_err().to_string());
    }
}

#[test]
fn copies_share_until_one_is_changed() {
    let first = json!({"a": {"b": [1]}, "c": null});
    let mut second = first.clone();
    second["a"]["b"][0] = json!("x");
    second["d"]["e"] = json!(true);
    assert_eq!(first, json!({"a": {"b": [1]}, "c": null}));
    assert_eq!(second, json!({"d": {"e": true}, "c": null, "a": {"b": ["x"]}}));
    assert_eq!(second.to_string(), r#"{"a":{"b":["x"]},"c":null,"d":{"e":true}}"#);
}

#[test]
fn fields_are_found_however_many_there_are() {
    for count in [0, 1, 16, 17, 100] {
        let mut map: Map = (0..count).map(|n| (format!("f{n}"), Value::from(n))).collect();
        assert!((0..count).all(|n| map.get(&format!("f{n}")) == Some(&Value::from(n))));
        assert_eq!(map.insert("f3", json!("new")), (count > 3).then(|| json!(3)));
        assert_eq!(map.remove("f1"), (count > 1).then(|| json!(1)));
        map.retain(|name, _| !name.ends_with('7'));
        let left: Vec<String> =
            (0..count).map(|n| format!("f{n}")).filter(|name| name != "f1" && !name.ends_with('7')).collect();
        assert!(left.iter().all(|name| map.contains_key(name)) && !map.contains_key("f7"));
        assert_eq!(map.len(), left.len() + usize::from(count <= 3));
        assert!(map.keys().map(Name::as_str).filter(|name| count > 3 || *name != "f3").eq(left.iter()));
    }
}

static START: LazyLock<Map> = LazyLock::new(|| object!({"locked": false, "tags": []}));

#[test]
fn fields_of_the_base_are_as_good_as_own_ones() {
    let mut fields = Map::over(&START, 2);
    fields.insert("id", json!("1"));
    assert_eq!(fields.to_value(), json!({"id": "1", "locked": false, "tags": []}));
    assert_eq!(fields.to_value().to_string(), r#"{"id":"1","locked":false,"tags":[]}"#);
    assert_eq!((fields.len(), fields.iter().len(), fields.is_empty()), (3, 3, false));
    assert_eq!(fields.insert("locked", json!(true)), Some(json!(false)));
    fields.get_or_insert_with("tags", || json!(null)).as_array_mut().unwrap().push(json!("a"));
    assert_eq!(fields.to_value(), json!({"id": "1", "locked": true, "tags": ["a"]}));
    assert_eq!(fields.into_iter().map(|(name, _)| name.to_string()).collect::<String>(), "idlockedtags");
    assert_eq!(START.to_value(), json!({"locked": false, "tags": []}));
}

#[test]
fn what_is_absent_or_of_another_type_counts_as_empty() {
    let body = json!({"name": "vm", "tags": ["a"], "metadata": {"k": "v"}, "none": null});
    let Value::Object(fields) = &body else { panic!("{body} is an object") };
    assert_eq!(
        (fields.text("name"), fields.text("tags"), fields.text("none"), fields.text("other")),
        ("vm", "", "", "")
    );
    assert_eq!((fields.list("tags"), fields.list("name"), fields.list("other")), (&[json!("a")][..], &[][..], &[][..]));
    assert_eq!(fields.object("metadata").text("k"), "v");
    assert!(fields.object("tags").is_empty() && fields.object("other").is_empty());
    assert_eq!((&fields["name"], &fields["other"]), (&json!("vm"), &json!(null)));
    assert_eq!(
        (body.text("name"), body.list("tags"), body.object("metadata")),
        ("vm", fields.list("tags"), fields.object("metadata"))
    );
    let none = json!([1]);
    assert!(none.text("name").is_empty() && none.list("tags").is_empty() && none.object("metadata").is_empty());
}

#[test]
fn an_object_that_others_have_too_is_left_to_them() {
    let flavor = json!({"ram": 1});
    let mut servers = [Map::new(), Map::new()];
    servers.iter_mut().for_each(|server| server.push("flavor", flavor.clone()));
    servers[0].get_mut("flavor").unwrap()["ram"] = json!(2);
    assert_eq!(servers[0].to_value(), json!({"flavor": {"ram": 2}}));
    assert_eq!(servers[1].insert("flavor", json!(null)), Some(json!({"ram": 1})));
    assert_eq!(flavor, json!({"ram": 1}));
}

#[test]
fn a_field_of_the_base_can_be_taken_away() {
    let mut fields = Map::over(&START, 0);
    assert_eq!(fields.remove("tags"), Some(json!([])));
    assert_eq!(fields.remove("tags"), None);
    assert_eq!(fields, object!({"locked": false}));
    let mut all = Map::over(&Map::over(&START, 0), 0);
    all.retain(|name, _| *name == "tags");
    assert_eq!(all.to_value(), json!({"tags": []}));
    let mut all = Map::over(&START, 0);
    all.values_mut().for_each(|value| *value = json!(1));
    assert_eq!(all.to_value(), json!({"locked": 1, "tags": 1}));
}
