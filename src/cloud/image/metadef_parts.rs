//! What is in a namespace of metadata definitions: objects, properties, tags, and the types of resources that it is for.
//! Sources: glance/api/v2/metadef_objects.py and its neighbours, answers of glance 33.0.0.

use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Held, nova_time};
use crate::cloud::verb::{Answer, Ask, visible};
use crate::contract::Code;

/// The collection of namespaces.
const NAMESPACES: &str = "image.namespaces";

/// A kind of part, and its sentences.
struct Part {
    /// The field of the namespace.
    field: &'static str,
    /// The message for one that is not there; `{}` is its name.
    missing: &'static str,
    /// The message for one that is there already.
    exists: fn(name: &str, namespace: &str) -> String,
    /// What a protected one is called; `None`: it goes all the same.
    protected: Option<&'static str>,
    /// Has it times of its own?
    has_times: bool,
    /// What a new one has that does not say otherwise, and only lists show.
    usual: fn() -> Value,
}

const PARTS: [Part; 4] = [
    Part {
        field: "objects",
        missing: "Could not find metadata object {}",
        exists: |name, of| format!("A metadata definition object with name={name} already exists in namespace={of}."),
        protected: Some("object"),
        has_times: true,
        usual: || json!({"required": [], "properties": {}}),
    },
    Part {
        field: "properties",
        missing: "Could not find property {}",
        exists: |name, of| format!("A metadata definition property with name={name} already exists in namespace={of}."),
        protected: Some("property"),
        has_times: false,
        usual: || json!({}),
    },
    Part {
        field: "tags",
        missing: "Could not find metadata tag {}",
        exists: |name, of| {
            format!(
                "A metadata tag with name={name} already exists in namespace={of}. (Please note that metadata tag names are case \
                 insensitive)."
            )
        },
        protected: Some("tag"),
        has_times: true,
        usual: || json!({}),
    },
    Part {
        field: "resource_type_associations",
        missing: "Failed to find resource type {} to delete",
        exists: |name, of| {
            format!(
                "The metadata definition resource-type association of resource-type={name} to namespace={of} already exists."
            )
        },
        protected: None,
        has_times: true,
        usual: || json!({}),
    },
];

impl Part {
    fn of(ask: &Ask<'_>) -> Result<&'static Part, Fault> {
        let field = ask.operation.field.as_ref().map(|field| field.name.as_str());
        PARTS.iter().find(|part| Some(part.field) == field).ok_or_else(|| ask.not_simulated())
    }

    /// The namespace that the path names.
    fn namespace<'c>(&self, cloud: &'c mut Cloud, ask: &Ask<'_>) -> Result<Held<'c>, Fault> {
        let is_told = self.field != "objects" || cloud.collection(NAMESPACES).get(ask.id()).is_some();
        visible(cloud, ask, false).map_err(|fault| match is_told {
            true => Fault::not_found(format!("Namespace {} not found", ask.id())),
            false => fault,
        })
    }

    fn missing(&self, name: &str) -> Fault {
        Fault::not_found(self.missing.replace("{}", name))
    }

    /// The parts of a namespace, by name.
    fn all(&self, namespace: &Map) -> Vec<(String, Map)> {
        let named = |part: &Value| {
            let fields = part.as_object()?.clone();
            Some((fields.get("name")?.as_str()?.to_owned(), fields))
        };
        match namespace.get(self.field) {
            Some(Value::Array(parts)) => parts.iter().filter_map(named).collect(),
            Some(Value::Object(parts)) => {
                let with_name = |(name, part): (&str, &Value)| {
                    let mut fields = part.as_object()?.clone();
                    fields.insert("name", json!(name));
                    Some((name.to_owned(), fields))
                };
                parts.iter().filter_map(|(name, part)| with_name((name.as_str(), part))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Gives the namespace these parts, and no others.
    fn keep(&self, namespace: &mut Held<'_>, parts: Vec<(String, Map)>) {
        let value: Value = match self.field {
            "properties" => Value::Object(parts.into_iter().map(|(name, part)| (name, Value::Object(part))).collect()),
            _ => parts.into_iter().map(|(_, part)| Value::Object(part)).collect(),
        };
        namespace.set(self.field, value);
    }

    /// A part as it is kept.
    fn kept(&self, ask: &Ask<'_>, name: &str, mut fields: Map, created: &str, updated: &str) -> Map {
        fields.insert("name", json!(name));
        if self.has_times {
            fields.insert("created_at", json!(created));
            fields.insert("updated_at", json!(updated));
        }
        if self.field == "objects" {
            fields.insert("self", json!(format!("/v2/metadefs/namespaces/{}/objects/{name}", ask.id())));
            fields.insert("schema", json!("/v2/schemas/metadefs/object"));
        }
        for (field, value) in (self.usual)().as_object().into_iter().flatten() {
            fields.get_or_insert_with(field.clone(), || value.clone());
        }
        fields
    }

    /// The answer to who sent a part: what is usual, it does not tell.
    fn told(&self, ask: &Ask<'_>, mut part: Map) -> Result<Answer, Fault> {
        let usual = (self.usual)();
        let sent = ask.body.as_object();
        part.retain(|field, _| usual.get(field).is_none() || sent.is_some_and(|sent| sent.contains_key(field)));
        ask.answer(Some(Value::Object(part)))
    }

    fn refuse_protected(&self, namespace: &Map, what: &str, name: &str) -> Result<(), Fault> {
        match namespace.get("protected") == Some(&Value::Bool(true)) {
            true => {
                let message = format!("Metadata definition {what} {name} is protected and cannot be deleted.");
                Err(Fault::new(Code::State, 403, message))
            }
            false => Ok(()),
        }
    }
}

/// The name that the body gives the part, or the path.
fn name_of(ask: &Ask<'_>) -> String {
    let in_body = ask.body.get("name").and_then(Value::as_str);
    in_body.or_else(|| ask.parameter("name")).map_or_else(String::new, str::to_owned)
}

/// The name of the part in the path.
fn named<'a>(ask: &'a Ask<'_>) -> &'a str {
    ask.in_path("name")
}

/// A new part.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (part, now, name) = (Part::of(ask)?, nova_time(&cloud.clock), name_of(ask));
    let mut namespace = part.namespace(cloud, ask)?;
    let mut parts = part.all(&namespace.body);
    if parts.iter().any(|(own, _)| *own == name) {
        return Err(Fault::new(Code::State, 409, (part.exists)(&name, ask.id())));
    }
    let new = part.kept(ask, &name, ask.fields_or_none(), &now, &now);
    // The newest tag comes first.
    let place = if part.field == "tags" { 0 } else { parts.len() };
    parts.insert(place, (name, new.clone()));
    part.keep(&mut namespace, parts);
    drop(namespace);
    part.told(ask, new)
}

/// Tags in place of those that are there, or beside them.
pub fn replace(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (part, now) = (Part::of(ask)?, nova_time(&cloud.clock));
    let is_added = ask.headers.get("X-Openstack-Append").and_then(truth) == Some(true);
    let mut namespace = part.namespace(cloud, ask)?;
    let mut parts = if is_added { part.all(&namespace.body) } else { Vec::new() };
    for tag in ask.body.list(part.field) {
        let name = tag.text("name").to_owned();
        if parts.iter().any(|(own, _)| *own == name) {
            return Err(Fault::new(Code::State, 409, (part.exists)(&name, ask.id())));
        }
        let new = part.kept(ask, &name, Map::new(), &now, &now);
        parts.insert(0, (name, new));
    }
    part.keep(&mut namespace, parts);
    drop(namespace);
    ask.answer(Some(ask.body.clone()))
}

/// One part.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let part = Part::of(ask)?;
    let namespace = part.namespace(cloud, ask)?;
    let found = part.all(&namespace.body).into_iter().find(|(name, _)| name == named(ask));
    drop(namespace);
    ask.answer(Some(Value::Object(found.ok_or_else(|| part.missing(named(ask)))?.1)))
}

/// Another part in place of this one.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let (part, now, name) = (Part::of(ask)?, nova_time(&cloud.clock), name_of(ask));
    let mut namespace = part.namespace(cloud, ask)?;
    let mut parts = part.all(&namespace.body);
    let place = parts.iter().position(|(own, _)| own == named(ask)).ok_or_else(|| part.missing(named(ask)))?;
    if name != named(ask) && parts.iter().any(|(own, _)| *own == name) {
        // It does not expect what its database says.
        let said = ask.manner().crash;
        return Err(Fault::new(Code::State, said.status, said.message));
    }
    let created = parts[place].1.get("created_at").and_then(Value::as_str).unwrap_or(&now).to_owned();
    let new = part.kept(ask, &name, ask.fields_or_none(), &created, &now);
    parts[place] = (name, new.clone());
    part.keep(&mut namespace, parts);
    drop(namespace);
    part.told(ask, new)
}

/// A part goes.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let part = Part::of(ask)?;
    let mut namespace = part.namespace(cloud, ask)?;
    let mut parts = part.all(&namespace.body);
    let place = parts.iter().position(|(own, _)| own == named(ask)).ok_or_else(|| part.missing(named(ask)))?;
    if let Some(what) = part.protected {
        part.refuse_protected(&namespace.body, what, named(ask))?;
    }
    parts.remove(place);
    part.keep(&mut namespace, parts);
    drop(namespace);
    ask.answer(None)
}

/// All parts of a kind go.
pub fn clear(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let part = Part::of(ask)?;
    let mut namespace = part.namespace(cloud, ask)?;
    part.refuse_protected(&namespace.body, "namespace", ask.id())?;
    part.keep(&mut namespace, Vec::new());
    drop(namespace);
    ask.answer(None)
}

impl Ask<'_> {
    /// The fields of the body; a tag is made without one.
    fn fields_or_none(&self) -> Map {
        self.body.as_object().cloned().unwrap_or_else(Map::new)
    }
}
