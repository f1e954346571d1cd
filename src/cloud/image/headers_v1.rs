//! Images of Glance's v1, whose fields are headers (glance/api/v1/images.py of 2014.1).

use super::data::{activate, data_of};
use super::images::IMAGES;
use crate::base::json::{Map, Value, json};
use crate::base::truth;
use crate::cloud::store::{Cloud, Fault, Record, nova_time};
use crate::cloud::verb::{Answer, Ask, forbidden, remove, shown_fields, visible};
use crate::contract::Code;

/// The image that the path names: each field a header, custom properties under their own prefix, nulls left out.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    visible(cloud, ask, true)?;
    let image = shown_fields(cloud, ask);
    let projected = ask.answer(Some(Value::Object(image)))?;
    let answer = Answer::empty(projected.status);
    Ok(match &projected.body {
        Some(Value::Object(fields)) => with_fields(answer, fields),
        _ => answer,
    })
}

fn with_fields(mut answer: Answer, fields: &Map) -> Answer {
    for (name, value) in fields {
        match value {
            Value::Object(properties) => {
                for (property, value) in properties {
                    answer.headers.push(format!("x-image-meta-property-{property}"), text(value));
                }
            }
            Value::Null => {}
            value => answer.headers.push(format!("x-image-meta-{name}"), text(value)),
        }
    }
    answer
}

/// The data of an image, with its fields.
pub fn download(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let shown = show(cloud, ask)?;
    let image = visible(cloud, ask, false)?;
    let (contents, _) = data_of(&image)?;
    let answer = shown.with("Content-Type", "application/octet-stream");
    Ok(Answer { contents: Some(Box::new(contents.clone())), ..answer })
}

/// A new image, with its data if the request has some.
pub fn create(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    let fields = given(ask)?;
    let updated = nova_time(&cloud.clock);
    let id = fields.get("id").and_then(Value::as_str);
    if let Some(id) = id.filter(|id| cloud.collection(IMAGES.collection).get(id).is_some()) {
        return Err(Fault::new(Code::State, 409, format!("Image with identifier {id} already exists!")));
    }
    let mut fields = fields;
    fields.get_or_insert_with("visibility", || json!("private"));
    let mut image = IMAGES.new_resource(cloud, ask, fields);
    (IMAGES.complete)(cloud, ask, &mut image.body)?;
    (IMAGES.derive)(IMAGES.collection, &mut image.body);
    image.public = (IMAGES.published)(&image.body) == Some(true);
    if let Some(contents) = ask.contents.filter(|contents| contents.length > 0) {
        image.record = Record::Contents(Box::new(contents.clone()));
        activate(&mut image, updated);
    }
    let shown = IMAGES.view(cloud, ask.service, &image);
    let location = format!("{}/v1/images/{}", ask.base.origin, image.id);
    cloud.add(IMAGES.collection, image);
    Ok(ask.answer(Some(json!({"image": shown})))?.with("Location", location))
}

/// Changes the fields that headers name, and gives an image that waits for them its data.
pub fn update(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    const PURGE: &str = "x-glance-registry-purge-props";
    let fields = given(ask)?;
    let updated = nova_time(&cloud.clock);
    let purges = ask.headers.get(PURGE).is_none_or(|word| truth(word) != Some(false));
    let mut image = visible(cloud, ask, false)?;
    if !ask.may_change(&image) {
        return Err(forbidden(ask, "update"));
    }
    let data = ask.contents.filter(|contents| contents.length > 0);
    if data.is_some() && image.text("status") != "queued" {
        return Err(Fault::new(Code::State, 409, "Cannot upload to an unqueued image"));
    }
    let has_properties = ask.headers.0.iter().any(|(name, _)| name.starts_with(PROPERTY));
    if purges && (has_properties || ask.headers.get(PURGE).is_some()) {
        super::view::set_properties(&mut image, Map::new());
    }
    image.body.extend(fields);
    image.body.insert("updated_at", json!(updated));
    image.public = (IMAGES.published)(&image.body) == Some(true);
    if let Some(contents) = data {
        image.record = Record::Contents(Box::new(contents.clone()));
        activate(&mut image, updated);
    }
    drop(image);
    let shown = shown_fields(cloud, ask);
    ask.answer(Some(json!({"image": shown})))
}

/// Here the refusal of an image that is protected is a word longer.
pub fn delete(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    remove(cloud, ask).map_err(|fault| match fault.code {
        Code::State => Fault { message: "Image is protected".to_owned(), ..fault },
        _ => fault,
    })
}

const FIELD: &str = "x-image-meta-";
const PROPERTY: &str = "x-image-meta-property-";

/// The fields that headers give an image, as they are stored.
fn given(ask: &Ask<'_>) -> Result<Map, Fault> {
    const NUMBERS: [&str; 3] = ["min_ram", "min_disk", "size"];
    let mut fields = Map::new();
    for (name, value) in &ask.headers.0 {
        let name = name.to_ascii_lowercase();
        if let Some(property) = name.strip_prefix(PROPERTY) {
            fields.insert(property.to_owned(), json!(value));
            continue;
        }
        let Some(field) = name.strip_prefix(FIELD) else { continue };
        match field {
            "is_public" => {
                let public = truth(value) == Some(true);
                fields.insert("visibility".to_owned(), json!(if public { "public" } else { "private" }));
            }
            "protected" => drop(fields.insert(field.to_owned(), json!(truth(value) == Some(true)))),
            _ if NUMBERS.contains(&field) => {
                let number = value.parse::<u64>().map_err(|_| {
                    let message = format!("Cannot convert image {field} \"{value}\" to an integer.");
                    Fault::new(Code::Rule, 400, message)
                })?;
                fields.insert(field.to_owned(), json!(number));
            }
            // Where the data is to come from or go to; of others nothing is stored.
            "location" | "copy_from" | "store" | "checksum" | "status" => {}
            _ => drop(fields.insert(field.to_owned(), json!(value))),
        }
    }
    Ok(fields)
}

/// Python's spelling.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}
