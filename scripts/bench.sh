#!/usr/bin/env bash
# Builds the benchmark and the migrator that it measures, for release, and runs it.
set -euo pipefail
here=$(dirname "$0")
choice=(--release --package bench)
# In CI a build that would have to change Cargo.lock is a mistake.
if [[ -n ${CI-} ]]; then choice+=(--locked); fi

"$here/cargo.sh" build "${choice[@]}" --bins
exec "$here/cargo.sh" run --quiet "${choice[@]}" -- "$@"
