//! Walks the table of operations: what must hold for every row, whatever it says.

use std::collections::{BTreeMap, BTreeSet};

use mockstack::base::json::{Value, json};
use mockstack::base::{Version, Versions, parse_yaml};
use mockstack::contract::{
    CODES, Contracts, Effect, Finding, Judgement, Kind, Operation, PathSegment, ProjectInUrl, ServiceContract,
    judge_case,
};

use crate::common::{Shape, contracts, examples, examples_of, has, query_document, rows};

/// The rows of which more is known than their routes.
fn described_rows() -> impl Iterator<Item = (&'static ServiceContract, &'static Operation)> {
    rows().into_iter().filter(|(_, operation)| !operation.only_routed)
}

/// The versions in which a row can be asked: those of its service and, beside microversions, the relaxed form.
fn asked(contract: &ServiceContract, operation: &Operation) -> Versions {
    let relaxed =
        contract.service.microversions.as_ref().map_or(Versions::NONE, |_| Versions::only(Version::LEGACY_V2));
    (contract.service.versions() | relaxed) & operation.lifetime
}

#[test]
fn every_id_is_unique_and_every_name_leads_to_its_row() {
    let mut ids = BTreeSet::new();
    for (contract, operation) in rows() {
        assert!(ids.insert(&operation.id), "{}: two rows have this id", operation.id);
        let service = &contract.service.name;
        let aliases = operation.aliases.iter().map(|alias| format!("{service}.{alias}"));
        for name in aliases.chain([operation.id.as_ref().to_owned()]) {
            let (_, found) = contracts().operation(&name).unwrap().unwrap();
            assert_eq!(found.id, operation.id, "{name} is another row's name too");
        }
    }
}

#[test]
fn every_row_says_what_it_is() {
    for (_, operation) in described_rows() {
        let id = &operation.id;
        assert!(operation.client.as_ref().is_some_and(|client| !client.is_empty()), "{id}: which client gets here?");
        assert!(
            operation.source.as_ref().is_some_and(|source| source.contains('/')),
            "{id}: which file implements it?"
        );
        assert!(!operation.lifetime.is_empty(), "{id}: it lives in no version");
        let is_document = operation.effect == Some(Effect::Document);
        assert_eq!(is_document, operation.document.is_some(), "{id}: a document belongs to the effect of that name");
        if matches!(operation.effect, Some(Effect::Index | Effect::Detail | Effect::Show | Effect::Delete)) {
            assert!(operation.collection.is_some(), "{id}: of which collection?");
        }
        if matches!(operation.effect, Some(Effect::Index | Effect::Detail)) {
            // The list of servers has code of its own.
            let is_own = operation.collection.as_deref() == Some("servers");
            assert!(is_own || operation.filters.is_some(), "{id}: by what is the list filtered?");
        }
        if operation.action.is_some() {
            assert_eq!(operation.method, "POST", "{id}: an action is posted");
        }
        assert!(operation.faults.iter().all(|status| (400..600).contains(status)), "{id}: a fault is 4xx or 5xx");
    }
}

/// What the rows of a file have in common stands once, and a row may say something else.
#[test]
fn a_row_says_of_its_resource_only_what_its_file_does_not() {
    let section = "resource: {collection: racks, source: a/racks.py}\noperations:\n  index: {route: GET /racks}\n  \
                   show: {route: GET /racks/1, source: b.py}\n  find:\n    route: GET /find\n    collection:\n    source:\n";
    let service = "service: s\nmount: /s\nroot: ''\nbody_limit: 1\ndialect: nova\n";
    let files = [("contracts/s/v1/service.yaml", service), ("contracts/s/v1/racks.yaml", section)];
    let contracts = Contracts::from_files(files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()).unwrap();
    let rows = contracts.services()[0].table().unwrap().operations.iter();
    let told: Vec<_> =
        rows.map(|row| (row.name(), row.collection.as_deref(), row.source.as_deref(), row.place.line)).collect();
    assert_eq!(
        told,
        [
            ("racks.index", Some("racks"), Some("a/racks.py"), 3),
            ("racks.show", Some("racks"), Some("b.py"), 4),
            ("racks.find", None, None, 6)
        ]
    );
    for file in rows_files() {
        let node = parse_yaml(&file, &std::fs::read_to_string(&file).unwrap()).unwrap();
        let rows = node.get("operations").map_or(&[][..], |rows| rows.entries().unwrap());
        for ((name, _, row), key) in rows.iter().flat_map(|row| [(row, "collection"), (row, "source")]) {
            let own = row.get(key).and_then(|value| value.text().ok());
            let of_file = node.get("resource").and_then(|resource| resource.get(key)?.text().ok());
            assert!(own.is_none() || own != of_file, "{file}: {name} repeats the {key} of its file");
        }
    }
}

/// The files that rows stand in.
fn rows_files() -> BTreeSet<String> {
    rows().iter().map(|(_, row)| row.place.file.to_string()).collect()
}

#[test]
fn no_two_rows_claim_one_route_in_one_version() {
    let rows = rows();
    for (index, (contract, a)) in rows.iter().enumerate() {
        for (other, b) in &rows[..index] {
            let same_service = std::ptr::eq(*contract, *other);
            let same_route = (&a.method, a.at_mount, shape(&a.path)) == (&b.method, b.at_mount, shape(&b.path));
            if same_service && same_route {
                let by_media =
                    !a.media.is_empty() && !b.media.is_empty() && !a.media.iter().any(|media| b.takes(media));
                let apart = !a.lifetime.meets(b.lifetime) || a.action != b.action || by_media;
                assert!(apart, "{} and {} have one route", a.id, b.id);
                assert_eq!(
                    a.action.is_some(),
                    b.action.is_some(),
                    "{} and {}: one is an action, one is not",
                    a.id,
                    b.id
                );
            }
        }
    }
}

/// A path without the names of its parameters.
fn shape(path: &[PathSegment]) -> Vec<Option<&str>> {
    path.iter().map(|s| if let PathSegment::Fixed(text) = s { Some(text.as_str()) } else { None }).collect()
}

#[test]
fn every_row_is_found_under_its_own_route() {
    for (contract, operation) in rows() {
        let segments = operation.path.iter().map(|segment| match segment {
            PathSegment::Fixed(text) => format!("/{text}"),
            PathSegment::Parameter(_) => "/some-id".to_owned(),
        });
        let root = if operation.at_mount { "" } else { contract.service.root.as_str() };
        let needs_project = contract.service.project_in_url == ProjectInUrl::Required && !operation.path.is_empty();
        let project = if needs_project { "/36e1c9b9" } else { "" };
        let path = format!("{root}{project}{}", segments.collect::<String>());
        let found = contract.route(&operation.method, &path).unwrap_or_else(|why| panic!("{}: {why:?}", operation.id));
        let ids: Vec<&str> = found.operations.iter().map(|row| row.id.as_ref()).collect();
        assert!(
            ids.contains(&operation.id.as_ref()),
            "{} {path} leads to {ids:?}, not to {}",
            operation.method,
            operation.id
        );
    }
}

#[test]
fn every_row_has_one_answer_of_success_in_each_of_its_versions() {
    for (contract, operation) in described_rows() {
        let successes = operation.responses.iter().filter(|row| row.status < 400);
        if matches!(operation.effect, Some(Effect::Absent | Effect::Gone | Effect::Unavailable)) {
            assert_eq!(successes.count(), 0, "{}: what is absent has no success", operation.id);
            continue;
        }
        let mut answered = Versions::NONE;
        // Contents are there whole, in part, or not at all: it depends on the image and on the request.
        // Of several events, some may be taken and others not.
        let depends = matches!(operation.effect, Some(Effect::Download | Effect::CreateExternalEvents));
        for response in successes {
            let twice = if depends { Versions::NONE } else { answered & response.versions & operation.lifetime };
            assert!(twice.is_empty(), "{}: two answers at {}", operation.id, twice.within(Versions::ALL));
            answered |= response.versions;
        }
        let silent = asked(contract, operation).without(answered);
        assert!(silent.is_empty(), "{}: no answer at {}", operation.id, silent.within(Versions::ALL));
    }
}

#[test]
fn answers_have_the_fields_that_they_require() {
    for (contract, operation) in rows() {
        for response in &operation.responses {
            let Some(body) = response.body else { continue };
            let versions = asked(contract, operation) & response.versions;
            let shape = Shape::of(&contract.table().unwrap().schemas, body, versions);
            assert!(shape.lacking.is_empty(), "{} {}: {:?}", operation.id, response.status, shape.lacking);
        }
    }
}

/// The name by which a case asks for a row: an action is found by its body.
fn op(operation: &Operation) -> &str {
    match &operation.action {
        Some(action) => operation.id.strip_suffix(&format!(".{action}")).unwrap(),
        None => &operation.id,
    }
}

#[test]
fn every_example_belongs_to_a_row_that_judges() {
    for example in examples() {
        let service = example.folder.split('/').nth(1).unwrap();
        let id = format!("{service}.{}", example.row);
        let (_, operation) =
            rows().into_iter().find(|(_, row)| *row.id == *id).unwrap_or_else(|| panic!("no row is called {id}"));
        assert!(
            operation.place.file.starts_with(&example.folder),
            "{}: the row stands elsewhere",
            example.path.display()
        );
        assert!(
            operation.body.is_some() || operation.query.is_some(),
            "{id} judges nothing, so an example shows nothing"
        );
        assert!(["accepted", "refused"].contains(&example.kind.as_str()), "{}", example.path.display());
    }
}

#[test]
fn every_example_gets_its_verdict() {
    for (contract, operation) in rows() {
        for example in examples_of(contract, operation) {
            let path = example.path.display();
            let known = ["microversion", "body", "query", "code", "message"];
            let unknown = example.case.as_object().unwrap().keys().find(|key| !known.contains(&key.as_str()));
            assert_eq!(unknown, None, "{path}: unknown key");
            let mut case = example.case.clone();
            case["op"] = json!(op(operation));
            if contract.service.microversions.is_none() {
                case.as_object_mut().unwrap().remove("microversion");
            }
            let verdict = judge_case(contracts(), &case).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(verdict["valid"], json!(example.kind == "accepted"), "{path}: {verdict}");
            assert_eq!(verdict["code"], example.case.get("code").cloned().unwrap_or_default(), "{path}: {verdict}");
            if let Some(message) = example.case.get("message") {
                assert_eq!(verdict["message"], *message, "{path}");
            }
        }
    }
}

#[test]
fn every_refused_example_is_named_after_its_code_and_quotes_nova() {
    for example in examples().iter().filter(|example| example.kind == "refused") {
        let code = example.case["code"].as_str().unwrap_or_else(|| panic!("{}: no code", example.path.display()));
        assert!(example.name.starts_with(code), "{}: it is refused as {code}", example.path.display());
        let is_nova = example.folder.starts_with("contracts/compute/");
        assert!(!is_nova || example.case["message"].is_string(), "{}: what does Nova say?", example.path.display());
    }
}

#[test]
fn every_row_that_judges_has_examples_of_both_kinds() {
    for (contract, operation) in rows() {
        if operation.body.is_none() && operation.query.is_none() {
            assert_eq!(operation.check, None, "{}: a check needs a body", operation.id);
            continue;
        }
        let kinds: BTreeSet<&str> =
            examples_of(contract, operation).into_iter().map(|example| example.kind.as_str()).collect();
        assert_eq!(kinds.len(), 2, "{} has examples of these kinds only: {kinds:?}", operation.id);
    }
}

#[test]
fn every_code_of_a_contract_is_shown_by_an_example() {
    // These need a cloud, a socket or a row without an effect; those of answers and recordings are in tests/verify.rs, replay.rs
    // and record, those of faults in tests/cases/stories/faults, rules of a team in tests/own_contracts.rs.
    const ELSEWHERE: [&str; 15] = [
        "reference",
        "malformed",
        "too-large",
        "not-simulated",
        "answer-status",
        "answer-missing",
        "answer-unknown-field",
        "answer-type",
        "accepted-though-wrong",
        "refused-though-right",
        "not-recorded",
        "repeated",
        "too-early",
        "upstream",
        "team-rule",
    ];
    let shown: BTreeSet<&str> = examples().iter().filter_map(|example| example.case["code"].as_str()).collect();
    for row in CODES.iter().filter(|row| row.fails && !row.code.is_reaction() && !ELSEWHERE.contains(&row.name)) {
        assert!(shown.contains(row.name), "no example is refused as {}", row.name);
    }
}

/// A field that lives shorter than the object around it is accepted just inside its lifetime and, where the object is
/// strict, unexpected just outside; some accepted example must show this at every edge.
#[test]
fn every_edge_of_a_lifetime_is_tried_from_both_sides() {
    let mut tried = BTreeMap::new();
    for (contract, operation) in rows() {
        let api = contract.service.versions() & operation.lifetime;
        let schemas = &contract.table().unwrap().schemas;
        let accepted: Vec<(Value, Value)> = examples_of(contract, operation)
            .into_iter()
            .filter(|example| example.kind == "accepted")
            .map(|example| (example.case.get("body").cloned().unwrap_or_default(), query_document(&example.case)))
            .collect();
        for (schema, of_query) in [(operation.body, false), (operation.query, true)] {
            let Some(schema) = schema else { continue };
            let shape = Shape::of(schemas, schema, api);
            for (path, lifetime, around) in shape.restricted() {
                let strict = shape.strict.get(path.split_last().unwrap().1).copied().unwrap_or_default();
                let shows = |(body, query): &&(Value, Value)| {
                    let document = if of_query { query } else { body };
                    has(document, path)
                        && shows_edges(operation, schemas, api, (body, query), path, lifetime, around, strict)
                };
                let shown = accepted.iter().any(|example| shows(&example));
                let what = format!("{} ({})", path.join("/"), lifetime.within(api));
                assert!(shown, "{}: no accepted example shows every edge of {what}", operation.id);
                tried.insert((operation.id.clone(), path.to_vec()), lifetime);
            }
        }
    }
    assert!(tried.len() > 20, "only {} fields have a lifetime: is the shape read right?", tried.len());
}

#[expect(clippy::too_many_arguments, reason = "one field's situation")]
fn shows_edges(
    operation: &Operation,
    schemas: &mockstack::contract::Schemas,
    api: Versions,
    (body, query): (&Value, &Value),
    path: &[String],
    lifetime: Versions,
    around: Versions,
    strict: Versions,
) -> bool {
    let judgement = Judgement::new(operation, schemas, api, Some(query), body);
    let valid = judgement.valid();
    let key = path.last().unwrap();
    let refused_for_it = |version: Version| judgement.at(version).any(|(_, finding)| is_unexpected(finding, key));
    edges(lifetime, around).into_iter().all(|(inside, outside)| {
        let outside_is_right = match strict.contains(outside) {
            true => !valid.contains(outside) && refused_for_it(outside),
            false => !refused_for_it(outside),
        };
        valid.contains(inside) && !refused_for_it(inside) && outside_is_right
    })
}

/// The pairs of neighbours of which one is in `lifetime` and the other is not.
fn edges(lifetime: Versions, around: Versions) -> Vec<(Version, Version)> {
    let versions: Vec<Version> = around.iter().collect();
    let pairs = versions.windows(2).filter_map(|pair| match [lifetime.contains(pair[0]), lifetime.contains(pair[1])] {
        [true, false] => Some((pair[0], pair[1])),
        [false, true] => Some((pair[1], pair[0])),
        _ => None,
    });
    pairs.collect()
}

/// Is `key` unexpected, directly or in the alternative that came closest?
fn is_unexpected(finding: &Finding, key: &str) -> bool {
    match &finding.kind {
        Kind::Unexpected { key: found, .. } => found == key,
        Kind::NoAlternative(closest) => closest.iter().any(|finding| is_unexpected(finding, key)),
        _ => false,
    }
}
