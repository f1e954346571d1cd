//! Texts and numbers of which one is right where a schema limits them.

use crate::base::json::{Value, json};

/// Texts of the formats and patterns that OpenStack's schemas have, the plain ones first.
pub const TEXTS: &[&str] = &[
    "example",
    "70a599e0-31e7-49b7-b260-868f441e862b",
    "1",
    "10.0.0.4",
    "fd00::4",
    "10.0.0.0/24",
    "ZXhhbXBsZQ==",
    "http://example.org/image",
    "2026-01-01T00:00:00Z",
    "fa:16:3e:00:00:01",
    "example.org",
    "/dev/vdb",
    "2.1",
    "true",
    "a1",
    "public",
    "-1",
    "",
    "70a599e031e749b7b260868f441e862b",
    "example@host",
    "ipv4",
    "tcp",
    "http://example.org/flavors/1",
    "2026-01-01T00:00:00.000000",
    "2026-01-01",
    "hw:cpu_policy",
    "CUSTOM_EXAMPLE",
    "0x1",
    "example-example-example-example-example",
];

/// Numbers within and around the limits of the schemas.
pub fn numbers() -> Vec<Value> {
    vec![json!(1), json!(0), json!(2), json!(10), json!(-1), json!(100), json!(1.5), json!(4096)]
}
