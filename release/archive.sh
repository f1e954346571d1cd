#!/usr/bin/env bash
# archive.sh TARGET [FOLDER]: builds the program for TARGET, a triple of Rust's that runs here, and packs it with completions, man pages,
# licences, README and CHANGELOG into FOLDER/mockstack-VERSION-TARGET.tar.gz (default: target/archives), which FOLDER/SHA256SUMS then
# lists. With the same toolchain one commit gives the same bytes, in whatever folder: no path, no time and no umask is in them.
# PROGRAM, if set, is packed instead of what is built. For musl it needs `rustup target add TARGET` and musl-gcc (Debian: musl-tools).
set -euo pipefail

target=${1:?archive.sh TARGET [FOLDER]}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
built=${CARGO_TARGET_DIR:-$root/target}
archives=${2:-$built/archives}
mkdir -p "$archives"
archives=$(cd "$archives" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

# Without git, as in the published crate, it has to be set.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
export RUSTFLAGS="--remap-path-prefix=$root=. --remap-path-prefix=$built=target --remap-path-prefix=$registry=registry"
[[ $target == *windows* ]] || export CFLAGS="-ffile-prefix-map=$built=target -ffile-prefix-map=$registry=registry"
program=mockstack
[[ $target != *windows* ]] || program=mockstack.exe
if [ -z "${PROGRAM:-}" ]; then
  cargo build --quiet --locked --profile wheel --target "$target"
  PROGRAM=$built/$target/wheel/$program
fi
name=mockstack-$version-$target
packed=$work/$name
mkdir -p "$packed/completions" "$packed/man"
cp "$PROGRAM" "$packed/$program"
cp LICENSE-APACHE LICENSE-MIT README.md CHANGELOG.md "$packed"
"$packed/$program" man "$packed/man"
for shell in bash elvish fish powershell zsh; do
  "$packed/$program" completions "$shell" >"$packed/completions/mockstack.$shell"
done

# GNU's: Apple's has no --sort.
tar=$(command -v gtar || command -v tar)
"$tar" --create --directory "$work" --sort=name --format=ustar --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
  --mode='u=rwX,go=rX' "$name" | gzip -9n >"$archives/$name.tar.gz"
cd "$archives"
sums() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }
sums mockstack-*.tar.gz >SHA256SUMS
grep "$name" SHA256SUMS
