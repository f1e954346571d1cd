#!/usr/bin/env bash
# What other tools make of the contract as OpenAPI: a validator finds no error, and schemathesis no answer of the cloud that the
# document does not have, for servers, flavors and key pairs.
#   openapi.sh [CASES [VERSION…]]   so many cases of each operation (10), at these microversions (2.37)
# Exit codes: 0 passed, 1 failed, 77 skipped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cases=${1:-10}
[ $# -gt 1 ] && versions=("${@:2}") || versions=(2.37)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

# skip WHY
skip() {
  echo "SKIP openapi: $1"
  [ "${CI:-}" != true ] || exit 1
  exit 77
}

command -v python3 >/dev/null || skip 'there is no python3'
venv=${CLIENTS_HOME:-$root/target/clients}/openapi
if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet schemathesis==4.32.5 openapi-spec-validator || skip 'schemathesis cannot be installed'
fi

mockstack=${MOCKSTACK:-}
if [ -z "$mockstack" ]; then
  (cd "$root" && cargo build --quiet --release)
  mockstack=${CARGO_TARGET_DIR:-$root/target}/release/mockstack
fi
mockstack=$(realpath "$mockstack")

"$mockstack" contract export >"$work/all.json"
"$mockstack" contract export --all --service compute >"$work/ranges.json"
"$venv/bin/openapi-spec-validator" "$work/all.json"
"$venv/bin/openapi-spec-validator" "$work/ranges.json"

"$mockstack" serve --listen 127.0.0.1:0 >"$work/openrc" 2>"$work/log" &
server=$!
until grep -q OS_PROJECT_DOMAIN_NAME "$work/openrc"; do
  kill -0 "$server"
  sleep 0.1
done
eval "$(grep ^export "$work/openrc")"
url=${OS_AUTH_URL%/identity*}
domain="{\"name\": \"$OS_USER_DOMAIN_NAME\"}"
login="{\"auth\": {
  \"identity\": {\"methods\": [\"password\"], \"password\": {\"user\": {\"name\": \"$OS_USERNAME\", \"domain\": $domain, \"password\": \"$OS_PASSWORD\"}}},
  \"scope\": {\"project\": {\"name\": \"$OS_PROJECT_NAME\", \"domain\": $domain}}}}"
OS_TOKEN=$(curl -sD - -o /dev/null -H 'Content-Type: application/json' -d "$login" "$url/identity/v3/auth/tokens" |
  tr -d '\r' | sed -n 's/^X-Subject-Token: //Ip')
export OS_TOKEN

id='\{[a-z_]+\}'
# schemathesis leaves a folder where it runs.
cd "$work"
paths="^/compute/v2.1/(servers|flavors)(/detail|/$id)?\$|^/compute/v2.1/os-keypairs(/$id)?\$"
for version in "${versions[@]}"; do
  "$mockstack" contract export --service compute --microversion "$version" --server "$url" >"$work/$version.json"
  export OS_VERSION="compute $version"
  "$venv/bin/schemathesis" --no-color --config-file "$root/examples/schemathesis.toml" run "$work/$version.json" \
    --url "$url" --include-path-regex "$paths" --phases examples,fuzzing -n "$cases" --seed 1 --no-shrink
done
