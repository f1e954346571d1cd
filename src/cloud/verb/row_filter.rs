//! The filters that a row of the table lists: what each compares, and the words in which one is refused.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::base::json::{Map, Value, from_str};
use crate::base::truth;
use crate::cloud::store::Fault;
use crate::contract::{Code, FilterRow, FilterTest, NOT_FILTERS, Operation};
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
    In(Vec<&'q str>),
    Contains(&'q str),
    AtLeast(f64),
    AtMost(f64),
    Has(Vec<&'q str>),
    Holds(Map),
    Time(TimeTest, Timestamp),
    Never,
}

/// Which times pass.
type TimeTest = fn(Ordering) -> bool;

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
    /// Those that `query` asks for. What no row names narrows nothing.
    ///
    /// # Errors
    /// A value that the test cannot be made with.
    pub fn of(operation: &'q Operation, query: &'q Query) -> Result<Vec<RowFilter<'q>>, Fault> {
        let mut found = Vec::new();
        let mut met: Vec<&str> = Vec::new();
        for (name, _) in query.0.iter().filter(|(name, _)| !NOT_FILTERS.contains(&name.as_str())) {
            if met.contains(&name.as_str()) {
                continue;
            }
            met.push(name);
            let Some((row, rest)) = row(&operation.filters, name) else { continue };
            let field = row.field.replace('*', rest);
            let values: Vec<&str> = query.all(name).collect();
            if let Some(wanted) = wanted(row, name, &values)? {
                found.push(RowFilter { field, wanted });
            }
        }
        Ok(found)
    }

    /// Does the resource pass, as the list shows it?
    pub fn passes(&self, shown: &Map) -> bool {
        let (top, below) =
            self.field.split_once('/').map_or((self.field.as_str(), None), |(top, key)| (top, Some(key)));
        let own = shown.get(top);
        let own = below.map_or(own, |key| own.and_then(|own| own.get(key)));
        let number = || own.and_then(Value::as_f64).unwrap_or_default();
        match &self.wanted {
            Wanted::Is(value) => own.is_some_and(|own| is(own, value)),
            Wanted::In(values) => own.is_some_and(|own| values.iter().any(|value| is(own, value))),
            Wanted::Contains(value) => own.and_then(Value::as_str).is_some_and(|own| own.contains(value)),
            Wanted::AtLeast(least) => number() >= *least,
            Wanted::AtMost(most) => number() <= *most,
            Wanted::Has(values) => {
                let own = own.and_then(Value::as_array);
                own.is_some_and(|own| values.iter().all(|value| own.iter().any(|item| item == value)))
            }
            Wanted::Holds(pairs) => {
                let own = own.and_then(Value::as_object);
                own.is_some_and(|own| pairs.iter().all(|(key, value)| own.get(key) == Some(value)))
            }
            Wanted::Never => false,
            Wanted::Time(test, time) => {
                own.and_then(Value::as_str).and_then(instant).is_some_and(|own| test(own.cmp(time)))
            }
        }
    }
}

/// The filters of `query` that no row of the operation knows, in alphabetical order.
pub fn unknown<'q>(operation: &Operation, query: &'q Query) -> Vec<&'q str> {
    let names = query.0.iter().map(|(name, _)| name.as_str());
    let is_unknown = |name: &&str| !NOT_FILTERS.contains(name) && row(&operation.filters, name).is_none();
    let unknown: BTreeSet<&str> = names.filter(is_unknown).collect();
    unknown.into_iter().collect()
}

/// The row of a parameter, and what stands for its star; one with the whole name comes first.
fn row<'r, 'n>(rows: &'r [FilterRow], name: &'n str) -> Option<(&'r FilterRow, &'n str)> {
    let own = rows.iter().find(|row| row.parameter == name).map(|row| (row, ""));
    own.or_else(|| rows.iter().find_map(|row| Some((row, name.strip_prefix(row.parameter.strip_suffix('*')?)?))))
}

/// A row with what it is asked for; `None`: it narrows nothing.
fn wanted<'q>(row: &FilterRow, name: &str, values: &[&'q str]) -> Result<Option<Wanted<'q>>, Fault> {
    let last = values.last().copied().unwrap_or_default();
    Ok(Some(match row.test {
        FilterTest::Is => Wanted::Is(last),
        FilterTest::In => Wanted::In(members(last)?),
        FilterTest::Contains => Wanted::Contains(last),
        FilterTest::AtLeast => Wanted::AtLeast(number(last)?),
        FilterTest::AtMost => Wanted::AtMost(number(last)?),
        FilterTest::Has => Wanted::Has(values.iter().map(|value| value.trim()).collect()),
        FilterTest::Holds => Wanted::Holds(pairs(last)),
        FilterTest::Time => time(name, last)?,
        FilterTest::Since => {
            instant(last).map_or(Wanted::Never, |time| Wanted::Time(|order| order != Ordering::Less, time))
        }
        FilterTest::Own | FilterTest::Nothing => return Ok(None),
    }))
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

fn time<'q>(name: &str, text: &'q str) -> Result<Wanted<'q>, Fault> {
    let (operator, time) = match instant(text) {
        Some(_) => ("eq", text),
        None => text.split_once(':').unwrap_or(("eq", text)),
    };
    let time = instant(time)
        .ok_or_else(|| refused(format!("Bad \"{name}\" query filter format. Use ISO 8601 DateTime notation.")))?;
    let test = TIMES.iter().find(|(own, _)| *own == operator).map(|(_, test)| *test);
    let test = test.ok_or_else(|| refused("Unable to filter on a unknown operator.".to_owned()))?;
    Ok(Wanted::Time(test, time))
}

/// An object in Python's spelling or in JSON's.
fn pairs(text: &str) -> Map {
    let parsed = from_str::<Value>(text).or_else(|_| from_str::<Value>(&text.replace('\'', "\"")));
    parsed.ok().and_then(|value| value.as_object().cloned()).unwrap_or_default()
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
    use crate::base::json::json;

    fn passes(test: FilterTest, values: &[&str], own: Value) -> bool {
        let row = FilterRow { parameter: "f".to_owned(), field: "f".to_owned(), test };
        let wanted = wanted(&row, "f", values).unwrap().unwrap();
        let shown = Map::from_iter([("f".to_owned(), own)]);
        RowFilter { field: "f".to_owned(), wanted }.passes(&shown)
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
    }
}
