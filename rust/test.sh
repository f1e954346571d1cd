#!/usr/bin/env bash
# test.sh: the sample in Rust, which links the library without the command. What it is built of is kept in target/sample.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/sample"
target=${CARGO_TARGET_DIR:-$PWD/../../target}
cargo fmt --check
cargo test --target-dir "$target/sample"
