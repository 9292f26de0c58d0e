#!/usr/bin/env bash
# Fails if documents, messages or comments use an idiom that docs/STYLE.md bans: scripts/idioms.sh [PATH...]
#
# Without arguments it reads the paths that are clean, which is how `make lint` calls it; add a path to `clean` once it
# is. `scripts/idioms.sh crates` lists what is left there. docs/STYLE.md, which names the idioms, is not read.
set -euo pipefail
cd "$(dirname "$0")/.."

# An extended regular expression, a tab, and what to write instead.
idioms=(
    'made? anew|makes? anew|making anew|made again from	recreated'
    '(in|as|for|lives) (a database )?for a moment|database for a moment|for a moment	temporary, or briefly'
    '\b(be|is|are|was|were) told\b	is reported, is printed'
    '\bbelongs? into\b	belongs in'
    '\b(what|that|which|who|it|and) (is|are) none\b	is not one, does not exist'
    '\bcatalogue	catalog'
    'private (PostgreSQL )?(server|cluster)	local server'
    '\bWho (waits|would|is|has|holds)\b|\bwho waits\b	a session that …, a runner that …'
    'as of every failure	as after every failure'
    '\bbe it\b	whether it is'
    '\bmade ready\b	prepared'
    '\b(rows|ones|users|names|widgets) of old\b	existing'
    '\bput back\b|\bgiv(e|es|en) back\b	reset, or released'
    '\bshall not\b	must not'
    '\b(behaviour|licence|recognis|optimis|normalis|initialis|serialis)	American spelling'
)

clean=(
    README.md CONTRIBUTING.md apps/backend/tools/rds/README.md docs/guide docs/decisions docs/ARCHITECTURE.md
    docs/reliability.md Makefile .ci docker scripts crates/entity crates/local-postgres crates/seedbed crates/seedbed-cli crates/seedbed-schema crates/seedbed-diagram
    crates/seedbed-migrator crates/seedbed-config crates/seedbed-dylib crates/seedbed-engine crates/seedbed-entities
    crates/seedbed-build crates/seedbed-sql crates/seedbed-testdb crates/test-support crates/torture
)
if [[ $# -gt 0 ]]; then clean=("$@"); fi

files=()
while IFS= read -r file; do files+=("$file"); done < <(
    find "${clean[@]}" -type f \( -name '*.md' -o -name '*.rs' -o -name '*.sh' -o -name '*.sql' -o -name Makefile \) \
        ! -path docs/STYLE.md ! -path scripts/idioms.sh ! -path '*/target/*' | LC_ALL=C sort
)

found=0
for idiom in "${idioms[@]}"; do
    pattern=${idiom%%$'\t'*} instead=${idiom#*$'\t'}
    # Not every grep knows \b.
    words=${pattern//\\b/}
    if [[ $pattern == \\b* || $pattern == *\\b ]]; then words="(^|[^[:alnum:]_])($words)"; fi
    if lines=$(grep -nEH -e "$words" "${files[@]}" /dev/null); then
        printf '%s\n  write: %s\n' "$lines" "$instead" >&2
        found=$((found + $(grep -c '' <<<"$lines")))
    fi
done
if [[ $found -gt 0 ]]; then
    printf 'error: %d lines have an idiom that docs/STYLE.md bans\n' "$found" >&2
    printf 'hint: write what stands below each group\n' >&2
    exit 1
fi
