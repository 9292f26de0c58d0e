#!/usr/bin/env bash
# Runs every check but the tests, the quick ones first, and all of them whatever fails: each failure is one more thing
# that the same pull request has to mend. At the end it tells what failed, and the command for it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source scripts/lib/say.sh

# Of each check, what mends it; without a command of its own, the one that shows it again.
checks=(
    'fmt-check make fmt'
    'schema-check make schema'
    'entities-check make entities'
    'lint make lint shows it again'
    'doc make doc shows it again'
)
failed=() hints=()
for check in "${checks[@]}"; do
    name=${check%% *}
    if [[ ${MAKEFLAGS-} != n ]]; then say "==> $name"; fi
    scripts/run.sh "$name"
    code=$?
    # Ctrl-C ends all of it.
    if [[ $code -eq 130 ]]; then exit 130; fi
    if [[ $code -ne 0 ]]; then
        failed+=("$name")
        hints+=("${check#* }")
    fi
done
if [[ ${#failed[@]} -gt 0 ]]; then
    say ''
    for i in "${!failed[@]}"; do say "$(printf '%-15s failed: %s' "${failed[i]}" "${hints[i]}")"; done
    fail "${#failed[@]} of ${#checks[@]} checks failed" ''
fi
if [[ ${MAKEFLAGS-} != n ]]; then say "all ${#checks[@]} checks passed"; fi
