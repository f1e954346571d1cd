//! What only some may give an image: its owner, and that all see it (glance/api/policy.py, glance/domain).

use crate::base::json::{Map, Value};
use crate::cloud::store::Fault;
use crate::cloud::verb::Ask;
use crate::contract::Code;

/// May the caller give the image this value of a field?
pub fn allowed(ask: &Ask<'_>, field: &str, value: &Value, image: &Map) -> Result<(), Fault> {
    let policy = |message: String| Fault::new(Code::Policy, 403, message);
    let is_new = image.get(field) != Some(value);
    match field {
        "visibility" if *value == "public" && is_new && !ask.is_admin() => {
            Err(policy("You are not authorized to complete publicize_image action.".to_owned()))
        }
        "owner" if is_new && !ask.is_admin() => {
            Err(policy("Owner can't be updated by non admin.".to_owned()).by_webob())
        }
        "min_ram" | "min_disk" if value.as_i64().is_some_and(|number| number < 0) => {
            let message = format!("Invalid value '{value}' for parameter '{field}': Cannot be a negative value");
            Err(Fault::new(Code::Rule, 400, message))
        }
        _ => Ok(()),
    }
}

/// The refusal of a change to an image that the caller sees and does not own, by the operation's own rule.
pub fn refused(ask: &Ask<'_>) -> Fault {
    let rule = ask.operation.policy.as_ref().map_or("modify_image", |policy| policy.rule.as_str());
    Fault::forbidden_by(rule, (ask.manner().policy)(rule))
}
