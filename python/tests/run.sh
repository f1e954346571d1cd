#!/usr/bin/env bash
# run.sh [FOLDER]: builds the wheel, installs it into a new venv, and runs the sample suite, the tests of the plugin and those of the ways to
# install. FOLDER keeps the wheel (default: target/wheels). Exit codes: 0 passed, 77 skipped as Python cannot make a venv.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$here/../target}
wheels=${1:-$target/wheels}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MOCKSTACK_BIN MOCKSTACK_URL PYTHONPATH
export PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1

if ! python3 -m venv "$work/venv" >"$work/why" 2>&1; then
  cat "$work/why"
  [ "${CI:-}" = true ] && exit 1
  exit 77
fi
bin=$work/venv/bin
"$bin/pip" install --quiet 'maturin>=1.9,<2' 'pytest>=8,<10' 'pytest-xdist>=3,<4' openstacksdk==4.22.0 uv mypy
rm -rf "$wheels"
(cd "$here" && "$bin/maturin" build --quiet --out "$wheels")
export MOCKSTACK_WHEEL=$(echo "$wheels"/mockstack-*.whl)
"$bin/pip" install --quiet "$MOCKSTACK_WHEEL"
echo "$(basename "$MOCKSTACK_WHEEL"): $(wc -c <"$MOCKSTACK_WHEEL") bytes"

# Out of a copy, so that what is tested is what is installed.
cp -r "$here/tests" "$here/pyproject.toml" "$work"
cd "$work"
export PATH=$bin:$PATH
(cd "$here" && mypy --cache-dir "$work/mypy")
for part in suite plugin install; do
  echo "--- tests/$part"
  pytest -q -p no:cacheprovider -W ignore -n 4 --tb short "tests/$part"
done
