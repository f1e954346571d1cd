#!/usr/bin/env bash
# install-gophercloud.sh HOME: builds gophercloud.go with the Go and the gophercloud that Debian packages; prints the folder
# that has it in its bin. With CI=true it installs the packages, if it may; otherwise it only says which are missing.
set -euo pipefail

packages=(golang-go golang-github-gophercloud-gophercloud-dev)
sources=/usr/share/gocode
folder=$1/gophercloud
program=$(cd "$(dirname "$0")" && pwd)/gophercloud.go

is_there() {
  command -v go >/dev/null && [ -d "$sources/src/github.com/gophercloud/gophercloud" ]
}

# as_root COMMAND…
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

if ! is_there && [ "${CI:-}" = true ] && command -v apt-get >/dev/null; then
  as_root apt-get -qq update >&2 || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${packages[@]}" >&2 || true
fi
if ! is_there; then
  echo "no Go with gophercloud in $sources (on Debian: apt install ${packages[*]})" >&2
  exit 1
fi
mkdir -p "$folder/bin"
# Without modules, as Debian's packages are meant to be used; go itself knows when there is nothing to build.
GO111MODULE=off GOPATH=$sources GOCACHE=$folder/cache go build -o "$folder/bin/gophercloud" "$program" >&2
echo "$folder"
