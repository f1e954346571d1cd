#!/bin/sh
# Logs in as the variables say, and finds their region in the catalog.
set -eu
domain='"domain": {"name": "'$OS_USER_DOMAIN_NAME'"}'
login='{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "'$OS_USERNAME'", '$domain',
  "password": "'$OS_PASSWORD'"}}}, "scope": {"project": {"id": "'$OS_PROJECT_ID'"}}}}'
curl -sS -f -H 'Content-Type: application/json' -d "$login" "$OS_AUTH_URL/v3/auth/tokens" |
  grep -q "\"region\": *\"$OS_REGION_NAME\""
