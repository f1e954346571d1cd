//! By which parameters a list is narrowed, and how each compares.

use std::collections::BTreeSet;

use super::service::Service;
use crate::base::{Diagnostic, Node, Version, Versions, Yaml};
use crate::contract::schema::lifetime;
use crate::message::Query;

/// A parameter of a list's query that narrows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterRow {
    /// Its name; `property-*` is every parameter that begins so and has no other row.
    pub parameter: String,
    /// The field that it is compared with, as the list shows it; `properties/*` is one below another, by what stands for the star.
    pub field: String,
    /// How.
    pub test: FilterTest,
    /// The versions that have it.
    pub lifetime: Versions,
}

/// All filters of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters(pub Vec<FilterRow>);

/// The row of a parameter.
#[derive(Clone, Copy, Debug)]
pub struct FoundFilter<'r, 'n> {
    /// The row.
    pub row: &'r FilterRow,
    /// What stands for its star, or the operator that follows its name.
    pub rest: &'n str,
}

impl Filters {
    /// The row of a parameter at a version; one with the whole name comes first.
    pub fn of<'n>(&self, parameter: &'n str, version: Version) -> Option<FoundFilter<'_, 'n>> {
        let living = || self.0.iter().filter(|row| row.lifetime.contains(version));
        let own = living().find(|row| row.parameter == parameter).map(|row| FoundFilter { row, rest: "" });
        let starred =
            |row: &&FilterRow| row.parameter.strip_suffix('*').is_some_and(|start| parameter.starts_with(start));
        let star = |row| FoundFilter { row, rest: &parameter[row.parameter.len() - 1..] };
        own.or_else(|| living().find(starred).map(star)).or_else(|| {
            let (name, rest) = parameter.split_once("__")?;
            let row = living().find(|row| row.test == FilterTest::Matches && row.parameter == name)?;
            Some(FoundFilter { row, rest })
        })
    }

    /// The parameters of `query` by which the list is not narrowed at `version`, each once, in alphabetical order.
    pub fn unknown<'q>(&self, service: &Service, query: &'q Query, version: Version) -> Vec<&'q str> {
        let names = query
            .0
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| !service.list_parameters.iter().any(|own| own == name));
        names.filter(|name| self.of(name, version).is_none()).collect::<BTreeSet<&str>>().into_iter().collect()
    }
}

/// How a filter compares a field with what the query says: closed, because each is code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterTest {
    /// They are equal; of several values the last counts.
    Is,
    /// It is equal to one of the values that the query has.
    Any,
    /// It is the same boolean as one of the values; one that is none is refused.
    Boolean,
    /// The same for whole numbers.
    Integer,
    /// It is equal, or is as an operator after the name says: `name__contains`.
    Matches,
    /// They are equal, whatever the case.
    Like,
    /// It is the id at the end of a URL, or just the id.
    IdIn,
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
    /// It lists one of the values.
    HasAny,
    /// It lists all of `a,b`.
    AllOf,
    /// It lists one of `a,b`.
    OneOf,
    /// It does not list all of `a,b`.
    NotAllOf,
    /// It lists none of `a,b`.
    NoneOf,
    /// It lists an address with these properties: `ip_address=10.0.0.4`, `ip_address_substr=10.`, `subnet_id=…`.
    Addresses,
    /// It has the pairs of an object: `{'key': 'value'}`.
    Holds,
    /// It is a time before or after one: `gt:2026-01-01T00:00:00Z`.
    Time,
    /// It is a time as all of `gt:2026-01-01T00:00:00,lt:2026-02-01T00:00:00` have it.
    Times,
    /// It is a time not before one.
    Since,
    /// Nothing is narrowed; the answer tells how many there are.
    Count,
    /// The code of the list decides by it.
    Own,
    /// The service takes it, and nothing is narrowed.
    Nothing,
}

impl FilterTest {
    /// All of them, by the name that contracts use.
    pub const ALL: [(&'static str, FilterTest); 25] = [
        ("is", FilterTest::Is),
        ("any", FilterTest::Any),
        ("boolean", FilterTest::Boolean),
        ("integer", FilterTest::Integer),
        ("matches", FilterTest::Matches),
        ("like", FilterTest::Like),
        ("id-in", FilterTest::IdIn),
        ("in", FilterTest::In),
        ("contains", FilterTest::Contains),
        ("at-least", FilterTest::AtLeast),
        ("at-most", FilterTest::AtMost),
        ("has", FilterTest::Has),
        ("has-any", FilterTest::HasAny),
        ("all-of", FilterTest::AllOf),
        ("one-of", FilterTest::OneOf),
        ("not-all-of", FilterTest::NotAllOf),
        ("none-of", FilterTest::NoneOf),
        ("addresses", FilterTest::Addresses),
        ("holds", FilterTest::Holds),
        ("time", FilterTest::Time),
        ("times", FilterTest::Times),
        ("since", FilterTest::Since),
        ("count", FilterTest::Count),
        ("own", FilterTest::Own),
        ("nothing", FilterTest::Nothing),
    ];
}

/// The filters of a row: `{name: in, size_min: {at-least: size}, group_id: {is: group_id, microversions: "3.10.."}}`.
///
/// # Errors
/// A test that does not exist.
pub fn filters(node: &Node) -> Result<Filters, Diagnostic> {
    let mut rows = Vec::new();
    for (parameter, _, value) in node.entries()? {
        // What has changed has a row for each time.
        let forms = value.one_or_more();
        for form in forms {
            rows.push(row(parameter, form)?);
        }
    }
    Ok(Filters(rows))
}

fn row(parameter: &str, value: &Node) -> Result<FilterRow, Diagnostic> {
    let whole = |test| FilterRow {
        parameter: parameter.to_owned(),
        field: parameter.to_owned(),
        test,
        lifetime: Versions::ALL,
    };
    if !matches!(value.yaml(), Yaml::Map(_)) {
        return Ok(whole(value.choice(&FilterTest::ALL)?));
    }
    let tests = FilterTest::ALL.map(|(name, _)| name);
    let known: Vec<&str> = tests.into_iter().chain(["microversions"]).collect();
    value.only(&known)?;
    let named = FilterTest::ALL.iter().find_map(|(name, test)| Some((*test, value.get(name)?)));
    let (test, field) = named.ok_or_else(|| value.expected("a test and a field"))?;
    let lifetime = value.get("microversions").map_or(Ok(Versions::ALL), lifetime)?;
    Ok(FilterRow { field: field.text()?.to_owned(), lifetime, ..whole(test) })
}
