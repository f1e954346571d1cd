# One line a step; the first that fails ends the client. To be sourced.
set -euo pipefail
image=cirros flavor=m1.tiny network=private server=vm1
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# fails NAME WHY: ends the client
fails() {
  echo "FAIL $1: $2"
  cat "$out"
  exit 1
}

# shows REGEX COMMAND…: the command works, and its output matches (no REGEX: whatever it is)
shows() {
  local regex=$1
  shift
  "$@" >"$out" 2>&1 && { [ -z "$regex" ] || grep -Eq -- "$regex" "$out"; }
}

# wanted NAME: is the step to be taken? ONLY=NAME,NAME leaves the others out
wanted() {
  [[ -z ${ONLY:-} || ",$ONLY," == *",$1,"* ]]
}

# step NAME REGEX COMMAND…: shows it at once
step() {
  local name=$1
  wanted "$name" || return 0
  shift
  shows "$@" || fails "$name" "$*"
  echo "ok   $name"
}

# until_step NAME REGEX COMMAND…: shows it sooner or later
until_step() {
  local name=$1
  wanted "$name" || return 0
  shift
  for _ in $(seq 30); do
    shows "$@" && echo "ok   $name" && return
    sleep 1
  done
  fails "$name" "$*"
}

# gone COMMAND…: sooner or later it fails, because there is no such server
gone() {
  wanted gone || return 0
  for _ in $(seq 30); do
    "$@" >"$out" 2>&1 || break
    sleep 1
  done
  grep -Eqi 'no server|could not be found' "$out" || fails gone "$*"
  echo 'ok   gone'
}

# nova_life: what any release's `nova` command does with the server once it is booted
nova_life() {
  step show '\| status +\| ACTIVE ' nova show "$server"
  step list "\\| $server +\\| ACTIVE " nova list
  step stop '' nova stop "$server"
  until_step SHUTOFF '\| status +\| SHUTOFF ' nova show "$server"
  step start '' nova start "$server"
  until_step ACTIVE '\| status +\| ACTIVE ' nova show "$server"
  step delete '' nova delete "$server"
  gone nova show "$server"
}
