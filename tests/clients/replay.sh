#!/usr/bin/env bash
# replay.sh NAME [VERSION]: a real client goes through its steps against its recording in fixtures/recordings, twice: green, and with the
# same verdict to the byte. VERSION is another one of the client than that which was recorded. Exit codes: 0 passed, 1 failed, 77 skipped.
. "$(dirname "$0")/prepare.sh"
recording=$root/fixtures/recordings/$name.jsonl

for time in 1 2; do
  code=0
  timeout 300 "$mockstack" replay "$recording" "${options[@]}" --strict --report "json=$work/report$time" -- "${steps[@]}" \
    >"$work/out" 2>"$work/verdict$time" || code=$?
  cat "$work/out" "$work/verdict$time"
  [ "$code" -eq 0 ] || { echo "FAIL $name: exit code $code"; exit 1; }
done
for file in verdict report; do
  cmp "$work/${file}1" "$work/${file}2" || { echo "FAIL $name: the two runs differ"; exit 1; }
done
echo "PASS $name${2:+ $2}, replayed twice"
