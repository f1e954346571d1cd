#!/usr/bin/env bash
# install-and-use.sh [MOCKSTACK]: runs the blocks of docs/install-and-use.md, each in a fresh folder with a client that they test
# (examples/boot.sh). Python's get the wheel in target/wheels, which python/tests/run.sh builds; Go's the program MOCKSTACK (default:
# target/release/mockstack). A language that is not there is skipped unless CI=true.
set -euo pipefail

CLONE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$CLONE/target}
program=$(realpath "${1:-$target/release/mockstack}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CLONE PIP_DISABLE_PIP_VERSION_CHECK=1
unset MOCKSTACK_URL MOCKSTACK_BIN

page=$CLONE/docs/install-and-use.md
# shellcheck source=tests/shown.sh
. "$CLONE/tests/shown.sh"

# in_venv HEADING: the same where pip installs the wheel
in_venv() {
  python3 -m venv venv
  (export PATH=$PWD/venv/bin:$PATH
    WHEEL=$(echo "$target"/wheels/mockstack-*.whl)
    export WHEEL
    pip install --quiet pytest
    shown "$1")
}

pytest_() { in_venv pytest && grep -q '1 passed' out; }

ci() {
  printf '#!/bin/sh\nexec %s\n' "$CLONE/examples/boot.sh" >integration-tests.sh
  chmod +x integration-tests.sh
  in_venv 'Any CI' && grep -q 'verdict       clean' out && [ -s mockstack.xml ] && [ -s recording.jsonl ]
}

go_() {
  if ! command -v go >/dev/null; then
    echo 'SKIP Go'
    [ "${CI:-}" != true ]
    return
  fi
  go mod init boot 2>/dev/null
  cat >boot.go <<'END'
package boot

import (
	"os"
	"os/exec"
)

// Boot is the client that is tested.
func Boot(env map[string]string) error {
	command := exec.Command(os.Getenv("CLONE") + "/examples/boot.sh")
	command.Env = os.Environ()
	for name, value := range env {
		command.Env = append(command.Env, name+"="+value)
	}
	return command.Run()
}
END
  MOCKSTACK_BIN=$program GOFLAGS=-mod=mod GOPROXY=off shown Go
}

rust() {
  cargo init --quiet --lib --name client .
  cat >src/lib.rs <<'END'
//! The client that is tested.
pub fn boot(env: &std::collections::BTreeMap<String, String>) -> std::io::Result<()> {
    let script = concat!(env!("CLONE"), "/examples/boot.sh");
    let status = std::process::Command::new(script).envs(env).status()?;
    status.success().then_some(()).ok_or(std::io::ErrorKind::Other.into())
}
END
  # What the sample has built is not built again.
  CARGO_TARGET_DIR=$target/sample shown Rust && grep -q 'test boots ... ok' out
}

for own in pytest_ ci go_ rust; do
  try "$own"
done
exit "$failed"
