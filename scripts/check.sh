#!/usr/bin/env bash
# Runs one check of this workspace that needs no database, or with `check` all checks: scripts/check.sh COMMAND
set -uo pipefail
cd "$(dirname "$0")/.." || exit
command=$1
shift

fail() {
    printf 'error: %s\n' "$1" >&2
    if [[ -n ${2-} ]]; then printf 'hint: %s\n' "$2" >&2; fi
    exit "${3:-1}"
}
for variable in "$@"; do
    case $variable in *=*) fail "\`make $command\` does not accept \`${variable%%=*}=\`" '' 2 ;; esac
done
# In CI, a build must not change Cargo.lock.
locked=()
if [[ -n ${CI-} ]]; then locked=(--locked); fi

# rustfmt follows `mod` lines. The scripts that build.rs discovers have no `mod` line, so they are passed by name.
format() {
    local files=()
    while IFS= read -r file; do files+=("$file"); done < <(
        find apps \( -path '*/src/migrations/*' -o -path '*/src/seeds/*' \) -name '*.rs' | LC_ALL=C sort
    )
    exec cargo fmt --all -- "$@" ${files[@]+"${files[@]}"}
}

# All checks run, the quick ones first, even if one fails, because the same pull request has to correct every failure.
# Each check has the command that corrects its failure, or else the command that shows it again.
checks=(
    'fmt-check make fmt'
    'schema-check make schema'
    'entities-check make entities'
    'lint make lint shows it again'
    'doc make doc shows it again'
)
all() {
    local check name code failed=()
    for check in "${checks[@]}"; do
        name=${check%% *}
        printf '==> %s\n' "$name" >&2
        RUN=local SEEDBED_GOALS=$name scripts/launch.sh "$name"
        code=$?
        # Ctrl-C ends all checks.
        if [[ $code -eq 130 ]]; then exit 130; fi
        if [[ $code -ne 0 ]]; then failed+=("$check"); fi
    done
    if [[ ${#failed[@]} -eq 0 ]]; then
        printf 'all %d checks passed\n' "${#checks[@]}" >&2
        exit
    fi
    echo >&2
    for check in "${failed[@]}"; do printf '%-15s failed: %s\n' "${check%% *}" "${check#* }" >&2; done
    fail "${#failed[@]} of ${#checks[@]} checks failed"
}

case $command in
    fmt) format ;;
    fmt-check) format --check ;;
    lint)
        scripts/idioms.sh || exit
        exec cargo clippy ${locked[@]+"${locked[@]}"} --workspace --all-targets -- -D warnings
        ;;
    doc) RUSTDOCFLAGS='-D warnings' exec cargo doc ${locked[@]+"${locked[@]}"} --workspace --no-deps ;;
    check) all ;;
esac
