#!/usr/bin/env bash
# container.sh ENGINE IMAGE: the container is small, has no rights, answers, and ends with the verdict. ENGINE is docker or podman, or buildah,
# which has nothing that runs here: then its root is mounted read-only into namespaces of its own, as root of this machine.
set -euo pipefail

engine=${1:?container.sh ENGINE IMAGE} image=${2:?container.sh ENGINE IMAGE}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
id='' own=''
cleanup() {
  if [ -n "$id" ]; then "$engine" rm -f "$id" >/dev/null 2>&1 || true; fi
  if [ -n "$own" ]; then kill "$own" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "FAIL container: $*"; cat "$work"/* 2>/dev/null; exit 1; }

# What each engine does: size, run (a cloud), ask (healthcheck in it), client COMMAND…, stop (its exit code; what it said goes to $work/said).
if [ "$engine" = buildah ]; then
  id=$(buildah from --pull-never "$image")
  folder=$(buildah mount "$id")
  config() { buildah inspect --format "{{range .OCIv1.Config.$1}}{{.}} {{end}}" "$id"; }
  user=$(buildah inspect --format '{{.OCIv1.Config.User}}' "$id")
  read -ra line <<<"$(config Entrypoint)$(config Cmd)"
  size() { du -sb "$folder" | cut -f 1; }
  inside() {
    # shellcheck disable=SC2016 # those are of the inner shell
    unshare --mount --pid --net --fork --kill-child bash -c 'ip link set lo up; mount --bind -o ro "$1" "$1"; cd "$1"; exec chroot --userspec="$2" . "${@:3}"' \
      inside "$folder" "$user" "$@"
  }
  run() {
    inside "${line[@]}" >"$work/said" 2>&1 &
    own=$!
    for _ in $(seq 200); do
      first=$own
      while child=$(pgrep -P "$first"); do first=$child; done
      [ "$(cat "/proc/$first/comm" 2>/dev/null)" != mockstack ] || break
      sleep 0.05
    done
    [ "$(awk '/^Uid|^CapEff/ {print $2}' "/proc/$first/status" | paste -sd ' ')" = '65532 0000000000000000' ] || fail 'it has rights'
    [ "$(awk '/^NSpid/ {print $3}' "/proc/$first/status")" = 1 ] || fail 'it is not process 1'
  }
  client() { nsenter --net --target "$first" "$@"; }
  ask() { client chroot --userspec="$user" "$folder" /mockstack healthcheck; }
  url() { echo http://127.0.0.1:8774; }
  stop() { local code=0; kill -TERM "$first"; wait "$own" || code=$?; own=''; return "$code"; }
else
  size() { "$engine" image inspect --format '{{.Size}}' "$image"; }
  inside() { "$engine" run --rm --read-only --cap-drop ALL --entrypoint "$1" "$image" "${@:2}"; }
  run() {
    id=$("$engine" run --detach --read-only --cap-drop ALL --publish 127.0.0.1::8774 "$image")
    [ "$("$engine" image inspect --format '{{.Config.User}}' "$image")" = 65532:65532 ] || fail 'it has rights'
  }
  client() { "$@"; }
  ask() { "$engine" exec "$id" /mockstack healthcheck; }
  url() { echo "http://$("$engine" port "$id" 8774 | head -1)"; }
  stop() { "$engine" stop --time 5 "$id" >/dev/null; "$engine" logs "$id" >"$work/said" 2>&1; return "$("$engine" wait "$id")"; }
fi

[ "$(size)" -le 12000000 ] || fail "$(size) bytes"
run
for _ in $(seq 100); do ask >"$work/health" 2>&1 && break; sleep 0.1; done
grep -q 'is up at http://127.0.0.1:8774' "$work/health" || fail 'it does not come up'
client env "OS_AUTH_URL=$(url)/identity" OS_USERNAME=demo OS_PASSWORD=secret OS_PROJECT_NAME=demo "$root/examples/boot.sh" >"$work/client" 2>&1 || fail 'a boot'
begun=$(date +%s%N)
stop || fail "SIGTERM ended it with $?"
took=$((($(date +%s%N) - begun) / 1000000))
grep -q 'verdict       clean' "$work/said" || fail 'no verdict'
[ "$took" -le 2000 ] || fail "it took $took ms to end"
code=0
inside /mockstack serve --record /recording.jsonl >"$work/record" 2>&1 || code=$?
if [ "$code" -ne 44 ] || ! grep -qi 'read-only' "$work/record"; then fail "the root can be written to: exit code $code"; fi
echo "PASS container: $(size) bytes, ended $took ms after SIGTERM"
