#!/usr/bin/env bash
# context.sh FOLDER ARCHIVE…: what Containerfile takes its program from: FOLDER/ARCHITECTURE/mockstack out of each archive of release/archive.sh
# for musl.
set -euo pipefail

folder=${1:?context.sh FOLDER ARCHIVE…}
shift
for archive in "$@"; do
  case $archive in
    *-x86_64-unknown-linux-musl.tar.gz) architecture=amd64 ;;
    *-aarch64-unknown-linux-musl.tar.gz) architecture=arm64 ;;
    *) echo "context.sh: $archive is not for musl" >&2; exit 1 ;;
  esac
  mkdir -p "$folder/$architecture"
  name=$(basename "$archive" .tar.gz)
  tar -xzf "$archive" -C "$folder/$architecture" --strip-components=1 "$name/mockstack"
done
