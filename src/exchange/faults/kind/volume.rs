//! The volume stays in a state that it should leave.

use super::site::{Expectation, Site};
use crate::base::json::Value;
use crate::base::{Diagnostic, Node};
use crate::exchange::answered::Answered;

/// The volume stays in a state.
#[derive(Clone, Debug)]
pub struct VolumeFault {
    status: String,
}

impl VolumeFault {
    /// Reads `{status: attaching}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn read(node: &Node) -> Result<VolumeFault, Diagnostic> {
        node.only(&["status"])?;
        Ok(VolumeFault { status: node.required("status")?.text()?.to_owned() })
    }

    /// See [`super::FaultKind::strike`].
    pub fn strike(&self, site: &mut Site<'_, '_>) -> (Answered, Expectation) {
        let answered = site.served();
        let mut named = site.question().map(|question| question.parameters.clone()).unwrap_or_default();
        texts(answered.response.body.as_ref().unwrap_or(&Value::Null), &mut named);
        // Of all that the request and its answer name the first that is a volume.
        site.change(|cloud| named.iter().any(|id| cloud.set_text("volumes", id, "status", &self.status)));
        (answered, Expectation::Nothing)
    }
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
