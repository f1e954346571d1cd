# To be sourced with the name of a client, and a version of it if it is not the usual one: installs it, and sets
#   work       a folder that goes when the script ends
#   mockstack  the binary
#   steps      the command that takes the client through its steps
#   options    options of `mockstack run` without which the client does not find its cloud
#   python     a Python 3 for checks
# Ends the script with 1 or 77 (see README.md) if the client cannot be installed.
set -euo pipefail

name=${1:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

code=0
venv=$("$here/install.sh" "$name" "${2:-}" 2>"$work/why") || code=$?
if [ "$code" -ne 0 ]; then
  why=$(tail -n 1 "$work/why")
  if [ "$code" -eq 2 ] || [ "${CI:-}" = true ]; then
    echo "FAIL $name: cannot be installed: $why"
    exit 1
  fi
  echo "SKIP $name: $why"
  exit 77
fi

mockstack=${MOCKSTACK:-}
if [ -z "$mockstack" ]; then
  (cd "$root" && cargo build --quiet --release)
  mockstack=${CARGO_TARGET_DIR:-$root/target}/release/mockstack
fi

# steps_in FOLDER: the steps, out of a copy of this folder
steps_in() {
  if [ -e "$1/$name.py" ]; then steps=("$venv/bin/python" "$1/$name.py"); else steps=(bash "$1/$name.sh"); fi
}
steps_in "$here"
export PATH=$venv/bin:$PATH PYTHONWARNINGS=ignore PYTHONDONTWRITEBYTECODE=1

# Old clients speak to the release of their time; those in Go read other variables.
options=() python=$venv/bin/python
case $name in
  novaclient-2.17*) options=(--release icehouse) python=python3 ;;
  gophercloud) options=(--env-for gophercloud) python=python3 ;;
esac

# A HOME of its own: clients leave caches there.
export HOME=$work
