//! An image of Glance's v1, as response headers.

use crate::base::json::Value;
use crate::cloud::store::{Cloud, Fault};
use crate::cloud::verb::{Answer, Ask, shown_fields, visible};

/// The image that the path names: each field a header, custom properties under their own prefix, nulls left out.
pub fn show(cloud: &mut Cloud, ask: &Ask<'_>) -> Result<Answer, Fault> {
    visible(cloud, ask, true)?;
    let image = shown_fields(cloud, ask);
    let projected = ask.answer(Some(Value::Object(image)))?;
    let fields = projected.body.and_then(|body| body.as_object().cloned()).unwrap_or_default();
    let mut answer = Answer::empty(projected.status);
    for (name, value) in &fields {
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
    Ok(answer)
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
