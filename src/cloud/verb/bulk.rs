//! The bulk form of a create: several resources, or none.

use super::ask::{Answer, Ask, ResourceType};
use super::create::{keep, make, told};
use super::show::wrapped;
use crate::base::json::{Map, Value};
use crate::cloud::store::{Cloud, Fault};

/// Adds a resource for each item of the list called `name`. The first that cannot be takes those before it along.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>, name: &str, items: &[Value]) -> Result<Answer, Fault> {
    let own = ask.own_type()?;
    let bodies: Vec<Value> = items.iter().map(|item| single(ask, item)).collect();
    let asks: Vec<Ask<'_>> = bodies.iter().map(|body| Ask { body, ..*ask }).collect();
    (own.agree)(&asks)?;
    let mut added = Vec::new();
    let answer = add(cloud, ask, own, &asks, &mut added)
        .and_then(|list| ask.answer(Some(Value::Object(Map::from_iter([(name.to_owned(), list)])))));
    if answer.is_err() {
        added.iter().rev().for_each(|id| take_back(cloud, ask, own, id));
    }
    answer
}

/// An item as the body of a create of its own. It may be one already.
fn single(ask: &Ask<'_>, item: &Value) -> Value {
    let body = wrapped(ask, item.clone());
    let has_name = body.as_object().and_then(|body| body.keys().next()).is_some_and(|name| item.get(name).is_some());
    if has_name { item.clone() } else { body }
}

/// Adds them one by one; `added` gets their ids.
fn add(
    cloud: &mut Cloud,
    ask: &Ask<'_>,
    own: &ResourceType,
    asks: &[Ask<'_>],
    added: &mut Vec<String>,
) -> Result<Value, Fault> {
    asks.iter()
        .map(|one| {
            let resource = make(cloud, one, own)?;
            let shown = told(cloud, ask, own, &resource);
            added.push(resource.id.clone());
            keep(cloud, ask, own, resource);
            Ok(Value::Object(shown))
        })
        .collect()
}

/// What was just added goes again, whatever would keep an older one.
fn take_back(cloud: &mut Cloud, ask: &Ask<'_>, own: &ResourceType, id: &str) {
    drop((own.leave)(cloud, ask, id));
    cloud.collection(ask.collection()).remove(id);
}
