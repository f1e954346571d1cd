#!/bin/sh
# Logs in as the variables say, and boots a server at the URLs that the catalog has for their region.
set -eu

answer=$(mktemp) headers=$(mktemp)
trap 'rm -f "$answer" "$headers"' EXIT

# ask METHOD URL [BODY]: the answer is in $answer, its headers are in $headers
ask() {
  curl -sS -f -o "$answer" -D "$headers" -X "$1" -H "X-Auth-Token: ${token:-}" \
    ${3:+-H 'Content-Type: application/json' -d "$3"} "$2"
}

# first KEY: the value of the first "KEY": "value" of the answer
first() { sed 's/[,{]/\n/g' "$answer" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

domain='"domain": {"name": "'$OS_USER_DOMAIN_NAME'"}'
ask POST "$OS_AUTH_URL/v3/auth/tokens" '{"auth": {"identity": {"methods": ["password"], "password": {"user": {
  "name": "'"$OS_USERNAME"'", '"$domain"', "password": "'"$OS_PASSWORD"'"}}}, "scope": {"project": {"id": "'"$OS_PROJECT_ID"'"}}}}'
token=$(tr -d '\r' <"$headers" | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: //p')
catalog=$(cat "$answer")

# url TYPE: the public one of the region, without a slash at its end; nothing if there is none
url() {
  echo "$catalog" | sed 's/{ *"endpoints"/\n/g' | grep "\"type\": *\"$1\"" | sed 's/[{}]/\n/g' | grep '"interface": *"public"' |
    grep "\"region\": *\"$OS_REGION_NAME\"" | sed 's/.*"url": *"\([^"]*\)".*/\1/; s,/$,,'
}

# versioned TYPE VERSION: the same with a version in its path
versioned() { url "$1" | sed "\,/v[0-9],!s,\$,/$2,"; }

ask GET "$(versioned image v2)/images?status=active"
image=$(first id)
network=$(url network)
if [ -n "$network" ]; then
  ask GET "$(versioned network v2.0)/networks?router:external=false"
  network=', "networks": [{"uuid": "'$(first id)'"}]'
fi
compute=$(versioned compute v2.1)
ask GET "$compute/flavors?minDisk=10"
flavor=$(first id)
ask POST "$compute/servers" '{"server": {"name": "vm", "flavorRef": "'"$flavor"'", "imageRef": "'"$image"'"'"$network"'}}'
server=$(first id)
for pause in 0.1 0.2 0.4 1 1 1 1 1 1 1; do
  ask GET "$compute/servers/$server"
  [ "$(first status)" != ACTIVE ] || exit 0
  sleep "$pause"
done
echo "the server is $(first status)"
exit 1
