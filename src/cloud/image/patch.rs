//! A JSON patch of an image's fields (glance/api/v2/images.py).

use super::owned::{allowed, refused};
use super::record::{Image, Visibility};
use crate::base::Versions;
use crate::base::json::{Map, Value, json};
use crate::cloud::store::{Cloud, Fault, nova_time};
use crate::cloud::verb::{Answer, Ask, shown_fields, visible};
use crate::contract::{Code, Dialect, Judgement, Operation, distinct};

/// Carries the operations of the patch out, all or none. They are read before the image is looked up.
pub fn patch(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let steps = ask.body.as_array().into_iter().flatten().filter_map(|step| Step::read(step).transpose());
    let steps = steps.collect::<Result<Vec<_>, Fault>>()?;
    for step in &steps {
        step.check(ask)?;
    }
    let updated = nova_time(&cloud.clock);
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(refused(ask));
    }
    let mut body = image.body.clone();
    for step in steps {
        step.carry_out(ask, &mut body)?;
    }
    body.insert("updated_at", json!(updated));
    image.public = Image::of(&body).visibility().is_some_and(Visibility::is_for_all);
    image.body = body;
    drop(image);
    let shown = Value::Object(shown_fields(cloud, ask));
    ask.answer(Some(shown))
}

/// Fields that nobody may write.
const READ_ONLY: [&str; 13] = [
    "id",
    "status",
    "checksum",
    "os_hash_algo",
    "os_hash_value",
    "size",
    "virtual_size",
    "created_at",
    "updated_at",
    "self",
    "file",
    "schema",
    "direct_url",
];

/// Fields that every image keeps.
const KEPT: [&str; 9] =
    ["container_format", "disk_format", "min_disk", "min_ram", "name", "owner", "visibility", "protected", "os_hidden"];

/// Names that Glance has for itself.
pub fn is_reserved(field: &str) -> bool {
    ["location", "deleted", "deleted_at"].contains(&field) || field.starts_with("os_glance")
}

/// The refusal of a field that nobody may write.
pub fn read_only(field: &str) -> Fault {
    Fault::new(Code::Policy, 403, format!("Attribute '{field}' is read-only."))
}

/// A step of a patch.
struct Step<'a> {
    verb: &'a str,
    field: String,
    value: &'a Value,
}

impl<'a> Step<'a> {
    /// `{"op": "add", "path": "/name", "value": "x"}`, in version 2.0 of the form `{"add": "/name", "value": "x"}`.
    fn read(step: &'a Value) -> Result<Option<Step<'a>>, Fault> {
        let Some(fields) = step.as_object() else { return Ok(None) };
        let old = || ["add", "remove", "replace"].into_iter().find_map(|verb| Some((verb, fields.get(verb)?)));
        let new = || Some((fields.get("op")?.as_str()?, fields.get("path")?));
        let Some((verb, path)) = new().or_else(old) else { return Ok(None) };
        let field = pointer(path.as_str().unwrap_or_default())?;
        match fields.get("value") {
            None if verb != "remove" => {
                Err(invalid(format!("Operation \"{verb}\" requires a member named \"value\".")))
            }
            value => Ok(Some(Step { verb, field, value: value.unwrap_or(&Value::Null) })),
        }
    }

    /// What is wrong with it, whatever the image.
    fn check(&self, ask: &Ask<'_>) -> Result<(), Fault> {
        let field = self.field.as_str();
        match field {
            _ if READ_ONLY.contains(&field) => return Err(read_only(field)),
            _ if is_reserved(field) => {
                return Err(Fault::new(Code::Policy, 403, format!("Attribute '{field}' is reserved.")));
            }
            "locations" => {
                let message = "It's not allowed to add locations if locations are invisible.";
                return Err(Fault::new(Code::Policy, 403, message));
            }
            _ if self.verb == "remove" => return Ok(()),
            _ => {}
        }
        // Each value must be right by the schema of the whole image.
        let Ok(Some((_, create))) = ask.contracts.operation("image.images.create") else { return Ok(()) };
        right(ask, create, &json!({(field): self.value}))
    }

    fn carry_out(self, ask: &Ask<'_>, body: &mut Map) -> Result<(), Fault> {
        let Step { verb, field, value } = self;
        if verb == "remove" && KEPT.contains(&field.as_str()) {
            let message = format!("Property {field} may not be removed.");
            return Err(Fault::new(Code::Policy, 403, message).by_webob());
        }
        if verb != "add" && !body.contains_key(&field) {
            let message = format!("Property {field} does not exist.");
            return Err(Fault::new(Code::State, 409, message).by_webob());
        }
        if verb != "remove" {
            allowed(ask, &field, value, body)?;
        }
        match verb {
            "remove" => drop(body.remove(&field)),
            _ if field == "tags" => drop(body.insert(field, once_each(value))),
            _ => drop(body.insert(field, value.clone())),
        }
        Ok(())
    }
}

fn invalid(message: String) -> Fault {
    Fault::new(Code::Rule, 400, message)
}

/// Tags are a set.
pub fn once_each(tags: &Value) -> Value {
    tags.as_array().map_or_else(Vec::new, |all| distinct(all)).into()
}

fn right(ask: &Ask<'_>, create: &Operation, part: &Value) -> Result<(), Fault> {
    let judgement = Judgement::new(create, ask.schemas, Versions::only(ask.version), None, part);
    let refusal = judgement.refusal(Dialect::Glance, ask.version, &Value::Null, part);
    refusal.map_or(Ok(()), |refusal| Err(invalid(refusal.message)))
}

/// The field that a pointer names: one below the top.
fn pointer(pointer: &str) -> Result<String, Fault> {
    let refused = |why: &str| Err(invalid(format!("Pointer `{pointer}` {why}.")));
    let Some(path) = pointer.strip_prefix('/') else { return refused("does not start with \"/\"") };
    if path.contains("//") {
        return refused("contains adjacent \"/\"");
    }
    if path.ends_with('/') {
        return refused("end with \"/\"");
    }
    if path.replace("~0", "").replace("~1", "").contains('~') {
        return refused("contains \"~\" not part of a recognized escape sequence");
    }
    if path.contains('/') && !path.starts_with("locations/") {
        return Err(invalid(format!("Invalid JSON pointer for this resource: '/{path}'")));
    }
    let root = path.split_once('/').map_or(path, |(root, _)| root);
    Ok(root.replace("~1", "/").replace("~0", "~").trim().to_owned())
}
