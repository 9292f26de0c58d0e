#!/usr/bin/env bash
# Formats the workspace, or checks it with --check.
#
# rustfmt follows `mod` lines. The scripts that build.rs discovers have none, so it would skip them in silence.
set -euo pipefail
cd "$(dirname "$0")/.."

files=()
while IFS= read -r file; do files+=("$file"); done < <(
    find apps \( -path '*/src/migrations/*' -o -path '*/src/seeds/*' \) -name '*.rs' | LC_ALL=C sort
)
exec scripts/cargo.sh fmt --all -- "$@" ${files[@]+"${files[@]}"}
