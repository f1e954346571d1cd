# shellcheck shell=bash disable=SC2034,SC2154
# Sourced: runs blocks of a page as they stand there. $page is the page.

# block HEADING: the first block of shell below it
block() {
  awk -v heading="## $1" '$0 == heading {on = 1} on && /^```$/ && code {exit} on && code {print} on && /^```sh$/ {code = 1}' "$page"
}

# fence MARK: the block below `<!-- MARK -->`
fence() {
  awk -v mark="<!-- $1 -->" '$0 == mark {on = 1} on && /^```$/ {exit} code {print} on && /^```[a-z]+$/ {code = 1}' "$page"
}

# shown HEADING [COMMAND…]: runs the block in the folder that is there, with a shell that COMMAND starts; its output is in `out`
shown() {
  local code start=$SECONDS
  code=$(block "$1")
  [ -n "$code" ] || { echo "FAIL $1: no block"; return 1; }
  "${@:2}" bash -ec "$code" >out 2>&1 || { cat out; echo "FAIL $1"; return 1; }
  echo "ok   $1, after $((SECONDS - start)) s"
}

# try COMMAND: in a folder of its own; a failure is kept in $failed
failed=0
try() {
  mkdir "$work/$1"
  # With `||` behind it, a shell would go on after an error.
  (set -e; cd "$work/$1"; "$1") &
  wait $! || { echo "FAIL $1"; failed=1; }
}
