#!/usr/bin/env bash
# snapshots.sh NAME: what a CI job with snapshots sees of a real client, in three runs. The first has none: they are left
# pending, and it fails; once they are accepted the second is clean; the third boots another flavor, and fails with the diff.
# Exit codes: 0 passed, 1 failed, 77 skipped.
. "$(dirname "$0")/prepare.sh"
export CI=true

# runs CODE WHAT: the client's steps with snapshots end with CODE
runs() {
  local code=0
  timeout 300 "$mockstack" run "${options[@]}" --snapshots "$work/snapshots" -- "${steps[@]}" >"$work/out" 2>"$work/verdict" || code=$?
  [ "$code" -eq "$1" ] && echo "ok   $2: exit code $code" && return
  cat "$work/out" "$work/verdict"
  echo "FAIL $name: $2: exit code $code instead of $1"
  exit 1
}

# shows REGEX
shows() {
  grep -Eq -- "$1" "$work/verdict" || { cat "$work/verdict"; echo "FAIL $name: the verdict does not show $1"; exit 1; }
}

runs 43 'without snapshots'
pending=$(find "$work/snapshots" -name '*.snap.new' | wc -l)
[ "$pending" -gt 0 ] || { echo "FAIL $name: nothing is pending"; exit 1; }
"$mockstack" accept --snapshots "$work/snapshots" | tail -n 1
[ -z "$(find "$work/snapshots" -name '*.snap.new')" ] || { echo "FAIL $name: something is still pending"; exit 1; }
runs 0 "with $pending snapshots accepted"

cp -r "$here" "$work/changed"
sed -i 's/m1\.tiny/m1.small/' "$work/changed"/steps.*
steps_in "$work/changed"
runs 43 'with another flavor'
shows '^ *- *"flavorRef": "1"'
shows '^ *\+ *"flavorRef": "2"'
grep -E -B 12 -A 12 '\+ *"flavorRef": "2"' "$work/verdict" | head -n 40
echo "PASS $name with snapshots"
