//! The filters of a list: what each compares, and the words in which one is refused.

use jiff::Timestamp;
use std::cmp::Ordering;

use crate::base::json::{Map, Value, from_str};
use crate::base::{Version, last_segment, truth};
use crate::cloud::store::Fault;
use crate::contract::{Code, FilterTest, Filters, FoundFilter};
use crate::message::Query;

/// A time as queries spell it.
pub fn instant(text: &str) -> Option<Timestamp> {
    text.parse().or_else(|_| format!("{text}Z").parse()).or_else(|_| format!("{text}T00:00:00Z").parse()).ok()
}

/// A filter with what it is asked for.
#[derive(Debug)]
pub struct RowFilter<'q> {
    field: String,
    wanted: Wanted<'q>,
}

/// What a field is compared with.
#[derive(Debug)]
enum Wanted<'q> {
    Is(&'q str),
    Like(&'q str),
    Matches(Operator, Vec<&'q str>),
    In(Vec<&'q str>),
    Contains(&'q str),
    AtLeast(f64),
    AtMost(f64),
    Has(Vec<&'q str>),
    HasAny(Vec<&'q str>),
    Tags(TagTest, Vec<&'q str>),
    Addresses(Vec<(&'q str, &'q str)>),
    Holds(Map),
    Times(Vec<(TimeTest, Timestamp)>),
    Never,
}

/// Which times pass.
type TimeTest = fn(Ordering) -> bool;

/// What passes, given which of the tags a resource has.
type TagTest = fn(&[bool]) -> bool;

/// Does a field match a value?
type Operator = fn(&Value, &str) -> bool;

/// What may follow the name of a filter of Keystone's (keystone/server/flask/common.py).
const OPERATORS: [(&str, Operator); 7] = [
    ("", equals),
    ("contains", |own, value| text(own).contains(value)),
    ("icontains", |own, value| text(own).to_lowercase().contains(&value.to_lowercase())),
    ("startswith", |own, value| text(own).starts_with(value)),
    ("istartswith", |own, value| text(own).to_lowercase().starts_with(&value.to_lowercase())),
    ("endswith", |own, value| text(own).ends_with(value)),
    ("iendswith", |own, value| text(own).to_lowercase().ends_with(&value.to_lowercase())),
];

/// A flag is meant by whatever does not deny it.
fn equals(own: &Value, value: &str) -> bool {
    match own {
        Value::Bool(own) => *own == (truth(value) != Some(false)),
        _ => is(own, value),
    }
}

/// What has no text has nothing in it.
fn text(own: &Value) -> &str {
    own.as_str().unwrap_or("")
}

/// Words for times before and after another one (glance/common/utils.py).
const TIMES: [(&str, TimeTest); 6] = [
    ("gt", |order| order == Ordering::Greater),
    ("gte", |order| order != Ordering::Less),
    ("lt", |order| order == Ordering::Less),
    ("lte", |order| order != Ordering::Greater),
    ("neq", |order| order != Ordering::Equal),
    ("eq", |order| order == Ordering::Equal),
];

impl<'q> RowFilter<'q> {
    /// Those that `query` asks for at a version. What no row names narrows nothing, nor what every list takes.
    ///
    /// # Errors
    /// A value that the test cannot be made with.
    pub fn of(
        filters: &Filters,
        every_list: &[String],
        query: &'q Query,
        version: Version,
    ) -> Result<Vec<RowFilter<'q>>, Fault> {
        let mut asked: Vec<(&str, FoundFilter<'_, '_>)> = Vec::new();
        for (name, _) in query.0.iter().filter(|(name, _)| !every_list.contains(name)) {
            let found = filters.of(name, version).filter(|_| asked.iter().all(|(met, _)| met != name));
            asked.extend(found.map(|found| (name.as_str(), found)));
        }
        let mut made = Vec::new();
        for (name, found) in asked {
            let values: Vec<&str> = query.all(name).collect();
            made.extend(wanted(found, name, &values)?.map(|wanted| RowFilter { field: field(found), wanted }));
        }
        Ok(made)
    }

    /// Does the resource pass, as the list shows it?
    pub fn passes(&self, shown: &Map) -> bool {
        let (top, below) =
            self.field.split_once('/').map_or((self.field.as_str(), None), |(top, key)| (top, Some(key)));
        let own = shown.get(top);
        let own = below.map_or(own, |key| own.and_then(|own| own.get(key)));
        // What has no number yet counts as none.
        let number = || own.and_then(Value::as_f64).unwrap_or_default();
        let lists = |value: &str| own.and_then(Value::as_array).is_some_and(|own| own.iter().any(|item| item == value));
        match &self.wanted {
            Wanted::Is(value) => own.is_some_and(|own| is(own, value)),
            Wanted::Like(value) => own.is_some_and(|own| text(own).eq_ignore_ascii_case(value)),
            Wanted::Matches(matches, values) => own.is_some_and(|own| values.iter().all(|value| matches(own, value))),
            Wanted::HasAny(values) => values.iter().any(|value| lists(value)),
            Wanted::Tags(test, tags) => test(&tags.iter().map(|tag| lists(tag)).collect::<Vec<_>>()),
            Wanted::Addresses(pairs) => {
                let own = own.and_then(Value::as_array);
                own.is_some_and(|own| own.iter().any(|address| is_address(address, pairs)))
            }
            Wanted::In(values) => own.is_some_and(|own| values.iter().any(|value| is(own, value))),
            Wanted::Contains(value) => own.and_then(Value::as_str).is_some_and(|own| own.contains(value)),
            Wanted::AtLeast(least) => number() >= *least,
            Wanted::AtMost(most) => number() <= *most,
            Wanted::Has(values) => values.iter().all(|value| lists(value)),
            Wanted::Holds(pairs) => {
                let own = own.and_then(Value::as_object);
                own.is_some_and(|own| pairs.iter().all(|(key, value)| own.get(key) == Some(value)))
            }
            Wanted::Never => false,
            Wanted::Times(times) => {
                let own = own.and_then(Value::as_str).and_then(instant);
                own.is_some_and(|own| times.iter().all(|(test, time)| test(own.cmp(time))))
            }
        }
    }
}

/// The field that a filter compares.
fn field(found: FoundFilter<'_, '_>) -> String {
    found.row.field.replace('*', found.rest)
}

/// A row with what it is asked for; `None`: it narrows nothing.
fn wanted<'q>(found: FoundFilter<'_, '_>, name: &str, values: &[&'q str]) -> Result<Option<Wanted<'q>>, Fault> {
    let last = values.last().copied().unwrap_or("");
    let tags = |test: TagTest| Wanted::Tags(test, values.iter().flat_map(|value| value.split(',')).collect());
    Ok(Some(match found.row.test {
        FilterTest::Is => Wanted::Is(last),
        FilterTest::Like => Wanted::Like(last),
        FilterTest::IdIn => Wanted::Is(last_segment(last)),
        FilterTest::Any => Wanted::In(values.to_vec()),
        FilterTest::Boolean => {
            Wanted::In(checked(values, "cannot be converted to boolean", |text| truth(text).is_some())?)
        }
        FilterTest::Integer => Wanted::In(checked(values, "is not an integer", |text| text.parse::<i64>().is_ok())?),
        FilterTest::Matches => {
            let operator = OPERATORS.iter().find(|(operator, _)| *operator == found.rest);
            return Ok(operator.map(|(_, operator)| Wanted::Matches(*operator, values.to_vec())));
        }
        FilterTest::In => Wanted::In(members(last)?),
        FilterTest::Contains => Wanted::Contains(last),
        FilterTest::AtLeast => Wanted::AtLeast(number(last)?),
        FilterTest::AtMost => Wanted::AtMost(number(last)?),
        FilterTest::Has => Wanted::Has(values.iter().map(|value| value.trim()).collect()),
        FilterTest::HasAny => Wanted::HasAny(values.to_vec()),
        FilterTest::AllOf => tags(|has| !has.contains(&false)),
        FilterTest::OneOf => tags(|has| has.contains(&true)),
        FilterTest::NotAllOf => tags(|has| has.contains(&false)),
        FilterTest::NoneOf => tags(|has| !has.contains(&true)),
        FilterTest::Addresses => Wanted::Addresses(properties(values)?),
        FilterTest::Holds => Wanted::Holds(pairs(last)),
        FilterTest::Time => Wanted::Times(vec![time(name, last)?]),
        FilterTest::Times => Wanted::Times(last.split(',').map(compared_time).collect::<Result<_, _>>()?),
        FilterTest::Since => {
            instant(last).map_or(Wanted::Never, |time| Wanted::Times(vec![(|order| order != Ordering::Less, time)]))
        }
        FilterTest::Count | FilterTest::Own | FilterTest::Nothing => return Ok(None),
    }))
}

/// Has the address one of the values of each property that is asked for?
fn is_address(address: &Value, pairs: &[(&str, &str)]) -> bool {
    let has = |key: &str, value: &str| match key.strip_suffix("_substr") {
        Some(key) => address.get(key).and_then(Value::as_str).is_some_and(|own| own.contains(value)),
        None => address.get(key).is_some_and(|own| own == value),
    };
    pairs.iter().all(|(key, _)| pairs.iter().any(|(other, value)| key == other && has(key, value)))
}

fn refused(message: String) -> Fault {
    Fault::new(Code::Rule, 400, message)
}

fn number(text: &str) -> Result<f64, Fault> {
    text.parse::<i64>()
        .map(|number| number as f64)
        .map_err(|_| refused("Unable to filter on a range with a non-numeric value.".to_owned()))
}

/// `in:a,"b,c"`, or one value, with or without `eq:`.
fn members(text: &str) -> Result<Vec<&str>, Fault> {
    match text.split_once(':') {
        // A time contains colons of its own.
        _ if instant(text).is_some() => Ok(vec![text]),
        None => Ok(vec![text]),
        Some(("eq", value)) => Ok(vec![value]),
        Some(("in", list)) => listed(list),
        Some((operator, _)) => Err(refused(format!("Unable to filter by unknown operator '{operator}'."))),
    }
}

fn listed(list: &str) -> Result<Vec<&str>, Fault> {
    let mut rest = list;
    let mut values = Vec::new();
    while !rest.is_empty() {
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted
                .split_once('"')
                .ok_or_else(|| refused(format!("Invalid filter value {list}. The quote is not closed.")))?,
            None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
        };
        values.push(value);
        rest = after.strip_prefix(',').unwrap_or(after);
    }
    Ok(values)
}

fn time(name: &str, text: &str) -> Result<(TimeTest, Timestamp), Fault> {
    let (operator, time) = match instant(text) {
        Some(_) => ("eq", text),
        None => text.split_once(':').unwrap_or(("eq", text)),
    };
    let time = instant(time)
        .ok_or_else(|| refused(format!("Bad \"{name}\" query filter format. Use ISO 8601 DateTime notation.")))?;
    let test = TIMES.iter().find(|(own, _)| *own == operator).map(|(_, test)| *test);
    let test = test.ok_or_else(|| refused("Unable to filter on a unknown operator.".to_owned()))?;
    Ok((test, time))
}

/// `gt:TIME`, as Cinder reads and refuses it (cinder/api/v3/volumes.py).
fn compared_time(text: &str) -> Result<(TimeTest, Timestamp), Fault> {
    let (operator, time) = text.split_once(':').unwrap_or((text, text));
    let test = TIMES.iter().find(|(own, _)| *own == operator).map(|(_, test)| *test);
    let test = test.ok_or_else(|| refused(format!("Invalid {operator} operator")))?;
    instant(time).map(|time| (test, time)).ok_or_else(|| refused(format!("Invalid {time} value")))
}

/// The values, if all are of the kind that Neutron converts them to.
fn checked<'q>(values: &[&'q str], wrong: &str, is_right: fn(&str) -> bool) -> Result<Vec<&'q str>, Fault> {
    let refused = |text: &&str| Err(invalid_input(&format!("'{text}' {wrong}.")));
    values.iter().find(|text| !is_right(text)).map_or_else(|| Ok(values.to_vec()), refused)
}

/// Properties of addresses; Neutron ignores those that it does not know.
fn properties<'q>(values: &[&'q str]) -> Result<Vec<(&'q str, &'q str)>, Fault> {
    const KNOWN: [&str; 3] = ["ip_address", "ip_address_substr", "subnet_id"];
    let pair = |text: &&'q str| {
        text.split_once('=').ok_or_else(|| invalid_input(&format!("'{text}' is not of the form <key>=[value].")))
    };
    let pairs = values.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    Ok(pairs.into_iter().filter(|(key, _)| KNOWN.contains(key)).collect())
}

fn invalid_input(why: &str) -> Fault {
    refused(format!("Invalid input for operation: {why}")).named("InvalidInput")
}

/// An object in Python's spelling or in JSON's.
fn pairs(text: &str) -> Map {
    let parsed = from_str::<Value>(text).or_else(|_| from_str::<Value>(&text.replace('\'', "\"")));
    match parsed {
        Ok(Value::Object(pairs)) => pairs,
        _ => Map::new(),
    }
}

/// Is `own` what a query spells as `value`?
fn is(own: &Value, value: &str) -> bool {
    match own {
        Value::String(text) => text == value,
        Value::Bool(bool) => truth(value) == Some(*bool),
        Value::Null => value.is_empty(),
        other => *other == from_str::<Value>(value).unwrap_or(Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Versions;
    use crate::base::json::json;
    use crate::contract::FilterRow;

    fn passes(test: FilterTest, values: &[&str], own: Value) -> bool {
        asks("f", test, values, own)
    }

    fn asks(name: &str, test: FilterTest, values: &[&str], own: Value) -> bool {
        let row = FilterRow { parameter: "f".to_owned(), field: "f".to_owned(), test, lifetime: Versions::ALL };
        let query = Query(values.iter().map(|value| (name.to_owned(), (*value).to_owned())).collect());
        let asked = RowFilter::of(&Filters(vec![row]), &[], &query, Version::FIRST).unwrap();
        asked.iter().all(|filter| filter.passes(&Map::from_iter([("f".to_owned(), own.clone())])))
    }

    #[test]
    fn each_test_compares_in_its_own_way() {
        assert!(passes(FilterTest::In, &["in:a,\"b,c\",d"], json!("b,c")));
        assert!(!passes(FilterTest::In, &["in:a,b"], json!("c")));
        assert!(passes(FilterTest::Has, &["x", "y"], json!(["y", "z", "x"])));
        assert!(!passes(FilterTest::Has, &["x", "w"], json!(["y", "z", "x"])));
        assert!(passes(FilterTest::AtLeast, &["5"], json!(5)));
        assert!(passes(FilterTest::Time, &["gt:2026-01-01T00:00:00Z"], json!("2026-01-01T00:00:01Z")));
        assert!(!passes(FilterTest::Time, &["lt:2026-01-01T00:00:00Z"], json!("2026-01-01T00:00:01Z")));
        assert!(passes(FilterTest::Holds, &["{'a': 'b'}"], json!({"a": "b", "c": "d"})));
        assert!(passes(FilterTest::Is, &["true"], json!(true)));
        assert!(passes(FilterTest::Any, &["a", "b"], json!("a")));
        assert!(!passes(FilterTest::Is, &["a", "b"], json!("a")));
        assert!(passes(FilterTest::HasAny, &["x", "w"], json!(["y", "x"])));
        assert!(!passes(FilterTest::HasAny, &["w"], json!(["y", "x"])));
    }

    #[test]
    fn operators_follow_the_name_of_a_filter() {
        let asks = |name: &str, value: &str| asks(name, FilterTest::Matches, &[value], json!("Admins"));
        assert!(asks("f", "Admins") && asks("f__contains", "dmi") && asks("f__icontains", "DMI"));
        assert!(asks("f__startswith", "Ad") && asks("f__iendswith", "INS"));
        assert!(!asks("f__contains", "DMI") && !asks("f", "Adm"));
        // Keystone ignores what it does not know.
        assert!(asks("f__like", "x"));
    }

    #[test]
    fn tags_are_told_by_commas() {
        let own = || json!(["x", "y"]);
        assert!(passes(FilterTest::AllOf, &["x,y"], own()) && !passes(FilterTest::AllOf, &["x,z"], own()));
        assert!(passes(FilterTest::OneOf, &["x,z"], own()) && !passes(FilterTest::OneOf, &["z"], own()));
        assert!(passes(FilterTest::NotAllOf, &["x,z"], own()) && !passes(FilterTest::NotAllOf, &["x"], own()));
        assert!(passes(FilterTest::NoneOf, &["z"], own()) && !passes(FilterTest::NoneOf, &["x,z"], own()));
    }

    #[test]
    fn an_address_has_every_property_that_is_asked_for() {
        let own = || json!([{"ip_address": "10.0.0.4", "subnet_id": "s"}]);
        let asks = |values: &[&str]| passes(FilterTest::Addresses, values, own());
        assert!(asks(&["ip_address=10.0.0.4", "subnet_id=s"]) && asks(&["ip_address_substr=0.0"]));
        assert!(
            asks(&["ip_address=10.0.0.9", "ip_address=10.0.0.4"]) && !asks(&["ip_address=10.0.0.4", "subnet_id=t"])
        );
    }
}
