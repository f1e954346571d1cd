//! The law of `contract diff`: of the bodies that are right at A, those and only those are wrong at B that a breaking change covers.
//! `MOCKSTACK_CASES=100000` has so many tried instead of a few.

use std::collections::HashMap;

use mockstack::base::json::Value;
use mockstack::base::{Pointer, Version};
use mockstack::contract::{
    Change, Changed, Contracts, Extent, Judgement, Level, Maker, Operation, ServiceContract, View, diff_of,
};

use crate::common::generate::{Random, Schema, mutate, with_body};
use crate::common::{contracts, rows};

fn cases() -> u64 {
    std::env::var("MOCKSTACK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3000)
}

/// What came of the cases.
#[derive(Debug, Default)]
struct Tally {
    right_before: u64,
    broken: u64,
}

/// A body is right at A and wrong at B if, and only if, a breaking change covers it.
fn law(
    changes: &[Change<'_>],
    a: (&Judgement<'_>, Version),
    b: (&Judgement<'_>, Version),
    body: &Value,
    tally: &mut Tally,
) {
    if a.0.failing().contains(a.1) {
        return;
    }
    tally.right_before += 1;
    let is_breaking = |change: &&Change<'_>| change.level == Level::Breaking && change.part == Changed::Body;
    let covering: Vec<&Change<'_>> = changes.iter().filter(is_breaking).filter(|change| change.covers(body)).collect();
    let is_broken = b.0.failing().contains(b.1);
    tally.broken += u64::from(is_broken);
    let told: Vec<String> =
        changes.iter().map(|change| format!("{:?} {} {}", change.level, change.pointer, change.text)).collect();
    let (id, found) = (&b.0.operation.id, b.0.at(b.1).map(|(_, finding)| finding).collect::<Vec<_>>());
    assert_eq!(is_broken, !covering.is_empty(), "{id} {} → {}: {body}\n{told:#?}\n{found:#?}", a.1, b.1);
    for finding in &found {
        let is_there = covering.iter().any(|change| is_on_the_way(&change.pointer, &finding.pointer));
        assert!(is_there, "{id} {} → {}: {body}: {} is not covered by {told:#?}", a.1, b.1, finding.pointer);
    }
}

/// Is one of the places the other one or in it?
fn is_on_the_way(pattern: &str, pointer: &Pointer) -> bool {
    let steps: Vec<&str> = pattern.split('/').skip(1).collect();
    steps.iter().zip(&pointer.0).all(|(step, segment)| {
        *step == "*" || step.starts_with('{') || *step == segment.to_string().replace('~', "~0").replace('/', "~1")
    })
}

fn judged<'c>(operation: &'c Operation, contract: &'c ServiceContract, body: &Value) -> Judgement<'c> {
    let api = contract.service.versions();
    Judgement::new(operation, &contract.table().unwrap().schemas, api, None, body)
}

fn between(row: &Operation, a: Version, b: Version) -> Vec<Change<'static>> {
    let at = |version: Version| View::newest("it", contracts()).at(version.microversion().unwrap()).unwrap();
    diff_of(&at(a), &at(b), &|id| id == &*row.id).unwrap_or_else(|error| panic!("{error}"))
}

/// Does its body change from the first version to the last?
fn changes_a_body(contract: &ServiceContract, row: &Operation) -> bool {
    let versions: Vec<Version> = (contract.service.versions() & row.lifetime).iter().collect();
    between(row, versions[0], versions[versions.len() - 1]).iter().any(|change| change.part == Changed::Body)
}

#[test]
fn of_two_versions_breaking_changes_are_what_breaks() {
    let with_body =
        |row: &&(&ServiceContract, &Operation)| row.0.service.microversions.is_some() && row.1.body.is_some();
    let rows = rows();
    let rows: Vec<_> = rows.iter().filter(with_body).collect();
    let changing: Vec<_> = rows.iter().copied().filter(|(contract, row)| changes_a_body(contract, row)).collect();
    assert!(changing.len() > 20, "{}", changing.len());
    let (mut random, mut tally, mut known) = (Random::new(1), Tally::default(), HashMap::new());
    for _ in 0..cases() / 2 {
        let (contract, row) = if random.below(5) > 0 { random.of(&changing) } else { random.of(&rows) };
        let versions: Vec<Version> = (contract.service.versions() & row.lifetime).iter().collect();
        let (a, b) = (versions[random.below(versions.len())], versions[random.below(versions.len())]);
        let changes = known.entry((row.id.clone(), a, b)).or_insert_with(|| between(row, a, b));
        let schemas = &contract.table().unwrap().schemas;
        let from = if random.below(3) == 0 { b } else { a };
        let mut body = Maker::new(schemas, from, Extent::Picked, |n| random.below(n)).document(row.body.unwrap());
        mutate(&mut body, &mut random);
        let judgement = judged(row, contract, &body);
        law(changes, (&judgement, a), (&judgement, b), &body, &mut tally);
    }
    println!("{tally:?} of {}", cases() / 2);
    assert!(tally.broken > cases() / 100 && tally.right_before > cases() / 10, "{tally:?} of {}", cases() / 2);
}

#[test]
fn of_two_schemas_breaking_changes_are_what_breaks() {
    let (mut random, mut tally) = (Random::new(2), Tally::default());
    let each = 20;
    for _ in 0..cases() / 2 / each {
        let mut schema = Schema::any(&mut random, 3);
        let a = contract_of(&schema);
        (0..=random.below(3)).for_each(|_| schema.change(&mut random));
        let b = contract_of(&schema);
        let changes = diff_of(&View::newest("a", &a), &View::newest("b", &b), &|_| true)
            .unwrap_or_else(|error| panic!("{error}"));
        let (own, other) = (&a.services()[0], &b.services()[0]);
        let rows = (
            own.table().unwrap().operations.iter().next().unwrap(),
            other.table().unwrap().operations.iter().next().unwrap(),
        );
        for _ in 0..each {
            let (contract, row) = if random.below(3) == 0 { (other, rows.1) } else { (own, rows.0) };
            let schemas = &contract.table().unwrap().schemas;
            let mut body =
                Maker::new(schemas, Version::FIRST, Extent::Picked, |n| random.below(n)).document(row.body.unwrap());
            mutate(&mut body, &mut random);
            let (before, now) = (judged(rows.0, own, &body), judged(rows.1, other, &body));
            law(&changes, (&before, Version::FIRST), (&now, Version::FIRST), &body, &mut tally);
        }
    }
    println!("{tally:?} of {}", cases() / 2);
    assert!(tally.broken > cases() / 100 && tally.right_before > cases() / 10, "{tally:?} of {}", cases() / 2);
}

fn contract_of(schema: &Schema) -> Contracts {
    with_body(&schema.json().to_string())
}

/// The places of breaking changes of bodies.
fn breaking(a: &str, b: &str, operation: &str) -> Vec<String> {
    let at = |version: &str| View::newest("it", contracts()).at(version.parse().unwrap()).unwrap();
    let changes = diff_of(&at(a), &at(b), &|id| id == operation).unwrap();
    let breaking = changes.iter().filter(|change| change.level == Level::Breaking);
    breaking.map(|change| format!("{} {}", change.pointer, change.about)).collect()
}

#[test]
fn what_microversions_are_known_to_break() {
    let create = "compute.servers.create";
    let networks = ["/server/networks/*/uuid format", "/server/networks/*/tag properties", "/server/networks required"];
    assert_eq!(breaking("2.36", "2.37", create), networks);
    assert_eq!(breaking("2.56", "2.57", create), ["/server/personality properties"]);
    assert_eq!(breaking("2.37", "2.37", create), Vec::<String>::new());
    assert_eq!(breaking("2.1", "2.104", "compute.servers.action.addFloatingIp"), [" operation"]);
    assert_eq!(breaking("2.74", "2.75", "compute.servers.index"), ["/sort_key enum", "/* additionalProperties"]);
}

/// A change keeps its fingerprint when lines move.
#[test]
fn fingerprints_do_not_depend_on_lines() {
    let of = |text: &str| {
        let a = with_body("{type: object, properties: {x: {type: string}}}");
        let b = with_body(text);
        let changes = diff_of(&View::newest("a", &a), &View::newest("b", &b), &|_| true).unwrap();
        changes.iter().map(|change| (change.fingerprint(), change.now.as_ref().unwrap().line)).collect::<Vec<_>>()
    };
    let (one, other) =
        (of("{type: object, required: [x]}"), of("\n      # a line\n      {type: object, required: [x]}"));
    assert_eq!(one[0].0, other[0].0);
    assert_ne!(one[0].1, other[0].1);
}
