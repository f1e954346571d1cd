#!/usr/bin/env bash
# history.sh MOCKSTACK, built with the feature `databases`: eight writers at once in a folder, in SQLite and in a PostgreSQL that is made for
# it. 77: there is no PostgreSQL and it cannot be installed; a failure if CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."
mockstack=$(realpath "${1:?MOCKSTACK}")
work=$(mktemp -d)
postgres=
trap 'stop; rm -rf "$work"' EXIT
WRITERS=8

# as_owner COMMAND…: PostgreSQL does not run as root
as_owner() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

stop() {
  [ -z "$postgres" ] || as_owner "$postgres/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
}

missing() {
  echo "NOT TESTED: $1" >&2
  [ "${CI:-}" = true ] && exit 1 || exit 77
}

start() {
  local bin
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
  if [ -z "$bin" ] && [ "$(id -u)" = 0 ]; then
    { apt-get install -y postgresql || { apt-get update && apt-get install -y postgresql; }; } >/dev/null 2>&1 || true
    bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
  fi
  [ -n "$bin" ] || missing 'there is no PostgreSQL: apt-get install postgresql'
  postgres=$bin
  chmod 711 "$work"
  mkdir "$work/data" "$work/socket"
  echo geheim >"$work/password"
  [ "$(id -u)" != 0 ] || chown postgres "$work/data" "$work/socket" "$work/password"
  as_owner "$postgres/initdb" -D "$work/data" -U team --pwfile="$work/password" --auth=scram-sha-256 >/dev/null
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  as_owner "$postgres/pg_ctl" -D "$work/data" -l "$work/data/log" -w \
    -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$work/socket" start >/dev/null
}

# Each writer adds the same recording, and one of its own.
writers() {
  local store=$1 writer
  local -a all=()
  for writer in $(seq "$WRITERS"); do
    "$mockstack" history add "$work/boot.jsonl" --client shared --client-version 1.0 --store "$store" >>"$work/out" &
    all+=($!)
    "$mockstack" history add "$work/boot.jsonl" --client "own-$writer" --client-version 1.0 --store "$store" >>"$work/out" &
    all+=($!)
  done
  for writer in "${all[@]}"; do wait "$writer"; done
}

# count STORE: how many entries are there
count() { "$mockstack" history show --format json --store "$1" | grep -c '"client":' || true; }

check() {
  local name=$1 store=$2 found start=$SECONDS
  writers "$store"
  found=$(count "$store")
  [ "$found" = $((WRITERS + 1)) ] || { echo "FAIL $name: $found entries instead of $((WRITERS + 1))"; exit 1; }
  "$mockstack" can-i-upgrade --to 2026.2 --history "$store" --client shared >"$work/answer"
  grep -q '^train to 2026.2: yes$' "$work/answer" || { cat "$work/answer"; echo "FAIL $name: can-i-upgrade"; exit 1; }
  "$mockstack" history prune --versions 0 --client shared --store "$store" >/dev/null
  [ "$(count "$store")" = "$WRITERS" ] || { echo "FAIL $name: prune"; exit 1; }
  echo "ok   $name: $((2 * WRITERS)) writers at once, after $((SECONDS - start)) s"
}

"$mockstack" run --release train --record "$work/boot.jsonl" -- examples/boot.sh >/dev/null 2>&1
check folder "$work/history"
check SQLite "sqlite:$work/history.db"
start
PGPASSWORD=geheim check PostgreSQL "postgresql://team@127.0.0.1:$port/postgres"
if PGPASSWORD=falsch "$mockstack" history show --store "postgresql://team:falsch@127.0.0.1:$port/postgres" >"$work/out" 2>&1; then
  echo 'FAIL PostgreSQL: a wrong password'
  exit 1
fi
if grep -q falsch "$work/out"; then echo 'FAIL PostgreSQL: a password is told'; exit 1; fi
echo 'PASS history'
