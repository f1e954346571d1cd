#!/usr/bin/env bash
# install.sh [ARCHIVES]: runs the blocks of docs/install.md, each in a fresh folder, without Rust and with an empty home, and the steps of action.yml. The
# releases are those of a folder: what release/archive.sh put into ARCHIVES (default: target/archives), or else the program of the wheel packed by it,
# and the wheel in target/wheels; python/tests/run.sh builds both. Exit codes: 0 passed, 77 skipped.
set -euo pipefail

CLONE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$CLONE/target}
archives=${1:-$target/archives}
musl=$(uname -m)-unknown-linux-musl
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$CLONE/docs/install.md
# shellcheck source=tests/shown.sh
. "$CLONE/tests/shown.sh"

if ! ls "$archives"/mockstack-*-"$musl".tar.gz >/dev/null 2>&1; then
  # How it is packed and installed is the same with the program of the wheel, which is not static.
  PROGRAM=$target/wheel/mockstack
  [ -x "$PROGRAM" ] || { echo 'SKIP: python/tests/run.sh builds the program'; exit 77; }
  archives=$work/archives
  PROGRAM=$PROGRAM "$CLONE/release/archive.sh" "$musl" "$archives"
fi
mkdir -p "$work/releases/latest"
cp -r "$archives" "$work/releases/latest/download"
cp "$CLONE/release/install.sh" "$work/releases/latest/download"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$CLONE/Cargo.toml" | head -1)
mkdir "$work/releases/download"
ln -s ../latest/download "$work/releases/download/v$version"

# fresh COMMAND…: on a machine that has nothing but its distribution
fresh() {
  mkdir -p home
  ln -sfn "$CLONE/examples" examples
  env -i HOME="$PWD/home" PATH=/usr/local/bin:/usr/bin:/bin PIP_DISABLE_PIP_VERSION_CHECK=1 WHEEL="${WHEEL:-}" \
    MOCKSTACK_RELEASES="file://$work/releases" "$@"
}

line() {
  shown 'A line' fresh
  grep -q 'verdict       clean' out
  # The archive has what the page says; a wrong checksum is not installed.
  tar -tzf "$work"/releases/latest/download/mockstack-*-"$musl".tar.gz | sed 's|^[^/]*/||' >names
  for name in LICENSE-MIT LICENSE-APACHE README.md CHANGELOG.md man/mockstack-run.1 completions/mockstack.zsh; do grep -qx "$name" names; done
  cp -r "$work/releases" wrong && printf x >>wrong/latest/download/mockstack-*-"$musl".tar.gz
  if fresh env MOCKSTACK_RELEASES="file://$PWD/wrong" sh "$CLONE/release/install.sh" >why 2>&1; then cat why; return 1; fi
  grep -q FAILED why
}

wheel() {
  WHEEL=$(echo "$target"/wheels/mockstack-*.whl)
  export WHEEL
  if [ ! -f "$WHEEL" ]; then echo 'SKIP A wheel: python/tests/run.sh builds it'; return; fi
  shown 'A wheel' fresh
  grep -q 'verdict       clean' out
}

# The steps of action.yml, as a runner has them.
action() {
  steps() { sed -n '/^      run: |$/,/^    - name\|^$/ s/^        //p' "$CLONE/action.yml"; }
  steps | sed '/^mockstack run\|^read/,$d' >install && steps | sed -n '/^read/,$p' >run
  local in=(env RUNNER_TEMP="$PWD" GITHUB_PATH="$PWD/path" GITHUB_STEP_SUMMARY="$PWD/summary" ACTION="$CLONE" FOLDER="$PWD/bin")
  fresh "${in[@]}" VERSION='' REF="v$version" bash --noprofile --norc -eo pipefail install
  [ "$(cat path)" = "$PWD/bin" ]
  fresh "${in[@]}" PATH="$PWD/bin:/usr/bin:/bin" OPTIONS='--release train' COMMAND=examples/boot.sh bash --noprofile --norc -eo pipefail run
  grep -q clean summary
  local code=0
  fresh "${in[@]}" PATH="$PWD/bin:/usr/bin:/bin" OPTIONS='' COMMAND='examples/boot.sh tags' bash --noprofile --norc -eo pipefail run >out 2>&1 || code=$?
  [ "$code" -ne 0 ] && grep -q '::error' out && echo 'ok   the action'
}

# What cargo binstall would fetch is the archive.
binstall() {
  local name=mockstack-$version-$musl
  grep -qF 'pkg-url = "{ repo }/releases/download/v{ version }/{ name }-{ version }-{ target }.tar.gz"' "$CLONE/Cargo.toml"
  [ -f "$work/releases/download/v$version/$name.tar.gz" ] && tar -tzf "$work/releases/download/v$version/$name.tar.gz" | grep -qx "$name/mockstack"
}

for own in line wheel action binstall; do
  try "$own"
done
exit "$failed"
