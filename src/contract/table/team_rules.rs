//! What a team asks of its clients beyond the contract of the service: the file `rules.yaml` of its folder of contracts.

use super::operation::Operation;
use crate::base::json::Value;
use crate::base::{Diagnostic, Node, Place, Pointer};
use crate::contract::finding::{Code, Part, Violation};

/// Where they stand.
pub const RULES: &str = "contracts/rules.yaml";

/// What is asked of the bodies of an operation.
#[derive(Clone, Debug)]
pub struct TeamRule {
    /// The operation that it names.
    pub operation: String,
    /// Where it stands.
    pub place: Place,
    require: Vec<(Pointer, Place)>,
    forbid: Vec<(Pointer, Place)>,
    reason: Option<String>,
}

impl TeamRule {
    /// Reads `rules: {OPERATION: {require: […], forbid: […], reason: …}}`.
    ///
    /// # Errors
    /// A key that is unknown or of the wrong kind.
    pub fn read(node: &Node) -> Result<Vec<TeamRule>, Diagnostic> {
        node.only(&["rules"])?;
        let rule = |(name, place, row): &crate::base::Entry| {
            row.only(&["require", "forbid", "reason"])?;
            let places = |key: &str| -> Result<Vec<(Pointer, Place)>, Diagnostic> {
                row.get(key).map_or(Ok(&[][..]), Node::items)?.iter().map(pointer).collect()
            };
            let (operation, place, reason) = (name.to_string(), place.clone(), row.optional("reason")?);
            Ok(TeamRule { operation, place, require: places("require")?, forbid: places("forbid")?, reason })
        };
        node.required("rules")?.entries()?.iter().map(rule).collect()
    }

    /// What of it `body` breaks, a body of `operation`.
    pub fn broken(&self, operation: &Operation, body: &Value) -> Vec<Violation> {
        if *operation.id != *self.operation && operation.name() != self.operation {
            return Vec::new();
        }
        let told = |text: &str| match &self.reason {
            Some(reason) => format!("{text}: {reason}"),
            None => text.to_owned(),
        };
        let lacking = self.require.iter().filter(|(at, _)| at.find(body).is_none());
        let lacking = lacking.map(|(at, rule)| (at, rule, told("required by a rule of your own")));
        let present = self.forbid.iter().filter(|(at, _)| at.find(body).is_some());
        let present = present.map(|(at, rule)| (at, rule, told("forbidden by a rule of your own")));
        let violation = |(at, rule, expected): (&Pointer, &Place, String)| Violation {
            pointer: at.clone(),
            rule: Some(rule.clone()),
            ..Violation::plain(Code::TeamRule, Part::Body, "", expected, "")
        };
        lacking.chain(present).map(violation).collect()
    }
}

fn pointer(node: &Node) -> Result<(Pointer, Place), Diagnostic> {
    let text = node.text()?;
    match text.starts_with('/') {
        true => Ok((Pointer::parse(text), node.place.clone())),
        false => Err(node.expected("a JSON pointer such as /server/key_name")),
    }
}
