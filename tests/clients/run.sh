#!/usr/bin/env bash
# run.sh NAME: a real client goes through its steps inside `mockstack run`, which gets OPTIONS (such as --tls) too. Exit codes: 0 passed,
# 1 failed, 77 skipped.
. "$(dirname "$0")/prepare.sh"

timeout 300 "$mockstack" run "${options[@]}" ${OPTIONS:-} --record "$work/recording.jsonl" -- "${steps[@]}" 2>"$work/verdict" || code=$?
cat "$work/verdict"
[ "$code" -eq 0 ] || { echo "FAIL $name: exit code $code"; exit 1; }
grep -q '^verdict  *clean (exit code 0)$' "$work/verdict" || { echo "FAIL $name: the verdict is not clean"; exit 1; }
"$python" "$here/one_clean_boot.py" "$work/recording.jsonl" || { echo "FAIL $name: the recording"; exit 1; }
echo "PASS $name"
