#!/usr/bin/env bash
# Decides where a command of the Makefile runs, and starts it there: scripts/launch.sh COMMAND [VARIABLE=VALUE]...
#
# RUN=local and RUN=docker override the decision. Otherwise the command runs on this machine if cargo is installed and a
# database is named; else in the tool container if a Docker engine answers; else on this machine. The script runs on
# bash 3.2, which macOS has.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/settings.sh
command=${1:?usage: make COMMAND}

# Variables on make's command line become arguments, so that no shell reads the values. For variables in capital
# letters, which belong to the environment, only the names are passed on, because a value may be a password.
for variable in ${SEEDBED_GIVEN-}; do
    case $variable in
        *[[:lower:]]*) set -- "$@" "$variable=${!variable}" && export -n "${variable?}" ;;
        *) set -- "$@" "$variable" ;;
    esac
done
# Make leaves its own flags in the environment, and a make that a build script starts would obey them.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES SEEDBED_GIVEN

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2 && exit "${3:-1}"; }

# A shell that has not read its profile since Rust was installed has no cargo on its PATH.
PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

# The variable that names the database of the command.
url_variable=DATABASE_URL
case $command in test | bench) url_variable=TEST_DATABASE_URL ;; esac

case ${RUN-} in
    docker) exec scripts/container.sh "$@" ;;
    local) ;;
    '')
        if ! { command -v cargo && is_set "$url_variable"; } >/dev/null && scripts/container.sh --answers; then
            exec scripts/container.sh "$@"
        fi
        ;;
    *) fail "\`RUN\` must be \`local\` or \`docker\`, not \`$RUN\`" "run \`make $command RUN=local\`" 2 ;;
esac

scripts/requirements.sh "$@"
case $command in
    fmt | fmt-check | lint | doc | check) exec scripts/check.sh "$@" ;;
    test-versions) exec scripts/versions.sh "${@:2}" ;;
    torture) exec scripts/torture.sh "${@:2}" ;;
    fresh-start | db-reset | seed-* | migrate-verify) programs=(--bin seedbed --bin migrator) ;;
    migrate-* | schema | schema-check | entities | entities-check) programs=(--bin seedbed --bin migrator-without-seeds) ;;
    *) programs=(--bin seedbed) ;;
esac
scripts/build.sh "${programs[@]}"
exec "${CARGO_TARGET_DIR:-target}/debug/seedbed" make "$@"
