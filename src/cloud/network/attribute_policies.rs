//! Who may set which attribute: the rule of the action and those of the attributes hold together, and the refusal names all of
//! them. Source: neutron/policy.py, `_build_match_rule`.

use crate::base::json::{Map, Value};
use crate::base::truth;
use crate::cloud::store::{Caller, Cloud, Fault, Resource};
use crate::cloud::verb::{Ask, singular};
use crate::contract::{Code, Schema, Setter};

/// A rule as the refusal names it, and whether it holds.
struct Rule {
    text: String,
    holds: bool,
}

impl Rule {
    fn and(self, other: Rule) -> Rule {
        Rule { text: format!("({} and {})", self.text, other.text), holds: self.holds && other.holds }
    }

    fn all(rules: Vec<Rule>) -> Rule {
        let texts: Vec<&str> = rules.iter().map(|rule| rule.text.as_str()).collect();
        Rule { text: format!("({})", texts.join(" and ")), holds: rules.iter().all(|rule| rule.holds) }
    }
}

/// What the rules are asked about.
struct Target<'a> {
    ask: &'a Ask<'a>,
    caller: &'a Caller,
    /// Is the caller's project that of the network, and if not, is the network shared?
    network: (bool, bool),
    is_new: bool,
}

/// Refuses a change to `before`, or a new resource, if the caller may not set an attribute that the body has.
pub fn permit(cloud: &mut Cloud, ask: &Ask<'_>, before: Option<&Resource>) -> Result<(), Fault> {
    let (Some(caller), Some(body)) = (ask.caller, ask.operation.body) else { return Ok(()) };
    let fields = ask.fields();
    let network = before.map(|before| &before.body).unwrap_or(&fields).get("network_id").and_then(Value::as_str);
    let network = network.map_or((false, false), |network| network_of(cloud, network, caller));
    let target = Target { ask, caller, network, is_new: before.is_none() };
    let verb = if target.is_new { "create" } else { "update" };
    let action = format!("{verb}_{}", singular(ask.list_name()));
    let schema = ask.schemas.get(ask.schemas.inner(body, ask.body).0);
    let own = Rule { text: format!("rule:{action}"), holds: before.is_none_or(|before| ask.may_change(before)) };
    let rule = target.set(schema, &fields, &action).into_iter().fold(own, Rule::and);
    match rule.holds {
        true => Ok(()),
        false => {
            let message = format!("{} is disallowed by policy", rule.text);
            Err(Fault::new(Code::Policy, 403, message).named("PolicyNotAuthorized"))
        }
    }
}

fn network_of(cloud: &mut Cloud, id: &str, caller: &Caller) -> (bool, bool) {
    let network = cloud.collection("networks").get(id);
    network.map_or((false, false), |network| {
        (network.project == caller.project, network.body.get("shared") == Some(&Value::Bool(true)))
    })
}

impl Target<'_> {
    /// The rules of the attributes that are set, in the order of the schema.
    fn set(&self, schema: &Schema, fields: &Map, action: &str) -> Vec<Rule> {
        let known = schema.properties.iter().filter_map(|property| {
            let form = self.ask.schemas.get(property.forms.first()?.1);
            Some((&*property.name, form, form.notes.set_by?, fields.get(&property.name)?))
        });
        let is_set = |form: &Schema, value: &Value| {
            !self.is_new || form.notes.default.as_ref().is_none_or(|default| !is_default(value, default))
        };
        known
            .filter(|(_, form, _, value)| is_set(form, value))
            .map(|(name, form, setter, value)| self.rule(&format!("{action}:{name}"), form, setter, value))
            .collect()
    }

    fn rule(&self, name: &str, form: &Schema, setter: Setter, value: &Value) -> Rule {
        let own = Rule { text: format!("rule:{name}"), holds: self.may(setter, value) };
        let form = self.ask.schemas.meant(form);
        let of = |schema: &Schema, value: &Value| {
            value.as_object().map_or_else(Vec::new, |fields| self.parts(schema, fields, name))
        };
        let parts = match (value, self.ask.schemas.item_of(form)) {
            (Value::Array(items), Some(schema)) => items.iter().flat_map(|item| of(schema, item)).collect(),
            _ => of(form, value),
        };
        if parts.is_empty() { own } else { own.and(Rule::all(parts)) }
    }

    /// The rules of what a value consists of: in the order in which it was sent.
    fn parts(&self, schema: &Schema, fields: &Map, name: &str) -> Vec<Rule> {
        let rule = |part: &str, value: &Value| {
            let form = self.ask.schemas.get(schema.property(part)?.forms.first()?.1);
            let holds = self.may(form.notes.set_by?, value);
            Some(Rule { text: format!("rule:{name}:{part}"), holds })
        };
        fields.iter().filter_map(|(part, value)| rule(part, value)).collect()
    }

    fn may(&self, setter: Setter, value: &Value) -> bool {
        let (owns_network, is_shared) = self.network;
        let as_owner_of_network = |role: &str| owns_network && self.caller.has_role(role);
        let is_service = self.caller.has_role("service");
        match setter {
            // Services alone since the defaults of 2023.2.
            Setter::Service => is_service || (self.caller.admin && !self.ask.is_of("bobcat..")),
            _ if self.caller.admin || is_service => true,
            Setter::Owner => true,
            Setter::Manager => self.caller.has_role("manager"),
            Setter::Admin => false,
            Setter::NetworkOwner => as_owner_of_network("member"),
            Setter::NetworkManager => as_owner_of_network("manager"),
            Setter::NetworkUser => is_shared || as_owner_of_network("member"),
            Setter::DeviceOwner => {
                !value.as_str().is_some_and(|owner| owner.starts_with("network:")) || as_owner_of_network("member")
            }
        }
    }
}

/// What a value is converted to decides.
fn is_default(value: &Value, default: &Value) -> bool {
    let converted = |value: &Value| match value {
        Value::String(text) => truth(text.trim()).map(Value::Bool),
        Value::Number(number) => Some(Value::Bool(number.as_f64() == Some(1.0))),
        _ => None,
    };
    value == default || (default.is_boolean() && converted(value).as_ref() == Some(default))
}
