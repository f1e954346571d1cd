//! The judge on a boot body: one walk says what is wrong in all versions. The control in the same run is one pass of
//! serde_json over the same text, so that figures of different machines can be compared.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]
#![allow(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use criterion::{Criterion, criterion_group, criterion_main};
use mockstack::base::Version;
use mockstack::base::json::{Value, json};
use mockstack::contract::{Contracts, Dialect, Judgement};
use std::hint::black_box;

fn valid() -> Value {
    json!({"server": {
        "name": "drv-28964-4544", "flavorRef": "1", "imageRef": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9",
        "min_count": 1, "max_count": 1, "metadata": {"drv": "osc"},
        "networks": [{"uuid": "2782bf5e-284c-4e0d-9580-452243e3497a"}],
        "block_device_mapping_v2": [{
            "uuid": "a8a63b4d-63a0-4aed-820d-0f5f249e07d9", "boot_index": 0, "source_type": "image",
            "destination_type": "local", "delete_on_termination": true,
        }],
    }})
}

fn invalid() -> Value {
    let mut body = valid();
    body["server"]["personality"] = json!([{"path": "/etc/motd", "contents": "aGVsbG8="}]);
    body["server"]["tags"] = json!(["web", "blue"]);
    body["server"]["config_drive"] = json!("maybe");
    body
}

fn check(c: &mut Criterion) {
    let contracts = Contracts::embedded().expect("the embedded contracts");
    let (contract, operation) = contracts.operation("compute.servers.create").expect("readable").expect("known");
    let schemas = &contract.table().expect("readable").schemas;
    let api = contract.service.versions();
    for (name, body) in [("valid boot", valid()), ("invalid boot", invalid())] {
        let text = body.to_string();
        c.bench_function(&format!("control: parse {name}"), |b| {
            b.iter(|| serde_json::from_str::<serde_json::Value>(black_box(&text)).expect("JSON"));
        });
        c.bench_function(&format!("judge {name} in all versions"), |b| {
            b.iter(|| Judgement::new(operation, schemas, api, None, black_box(&body)).valid());
        });
        let version = Version::minor(96).unwrap_or(Version::FIRST);
        c.bench_function(&format!("judge {name} and word the refusal at 2.96"), |b| {
            b.iter(|| {
                Judgement::new(operation, schemas, api, None, black_box(&body)).refusal(
                    Dialect::Nova,
                    version,
                    &Value::Null,
                    &body,
                )
            });
        });
    }
    c.bench_function("read all contracts", |b| {
        b.iter(|| {
            let contracts = Contracts::embedded().expect("the embedded contracts");
            contracts
                .services()
                .iter()
                .map(|contract| contract.table().expect("readable").operations.len())
                .sum::<usize>()
        });
    });
}

criterion_group!(benches, check);
criterion_main!(benches);
