#!/usr/bin/env bash
# Builds `seedbed` and, where the command needs the scripts, `migrator` or `migrator-without-seeds`: scripts/build.sh
# --bin PROGRAM...
#
# All commands use one call of cargo with one selection of packages, because with two selections, cargo would link the
# engine again each time that they alternate. Migrations are built without the features of the seeds, and so without the
# entities. Cargo keeps both builds. `seedbed`, called by hand, builds a migrator with the same selection and features
# (crates/seedbed-cli/src/programs.rs). The first build shows its progress; a later one is silent.
set -euo pipefail
folder=${CARGO_TARGET_DIR:-target}/debug
selection=(--package rds --package seedbed-cli)
if [[ " $* " == *" migrator-without-seeds "* ]]; then selection+=(--no-default-features --features rds/migrator); fi
# A migrator is linked again at each edit of a script, so the engine is a shared library there; musl has none.
if [[ $MACHTYPE != *musl* ]]; then selection+=(--features rds/dynamic_linking); fi
# In CI, a build must not change Cargo.lock.
if [[ -n ${CI-} ]]; then selection+=(--locked); fi
for program in "$@"; do
    if [[ $program != --bin && ! -x $folder/$program ]]; then loud=yes; fi
done
if [[ -z ${loud-} ]]; then
    selection+=(--quiet)
else
    echo 'building the tools: the first time this takes a few minutes' >&2
fi
cargo build "${selection[@]}" "$@" >&2
