#!/usr/bin/env bash
# Runs tests again and again beside busy processes: scripts/under-load.sh TIMES [VARIABLE=VALUE]...
#
# The variables are those of `make test`:
#
#     scripts/under-load.sh 50 module=seedbed-engine args="connection_loss:: lock_timeouts::"
#
# BUSY is the number of busy processes (8). The script exits with 1 if a run has failed, and shows the output of the run.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf "%s\n" "$*" >&2; }

times=${1:?usage: scripts/under-load.sh TIMES [VARIABLE=VALUE]...}
shift
# Only the tests run under load. They are built before the load starts, and so is the program that starts the server.
make --silent test "$@" args=--list >/dev/null

output=$(mktemp)
busy=()
finish() {
    # The processes are killed by their ids, because other users may run this script too.
    if [[ ${#busy[@]} -gt 0 ]]; then kill "${busy[@]}" 2>/dev/null || true; fi
    rm -f "$output"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for ((i = 0; i < ${BUSY:-8}; i++)); do
    (while :; do :; done) &
    busy+=($!)
done
failed=0
for ((run = 1; run <= times; run++)); do
    SECONDS=0
    if make --silent test "$@" >"$output" 2>&1; then
        say "run $run of $times passed, in $SECONDS s"
    else
        failed=$((failed + 1))
        cat "$output" >&2
        say "run $run of $times FAILED, in $SECONDS s"
    fi
done
if [[ $failed -gt 0 ]]; then say "error: $failed of $times runs failed" && exit 1; fi
say "all $times runs passed"
