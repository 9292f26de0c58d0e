#!/usr/bin/env bash
# Builds the benchmark and the migrator that it measures as release builds, and runs the benchmark. `--first-build` and
# `--entities` need no release build.
set -euo pipefail
choice=(--package bench)
if [[ " $* " != *' --first-build '* && " $* " != *' --entities '* ]]; then choice+=(--release); fi
# In CI, a build must not change Cargo.lock.
if [[ -n ${CI-} ]]; then choice+=(--locked); fi

cargo build "${choice[@]}" --bins
exec cargo run --quiet "${choice[@]}" -- "$@"
