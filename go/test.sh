#!/usr/bin/env bash
# test.sh [MOCKSTACK]: tests the Go package against that program (default: target/release/mockstack), then the sample, with the Go and the
# gophercloud that Debian packages. Exit codes: 0 passed, 77 skipped as there is no Go.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../target}
MOCKSTACK_BIN=$(realpath "${1:-$target/release/mockstack}")
export MOCKSTACK_BIN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MOCKSTACK_URL

if ! client=$("$here/../tests/clients/install.sh" gophercloud 2>"$work/why"); then
  cat "$work/why"
  [ "${CI:-}" = true ] && exit 1
  exit 77
fi
export GOCACHE=$client/cache GOFLAGS=-count=1

unformatted=$(gofmt -l "$here")
[ -z "$unformatted" ] || { echo "gofmt: $unformatted"; exit 1; }
(cd "$here/mockstack" && go vet ./... && go test ./...)

# Debian's packages are used without modules.
mkdir -p "$work/src/github.com/OWNER/mockstack"
cp -r "$here" "$work/src/github.com/OWNER/mockstack/go"
export GO111MODULE=off GOPATH=$work:/usr/share/gocode
cd "$work/src/github.com/OWNER/mockstack/go/sample"
go vet . && go test -v -parallel 8 .
