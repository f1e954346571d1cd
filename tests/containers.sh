#!/usr/bin/env bash
# containers.sh [ARCHIVE]: builds the image of Containerfile with an archive of release/archive.sh (default: that in target/archives), holds it
# with container.sh, and runs what docs/containers.md shows. Docker runs all of it; where only buildah is, and this is root, what that can. Exit
# codes: 0 passed, 77 skipped.
set -euo pipefail

CLONE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$CLONE/target}
archive=${1:-$(echo "$target"/archives/mockstack-*-x86_64-unknown-linux-musl.tar.gz)}
[ -f "$archive" ] || { echo 'SKIP: release/archive.sh x86_64-unknown-linux-musl makes the archive'; exit 77; }
archive=$(realpath "$archive")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export IMAGE=localhost/mockstack:tried CLONE
page=$CLONE/docs/containers.md
# shellcheck source=tests/shown.sh
. "$CLONE/tests/shown.sh"

"$CLONE/release/context.sh" "$work/context" "$archive"
if docker info >/dev/null 2>&1; then
  docker build --quiet --build-arg TARGETARCH=amd64 --tag "$IMAGE" --file "$CLONE/Containerfile" "$work/context"
  "$CLONE/tests/container.sh" docker "$IMAGE"
elif [ "$(id -u)" -eq 0 ] && command -v buildah >/dev/null; then
  # It needs nothing of the kernel.
  export STORAGE_DRIVER=vfs
  buildah bud --quiet --format docker --build-arg TARGETARCH=amd64 --tag "$IMAGE" --file "$CLONE/Containerfile" "$work/context"
  "$CLONE/tests/container.sh" buildah "$IMAGE"
  exit
else
  echo 'SKIP: neither docker nor, for root, buildah'
  exit 77
fi

plain() {
  ln -s "$CLONE/examples" examples
  shown 'Run it'
  grep -q 'verdict       clean' out
  tail -2 out | head -1 | grep -qx 0
}

python() {
  fence 'testcontainers: test_key.py' >test_key.py
  python3 -m venv venv
  venv/bin/pip install --quiet --disable-pip-version-check 'testcontainers>=4.13,<5' openstacksdk pytest
  TESTCONTAINERS_RYUK_DISABLED=true venv/bin/pytest -q -p no:cacheprovider test_key.py
}

rust() {
  cargo init --quiet --lib --name client .
  mkdir tests
  fence 'testcontainers: boots.rs' >tests/boots.rs
  cat >src/lib.rs <<'END2'
//! The client that is tested.
pub fn boot(auth_url: &str) -> std::io::Result<()> {
    let script = concat!(env!("CLONE"), "/examples/boot.sh");
    let names = [("OS_AUTH_URL", auth_url), ("OS_USERNAME", "demo"), ("OS_PASSWORD", "secret"), ("OS_PROJECT_NAME", "demo")];
    let status = std::process::Command::new(script).envs(names).status()?;
    status.success().then_some(()).ok_or(std::io::ErrorKind::Other.into())
}
END2
  cargo add --quiet --dev testcontainers@0.28 --features blocking
  CARGO_TARGET_DIR=$target/sample cargo test --quiet
}

for own in plain python rust; do
  try "$own"
done
exit "$failed"
