#!/usr/bin/env bash
# run.sh MOCKSTACK: the page in a browser, from a file and from a running cloud; two HTML validators and axe find nothing. UPDATE=1 writes the
# screenshots to compare with. 77: node, a browser or a package is missing and cannot be installed; a failure if CI=true.
set -euo pipefail
cd "$(dirname "$0")/../.."
mockstack=$(realpath "${1:?MOCKSTACK}")
home=${CLIENTS_HOME:-$PWD/target/clients}/page

missing() {
  echo "NOT TESTED: $1" >&2
  [ "${CI:-}" = true ] && exit 1 || exit 77
}

browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ] && [ "$(id -u)" = 0 ]; then
  { apt-get install -y chromium || { apt-get update && apt-get install -y chromium; }; } >/dev/null 2>&1 || true
  browser=$(command -v chromium || true)
fi
[ -n "$browser" ] || missing 'there is no Chromium: apt-get install chromium'
command -v npm >/dev/null || missing 'there is no npm: apt-get install npm'

packages=(playwright-core@1.65.1 axe-core@4.14.1 html-validate@10.17.0 vnu-jar@26.9.27 pngjs@7.0.0 pixelmatch@8.0.0)
if [ "$(cat "$home/installed" 2>/dev/null)" != "${packages[*]}" ]; then
  mkdir -p "$home"
  npm install --prefix "$home" --no-audit --no-fund --silent "${packages[@]}" >&2 || missing 'packages of npm cannot be installed'
  echo "${packages[*]}" >"$home/installed"
fi

BROWSER=$browser MOCKSTACK=$mockstack NODE_PATH=$home/node_modules timeout 300 node tests/page/page.cjs
