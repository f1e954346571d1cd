//! Two laws that hold the judge: one version of it is plain JSON Schema, and all versions at once are each version alone.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::{Draft, Keyword, PatternOptions, ValidationError, Validator};
use mockstack::base::json::{Map, Name, Value, json};
use mockstack::base::{Pointer, Segment, Version, Versions};
use mockstack::contract::{
    Contracts, Dialect, Finding, Findings, Judgement, MOST_FINDINGS, Operation, SchemaId, Schemas, Subject, prune, walk,
};
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::common::{examples_of, of_serde, query_document, row};

// ── One version is plain JSON Schema ────────────────────────────────────────────────────────────────────────────────

/// A schema in which every keyword and every way to give it a lifetime occurs.
const EVERYTHING: &str = r##"
operations:
  all:
    route: POST /all
    request: {body: {$ref: "#/schemas/all"}}
    responses: {200: {}}
schemas:
  all:
    type: object
    properties:
      text: {type: {"..2.10": string, "2.11..": [string, "null"]}, minLength: {"2.5..": 1}, maxLength: {"..2.7": 3, "2.8..": 5}}
      word: {type: string, pattern: "^[a-c]+$", microversions: "2.3..2.6, 2.9.."}
      choice: {type: [string, integer, boolean], enum: [a, 1, true, {b: "2.4.."}, {c: "..2.8"}]}
      number: {type: [number, string], minimum: {"..2.9": 0, "2.10..": 2}, maximum: 10, exclusiveMinimum: {"2.6..": 1}}
      list: {type: array, items: {$ref: "#/schemas/item"}, minItems: {"2.7..": 1}, maxItems: 2, uniqueItems: {"2.5..": true}}
      form:
        "..2.4": {type: integer}
        "2.6..2.8": {oneOf: [{type: integer}, {type: number}, {type: string, microversions: "2.7.."}]}
        "2.9..": {anyOf: [{type: integer}, {type: string, format: uuid}]}
      both: {allOf: [{type: object}, {minProperties: 1}, {maxProperties: 1, microversions: "2.8.."}]}
      free:
        type: object
        properties: {known: {type: integer, microversions: "2.5.."}}
        patternProperties: {"^x": {type: string}}
        additionalProperties: {"..2.6": {type: boolean}, "2.7..": false}
      tree: {$ref: "#/schemas/all", microversions: "2.12.."}
    required: [text, {word: "2.9.."}]
    additionalProperties: {"..2.1": true, "2.2..": false}
  item:
    type: object
    properties: {a: {type: integer}, b: {type: string, microversions: "2.5.."}}
    additionalProperties: false
"##;

const SERVICE: &str = r#"
service: law
mount: /law
root: /v1
catalog: {type: law, name: law, path: /law}
body_limit: 1
dialect: nova
"#;

/// A contract of one service out of its rows.
fn synthetic(rows: &str) -> Contracts {
    let file = |name: &str, text: &str| (format!("contracts/law/v1/{name}.yaml"), text.to_owned());
    Contracts::from_files(BTreeMap::from([file("service", SERVICE), file("rows", rows)]))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn body_of<'c>(contracts: &'c Contracts, row: &str) -> (&'c Schemas, SchemaId) {
    let found = contracts.operation(&format!("law.rows.{row}")).unwrap_or_else(|error| panic!("{error}"));
    let (contract, operation) = found.unwrap();
    (&contract.table().unwrap().schemas, operation.body.unwrap())
}

/// What is left of the recursion when a version is written out: the law for it needs a schema without.
fn everything() -> Contracts {
    synthetic(&EVERYTHING.replace("      tree: {$ref: \"#/schemas/all\", microversions: \"2.12..\"}\n", ""))
}

/// Nova's named formats, which the law takes as given: what is compared is where they apply.
fn format_holds(format: &str, text: &str) -> bool {
    static FORMATS: OnceLock<Contracts> = OnceLock::new();
    let formats = FORMATS.get_or_init(|| {
        let row =
            |format: &&str| format!("  {format}: {{route: POST /{format}, request: {{body: {{format: {format}}}}}}}\n");
        synthetic(&format!("operations:\n{}", FORMAT_NAMES.iter().map(row).collect::<String>()))
    });
    let (schemas, id) = body_of(formats, format);
    walk(schemas, id, &Value::from(text), Versions::ALL).into_vec().is_empty()
}

const FORMAT_NAMES: [&str; 12] = [
    "name",
    "name-with-blanks",
    "az-name",
    "printable",
    "uuid",
    "ipv4",
    "ipv6",
    "base64",
    "cidr",
    "uri",
    "regex",
    "date-time",
];

/// `minimum` and `maximum` with Nova's extension: a text that spells a number is compared too.
struct Bound {
    bound: f64,
    wrong: Ordering,
}

impl<'i> Keyword<'i> for Bound {
    fn validate(&self, instance: &'i serde_json::Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) { Ok(()) } else { Err(ValidationError::custom("out of bounds")) }
    }

    fn is_valid(&self, instance: &'i serde_json::Value) -> bool {
        let number = match instance {
            serde_json::Value::Number(number) => number.as_f64(),
            serde_json::Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.and_then(|number: f64| number.partial_cmp(&self.bound)) != Some(self.wrong)
    }
}

/// A pruned schema, compiled by the jsonschema crate.
fn compile(schema: &Value) -> Validator {
    let mut options = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(PatternOptions::regex())
        .should_validate_formats(true);
    for format in FORMAT_NAMES {
        options = options.with_format(format, move |text: &str| format_holds(format, text));
    }
    for (keyword, wrong) in [("minimum", Ordering::Less), ("maximum", Ordering::Greater)] {
        options = options.with_keyword(keyword, move |_, bound, _| {
            Ok(Box::new(Bound { bound: bound.as_f64().unwrap(), wrong }) as Box<dyn for<'a> Keyword<'a>>)
        });
    }
    options.build(&of_serde(&with_pythons_dollar(schema))).unwrap_or_else(|error| panic!("{error} in {schema}"))
}

/// Python's `$` also matches before one newline at the end.
fn with_pythons_dollar(schema: &Value) -> Value {
    let pattern = |source: &str| source.strip_suffix('$').map_or(source.to_owned(), |start| format!("{start}\\n?$"));
    match schema {
        Value::Array(items) => items.iter().map(with_pythons_dollar).collect(),
        Value::Object(map) => {
            let rewrite = |(key, value): (&Name, &Value)| match (key.as_str(), value) {
                ("pattern", Value::String(source)) => (key.clone(), pattern(source).into()),
                ("patternProperties", Value::Object(all)) => {
                    let all = all.iter().map(|(source, schema)| (pattern(source), with_pythons_dollar(schema)));
                    (key.clone(), Value::Object(all.collect()))
                }
                _ => (key.clone(), with_pythons_dollar(value)),
            };
            Value::Object(map.iter().map(rewrite).collect())
        }
        other => other.clone(),
    }
}

/// The first, the middle and the last version of every stretch over which the pruned schema stays the same.
/// `legacy_v2` is not among them: how it drops unknown fields is no JSON Schema.
fn sample(schemas: &Schemas, id: SchemaId, api: Versions) -> Vec<(Version, Value)> {
    let mut stretches: Vec<(Vec<Version>, Value)> = Vec::new();
    for version in api.iter() {
        let pruned = prune(schemas, id, version);
        match stretches.last_mut() {
            Some((versions, same)) if *same == pruned => versions.push(version),
            _ => stretches.push((vec![version], pruned)),
        }
    }
    let mut sampled = Vec::new();
    for (versions, pruned) in stretches {
        let mut chosen = vec![versions[0], versions[versions.len() / 2], versions[versions.len() - 1]];
        chosen.dedup();
        sampled.extend(chosen.into_iter().map(|version| (version, pruned.clone())));
    }
    sampled
}

fn holds_as_json_schema(schemas: &Schemas, id: SchemaId, api: Versions, documents: &[Value]) {
    let validators = compiled(schemas, id, api);
    assert!(documents.len() * validators.len() > 500, "{} documents, {} versions", documents.len(), validators.len());
    for document in documents {
        agrees(schemas, id, &validators, document);
    }
}

fn agrees(schemas: &Schemas, id: SchemaId, validators: &[(Version, Validator)], document: &Value) {
    let findings = of_body(walk(schemas, id, document, Versions::ALL));
    let plain = of_serde(document);
    for (version, validator) in validators {
        let is_valid = !findings.iter().any(|(_, finding)| finding.versions.contains(*version));
        let why = || said(&findings, *version, document);
        assert_eq!(is_valid, validator.is_valid(&plain), "at {version}: {document}\n{:?}", why());
    }
}

/// The sampled versions of a schema, each compiled.
fn compiled(schemas: &Schemas, id: SchemaId, api: Versions) -> Vec<(Version, Validator)> {
    sample(schemas, id, api).iter().map(|(version, pruned)| (*version, compile(pruned))).collect()
}

/// The documents of a row's examples and of Nova's sample, and many that are like them.
fn documents(id: &str, names: &[&str], subject: Subject) -> Vec<Value> {
    let (contract, operation, _) = row(id);
    let document = |case: &Value| match subject {
        Subject::Body => case["body"].clone(),
        Subject::Query => query_document(case),
    };
    let mut documents: Vec<Value> =
        examples_of(contract, operation).iter().map(|example| document(&example.case)).collect();
    let sample =
        include_str!("cases/nova-boots.jsonl").lines().map(|line| mockstack::base::json::from_str(line).unwrap());
    documents
        .extend(sample.filter(|case: &Value| names.iter().any(|name| case["op"] == *name)).map(|case| document(&case)));
    let mutations: Vec<Value> = documents.iter().flat_map(mutations).collect();
    documents.extend(mutations);
    documents
}

/// `document` with one thing changed: a value replaced, a field dropped, a field added.
fn mutations(document: &Value) -> Vec<Value> {
    let values = [
        json!(null),
        json!(""),
        json!("a"),
        json!("a\n"),
        json!(" a"),
        json!("x".repeat(256)),
        json!("a/b"),
        json!("10"),
        json!("YWJj"),
        json!(0),
        json!(1),
        json!(-1),
        json!(1.0),
        json!(1.5),
        json!(true),
        json!([]),
        json!([{}]),
        json!({}),
        json!("155D900F4E144E4CA73D069CBF4541E6"),
        json!("1.2.3.4"),
        json!("::1"),
        json!("none"),
        json!({"tag": "a"}),
        json!(["a", "a"]),
    ];
    let mut places = Vec::new();
    collect_places(document, &Pointer::default(), &mut places);
    let mut mutations = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let mut dropped = document.clone();
        if place.remove(&mut dropped).is_some() {
            mutations.push(dropped);
        }
        for step in [0, 11] {
            let mut replaced = document.clone();
            *find_mut(&mut replaced, place) = values[(index * 5 + step + places.len()) % values.len()].clone();
            mutations.push(replaced);
        }
        let mut added = document.clone();
        if let Value::Object(map) = find_mut(&mut added, place) {
            map.insert("tag", json!("new"));
            mutations.push(added);
        }
    }
    mutations
}

fn collect_places(value: &Value, here: &Pointer, places: &mut Vec<Pointer>) {
    places.push(here.clone());
    let mut below = |value: &Value, segment: Segment| {
        let mut inner = here.clone();
        inner.0.push(segment);
        collect_places(value, &inner, places);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| below(value, Segment::Key(key.to_string()))),
        Value::Array(items) => {
            items.iter().enumerate().take(3).for_each(|(index, value)| below(value, Segment::Index(index)))
        }
        _ => {}
    }
}

fn find_mut<'v>(document: &'v mut Value, place: &Pointer) -> &'v mut Value {
    place.0.iter().fold(document, |value, segment| match segment {
        Segment::Key(key) => value.get_mut(key).unwrap(),
        Segment::Index(index) => value.get_mut(*index).unwrap(),
    })
}

#[test]
fn one_version_of_servers_create_is_json_schema() {
    let (contract, operation, schemas) = row("compute.servers.create");
    let documents = documents("compute.servers.create", &["servers.create"], Subject::Body);
    holds_as_json_schema(schemas, operation.body.unwrap(), contract.service.versions(), &documents);
}

#[test]
fn one_version_of_servers_update_is_json_schema() {
    let (contract, operation, schemas) = row("compute.servers.update");
    let documents = documents("compute.servers.update", &["servers.update"], Subject::Body);
    holds_as_json_schema(schemas, operation.body.unwrap(), contract.service.versions(), &documents);
}

#[test]
fn one_version_of_the_list_query_is_json_schema() {
    let (contract, operation, schemas) = row("compute.servers.index");
    let documents = documents("compute.servers.index", &["servers.list", "servers.detail"], Subject::Query);
    holds_as_json_schema(schemas, operation.query.unwrap(), contract.service.versions(), &documents);
}

#[test]
fn one_version_of_every_keyword_is_json_schema() {
    let contracts = everything();
    let (schemas, id) = body_of(&contracts, "all");
    let validators = compiled(schemas, id, small_axis());
    let law = |document| {
        agrees(schemas, id, &validators, &document);
        Ok(())
    };
    TestRunner::new(config()).run(&any_of_everything(), law).unwrap_or_else(|error| panic!("{error}"));
    let mut documents = Vec::new();
    for base in bases_of_everything() {
        documents.extend(mutations(&base));
        for (name, value) in
            NAMES_OF_EVERYTHING.iter().flat_map(|name| values_of_everything().into_iter().map(move |v| (name, v)))
        {
            let mut document = base.clone();
            document[*name] = value;
            documents.push(document);
        }
    }
    holds_as_json_schema(schemas, id, small_axis(), &documents);
}

fn small_axis() -> Versions {
    Versions::range(Version::FIRST, Version::minor(13).unwrap())
}

/// Documents that are right in many versions: `word` must be there in some and must not in others.
fn bases_of_everything() -> [Value; 2] {
    [json!({"text": "abc"}), json!({"text": "abc", "word": "abc"})]
}

const NAMES_OF_EVERYTHING: [&str; 9] = ["text", "word", "choice", "number", "list", "form", "both", "free", "unknown"];

fn values_of_everything() -> Vec<Value> {
    let texts =
        ["", "a", "b", "c", "d", "abc", "abcd", "abcdef", "abc\n", "-1", "2", "11", "155d900f4e144e4ca73d069cbf4541e6"];
    let mut values: Vec<Value> = texts.into_iter().map(Value::from).collect();
    values.extend([json!(0), json!(1), json!(-1), json!(2), json!(1.0), json!(1.5), json!(10), json!(11), json!(-1.0)]);
    values.extend([
        json!(null),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!({"a": 1}),
        json!({"a": 1, "b": 2}),
    ]);
    values.extend([
        json!([{}]),
        json!([{"a": 1}, {"a": 1.0}]),
        json!([{"b": "x"}, {"a": 2}]),
        json!([{}, {"a": 1}, {"b": "x"}]),
    ]);
    values.extend([
        json!({"known": true}),
        json!({"x": "y"}),
        json!({"x": 1}),
        json!({"other": true}),
        json!({"other": 1}),
    ]);
    values
}

/// A base with up to three fields replaced or dropped.
fn any_of_everything() -> impl Strategy<Value = Value> {
    let values = values_of_everything().into_iter().map(Some).chain([None, None]).collect::<Vec<_>>();
    let change = (select(NAMES_OF_EVERYTHING.to_vec()), select(values));
    let changes = proptest::collection::vec(change, 0..4);
    (select(bases_of_everything().to_vec()), changes).prop_map(|(mut document, changes)| {
        for (name, value) in changes {
            match (value, document.as_object_mut().unwrap()) {
                (Some(value), fields) => fields.insert(name.to_owned(), value),
                (None, fields) => fields.remove(name),
            };
        }
        document
    })
}

// ── All versions at once are each version alone ─────────────────────────────────────────────────────────────────────

fn config() -> Config {
    Config { cases: 192, failure_persistence: None, ..Config::default() }
}

/// Good and bad values of the fields of a boot request.
fn server_fields() -> Vec<(&'static str, Vec<Value>)> {
    const ID: &str = "155d900f-4e14-4e4c-a73d-069cbf4541e6";
    let device = json!({"uuid": ID, "source_type": "image", "destination_type": "volume", "boot_index": 0});
    let with = |key: &str, value: Value| {
        let mut device = device.clone();
        device[key] = value;
        json!([device])
    };
    vec![
        ("name", vec![json!("vm"), json!(""), json!(" vm"), json!("vm\n"), json!(1), json!("x".repeat(256))]),
        ("imageRef", vec![json!(ID), json!(""), json!("cirros"), json!(null)]),
        ("flavorRef", vec![json!("1"), json!(1), json!(""), json!(null)]),
        ("adminPass", vec![json!("secret"), json!(7)]),
        ("metadata", vec![json!({}), json!({"a": "b"}), json!({"a/b": "c"}), json!({"a": 1}), json!([])]),
        (
            "networks",
            vec![
                json!([{"uuid": ID}]),
                json!("none"),
                json!("auto"),
                json!("bogus"),
                json!([]),
                json!([{"uuid": "x"}]),
                json!([{"uuid": ID, "tag": "a"}]),
                json!([{"port": ID, "tag": "a/b"}]),
                json!([{}]),
                json!([{"fixed_ip": "1.2.3.4"}]),
                json!([{"port": ID}, {"port": ID}]),
                json!(null),
            ],
        ),
        ("OS-DCF:diskConfig", vec![json!("AUTO"), json!("auto")]),
        ("accessIPv4", vec![json!("1.2.3.4"), json!("::1")]),
        (
            "personality",
            vec![json!([]), json!([{"path": "/a", "contents": "YQ=="}]), json!([{"contents": "x"}]), json!({})],
        ),
        ("availability_zone", vec![json!("nova"), json!("nova:host"), json!("a:b:c:d")]),
        (
            "block_device_mapping",
            vec![json!([]), json!([{"device_name": "vda", "volume_id": ID}]), json!([{"tag": "x"}])],
        ),
        (
            "block_device_mapping_v2",
            vec![
                json!([]),
                json!([device]),
                with("tag", json!("a")),
                with("tag", json!("a,b")),
                with("volume_type", json!("fast")),
                with("volume_type", json!(1)),
                with("destination_type", json!("local")),
                with("uuid", json!(null)),
                with("volume_size", json!("0")),
                with("bogus", json!(1)),
            ],
        ),
        ("config_drive", vec![json!(true), json!("yes"), json!("maybe")]),
        ("min_count", vec![json!(1), json!("3"), json!(0), json!("x")]),
        ("max_count", vec![json!(1), json!(2), json!(-1)]),
        ("security_groups", vec![json!([{"name": "default"}]), json!([{}]), json!([{"id": 1}])]),
        ("user_data", vec![json!("YQ=="), json!("x"), json!(null)]),
        ("description", vec![json!("text"), json!(null), json!("a\u{0}b"), json!("x".repeat(256))]),
        ("tags", vec![json!([]), json!(["a", "a"]), json!(["a/b"]), json!(vec!["t"; 51])]),
        ("trusted_image_certificates", vec![json!(null), json!(["a"]), json!(["a", "a"]), json!([])]),
        ("host", vec![json!("h"), json!("h h")]),
        ("hypervisor_hostname", vec![json!("h"), json!("")]),
        ("hostname", vec![json!("vm-1"), json!("vm.example"), json!("v"), json!("x".repeat(64)), json!("a b")]),
        ("bogus", vec![json!(1)]),
    ]
}

/// A random choice of fields, most of them right.
fn server_body() -> BoxedStrategy<Value> {
    let fields = server_fields();
    let required = fields.iter().take(3).chain(fields.iter().filter(|(name, _)| *name == "networks"));
    let required: Vec<(&str, Value)> = required.map(|(name, values)| (*name, values[0].clone())).collect();
    let picked = proptest::collection::vec((select(fields), any::<proptest::sample::Index>(), any::<bool>()), 0..7);
    let beside = select(vec![json!({}), json!({"os:scheduler_hints": {"group": "x"}}), json!({"extra": 1})]);
    let chosen = (picked, proptest::bool::weighted(0.8), proptest::bool::weighted(0.15), beside);
    let body = chosen.prop_map(move |(picked, whole, more, beside)| {
        let mut server: Map = Map::new();
        if whole {
            server.extend(required.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        for ((name, values), index, good) in picked {
            let value = if good { values[0].clone() } else { index.get(&values).clone() };
            server.insert(name.to_owned(), value);
        }
        let mut body = if more { beside.as_object().unwrap().clone() } else { Map::new() };
        body.insert("server", Value::Object(server));
        Value::Object(body)
    });
    body.boxed()
}

/// Any JSON, with some names that mean something.
fn any_json() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1000i32..1000).prop_map(|n| json!(f64::from(n) / 4.0)),
        ".{0,8}".prop_map(Value::from),
    ];
    let nested = leaf.boxed().prop_recursive(4, 24, 4, |inner| {
        let names = select(vec!["server", "name", "networks", "uuid", "tags", "metadata", "x"]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((names, inner), 0..5).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
        .boxed()
    });
    nested.boxed()
}

fn bodies() -> BoxedStrategy<Value> {
    let wrapped = any_json().prop_map(|inner| json!({"server": inner}));
    prop_oneof![6 => server_body(), 1 => any_json(), 1 => wrapped].boxed()
}

/// The places at which something is said of a body at a version, and what.
fn said(findings: &[(Subject, Finding)], version: Version, body: &Value) -> Vec<String> {
    let there = findings.iter().filter(|(_, finding)| finding.versions.contains(version));
    // Of a version the first are kept, and what others keep besides.
    there
        .take(MOST_FINDINGS)
        .map(|(subject, f)| format!("{} {}", f.pointer, f.message(body, *subject, version)))
        .collect()
}

fn of_body(findings: Findings) -> Vec<(Subject, Finding)> {
    findings.into_vec().into_iter().map(|finding| (Subject::Body, finding)).collect()
}

fn all_versions_are_each_alone(operation: &Operation, schemas: &Schemas, api: Versions, body: &Value) {
    let together = Judgement::new(operation, schemas, api, None, body);
    for version in api.iter().chain([Version::LEGACY_V2]) {
        let alone = Judgement::new(operation, schemas, Versions::only(version), None, body);
        assert_eq!(
            said(&together.findings, version, body),
            said(&alone.findings, version, body),
            "at {version}: {body}"
        );
        let is_valid = together.at(version).next().is_none();
        assert_eq!(together.failing().contains(version), !is_valid, "at {version}: {body}");
        assert_eq!(together.valid().contains(version), is_valid && api.contains(version), "at {version}: {body}");
        assert_eq!(
            together.refusal(Dialect::Nova, version, &Value::Null, body).is_none(),
            is_valid,
            "at {version}: {body}"
        );
    }
}

#[test]
fn all_versions_at_once_are_each_version_alone() {
    for id in ["compute.servers.create", "compute.servers.update"] {
        let (contract, operation, schemas) = row(id);
        let api = contract.service.versions();
        let law = |body| {
            all_versions_are_each_alone(operation, schemas, api, &body);
            Ok(())
        };
        TestRunner::new(config()).run(&bodies(), law).unwrap_or_else(|error| panic!("{id}: {error}"));
    }
}

#[test]
fn a_pruned_schema_that_is_read_again_judges_the_same() {
    let (contract, operation, schemas) = row("compute.servers.create");
    let id = operation.body.unwrap();
    let versions = sample(schemas, id, contract.service.versions());
    let reread = reread(&versions);
    let law = |body: Value| {
        let findings = of_body(walk(schemas, id, &body, contract.service.versions()));
        for (version, _) in &versions {
            let (pruned, pruned_id) = body_of(&reread, &name_of(*version));
            let alone = of_body(walk(pruned, pruned_id, &body, Versions::only(Version::FIRST)));
            assert_eq!(said(&findings, *version, &body), said(&alone, Version::FIRST, &body), "at {version}: {body}");
        }
        Ok(())
    };
    TestRunner::new(config()).run(&bodies(), law).unwrap_or_else(|error| panic!("{error}"));
}

fn name_of(version: Version) -> String {
    format!("v{}", version.to_string().replace('.', "-"))
}

/// The pruned schemas as the rows of a contract; JSON is YAML.
fn reread(versions: &[(Version, Value)]) -> Contracts {
    let row = |(version, pruned): &(Version, Value)| {
        let name = name_of(*version);
        format!("  {name}: {{route: POST /{name}, request: {{body: {pruned}}}, responses: {{200: {{}}}}}}\n")
    };
    synthetic(&format!("operations:\n{}", versions.iter().map(row).collect::<String>()))
}

#[test]
fn a_schema_may_name_itself() {
    let contracts = synthetic(EVERYTHING);
    let (schemas, id) = body_of(&contracts, "all");
    let deep = json!({"text": "a", "word": "a", "tree": {"text": "a", "word": "a", "tree": {"text": 5, "word": "a"}}});
    let found = walk(schemas, id, &deep, Versions::only(Version::minor(12).unwrap())).into_vec();
    assert_eq!(found.iter().map(|finding| finding.pointer.to_string()).collect::<Vec<_>>(), ["/tree/tree/text"]);
}
