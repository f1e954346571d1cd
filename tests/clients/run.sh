#!/usr/bin/env bash
# run.sh NAME: a real client goes through its steps inside `mockstack run`. Exit codes: 0 passed, 1 failed, 77 skipped.
set -euo pipefail

name=${1:-}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

code=0
venv=$("$here/install.sh" "$name" 2>"$work/why") || code=$?
if [ "$code" -ne 0 ]; then
  why=$(tail -n 1 "$work/why")
  if [ "$code" -eq 2 ] || [ "${CI:-}" = true ]; then
    echo "FAIL $name: cannot be installed: $why"
    exit 1
  fi
  echo "SKIP $name: $why"
  exit 77
fi

mockstack=${MOCKSTACK:-}
if [ -z "$mockstack" ]; then
  (cd "$root" && cargo build --quiet --release)
  mockstack=${CARGO_TARGET_DIR:-$root/target}/release/mockstack
fi

if [ -e "$here/$name.py" ]; then steps=("$venv/bin/python" "$here/$name.py"); else steps=(bash "$here/$name.sh"); fi
export PATH=$venv/bin:$PATH PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1

# Old clients speak to the release of their time.
release=() python=$venv/bin/python
case $name in novaclient-2.17*) release=(--release icehouse) python=python3 ;; esac

# A HOME of its own: clients leave caches there.
HOME=$work timeout 300 "$mockstack" run "${release[@]}" --record "$work/recording.jsonl" -- "${steps[@]}" 2>"$work/verdict" || code=$?
cat "$work/verdict"
[ "$code" -eq 0 ] || { echo "FAIL $name: exit code $code"; exit 1; }
grep -q '^verdict  *clean (exit code 0)$' "$work/verdict" || { echo "FAIL $name: the verdict is not clean"; exit 1; }
"$python" "$here/one_clean_boot.py" "$work/recording.jsonl" || { echo "FAIL $name: the recording"; exit 1; }
echo "PASS $name"
