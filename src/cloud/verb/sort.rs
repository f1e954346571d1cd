//! The order of a list.

use std::cmp::Ordering;

use super::row::Order;
use crate::base::json::Value;
use crate::cloud::store::Resource;
use crate::message::Query;
use foldhash::HashSet;

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

/// Nova and Cinder sort by the names of their database's columns.
fn field_of(key: &str) -> &str {
    match key {
        "display_name" => "name",
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
