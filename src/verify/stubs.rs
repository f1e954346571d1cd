//! Recordings as what other tools answer with: mappings of WireMock, and Pacts of version 4. What these formats cannot say is told.

use std::collections::HashMap;

use crate::base::json::{Map, Value, json};
use crate::message::Kind;
use crate::recording::Interaction;

/// A document of another tool, and what it could not say.
#[derive(Clone, Debug)]
pub struct Stubs {
    /// The document.
    pub document: Value,
    /// A sentence for each thing that got lost.
    pub lost: Vec<String>,
}

/// Header lines that belong to a connection or an answer, not to what is stubbed.
const LEFT_OUT: [&str; 9] = [
    "connection",
    "content-length",
    "date",
    "transfer-encoding",
    "x-openstack-request-id",
    "x-compute-request-id",
    "server",
    "keep-alive",
    "vary",
];

/// Header lines of a request that decide on its answer.
const DECIDING: [&str; 3] = ["openstack-api-version", "x-openstack-nova-api-version", "content-type"];

/// Mappings of WireMock. Where one request has several answers, a scenario gives them one after the other.
pub fn wiremock(interactions: &[Interaction]) -> Stubs {
    let mut lost = Vec::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    interactions.iter().for_each(|interaction| *counts.entry(key(interaction)).or_default() += 1);
    let mut states: HashMap<String, usize> = HashMap::new();
    let mut mappings = Vec::new();
    for interaction in interactions {
        tell_what_is_lost(interaction, "how is told only as a reset connection", &mut lost);
        let key = key(interaction);
        let all = counts.get(&key).copied().unwrap_or(1);
        let state = states.entry(key.clone()).or_default();
        *state += 1;
        let mut mapping = json!({
            "name": title(interaction),
            "request": wiremock_request(interaction),
            "response": wiremock_response(interaction)
        });
        if all > 1 {
            let name = |number: usize| if number == 1 { "Started".to_owned() } else { format!("answer {number}") };
            mapping["scenarioName"] = json!(key.lines().next().unwrap_or_default());
            mapping["requiredScenarioState"] = json!(name(*state));
            // The last answer stays.
            mapping["newScenarioState"] = json!(name((*state + 1).min(all)));
        }
        mappings.push(mapping);
    }
    Stubs { document: json!({"mappings": mappings}), lost }
}

fn wiremock_request(interaction: &Interaction) -> Value {
    let request = &interaction.request;
    let mut out = json!({"method": request.method, "url": request.target});
    let deciding = headers(&request.headers, |name| DECIDING.contains(&name) && name != "content-type");
    if !deciding.is_empty() {
        let equal = deciding.into_iter().map(|(name, value)| (name, json!({"equalTo": value})));
        out["headers"] = Value::Object(equal.collect());
    }
    if let Some(body) = request.body.as_ref().filter(|body| !body.is_null()) {
        // json-unit, which WireMock compares with, has a word for any text.
        out["bodyPatterns"] = json!([{"equalToJson": without_secrets(body, &|_| json!("${json-unit.any-string}"))}]);
    }
    out
}

fn wiremock_response(interaction: &Interaction) -> Value {
    let response = &interaction.response;
    if response.failure.is_some() {
        return json!({"fault": "CONNECTION_RESET_BY_PEER"});
    }
    let own: Map = headers(&response.headers, |name| !LEFT_OUT.contains(&name))
        .into_iter()
        .map(|(name, value)| (name, json!(value)))
        .collect();
    let mut out = json!({"status": response.status, "headers": Value::Object(own)});
    match &response.body {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => out["body"] = json!(text),
        Some(body) => out["jsonBody"] = body.clone(),
    }
    out
}

/// A Pact of version 4. It has no order: what was asked before an answer is told as a state of the provider.
pub fn pact(interactions: &[Interaction]) -> Stubs {
    let mut lost = Vec::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let mut all = Vec::new();
    for interaction in interactions {
        let told = format!("a Pact tells it as an answer with status {}", interaction.response.status);
        tell_what_is_lost(interaction, &told, &mut lost);
        let mut own = json!({
            "type": "Synchronous/HTTP",
            "description": title(interaction),
            "pending": false,
            "request": pact_request(interaction),
            "response": pact_response(interaction)
        });
        if let Some(before) = seen.insert(key(interaction), interaction.sequence) {
            own["providerStates"] = json!([{"name": format!("after request {}", interaction.sequence - 1)}]);
            lost.push(format!(
                "request {}: it has another answer than request {before}, which a Pact tells only by the state \"after request {}\"",
                interaction.sequence,
                interaction.sequence - 1
            ));
        }
        all.push(own);
    }
    let client = interactions.iter().find_map(|one| one.client.clone()).unwrap_or_else(|| "client".to_owned());
    let consumer = client.split(['/', ' ']).next().unwrap_or("client").to_owned();
    let document = json!({
        "consumer": {"name": consumer},
        "provider": {"name": "openstack"},
        "interactions": all,
        "metadata": {"pactSpecification": {"version": "4.0"}}
    });
    Stubs { document, lost }
}

fn pact_request(interaction: &Interaction) -> Value {
    let request = &interaction.request;
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut out = json!({"method": request.method, "path": path});
    let deciding: Map = headers(&request.headers, |name| DECIDING.contains(&name))
        .into_iter()
        .map(|(name, value)| (name, json!([value])))
        .collect();
    out["headers"] = Value::Object(deciding);
    if let Value::Object(query) = crate::message::Query::parse(query).to_document()
        && !query.is_empty()
    {
        out["query"] = Value::Object(query);
    }
    with_body(&mut out, request.body.as_ref());
    out
}

fn pact_response(interaction: &Interaction) -> Value {
    let response = &interaction.response;
    let own: Map = headers(&response.headers, |name| !LEFT_OUT.contains(&name))
        .into_iter()
        .map(|(name, value)| (name, json!([value])))
        .collect();
    let mut out = json!({"status": response.status, "headers": Value::Object(own)});
    with_body(&mut out, response.body.as_ref());
    out
}

/// A secret is any text.
fn with_body(out: &mut Value, body: Option<&Value>) {
    let Some(body) = body.filter(|body| !body.is_null()) else { return };
    let media = if body.is_string() { "text/plain" } else { "application/json" };
    out["body"] = json!({"content": body, "contentType": media, "contentTypeHint": "TEXT", "encoded": false});
    let mut rules = Map::new();
    each_secret(body, "$", &mut |path| {
        drop(rules.insert(path, json!({"combine": "AND", "matchers": [{"match": "type"}]})))
    });
    if !rules.is_empty() {
        out["matchingRules"] = json!({"body": Value::Object(rules)});
    }
}

fn title(interaction: &Interaction) -> String {
    format!("request {}: {} {}", interaction.sequence, interaction.request.method, interaction.request.target)
}

/// What WireMock and Pact tell requests apart by.
fn key(interaction: &Interaction) -> String {
    let request = &interaction.request;
    let version = headers(&request.headers, |name| DECIDING.contains(&name));
    format!("{} {}\n{version:?}\n{}", request.method, request.target, request.body.clone().unwrap_or_default())
}

fn headers(lines: &[(String, String)], wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    lines.iter().filter(|(name, _)| wanted(&name.to_ascii_lowercase())).cloned().collect()
}

/// `[token 1]`
fn is_secret(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Kind::of_placeholder(text).is_some())
}

fn without_secrets(value: &Value, instead: &dyn Fn(&str) -> Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| without_secrets(item, instead)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(name, value)| (name.clone(), without_secrets(value, instead))).collect())
        }
        Value::String(text) if is_secret(value) => instead(text),
        other => other.clone(),
    }
}

fn each_secret(value: &Value, path: &str, told: &mut dyn FnMut(String)) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| each_secret(item, &format!("{path}[{index}]"), told));
        }
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| each_secret(value, &format!("{path}['{name}']"), told));
        }
        _ if is_secret(value) => told(path.to_owned()),
        _ => {}
    }
}

/// `broken` says what becomes of an answer that broke off.
fn tell_what_is_lost(interaction: &Interaction, broken: &str, lost: &mut Vec<String>) {
    let Interaction { sequence, request, response, fault, .. } = interaction;
    let mut tell = |is_lost: bool, what: &str| {
        if is_lost {
            lost.push(format!("request {sequence}: {what}"));
        }
    };
    let has_secret = |body: Option<&Value>| {
        let mut found = false;
        body.into_iter().for_each(|body| each_secret(body, "$", &mut |_| found = true));
        found
    };
    let is_secret = |text: &str| Kind::of_placeholder(text).is_some();
    let target = crate::message::percent_decode(&request.target);
    tell(
        target.split(['/', '?', '&', '=']).any(is_secret),
        "its URL has a placeholder where a secret was, and fits no other",
    );
    tell(has_secret(request.body.as_ref()), "any text does for the secrets in its body");
    let is_in_headers = response.headers.iter().any(|(_, value)| is_secret(value));
    tell(is_in_headers || has_secret(response.body.as_ref()), "its answer has a placeholder where a secret was");
    tell(request.contents.is_some() || request.unreadable.is_some(), "its body was not kept, so any body does");
    tell(response.contents.is_some(), "the contents of its answer were not kept");
    tell(response.failure.is_some(), &format!("its answer broke off; {broken}"));
    tell(fault.is_some(), "its answer is that of an injected fault");
}
