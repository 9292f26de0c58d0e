#!/usr/bin/env bash
# Fails if documents, messages, comments or names use an idiom that docs/STYLE.md bans: scripts/idioms.sh [PATH...]
#
# Without arguments, as in `make lint`, the script reads everything except docs/STYLE.md, which names the idioms. An
# underscore counts as a blank, so that the idioms are found in the names of tests and functions too.
set -euo pipefail
cd "$(dirname "$0")/.."

# Each line has an extended regular expression, a tab, and the text to write instead.
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
    '//[/!]\^ (What|Who|Whoever|Whose) 	a noun: the reason why …, the state that …'
    '//[/!]\^ (Its|Their|It is|They are) 	the owner: the name of the script'
    '//[/!].* (of|with|in|for|by|from|under) that (name|names|kind|environment|code|number|key|id)([^a-z]|$)	the given name, the same name'
    '\bas (it has|they have) to be\b	expected'
    '\b(is|are|was|were) there already\b	exists'
    '\b(is|are) no part of\b	is not part of'
    '\bby way of\b	through, with'
    '\b(takes?|took) it for\b	treats it as'
    '\bone a line\b	one per line'
    '\b[Hh]ence\b	so, for this reason'
    '\bmend(s|ed|ing)?\b	correct, fix'
    '\bfor ever\b	forever'
    '\bany more([.,;:)]|$)	anymore, no longer'
    '\b(colours|behaviour|licence|recognis|optimis|normalis|initialis|serialis)	American spelling'
)

paths=(
    README.md CONTRIBUTING.md Cargo.toml deny.toml docker-compose.yml Makefile .ci .github docker scripts docs apps crates
)
if [[ $# -gt 0 ]]; then paths=("$@"); fi

files=()
while IFS= read -r file; do files+=("$file"); done < <(
    find "${paths[@]}" -type f \
        \( -name '*.md' -o -name '*.rs' -o -name '*.sh' -o -name '*.sql' -o -name '*.toml' -o -name '*.yml' -o -name '*.snap' \
        -o -name Makefile -o -name Dockerfile -o -path '.ci/*' \) \
        ! -path docs/STYLE.md ! -path scripts/idioms.sh ! -path '*/target/*' | LC_ALL=C sort
)

text=$(mktemp)
trap 'rm -f "$text"' EXIT
# The first line of a doc comment gets a mark, and the words of a name are separated.
awk '
    FNR == 1 { in_doc = 0 }
    { is_doc = /^ *\/\/[\/!]/ }
    is_doc && !in_doc { sub(/\/\/[\/!]/, "&^") }
    FILENAME ~ /\.rs$/ { gsub(/_/, " ") }
    { in_doc = is_doc; print FILENAME ":" FNR ":" $0 }
' "${files[@]}" >"$text"

found=0
for idiom in "${idioms[@]}"; do
    pattern=${idiom%%$'\t'*} instead=${idiom#*$'\t'}
    # Not every grep knows \b.
    words="(${pattern//\\b/})"
    if [[ $pattern == \\b* ]]; then words="(^|[^[:alnum:]])$words"; fi
    if [[ $pattern == *\\b ]]; then words="$words([^[:alnum:]]|$)"; fi
    if lines=$(grep -E -e "$words" "$text"); then
        printf '%s\n  write: %s\n' "$lines" "$instead" >&2
        found=$((found + $(grep -c '' <<<"$lines")))
    fi
done
if [[ $found -gt 0 ]]; then
    printf 'error: %d lines have an idiom that docs/STYLE.md bans\n' "$found" >&2
    printf 'hint: write what stands below each group\n' >&2
    exit 1
fi
