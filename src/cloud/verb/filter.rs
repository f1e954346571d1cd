//! Which resources a list shows, and in which order.

use std::cmp::Ordering;

use super::row::Order;
use super::row_filter::RowFilter;
use crate::base::json::{Map, Value};
use crate::cloud::dialect::{Filter, Manner};
use crate::cloud::store::{Fault, Resource};
use crate::contract::{NOT_FILTERS, Operation};
use crate::message::Query;
use foldhash::{HashMap, HashSet};

/// What a query lets pass, each parameter once with all its values. Nova's servers have a list of their own.
pub struct Filters<'q> {
    filter: Filter,
    by_name: HashMap<&'q str, Vec<&'q str>>,
    rows: Vec<RowFilter<'q>>,
}

impl<'q> Filters<'q> {
    /// Those of a query.
    ///
    /// # Errors
    /// A value that cannot be compared.
    pub fn of(manner: &Manner, operation: &'q Operation, query: &'q Query) -> Result<Filters<'q>, Fault> {
        let mut by_name: HashMap<&str, Vec<&str>> = HashMap::default();
        if !operation.filters.is_empty() {
            return Ok(Filters { filter: manner.filter, by_name, rows: RowFilter::of(operation, query)? });
        }
        let parameters = query.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in parameters.filter(|(name, _)| !NOT_FILTERS.contains(name) && operation.narrows(name)) {
            by_name.entry(name).or_default().push(value);
        }
        by_name.values_mut().for_each(|values| match manner.filter {
            Filter::Stored(_) => drop(values.drain(..values.len() - 1)),
            Filter::Shown(_) => drop_repeated(values),
        });
        Ok(Filters { filter: manner.filter, by_name, rows: Vec::new() })
    }

    /// Does the query let `resource` pass? `shown` gives its fields as the list will show them.
    ///
    /// # Errors
    /// The resource cannot be shown.
    pub fn pass<E>(&self, resource: &Resource, shown: impl FnOnce() -> Result<Map, E>) -> Result<bool, E> {
        if !self.rows.is_empty() {
            let shown = shown()?;
            return Ok(self.rows.iter().all(|row| row.passes(&shown)));
        }
        if self.by_name.is_empty() {
            return Ok(true);
        }
        let mut filters = self.by_name.iter();
        Ok(match self.filter {
            Filter::Stored(passes) => {
                filters.all(|(name, values)| values.iter().all(|value| passes(resource, name, value)))
            }
            Filter::Shown(passes) => {
                let shown = shown()?;
                filters.all(|(name, values)| passes(&shown, name, values))
            }
        })
    }
}

fn drop_repeated(values: &mut Vec<&str>) {
    let mut met = HashSet::default();
    values.retain(|value| met.insert(*value));
}

/// Sorts by the query's keys, or by `order` if it has none.
pub fn sort(order: Order, query: &Query, resources: &mut [&Resource]) {
    let mut keys = sort_keys(query);
    if keys.is_empty() {
        match order {
            Order::By(field) => keys.push((field.to_owned(), false)),
            Order::Newest => return resources.reverse(),
            Order::Oldest => return,
        }
    }
    let by = |a: &&Resource, b: &&Resource| {
        keys.iter().fold(Ordering::Equal, |order, (key, descending)| {
            order.then_with(|| {
                let order = compare(a.body.get(key), b.body.get(key));
                if *descending { order.reverse() } else { order }
            })
        })
    };
    resources.sort_by(by);
}

/// Fields and whether they descend. Nova descends unless told otherwise; Glance has `sort=name:asc,id` too.
fn sort_keys(query: &Query) -> Vec<(String, bool)> {
    let directions: Vec<&str> = query.all("sort_dir").collect();
    let keys = query.all("sort_key").enumerate().map(|(place, key)| {
        let direction = directions.get(place).or(directions.last()).copied().unwrap_or("desc");
        (field_of(key).to_owned(), direction == "desc")
    });
    let pairs = query.all("sort").flat_map(|sort| sort.split(',')).map(|item| {
        let (key, direction) = item.split_once(':').unwrap_or((item, "desc"));
        (field_of(key).to_owned(), direction == "desc")
    });
    // What a key has ordered, the same key does not order again.
    let mut met = HashSet::default();
    keys.chain(pairs).filter(|(key, _)| met.insert(key.clone())).collect()
}

/// Nova sorts by the names of its database's columns.
fn field_of(key: &str) -> &str {
    match key {
        "flavorid" => "id",
        "memory_mb" => "ram",
        "root_gb" => "disk",
        other => other,
    }
}

/// Numbers as numbers, texts as texts.
pub fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    match (a, b) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal)
        }
        (Some(Value::String(a)), Some(Value::String(b))) => a.cmp(b),
        (a, b) => a.map(Value::to_string).cmp(&b.map(Value::to_string)),
    }
}
