#!/usr/bin/env bash
# Builds the program that disturbs real runs of the migrator, and runs it: scripts/torture.sh ['args=FLAGS']
#
# The program is a development build, because the tests use the same build, and because an overflow or a failed assertion
# in the engine panics in it. The server and the disk take most of the time of a run, so a release build would hardly
# disturb more runs.
set -euo pipefail
cd "$(dirname "$0")/.."
flags=()
for variable in "$@"; do
    case $variable in
        args=*) read -ra flags <<<"${variable#args=}" ;;
        *)
            echo "error: \`make torture\` does not accept \`${variable%%=*}=\`" >&2
            echo "hint: use \`args=\`, as in \`make torture args=\"--minutes 30\"\`" >&2
            exit 2
            ;;
    esac
done
choice=(--package torture)
# In CI, a build must not change Cargo.lock.
if [[ -n ${CI-} ]]; then choice+=(--locked); fi

cargo build --quiet "${choice[@]}" --bins
exec "${CARGO_TARGET_DIR:-target}/debug/torture" ${flags[@]+"${flags[@]}"}
