//! The export as OpenAPI: other tools judge bodies by it as the judge does.

use std::collections::BTreeMap;

use jsonschema::{Draft, PatternOptions, Validator};
use mockstack::base::json::{Value, json};
use mockstack::base::{Version, Versions};
use mockstack::contract::{
    Api, Extent, Kind, Maker, Operation, Schemas, ServiceContract, View, diff, openapi, prune, walk,
};

use crate::common::generate::{Random, Schema, mutate, with_body};
use crate::common::{contracts, of_serde};

fn cases() -> usize {
    std::env::var("MOCKSTACK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3000)
}

/// The document of one API at one version.
fn document(contract: &ServiceContract, version: Version) -> Value {
    let api = Api::new(contract, Versions::only(version)).unwrap_or_else(|error| panic!("{error}"));
    openapi(&[api], "http://127.0.0.1").unwrap_or_else(|error| panic!("{error}"))
}

/// The schemas of the bodies in a document, by the id of the operation.
fn bodies(document: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for (_, item) in document["paths"].as_object().unwrap() {
        for (_, operation) in item.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
            for (_, media) in content {
                all.insert(operation["operationId"].as_str().unwrap().to_owned(), media["schema"].clone());
            }
        }
    }
    all
}

/// A schema of a document, with what it refers to.
fn compile(schema: &Value, document: &Value) -> Validator {
    let whole = json!({"components": document["components"], "allOf": [schema]});
    let options =
        jsonschema::options().with_draft(Draft::Draft202012).with_pattern_options(PatternOptions::fancy_regex());
    options.build(&of_serde(&whole)).unwrap_or_else(|error| panic!("{error} in {schema}"))
}

fn is_right(schemas: &Schemas, row: &Operation, body: &Value, version: Version) -> bool {
    let is_alone = row
        .action
        .as_ref()
        .is_none_or(|key| body.as_object().is_some_and(|map| map.len() == 1 && map.contains_key(key.as_str())));
    is_alone && row.body.is_none_or(|id| walk(schemas, id, body, Versions::only(version)).into_vec().is_empty())
}

fn is_objected_to(schemas: &Schemas, row: &Operation, body: &Value, version: Version) -> bool {
    let found = row.body.map_or_else(Vec::new, |id| walk(schemas, id, body, Versions::only(version)).into_vec());
    found.iter().any(|finding| matches!(finding.kind, Kind::Objection(_)))
}

fn of_id<'c>(contract: &'c ServiceContract, id: &str) -> Vec<&'c Operation> {
    let is_it = |row: &&Operation| &*row.id == id || (row.action.is_some() && row.id.rsplit_once('.').unwrap().0 == id);
    contract.table().unwrap().operations.iter().filter(is_it).collect()
}

#[test]
fn exported_schemas_judge_bodies_as_the_judge_does() {
    let (mut random, mut right, mut wrong) = (Random::new(3), 0, 0);
    for (service, version) in [
        ("compute", 1),
        ("compute", 37),
        ("compute", 96),
        ("compute", 104),
        ("volume", 1),
        ("identity", 1),
        ("network", 1),
    ] {
        let contract = contracts().services().iter().find(|contract| contract.service.name == service).unwrap();
        let version = contract.service.versions().iter().nth(version - 1).unwrap();
        let document = document(contract, version);
        let bodies = bodies(&document);
        let each = cases() / 7 / bodies.len() + 1;
        for (id, schema) in &bodies {
            let (validator, schemas) = (compile(schema, &document), &contract.table().unwrap().schemas);
            let rows: Vec<_> = of_id(contract, id)
                .into_iter()
                .filter(|row| row.lifetime.contains(version) && row.body.is_some())
                .collect();
            for _ in 0..if rows.is_empty() { 0 } else { each } {
                let row = random.of(&rows);
                let mut body =
                    Maker::new(schemas, version, Extent::Picked, |n| random.below(n)).document(row.body.unwrap());
                mutate(&mut body, &mut random);
                // What a validator refuses no schema of OpenAPI says.
                if rows.iter().any(|row| is_objected_to(schemas, row, &body, version)) {
                    continue;
                }
                let expected = rows.iter().any(|row| is_right(schemas, row, &body, version));
                *if expected { &mut right } else { &mut wrong } += 1;
                assert_eq!(validator.is_valid(&of_serde(&body)), expected, "{id} at {version}: {body}\n{schema:#}");
            }
        }
    }
    println!("{right} right, {wrong} wrong");
    assert!(right > cases() / 20 && wrong > cases() / 20, "{right} right, {wrong} wrong");
}

/// Every example of a body is right by its own schema, and by the judge.
#[test]
fn examples_are_right() {
    let mut count = 0;
    for contract in contracts().living() {
        let version = contract.service.versions().iter().last().unwrap();
        let document = document(contract, version);
        for (_, item) in document["paths"].as_object().unwrap() {
            for (_, operation) in item.as_object().unwrap() {
                let content = operation["requestBody"]["content"].as_object().into_iter().flatten();
                for (media, entry) in content {
                    let validator = compile(&entry["schema"], &document);
                    for (name, example) in entry["examples"].as_object().into_iter().flatten() {
                        assert!(validator.is_valid(&of_serde(&example["value"])), "{media} {name}: {example}");
                        count += 1;
                    }
                }
            }
        }
    }
    assert!(count > 150, "{count} examples");
}

/// Where the contract of a cloud differs from the exported one, bodies show it.
#[test]
fn planted_breaks_are_found_through_the_export() {
    let ids = [
        "servers.create",
        "servers.update",
        "servers.action.rebuild",
        "keypairs.create",
        "flavors.create",
        "servers.action.createImage",
    ];
    let mut random = Random::new(4);
    let contract = contracts().services().iter().find(|contract| contract.service.name == "compute").unwrap();
    let mut planted = 0;
    while planted < 50 {
        let id = format!("compute.{}", random.of(&ids));
        let row = of_id(contract, &id)[0];
        let version = random.of(&contract.service.versions().iter().collect::<Vec<_>>());
        let plain = prune(&contract.table().unwrap().schemas, row.body.unwrap(), version);
        let mut schema = Schema::of(plain.clone());
        schema.change(&mut random);
        let (own, broken) = (with_body(&plain.to_string()), with_body(&schema.json().to_string()));
        let changes = diff(&View::newest("a", &own), &View::newest("b", &broken)).unwrap();
        if changes.is_empty() {
            continue;
        }
        planted += 1;
        let (own, broken) = (&own.services()[0], &broken.services()[0]);
        let exported = document(own, Version::FIRST);
        let validator = compile(&bodies(&exported)["law.rows.all"], &exported);
        let is_found = (0..5000).any(|case| {
            let from = if case % 2 == 0 { own } else { broken };
            let row = of_id(from, "law.rows.all")[0];
            let schemas = &from.table().unwrap().schemas;
            let mut body =
                Maker::new(schemas, Version::FIRST, Extent::Picked, |n| random.below(n)).document(row.body.unwrap());
            mutate(&mut body, &mut random);
            let other = of_id(broken, "law.rows.all")[0];
            validator.is_valid(&of_serde(&body))
                != is_right(&broken.table().unwrap().schemas, other, &body, Version::FIRST)
        });
        let told: Vec<&str> = changes.iter().map(|change| change.pointer.as_str()).collect();
        assert!(is_found, "{id} at {version}: {told:?}\n{}", schema.json());
    }
}
