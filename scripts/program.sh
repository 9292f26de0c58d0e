#!/usr/bin/env bash
# Builds one of our programs if its source has changed, and runs it: program.sh PACKAGE PROGRAM [ARGUMENT]...
#
# Silent when there is little to build. The very first build takes a minute or two and shows its progress.
set -euo pipefail
package=$1 program=$2
shift 2
here=$(dirname "$0")

choice=(--package "$package" --bin "$program")
# As `make test` builds it, with the features that the whole workspace asks for: then it is compiled once, and the file
# that running tests start is not replaced under them. `cargo run` knows no --workspace.
if [[ $program == seedbed ]]; then choice=(--workspace --bin seedbed); fi
# The migrator is built again at each edit of a script, so it gets the engine as a shared library; musl has none.
if [[ $program == migrator && $MACHTYPE != *musl* ]]; then choice+=(--features dynamic); fi
# What writes the entities links none of them: it has to work when they do not compile.
if [[ $program/${1-} == entities/write ]]; then choice+=(--no-default-features); fi
# In CI a build that would have to change Cargo.lock is a mistake.
if [[ -n ${CI-} ]]; then choice+=(--locked); fi

file=${CARGO_TARGET_DIR:-target}/debug/$program
if [[ ! -x $file ]]; then
    "$here/cargo.sh" build "${choice[@]}" >&2
fi
if [[ $program == seedbed ]]; then
    "$here/cargo.sh" build --quiet "${choice[@]}"
    # Cargo's settings may name another folder, which only cargo knows.
    if [[ -x $file ]]; then exec "$file" "$@"; fi
    choice[0]=--package=seedbed
fi
# cargo replaces itself with the program: signals and the exit code are the program's own.
exec "$here/cargo.sh" run --quiet "${choice[@]}" -- "$@"
