#!/usr/bin/env bash
# install.sh NAME [VERSION]: installs a client into a folder of its own (a venv, if it is in Python), unless it is there, and prints the
# folder. VERSION is another one of python-openstackclient or python-novaclient than usual.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
home=${CLIENTS_HOME:-$root/target/clients}

version=${2:-}
if [ -n "$version" ] && [ "$1" != osc ] && [ "$1" != novaclient-18 ]; then
  echo "$1 is there in one version; osc and novaclient-18 are in others" >&2
  exit 2
fi
case ${1:-} in
  novaclient-2.17 | novaclient-2.17-v3) exec "$(dirname "$0")/install-novaclient-2.17.sh" "$home" ;;
  gophercloud) exec "$(dirname "$0")/install-gophercloud.sh" "$home" ;;
  sdk-proxy | sdk-cloud) venv=$home/sdk packages=(openstacksdk==4.22.0) ;;
  osc) venv=$home/osc${version:+-$version} packages=("python-openstackclient==${version:-10.5.0}" openstacksdk==4.22.0) ;;
  tempest) venv=$home/tempest packages=(tempest==47.0.0) ;;
  novaclient-18) venv=$home/novaclient-18${version:+-$version} packages=("python-novaclient==${version:-18.13.1}") ;;
  *)
    echo "usage: install.sh sdk-proxy|sdk-cloud|osc|novaclient-18|novaclient-2.17|novaclient-2.17-v3|gophercloud|tempest [VERSION]" >&2
    exit 2
    ;;
esac

# The mark is written last and names the versions, so that neither a broken nor an old installation counts.
mark=$venv/installed
if [ "$(cat "$mark" 2>/dev/null)" = "${packages[*]}" ]; then
  echo "$venv"
  exit
fi

# The first Python that is new enough and can make a venv: a command of that name may be there and not work.
for python in python3 python3.14 python3.13 python3.12 python3.11; do
  rm -rf "$venv"
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  "$python" -m venv "$venv" >/dev/null 2>&1 && break
done
if [ ! -x "$venv/bin/pip" ]; then
  echo "no Python of at least 3.11 that can make a venv (on Debian: apt install python3-venv)" >&2
  exit 1
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}" >&2
echo "${packages[*]}" >"$mark"
echo "$venv"
