#!/usr/bin/env bash
# install-novaclient-2.17.sh HOME: python-novaclient 2.17.0 (Icehouse) into a venv of Python 2.7; prints the folder of the venv.
set -euo pipefail

venv=$1/novaclient-2.17
if [ -x "$venv/bin/nova" ]; then
  echo "$venv"
  exit
fi
python=
for candidate in "${PYTHON27:-}" python2.7 "$HOME/.pyenv/versions/2.7.18/bin/python"; do
  if [ -n "$candidate" ] && "$candidate" -m pip --version >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "no Python 2.7 with pip; PYTHON27=PATH names one" >&2
  exit 1
fi
# virtualenv goes beside the venv, unless that Python has it: nothing outside of HOME changes.
if ! "$python" -m virtualenv --version >/dev/null 2>&1; then
  export PYTHONPATH=$1/virtualenv-2.7
  "$python" -m pip --quiet --disable-pip-version-check install --upgrade --target "$PYTHONPATH" 'virtualenv<20.22' >&2
fi
rm -rf "$venv"
"$python" -m virtualenv -q "$venv" >&2
unset PYTHONPATH
pip=("$venv/bin/pip" --quiet --disable-pip-version-check install)
# The last releases for Python 2.7; pbr as the setup of 2.17.0 wants it.
"${pip[@]}" 'pbr<1' requests==2.27.1 simplejson 'prettytable<0.8' iso8601==0.1.16 Babel==2.9.1 six >&2
"${pip[@]}" --no-build-isolation python-novaclient==2.17.0 >&2 || "${pip[@]}" --no-deps python-novaclient==2.17.0 >&2
echo "$venv"
