//! Several resources more, or none: the bulk form of a create.

use serde_json::{Map, Value};

use super::ask::{Answer, Ask};
use super::create::{keep, make, told};
use super::resource_type::Kind;
use super::show::wrapped;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::table::hooks_of;

/// Adds a resource for each item of the list called `name`. The first that cannot be takes those before it along.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>, name: &str, items: &[Value]) -> Result<Answer, Fault> {
    let kind = ask.kind()?;
    let bodies: Vec<Value> = items.iter().map(|item| single(ask, item)).collect();
    let asks: Vec<Ask<'_>> = bodies.iter().map(|body| Ask { body, ..*ask }).collect();
    (hooks_of(kind.collection).agree)(&asks)?;
    let mut added = Vec::new();
    let answer = add(cloud, ask, kind, &asks, &mut added)
        .and_then(|list| ask.answer(Some(Value::Object(Map::from_iter([(name.to_owned(), list)])))));
    if answer.is_err() {
        added.iter().rev().for_each(|id| take_back(cloud, ask, kind, id));
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
    kind: &Kind,
    asks: &[Ask<'_>],
    added: &mut Vec<String>,
) -> Result<Value, Fault> {
    asks.iter()
        .map(|one| {
            let resource = make(cloud, one, kind)?;
            let shown = told(cloud, ask, kind, &resource);
            added.push(resource.id.clone());
            keep(cloud, ask, kind, resource);
            Ok(Value::Object(shown))
        })
        .collect()
}

/// What was just added goes again, whatever would keep an older one.
fn take_back(cloud: &mut Cloud, ask: &Ask<'_>, kind: &Kind, id: &str) {
    drop((hooks_of(kind.collection).leave)(cloud, ask, id));
    cloud.collection(ask.collection()).remove(id);
}
