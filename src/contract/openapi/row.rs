//! One or more rows of the table that share a method and a path, as one operation of OpenAPI.

use super::api::Api;
use super::formats::Formats;
use super::ranges::{ranged, with_lifetime};
use crate::base::Versions;
use crate::base::json::{Map, Value, json};
use crate::contract::example::example;
use crate::contract::judge::walk;
use crate::contract::schema::{Keyword, Property, SchemaId};
use crate::contract::table::{Operation, PathSegment};

/// The rows of a method and a path at one version.
pub struct Rows<'a, 'c> {
    pub api: &'a Api<'c>,
    pub rows: Vec<&'c Operation>,
}

/// What the media type of a body is if a row says nothing.
const JSON: &str = "application/json";

impl<'c> Rows<'_, 'c> {
    /// The operation; `formats` gets the names of those that it refers to, `names` are those of the parameters of the path.
    pub fn operation(&self, names: &[String], formats: &mut Formats) -> Value {
        let Some(first) = self.rows.first() else { return Value::Null };
        let resource = first.name().rsplit_once('.').map_or(first.name(), |(resource, _)| resource);
        let mut out = Map::new();
        out.insert("operationId", json!(self.id()));
        out.insert("summary", json!(self.summary()));
        out.insert("tags", json!([resource.strip_suffix(".action").unwrap_or(resource)]));
        out.insert("parameters", self.parameters(names, formats));
        if let Some(body) = self.body(formats) {
            out.insert("requestBody", body);
        }
        out.insert("responses", self.responses(formats));
        out.insert("security", if first.token { json!([{"token": []}]) } else { json!([]) });
        let living = self.rows.iter().fold(Versions::NONE, |all, row| all | row.lifetime);
        with_lifetime(Value::Object(out), self.api, living)
    }

    /// The id of the row; of several what they have in common: `compute.servers.action`.
    fn id(&self) -> String {
        match self.rows.as_slice() {
            [] => String::new(),
            [one] => one.id.to_string(),
            [first, ..] if first.action.is_some() => first.id.rsplit_once('.').map_or("", |(id, _)| id).to_owned(),
            [first, ..] => first.id.to_string(),
        }
    }

    fn summary(&self) -> String {
        let name = |row: &&Operation| row.action.clone().unwrap_or_else(|| row.id.to_string());
        self.rows.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    fn parameters(&self, names: &[String], formats: &mut Formats) -> Value {
        let in_path = names.iter().map(|name| {
            json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[^/?#]+$"}})
        });
        let mut all: Vec<Value> = in_path.collect();
        for row in &self.rows {
            for parameter in self.query(row, formats) {
                if !all.iter().any(|known| known["name"] == parameter["name"] && known["in"] == parameter["in"]) {
                    all.push(parameter);
                }
            }
        }
        all.extend(self.api.version_header());
        all.into_iter().collect()
    }

    /// A parameter that may be repeated is a list.
    fn query(&self, row: &Operation, formats: &mut Formats) -> Vec<Value> {
        let Some(query) = row.query.map(|id| self.api.schemas().get(id)) else { return Vec::new() };
        let version = (row.lifetime & self.api.versions).iter().last().unwrap_or(self.api.version);
        let required: Vec<&str> = query
            .keywords_at(version)
            .flat_map(|keyword| if let Keyword::Required(all) = keyword { all.as_slice() } else { &[] })
            .filter(|(_, versions)| versions.contains(version))
            .map(|(name, _)| name.as_str())
            .collect();
        let newest = |property: &Property| {
            let living = property.lifetime & row.lifetime & self.api.versions;
            property.form_at(living.iter().last()?).map(|id| (id, living))
        };
        let mut all = Vec::new();
        for property in &query.properties {
            let Some((id, living)) = newest(property) else { continue };
            let schema = parameter_schema(ranged(self.api, id, living, formats));
            let is_required = required.contains(&&*property.name);
            let own = json!({"name": &*property.name, "in": "query", "required": is_required, "schema": schema});
            all.push(with_lifetime(own, self.api, living & row.lifetime));
        }
        all
    }

    fn body(&self, formats: &mut Formats) -> Option<Value> {
        let mut content = Map::new();
        let mut is_required = true;
        for row in self.rows.iter().copied() {
            let media = if row.media.is_empty() { vec![default_media(row)] } else { row.media.clone() };
            if row.body.is_none() && !row.raw && row.action.is_none() {
                continue;
            }
            is_required &= row.body.is_none_or(|id| !self.takes_nothing(id));
            for media in media {
                let (schema, example) = (self.schema(row, formats), self.example(row));
                let entry = match content.remove(media.as_str()) {
                    Some(other) => merged(other, schema, row, example),
                    None => entry(schema, example.map(|example| (row, example))),
                };
                content.insert(media, entry);
            }
        }
        if content.is_empty() {
            return None;
        }
        let is_raw = self.rows.iter().all(|row| row.raw);
        Some(json!({"required": is_required && !is_raw, "content": Value::Object(content)}))
    }

    fn takes_nothing(&self, id: SchemaId) -> bool {
        walk(self.api.schemas(), id, &Value::Null, Versions::only(self.api.version)).into_vec().is_empty()
    }

    fn schema(&self, row: &Operation, formats: &mut Formats) -> Value {
        match (row.body, &row.action) {
            _ if row.raw => json!({"type": "string", "format": "binary"}),
            (Some(id), None) => ranged(self.api, id, row.lifetime, formats),
            (Some(id), Some(action)) => {
                let own = ranged(self.api, id, row.lifetime, formats);
                self.of_action(row, action, json!({"allOf": [own, only_key(action)]}))
            }
            (None, Some(action)) => self.of_action(row, action, only_key(action)),
            (None, None) => json!({}),
        }
    }

    /// In a document of all versions the schema of an action says its name.
    fn of_action(&self, row: &Operation, action: &str, mut schema: Value) -> Value {
        if !self.api.is_of_one_version() {
            schema["x-openstack"] = json!({"action-name": action});
        }
        with_lifetime(schema, self.api, row.lifetime)
    }

    fn example(&self, row: &Operation) -> Option<Value> {
        let version = (row.lifetime & self.api.versions).iter().last()?;
        example(self.api.schemas(), row, self.api.contract.service.versions(), version)
    }

    fn responses(&self, formats: &mut Formats) -> Value {
        let mut all = Map::new();
        for row in &self.rows {
            let living = row.lifetime & self.api.versions;
            for answer in row.responses.iter().filter(|answer| answer.versions.meets(living)) {
                let status = answer.status.to_string();
                let schema = answer.body.map(|id| ranged(self.api, id, answer.versions & living, formats));
                let known = all.remove(status.as_str());
                all.insert(status, answer_of(answer.status, schema, known));
            }
            for fault in self.faults(row) {
                let status = fault.to_string();
                if !all.contains_key(status.as_str()) {
                    all.insert(status, json!({"$ref": format!("#/components/responses/{}", self.api.fault_name())}));
                }
            }
        }
        if all.is_empty() {
            all.insert("default", json!({"description": "an answer of which the contract says nothing"}));
        }
        Value::Object(all)
    }

    /// The row's own, what every service says of a request that breaks its contract, and that it crashed.
    fn faults(&self, row: &Operation) -> Vec<u16> {
        let mut all = row.faults.clone();
        all.extend([400, 404, 500]);
        all.extend(row.token.then_some(401));
        all.extend(row.policy.is_some().then_some(403));
        all.extend(self.api.has_versions().then_some(406));
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn default_media(row: &Operation) -> String {
    if row.raw { "application/octet-stream".to_owned() } else { JSON.to_owned() }
}

/// A body with the action alone.
fn only_key(action: &str) -> Value {
    json!({"type": "object", "required": [action], "minProperties": 1, "maxProperties": 1})
}

/// A parameter that may be given once is its value; one that may be repeated is a list.
fn parameter_schema(list: Value) -> Value {
    let item = list.get("items").filter(|_| list.get("maxItems").is_some()).cloned();
    item.unwrap_or_else(|| {
        let mut list = list;
        list["type"] = json!("array");
        list
    })
}

fn entry(schema: Value, example: Option<(&Operation, Value)>) -> Value {
    let mut out = Map::new();
    out.insert("schema", schema);
    if let Some((row, example)) = example {
        out.insert("examples", json!({(key(row)): {"value": example}}));
    }
    Value::Object(out)
}

/// The name of an example: what OpenAPI allows as a key of components.
fn key(row: &Operation) -> String {
    row.id.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect()
}

/// Another row with the same media type: one of the two.
fn merged(mut known: Value, schema: Value, row: &Operation, example: Option<Value>) -> Value {
    let word = if row.action.is_some() { "oneOf" } else { "anyOf" };
    let before = known["schema"].clone();
    let is_merged = before.get(MERGED).is_some_and(|own| own["discriminator"] == "action");
    let forms = before.get(word).filter(|_| is_merged).and_then(Value::as_array);
    let forms: Vec<Value> =
        forms.map_or_else(|| vec![before.clone()], |forms| forms.to_vec()).into_iter().chain([schema]).collect();
    known["schema"] = json!({(MERGED): {"discriminator": "action"}, (word): forms});
    if let Some(example) = example {
        let mut examples = known.get("examples").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
        examples.insert(key(row), json!({"value": example}));
        known["examples"] = Value::Object(examples);
    }
    known
}

/// What tells the schemas of several actions from those of one.
const MERGED: &str = "x-openstack";

fn answer_of(status: u16, schema: Option<Value>, known: Option<Value>) -> Value {
    let before = known.and_then(|known| known["content"][JSON].get("schema").cloned());
    let schema = match (before, schema) {
        (Some(before), Some(schema)) if before != schema => Some(json!({"anyOf": [before, schema]})),
        (before, schema) => schema.or(before),
    };
    let description = if status < 400 { "success" } else { "refused" };
    match schema {
        Some(schema) => json!({"description": description, "content": {JSON: {"schema": schema}}}),
        None => json!({"description": description}),
    }
}

/// The names of the values in a path.
pub fn parameter_names(row: &Operation) -> Vec<&str> {
    let name = |segment: &'_ PathSegment| matches!(segment, PathSegment::Parameter(_));
    row.path.iter().filter(|segment| name(segment)).map(PathSegment::text).collect()
}
