//! A case as `mockstack contract check` reads it: `{"op", "microversion", "query", "body"}`. What is said of all versions at
//! once must be what is said of each.

use mockstack::base::Version;
use mockstack::base::json::{Value, json};
use mockstack::contract::{Judgement, Remedy, judge_case};
use mockstack::message::Query;

pub fn run(data: &[u8]) {
    let Ok(mut case) = mockstack::base::json::from_slice::<Value>(data) else { return };
    let contracts = super::contracts();
    let Ok(verdict) = judge_case(&contracts, &case) else { return };
    assert!(verdict["valid"].is_boolean(), "{verdict}");
    let Some(name) = case["op"].as_str().map(str::to_owned) else { return };
    let Some((contract, operation)) = contracts.operation(&name).unwrap() else { return };
    let schemas = &contract.table().unwrap().schemas;
    let body = case.get("body").cloned().unwrap_or_default();
    let query = case["query"].as_str().map_or(json!({}), |text| Query::parse(text).to_document());
    let api = contract.service.versions();
    let judgement = Judgement::new(operation, schemas, api, Some(&query), &body);
    let valid = judgement.valid();
    for version in (api & operation.lifetime).iter() {
        let refusal = judgement.refusal(contract.service.dialect, version, &query, &body);
        assert_eq!(refusal.is_none(), valid.contains(version), "{name} at {version}: {refusal:?}");
        assert_eq!(judgement.at(version).next().is_none(), valid.contains(version), "{name} at {version}");
    }
    let version = (api & operation.lifetime).iter().next().unwrap_or(Version::FIRST);
    if !valid.contains(version) {
        let remedy = Remedy::find(&judgement, schemas, &body, version, None);
        assert_eq!(remedy.as_sent, valid);
        remedy.valid_text(api);
    }
    // One version at a time says the same, wherever the query is given as text.
    if case["query"].is_string() || case["query"].is_null() {
        // Only of Nova are the names of versions their texts.
        let microversions =
            contract.service.microversions.is_some() && contract.service.dialect == mockstack::contract::Dialect::Nova;
        for version in (api & operation.lifetime).iter().filter(|_| microversions).step_by(17) {
            case["microversion"] = json!(version.to_string());
            let verdict = judge_case(&contracts, &case).unwrap();
            assert_eq!(verdict["valid"], json!(valid.contains(version)), "{name} at {version}: {verdict}");
        }
    }
}
