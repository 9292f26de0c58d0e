#!/usr/bin/env bash
# Tests everything that Seedbed does with a schema on the schemas of public applications:
# scripts/public-schemas.sh [NAME]...
#
# Fetches the SQL files from the repositories of the applications into a temporary folder, and passes them to
# `make bench args="--public-schemas FILE..."`, which writes the table in docs/performance.md. The server for tests
# needs the extensions postgis and pg_partman. PUBLIC_SCHEMAS_FROM is the base URL of the repositories, instead of
# https://github.com.
set -euo pipefail
cd "$(dirname "$0")/.."

boundary() {
    # Boundary itself creates this table before its migrations, and drops it after them.
    echo 'CREATE TABLE log_migration (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, edition text,
        migration_version bigint, create_time timestamptz, entry text NOT NULL);'
    from hashicorp/boundary 'internal/db/schema/migrations/oss/postgres/*.up.sql'
}
danbooru() { from danbooru/danbooru db/structure.sql; }
inaturalist() { from inaturalist/inaturalist db/structure.sql; }
lago() { from getlago/lago-api db/structure.sql; }
openstreetmap() { from openstreetmap/openstreetmap-website db/structure.sql; }
synapse() { from element-hq/synapse 'synapse/storage/schema/*/full_schemas/72/full.sql.postgres'; }
temporal() { from temporalio/temporal schema/postgresql/v12/temporal/schema.sql; }
thingsboard() {
    local sql=dao/src/main/resources/sql
    from thingsboard/thingsboard $sql/schema-{entities,entities-idx,views,functions,ts-psql}.sql
}
names=(boundary danbooru inaturalist lago openstreetmap synapse temporal thingsboard)

# Prints the files of a repository that match the patterns, by the order of the patterns and of the versions in the names.
from() {
    local repository=$work/${1#*/} pattern path
    git clone --quiet --depth 1 --filter=blob:none --no-checkout "${PUBLIC_SCHEMAS_FROM:-https://github.com}/$1" "$repository"
    git -C "$repository" ls-tree -r --name-only HEAD | sort --version-sort >"$work/paths"
    for pattern in "${@:2}"; do
        while read -r path; do
            # shellcheck disable=SC2053 # a pattern
            if [[ $path == $pattern ]]; then git -C "$repository" show "HEAD:$path" && echo; fi
        done <"$work/paths"
    done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [[ $# -gt 0 ]]; then names=("$@"); fi
files=()
for name in "${names[@]}"; do
    "$name" >"$work/$name.sql"
    files+=("$work/$name.sql")
done
make bench args="--public-schemas ${files[*]}"
