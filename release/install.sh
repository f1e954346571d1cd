#!/bin/sh
# install.sh [VERSION] [FOLDER]: puts the program of a release into FOLDER (default: ~/.local/bin), once its archive has the checksum that
# the release names. Without VERSION it is the newest. MOCKSTACK_RELEASES is where the releases are.
set -eu

version=${1:-}
folder=${2:-$HOME/.local/bin}
releases=${MOCKSTACK_RELEASES:-https://github.com/OWNER/mockstack/releases}
if [ -n "$version" ]; then from=$releases/download/v${version#v}; else from=$releases/latest/download; fi

case $(uname -s)/$(uname -m) in
  Linux/x86_64) target=x86_64-unknown-linux-musl ;;
  Linux/aarch64 | Linux/arm64) target=aarch64-unknown-linux-musl ;;
  Darwin/x86_64) target=x86_64-apple-darwin ;;
  Darwin/arm64) target=aarch64-apple-darwin ;;
  MINGW*/x86_64 | MSYS*/x86_64 | CYGWIN*/x86_64) target=x86_64-pc-windows-msvc ;;
  *) echo "install.sh: there is no archive for $(uname -s) on $(uname -m): cargo install builds it" >&2; exit 1 ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
curl -fsSL --retry 3 -o SHA256SUMS "$from/SHA256SUMS"
archive=$(sed -n "s/^[0-9a-f]* [ *]\(mockstack-.*-$target\.tar\.gz\)\$/\1/p" SHA256SUMS)
[ -n "$archive" ] || { echo "install.sh: $from has no archive for $target" >&2; exit 1; }
curl -fsSL --retry 3 -o "$archive" "$from/$archive"
grep " [ *]$archive\$" SHA256SUMS >its-own
if command -v sha256sum >/dev/null; then sha256sum -c its-own; else shasum -a 256 -c its-own; fi >&2
tar -xzf "$archive"
mkdir -p "$folder"
for program in "${archive%.tar.gz}"/mockstack "${archive%.tar.gz}"/mockstack.exe; do
  # Another process may run the one that is there: it is put aside, not written over.
  if [ -f "$program" ]; then cp "$program" "$folder/.mockstack.new" && mv -f "$folder/.mockstack.new" "$folder/${program##*/}"; fi
done
"$folder/mockstack" --version
