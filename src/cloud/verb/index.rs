//! Lists.

use super::ask::{Answer, Ask, Listed};
use super::filter::RowFilter;
use super::paging::cut;
use super::row::Scope;
use super::sort::sort;
use crate::base::json::{Map, Value, json};
use crate::base::{Version, truth};
use crate::cloud::dialect::UnknownFilters;
use crate::cloud::store::{Cloud, Fault, Resource};
use crate::contract::{FilterTest, PathSegment};
use crate::message::Query;

/// The resources of a collection that the caller may see and the query lets pass.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let own = ask.resource_type();
    refuse_unknown(ask)?;
    (ask.manner().check_page)(ask.query)?;
    let Listed { cloud, resources } = (own.list)(cloud, ask)?;
    let manner = ask.manner();
    let nothing = Query::default();
    // Nova drops what a version does not know yet.
    let is_paged = ask.service.microversions.is_none() || ask.version == Version::LEGACY_V2 || ask.knows("limit");
    let paging = if is_paged { ask.query } else { &nothing };
    let count = resources.len();
    let missing = |id: &str| ask.not_found_in(ask.collection(), id);
    let no_marker = |id: &str| manner.no_marker.map_or_else(|| missing(id), |refusal| refusal(id));
    // What does not know of pages has one.
    let is_cut = is_paged && (ask.knows("limit") || ask.service.list_parameters.iter().any(|name| name == "limit"));
    let limits = if is_cut { cloud.fixture.page_limits.of(ask.service.dialect) } else { (usize::MAX, usize::MAX) };
    let path = ask.operation.path_text();
    let page = cut((manner, limits), (ask.list_name(), &path), paging, own.marker, no_marker, resources)?;
    let shown = |resource: &&Resource| Value::Object(own.view(cloud, ask.service, resource));
    let list: Value = page.resources.iter().map(shown).collect();
    let mut stored = Map::new();
    stored.insert(ask.list_name().to_owned(), list);
    stored.extend(page.links);
    if wants_count(ask) {
        stored.insert("count", Value::from(count));
    }
    if manner.list_links {
        stored.extend(keystone_links(ask));
    }
    let mut answer = ask.answer(Some(Value::Object(stored)))?;
    keep_fields(&mut answer, ask.list_name(), &ask.query.all("fields").collect::<Vec<_>>());
    Ok(answer)
}

/// Is the answer to tell how many there are?
fn wants_count(ask: &Ask<'_>) -> bool {
    let rows = ask.operation.filters.iter().flat_map(|filters| &filters.0);
    let mut counts = rows.filter(|row| row.test == FilterTest::Count && row.lifetime.contains(ask.version));
    counts.any(|row| ask.query.last(&row.parameter).and_then(truth) == Some(true))
}

/// Refuses parameters that narrow nothing, where the service does.
fn refuse_unknown(ask: &Ask<'_>) -> Result<(), Fault> {
    let Some(filters) = &ask.operation.filters else { return Ok(()) };
    let names = filters.unknown(ask.service, ask.query, ask.version);
    let unknown =
        UnknownFilters { names: &names, version: ask.version, admin: ask.is_admin(), contracts: ask.contracts };
    unknown.refusal(ask.service.dialect).map_or(Ok(()), Err)
}

/// Applies the changes of the collection that are due; `is_seen` says which resources this shows to a client.
pub fn advance_all(cloud: &mut Cloud, ask: &Ask<'_>, is_seen: impl Fn(&Resource) -> bool) {
    let waiting = cloud.collection(ask.collection()).iter().filter(|resource| resource.pending.is_some());
    let waiting: Vec<(String, bool)> = waiting.map(|resource| (resource.id.clone(), is_seen(resource))).collect();
    let own = ask.resource_type();
    for (id, looked) in waiting {
        (own.advance)(cloud, &id, looked);
    }
}

/// The list of a type that has none of its own.
pub fn visible_resources<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Listed<'c>, Fault> {
    let own = ask.resource_type();
    ask.enter(cloud)?;
    let scope = (own.scope)(ask)?;
    (own.refresh)(cloud, ask);
    advance_all(cloud, ask, |resource| scope.shows(ask, resource));
    let cloud = &*cloud;
    Ok(Listed { cloud, resources: resources_of(cloud, ask, ask.collection(), scope)? })
}

/// The resources of any collection that the query lets pass.
///
/// # Errors
/// One cannot be shown, or a filter cannot be read.
pub fn resources_of<'c>(
    cloud: &'c Cloud,
    ask: &Ask<'_>,
    collection: &str,
    scope: Scope,
) -> Result<Vec<&'c Resource>, Fault> {
    let filters = ask.operation.filters.as_ref();
    let every_list = &ask.service.list_parameters;
    let filters =
        filters.map_or(Ok(Vec::new()), |filters| RowFilter::of(filters, every_list, ask.query, ask.version))?;
    let mut found = Vec::new();
    let all = cloud.collections.get(collection).into_iter().flat_map(|resources| resources.iter());
    let is_part = ask.resource_type().within.is_some();
    let of_parent = |resource: &&Resource| !is_part || ask.is_within(resource);
    for resource in all.filter(of_parent).filter(|resource| scope.shows(ask, resource)) {
        if passes(&filters, || shown(cloud, ask, resource))? {
            found.push(resource);
        }
    }
    sort((ask.resource_type().order)(ask.service.dialect), ask.query, &mut found);
    Ok(found)
}

fn passes(filters: &[RowFilter<'_>], shown: impl FnOnce() -> Result<Map, Fault>) -> Result<bool, Fault> {
    if filters.is_empty() {
        return Ok(true);
    }
    let shown = shown()?;
    Ok(filters.iter().all(|filter| filter.passes(&shown)))
}

/// Keystone's lists contain the URL of the request; there is one page only.
pub fn keystone_links(ask: &Ask<'_>) -> Map {
    let mut path = String::new();
    let mut values = ask.parameters.iter();
    for segment in &ask.operation.path {
        let part = match segment {
            PathSegment::Fixed(text) => Some(text),
            PathSegment::Parameter(_) => values.next(),
        };
        path.extend(["/", part.map_or("", String::as_str)]);
    }
    let mark = if ask.sent_query.is_empty() { "" } else { "?" };
    let href = format!("self:{}{mark}{}", path.trim_start_matches('/'), ask.sent_query);
    Map::from_iter([("links", json!({"next": null, "self": href, "previous": null}))])
}

/// The resource as it is stored, and as the list will show it: fields that a fixture leaves out have their defaults.
fn shown(cloud: &Cloud, ask: &Ask<'_>, resource: &Resource) -> Result<Map, Fault> {
    let stored = Map::from_iter([(
        ask.list_name().to_owned(),
        Value::from(vec![Value::Object(ask.resource_type().view(cloud, ask.service, resource))]),
    )]);
    let mut body = ask.answer(Some(Value::Object(stored)))?.body;
    let item = body.as_mut().and_then(|body| body.get_mut(ask.list_name())?.get_mut(0)).map(Value::take);
    let mut fields = ask.resource_type().view(cloud, ask.service, resource);
    if let Some(Value::Object(item)) = item {
        fields.extend(item);
    }
    Ok(fields)
}

/// Neutron's `fields=` narrows what is shown; the rest would otherwise come back as defaults.
fn keep_fields(answer: &mut Answer, collection: &str, fields: &[&str]) {
    if fields.is_empty() {
        return;
    }
    let mut body = answer.body.take();
    let list = body.as_mut().and_then(|body| body.get_mut(collection)).and_then(Value::as_array_mut);
    for item in list.into_iter().flatten().filter_map(Value::as_object_mut) {
        item.retain(|key, _| fields.contains(&key.as_str()));
    }
    answer.body = body;
}
