#!/bin/sh
# Logs in as the environment says, then asks with curl: ask.sh METHOD PATH BODY [METHOD PATH BODY]…
# An empty BODY sends none; {id} in a PATH is the first id of the last answer that had one.
set -eu
root=${OS_AUTH_URL%/identity}
login='{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "'$OS_USERNAME'",
  "domain": {"name": "Default"}, "password": "'$OS_PASSWORD'"}}},
  "scope": {"project": {"name": "'$OS_PROJECT_NAME'", "domain": {"name": "Default"}}}}}'
head=$(curl -sS -o /dev/null -D - -H 'Content-Type: application/json' -d "$login" "$OS_AUTH_URL/v3/auth/tokens")
token=$(echo "$head" | tr -d '\r' | sed -n 's/^[Xx]-[Ss]ubject-[Tt]oken: //p')
id=
while [ $# -gt 0 ]; do
  path=$(echo "$2" | sed "s/{id}/$id/")
  # Cinder refuses a header that names another service alone.
  case $path in /compute*) version='OpenStack-API-Version: compute 2.37' ;; *) version= ;; esac
  answer=$(curl -sS -g -X "$1" -H "X-Auth-Token: $token" ${version:+-H "$version"} \
    ${3:+-H 'Content-Type: application/json' -d "$3"} "$root$path")
  found=$(echo "$answer" | sed 's/[,{]/\n/g' | sed -n 's/^ *"id": *"\([^"]*\)".*/\1/p' | head -n 1)
  id=${found:-$id}
  shift 3
done
