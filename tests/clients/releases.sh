#!/usr/bin/env bash
# releases.sh [--write]: `mockstack matrix` of three clients that boot a server, in every release and in every cloud of a vendor that a
# fixture describes. What they sent must be the tables in docs/releases.md; --write makes it so. Exit codes: 0 the same, 1 another table
# or a client that failed, 77 a client that cannot be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# client NAME ONLY DRIVER: the command that takes a client through its steps, in a HOME of its own: clients leave caches there
clients=()
client() {
  local code=0 venv
  venv=$("$here/install.sh" "$1" 2>"$work/why") || code=$?
  if [ "$code" -ne 0 ]; then
    echo "SKIP $1: $(tail -n 1 "$work/why")"
    [ "${CI:-}" != true ] || exit 1
    exit 77
  fi
  clients+=(--client "$1=export HOME=\$(mktemp -d -p '$work') PATH='$venv/bin':\"\$PATH\" ONLY='$2'; exec $3")
}
# The command lines take seconds a command: they boot and delete, nothing else.
client novaclient-2.17 'networks,boot to ACTIVE,delete' "bash '$here/novaclient-2.17.sh'"
client osc 'boot to ACTIVE,delete' "bash '$here/osc.sh'"
client sdk-proxy '' "python '$here/sdk-proxy.py'"

mockstack=${MOCKSTACK:-}
if [ -z "$mockstack" ]; then
  (cd "$root" && cargo build --quiet --release)
  mockstack=${CARGO_TARGET_DIR:-$root/target}/release/mockstack
fi

vendors=()
for fixture in "$root"/fixtures/scenarios/vendor-*.yaml; do vendors+=(--vendor "$fixture"); done
export PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1
code=0
"$mockstack" matrix "${vendors[@]}" "${clients[@]}" --known "$here/known.yaml" --record "$work/recordings" \
  --report json="$work/matrix.json" || code=$?
[ "$code" -eq 0 ] || { echo "FAIL: the matrix ended with $code"; exit 1; }
python3 "$here/sent.py" "$work/matrix.json" "$work/recordings" "$@"
