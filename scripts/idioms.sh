#!/usr/bin/env bash
# Fails if documents, messages or comments use an idiom that docs/STYLE.md bans: scripts/idioms.sh [PATH...]
#
# Without arguments it reads everything, which is how `make lint` calls it, except docs/STYLE.md, which names the idioms.
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

paths=(
    README.md CONTRIBUTING.md Cargo.toml deny.toml docker-compose.yml Makefile .ci .github docker scripts docs apps crates
)
# These are not clean yet.
skipped=(-path 'crates/seedbed-generate/src/present*' -o -path 'apps/backend/tools/entities/*')
if [[ $# -gt 0 ]]; then paths=("$@") skipped=(-false); fi

files=()
while IFS= read -r file; do files+=("$file"); done < <(
    find "${paths[@]}" -type f \
        \( -name '*.md' -o -name '*.rs' -o -name '*.sh' -o -name '*.sql' -o -name '*.toml' -o -name '*.yml' -o -name '*.snap' \
        -o -name Makefile -o -name Dockerfile -o -path '.ci/*' \) \
        ! -path docs/STYLE.md ! -path scripts/idioms.sh ! -path '*/target/*' ! \( "${skipped[@]}" \) | LC_ALL=C sort
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
