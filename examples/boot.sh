#!/bin/sh
# Boots a server with nothing but curl, as a client would: log in, look up image and network, POST, poll, delete.
#   boot.sh          a right request at microversion 2.37
#   boot.sh tags     the same with "tags", which that version does not have yet
#   boot.sh tags latest    at the last microversion that the cloud has
set -eu

# first KEY: the value of the first "KEY": "value" on standard input
first() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }
# one line a key, so that `first` finds the first
lines() { sed 's/[,{]/\n/g'; }

headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

version=${2:-2.37}
root=${OS_AUTH_URL%/identity}
login='{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "'$OS_USERNAME'",
  "domain": {"name": "Default"}, "password": "'$OS_PASSWORD'"}}},
  "scope": {"project": {"name": "'$OS_PROJECT_NAME'", "domain": {"name": "Default"}}}}}'
[ -z "${OS_CACERT:-}" ] || export CURL_CA_BUNDLE="$OS_CACERT"
curl -sS -o /dev/null -D "$headers" -H 'Content-Type: application/json' -d "$login" "$OS_AUTH_URL/v3/auth/tokens"
token=$(tr -d '\r' <"$headers" | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: //p')

# ask METHOD PATH [BODY]: at that microversion, with the token
ask() {
  curl -sS -X "$1" -H "X-Auth-Token: $token" -H "OpenStack-API-Version: compute $version" \
    ${3:+-H 'Content-Type: application/json' -d "$3"} "$root$2"
}

image=$(ask GET '/image/v2/images?name=cirros' | lines | first id)
network=$(ask GET '/network/v2.0/networks?name=private' | lines | first id)
tags=
[ "${1:-}" != tags ] || tags=', "tags": ["web"]'
answer=$(ask POST /compute/v2.1/servers '{"server": {"name": "vm1", "flavorRef": "1", "imageRef": "'"$image"'",
  "networks": [{"uuid": "'"$network"'"}]'"$tags"'}}')
server=$(echo "$answer" | lines | first id)
if [ -z "$server" ]; then
  echo "refused: $answer"
  exit 0
fi
ask GET "/compute/v2.1/servers/$server" | lines | first status
ask DELETE "/compute/v2.1/servers/$server"
