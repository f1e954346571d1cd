//! By which parameters a list is narrowed, and how each compares.

use crate::base::{Diagnostic, Node, Yaml};

/// A parameter of a list's query that narrows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterRow {
    /// Its name; `property-*` is every parameter that begins so and has no other row.
    pub parameter: String,
    /// The field that it is compared with, as the list shows it; `properties/*` is one below another, by what stands for the star.
    pub field: String,
    /// How.
    pub test: FilterTest,
}

/// How a filter compares a field with what the query says: closed, because each is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterTest {
    /// They are equal.
    Is,
    /// It is equal to one of several: `in:a,b`, or just `a`.
    In,
    /// It contains the text.
    Contains,
    /// It is at least the number.
    AtLeast,
    /// It is at most the number.
    AtMost,
    /// It lists every value that is asked for.
    Has,
    /// It has the pairs of an object: `{'key': 'value'}`.
    Holds,
    /// It is a time before or after one: `gt:2026-01-01T00:00:00Z`.
    Time,
    /// It is a time not before one.
    Since,
    /// The code of the list decides by it.
    Own,
    /// The service takes it, and nothing is narrowed.
    Nothing,
}

impl FilterTest {
    /// All of them, by the name that contracts use.
    pub const ALL: [(&'static str, FilterTest); 11] = [
        ("is", FilterTest::Is),
        ("in", FilterTest::In),
        ("contains", FilterTest::Contains),
        ("at-least", FilterTest::AtLeast),
        ("at-most", FilterTest::AtMost),
        ("has", FilterTest::Has),
        ("holds", FilterTest::Holds),
        ("time", FilterTest::Time),
        ("since", FilterTest::Since),
        ("own", FilterTest::Own),
        ("nothing", FilterTest::Nothing),
    ];
}

/// The filters of a row: `{name: in, size_min: {at-least: size}}`.
///
/// # Errors
/// A test that does not exist.
pub fn filters(node: &Node) -> Result<Vec<FilterRow>, Diagnostic> {
    let mut rows = Vec::new();
    for (parameter, _, value) in node.entries()? {
        let (test, field) = match &value.yaml {
            Yaml::Map(_) => {
                let known = FilterTest::ALL.map(|(name, _)| name);
                value.only(&known)?;
                let named = FilterTest::ALL.iter().find_map(|(name, test)| Some((*test, value.get(name)?)));
                let (test, field) = named.ok_or_else(|| value.expected("a test and a field"))?;
                (test, field.text()?.to_owned())
            }
            _ => (value.choice(&FilterTest::ALL)?, parameter.clone()),
        };
        rows.push(FilterRow { parameter: parameter.clone(), field, test });
    }
    Ok(rows)
}
