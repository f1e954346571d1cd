//! Items of a field of a resource: metadata and tags of a server, extra specs of a flavor, properties of an image.

use crate::base::json::{Map, Value, json};
use crate::cloud::image::{properties, set_properties};
use crate::cloud::store::{Cloud, Fault, Held, Resource, VmState, Wish, allow};
use crate::cloud::verb::{Answer, Ask, shown_fields, visible};
use crate::cloud::volume::ATTACHED;
use crate::contract::{Code, Dialect, distinct};

/// All items.
pub fn index(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut items = shown(cloud, ask)?;
    // It reads them from a table whose key they are.
    if let (Dialect::Keystone, Some(members)) = (ask.service.dialect, items.as_array_mut()) {
        members.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
    }
    all(ask, items)
}

/// The item that the path names.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let item = find(&shown(cloud, ask)?, ask.item()).cloned().ok_or_else(|| missing(ask))?;
    match item {
        // One of a list is whole by itself, one of a map is told with its key.
        Value::Object(entry) if entry.contains_key(KEY) => one(ask, &entry),
        item => one(ask, &Map::from_iter([(ask.item().to_owned(), item)])),
    }
}

/// Is the item that the path names there?
pub fn check(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    find(&shown(cloud, ask)?, ask.item()).ok_or_else(|| missing(ask))?;
    ask.answer(None)
}

/// Adds the items of the body to the existing ones.
pub fn merge(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let limits = Limits::of(cloud, ask);
    let mut parent = changeable(cloud, ask)?;
    if let Some(pairs) = given(ask).as_object() {
        add(ask, &mut parent, pairs, limits)?;
    }
    let items = items(ask, &parent);
    // Nova repeats the body for flavors, Cinder for types.
    let repeats = ["flavors", "volume_types", "group_types"].contains(&ask.collection());
    all(ask, if repeats { given(ask).clone() } else { items })
}

/// Replaces the existing items by those of the body.
pub fn replace(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let limits = Limits::of(cloud, ask);
    let mut parent = changeable(cloud, ask)?;
    let given = without_repetitions(given(ask));
    limits.allow(&given)?;
    store(ask, &mut parent, given.clone());
    all(ask, given)
}

/// Takes all items away.
pub fn clear(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut parent = changeable(cloud, ask)?;
    let empty = match items(ask, &parent) {
        Value::Array(_) => json!([]),
        Value::String(_) | Value::Null => json!(""),
        _ => json!({}),
    };
    store(ask, &mut parent, empty);
    ask.answer(None)
}

/// Adds the item that the path names, or changes it.
pub fn put(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let wrapper = ask.operation.field.as_ref().and_then(|field| field.item.as_deref());
    let sent = wrapper.map_or(Some(ask.body), |wrapper| ask.body.get(wrapper));
    match sent.and_then(Value::as_object).filter(|_| ask.operation.body.is_some()) {
        Some(sent) => put_pair(cloud, ask, sent),
        None => put_member(cloud, ask),
    }
}

fn put_pair(cloud: &mut Cloud, ask: &Ask<'_>, sent: &Map) -> Result<Answer, Fault> {
    parent(cloud, ask)?;
    if !sent.contains_key(ask.item()) {
        return Err(Fault::new(Code::Rule, 400, "Request body and URI mismatch"));
    }
    let limits = Limits::of(cloud, ask);
    add(ask, &mut *changeable(cloud, ask)?, sent, limits)?;
    one(ask, sent)
}

/// A new member is told with its place; one that is there already is no news.
fn put_member(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const MOST: usize = 50;
    let mut parent = changeable(cloud, ask)?;
    let mut items = items(ask, &parent);
    let is_there = find(&items, ask.item()).is_some();
    if items.is_null() {
        items = json!([]);
    }
    let members = items.as_array_mut().ok_or_else(|| missing(ask))?;
    let is_server = ask.collection() == "servers";
    match ask.collection() {
        "servers" => right_tag(ask.item())?,
        "projects" | "domains" => right_project_tag(ask.item())?,
        _ => {}
    }
    if is_server && members.len() >= MOST {
        let message = format!("The number of tags exceeded the per-server limit {MOST}");
        return Err(Fault::new(Code::Quota, 400, message));
    }
    if is_there && is_server {
        return Ok(ask.bare(204));
    }
    members.push(json!(ask.item()));
    let items = without_repetitions(&items);
    store(ask, &mut parent, items);
    let of_parent = format!("{}/{}/{}", ask.id(), ask.field(), ask.item());
    match ask.service.dialect {
        Dialect::Neutron => ask.answer(None),
        // It forgets the collection.
        Dialect::Keystone => Ok(ask.answer(None)?.with("Location", ask.base.resolve(&format!("self:{of_parent}")))),
        _ => {
            let place = ask.base.resolve(&format!("self:{}/{of_parent}", ask.collection()));
            Ok(ask.bare(ask.status()).with("Location", place))
        }
    }
}

/// Takes the item that the path names away.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let mut parent = changeable(cloud, ask)?;
    let mut items = items(ask, &parent);
    if find(&items, ask.item()).is_none() {
        return Err(missing(ask));
    }
    match &mut items {
        Value::Object(pairs) => drop(pairs.remove(ask.item())),
        Value::Array(members) => members.retain(|member| !is_named(member, ask.item())),
        _ => {}
    }
    store(ask, &mut parent, items);
    ask.answer(None)
}

impl Ask<'_> {
    /// The field whose items the operation is about.
    fn field(&self) -> &str {
        self.operation.field.as_ref().map_or("", |field| &field.name)
    }

    /// The last value of the path: the key of the item.
    pub(in crate::cloud) fn item(&self) -> &str {
        self.parameters.last().map_or("", String::as_str)
    }

    fn is_tags_of_a_server(&self) -> bool {
        (self.collection(), self.field()) == ("servers", "tags")
    }
}

fn parent<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Held<'c>, Fault> {
    visible(cloud, ask, false).map_err(|fault| match ask.is_tags_of_a_server() {
        true => Fault::no_cell(ask.id()),
        false => fault,
    })
}

/// The parent, where it is the caller's to change: a server in a state of rest, an image that is its own.
fn changeable<'c>(cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Held<'c>, Fault> {
    let parent = parent(cloud, ask)?;
    match ask.collection() {
        "servers" => VmState::allow(
            &parent,
            &action(ask),
            &[VmState::Active, VmState::Paused, VmState::Suspended, VmState::Stopped],
        )?,
        "images" if !ask.caller.is_some_and(|caller| caller.admin || parent.is_owned_by(caller)) => {
            return Err(Fault::new(Code::Policy, 403, format!("Not authorized for image {}.", parent.id)));
        }
        _ => {}
    }
    Ok(parent)
}

/// What Nova calls the change: `update metadata`, `delete tag`.
fn action(ask: &Ask<'_>) -> String {
    let verb = if ask.operation.method == "DELETE" { "delete" } else { "update" };
    match ask.parameters.len() {
        2.. => format!("{verb} {}", ask.field().trim_end_matches('s')),
        _ => format!("{verb} {}", ask.field()),
    }
}

/// The items as the service shows them.
fn shown(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Value, Fault> {
    let parent = parent(cloud, ask)?;
    if ask.collection() == "images" {
        return Ok(items(ask, &parent));
    }
    drop(parent);
    Ok(shown_fields(cloud, ask)[ask.field()].clone())
}

fn items(ask: &Ask<'_>, parent: &Resource) -> Value {
    match ask.collection() {
        "images" => Value::Object(properties(parent)),
        _ => parent.body[ask.field()].clone(),
    }
}

/// How many items there may be.
#[derive(Clone, Copy)]
struct Limits {
    /// Of the metadata of a server; `None`: anything else, which is not limited.
    metadata: Option<i64>,
}

impl Limits {
    fn of(cloud: &Cloud, ask: &Ask<'_>) -> Limits {
        let is_metadata = (ask.collection(), ask.field()) == ("servers", "metadata");
        Limits { metadata: is_metadata.then(|| cloud.limits(ask.project()).of("metadata_items")) }
    }

    fn allow(self, items: &Value) -> Result<(), Fault> {
        let requested = items.as_object().map_or(0, Map::len) as u64;
        let wish = |limit| Wish { resource: "metadata_items", requested, used: 0, limit };
        self.metadata.map_or(Ok(()), |limit| allow(&[wish(limit)]))
    }
}

fn add(ask: &Ask<'_>, parent: &mut Resource, pairs: &Map, limits: Limits) -> Result<(), Fault> {
    let mut items = match items(ask, parent) {
        Value::Object(items) => items,
        _ => Map::new(),
    };
    items.extend(pairs.clone());
    let items = Value::Object(items);
    limits.allow(&items)?;
    store(ask, parent, items);
    Ok(())
}

fn store(ask: &Ask<'_>, parent: &mut Resource, items: Value) {
    match (ask.collection(), items) {
        ("images", Value::Object(items)) => set_properties(parent, items),
        (_, items) => parent.set(ask.field(), items),
    }
}

fn find<'i>(items: &'i Value, key: &str) -> Option<&'i Value> {
    match items {
        Value::Object(pairs) => pairs.get(key),
        Value::Array(members) => members.iter().find(|member| is_named(member, key)),
        _ => None,
    }
}

/// The key by which an entry of a list goes.
const KEY: &str = "id";

/// A text goes by itself.
fn is_named(member: &Value, key: &str) -> bool {
    member == key || member.get(KEY).is_some_and(|id| id == key)
}

fn given<'a>(ask: &Ask<'a>) -> &'a Value {
    &ask.body[ask.field()]
}

fn without_repetitions(items: &Value) -> Value {
    items.as_array().map_or_else(|| items.clone(), |members| distinct(members).into())
}

fn all(ask: &Ask<'_>, items: Value) -> Result<Answer, Fault> {
    // What the parent has never had, the contract has a default for.
    let known = Some((ask.field().to_owned(), items)).filter(|(_, items)| !items.is_null());
    let mut told: Map = known.into_iter().collect();
    if ask.service.dialect == Dialect::Keystone {
        told.insert("links", json!({"self": ask.base.resolve("self:").trim_end_matches('/')}));
    }
    ask.answer(Some(Value::Object(told)))
}

fn one(ask: &Ask<'_>, pairs: &Map) -> Result<Answer, Fault> {
    let wrapper = ask.operation.field.as_ref().and_then(|field| field.item.as_ref());
    let pairs = Value::Object(pairs.clone());
    ask.answer(Some(wrapper.map_or(pairs.clone(), |wrapper| Value::Object(Map::from_iter([(wrapper.clone(), pairs)])))))
}

/// Nova's sentence of an item that is not there.
fn missing(ask: &Ask<'_>) -> Fault {
    let (id, key) = (ask.id(), ask.item());
    let is_delete = ask.operation.method == "DELETE";
    let said = match (ask.collection(), ask.field()) {
        ("servers", ATTACHED) => return super::volume_attachments::not_attached(ask),
        ("servers", "metadata") => "Metadata item was not found".to_owned(),
        ("servers", "addresses") => "Instance is not a member of specified network".to_owned(),
        ("servers", "tags") if is_delete => format!("Instance {id} has no tag '{key}'"),
        ("servers", "tags") => format!("Server {id} has no tag '{key}'"),
        (_, "tags") if ask.service.dialect == Dialect::Neutron => {
            return Fault::not_found(format!("Tag {key} could not be found.")).named("TagNotFound");
        }
        ("projects" | "domains", _) => format!("Could not find project tag: {key}."),
        ("flavors", _) => format!("Flavor {id} has no extra specs with key {key}."),
        ("volumes", _) => format!("Volume {id} has no metadata with key {key}."),
        ("snapshots", _) => format!("Snapshot {id} has no metadata with key {key}."),
        ("volume_types", _) => format!("Volume Type {id} has no extra specs with key {key}."),
        ("images", _) if is_delete => "Invalid metadata key".to_owned(),
        _ => return Fault::no_resource(),
    };
    Fault::not_found(said)
}

/// The same in Keystone, which says all of what its validator says.
fn right_project_tag(tag: &str) -> Result<(), Fault> {
    if !tag.contains([',', '/']) {
        return Ok(());
    }
    let message = format!(
        "'{tag}' does not match '^[^,/]*$'\n\nFailed validating 'pattern' in schema:\n    {{'type': 'string',\n     'minLength': 1,\n     \
         'maxLength': 255,\n     'pattern': '^[^,/]*$'}}\n\nOn instance:\n    '{tag}'"
    );
    Err(Fault::new(Code::Pattern, 400, message))
}

/// A tag in a path meets no schema; Nova checks it by hand.
fn right_tag(tag: &str) -> Result<(), Fault> {
    const LONGEST: usize = 60;
    let why = match tag {
        _ if tag.chars().count() > LONGEST => format!("'{tag}' is too long"),
        _ if tag.contains([',', '/']) => format!("'{tag}' does not match '^[^,/]*$'"),
        _ => return Ok(()),
    };
    let rule = "It must be a non empty string without characters '/' and ','.";
    let message = format!("Tag '{tag}' is invalid. {rule} Validation error message: {why}");
    Err(Fault::new(Code::Pattern, 400, message))
}
