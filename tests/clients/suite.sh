#!/bin/sh
# A suite of 40 tests in four processes against one server: exactly the test that breaks its contract fails, and every report
# points at its file and line. VENV gets pytest, pytest-xdist and openstacksdk if it has none.
# Usage: suite.sh MOCKSTACK VENV
set -eu
mockstack=$1 venv=$2
suite=$(cd "$(dirname "$0")/suite" && pwd)
work=$(mktemp -d)
[ -x "$venv/bin/pytest" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install -q pytest pytest-xdist openstacksdk; }
trap 'kill "$server" 2>/dev/null || :; rm -rf "$work"' EXIT
"$mockstack" serve --ready-file "$work/ready" --record "$work/r.jsonl" --report junit="$work/junit.xml" \
    --report sarif="$work/log.sarif" --report github="$work/annotations" >"$work/out" 2>"$work/err" &
server=$!
while [ ! -s "$work/ready" ]; do sleep 0.05; done
MOCKSTACK_URL=$(sed 's|/identity$||' "$work/ready")
export MOCKSTACK_URL
cd "$suite"
"$venv/bin/python" -m pytest -q -p no:cacheprovider -n 4 --tb=line . >"$work/pytest" 2>&1 || :
kill "$server"
code=0
wait "$server" || code=$?
tail -n 5 "$work/pytest"
line=$(grep -n 'def test_tags' test_servers.py | cut -d: -f1)
[ "$code" = 40 ]
grep -q '39 passed, 1 error' "$work/pytest" || grep -q '1 error' "$work/pytest"
grep -q 'not yet: lives in 2.52' "$work/pytest"
# Exactly one test fails, and the verdict as a whole.
[ "$(grep -c '<failure' "$work/junit.xml")" = 2 ]
grep -q "name=\"test_servers.py::test_tags\" file=\"test_servers.py\" line=\"$line\"" "$work/junit.xml"
[ "$(grep -c '<testcase classname="test_servers.py"' "$work/junit.xml")" = 40 ]
grep -q "^::error file=test_servers.py,line=$line,title=mockstack%3A not-yet::" "$work/annotations"
"$venv/bin/python" - "$work/log.sarif" "$line" <<'PY'
import json, sys
results = json.load(open(sys.argv[1]))["runs"][0]["results"]
place = results[0]["locations"][0]["physicalLocation"]
assert len(results) == 1 and results[0]["ruleId"] == "not-yet", results
assert place == {"artifactLocation": {"uri": "test_servers.py"}, "region": {"startLine": int(sys.argv[2])}}, place
PY
echo "suite: 40 tests in four processes, one of them fails, at test_servers.py:$line"
