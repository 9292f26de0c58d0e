#!/usr/bin/env bash
# This script runs the commands of a developer who has Docker and make but not Rust, in two clones of the checkout. Then it
# builds and runs the production image. It needs a Docker engine, and takes up to half an hour, mostly for building:
# scripts/docker-journey.sh [STEP]...
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/seedbed-docker.XXXXXX")
# The output of the last command.
said=$folder/said
as_owner=()
if [[ $(id -u) -eq 0 ]]; then
    # The clones belong to a user that no image has. That user may use the engine.
    owner=12345
    as_owner=(setpriv "--reuid=$owner" "--regid=$owner" "--groups=$(stat -c %g /var/run/docker.sock)" --)
else
    owner=$(id -u)
fi
network=''

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "error: $*"
    exit 1
}
docker info >/dev/null 2>&1 || {
    say "error: no Docker engine answers"
    say "hint: start Docker; .ci/run without arguments needs none"
    exit 1
}

# Runs a command as on a machine with Docker and make, and without Seedbed.
in_clone() (cd "$folder/$1/seedbed" && shift && exec env -i HOME="$folder/home" PATH=/usr/local/bin:/usr/bin:/bin RUN=docker ${as_owner[@]+"${as_owner[@]}"} "$@")
works() {
    printf '$ %s\n' "${*:2}"
    in_clone "$@" >"$said" 2>&1 </dev/null || { cat "$said" >&2 && fail "this should have worked: ${*:2}"; }
}
fails() {
    printf '$ %s   (has to fail)\n' "${*:2}"
    if in_clone "$@" >"$said" 2>&1 </dev/null; then cat "$said" >&2 && fail "this should have failed: ${*:2}"; fi
}
says() { grep --quiet --fixed-strings -e "$1" "$said" || { cat "$said" >&2 && fail "the output lacks: $1"; }; }
# Waits until a command succeeds; two minutes at most.
until_true() {
    for _ in $(seq 600); do
        if "$@"; then return; fi
        sleep 0.2
    done
    fail "this never came true: $*"
}
project() (cd "$folder/$1/seedbed" && printf 'seedbed-%s' "$(pwd -P | cksum | cut -d' ' -f1)")
sql() { docker exec "$(project one)-db" psql --username=seedbed --no-psqlrc -qAtc "$1" "${2:-seedbed}"; }
is_running() { docker exec "$(project one)-tool" sh -c 'cat /proc/[0-9]*/comm' | grep --quiet --line-regexp "$1"; }
is_gone() { ! is_running migrator && [[ $(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == 0 ]]; }
stands_still() { [[ $(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%stand_still%' AND pid <> pg_backend_pid()") == 1 ]]; }

finish() {
    local code=$? clone
    for clone in one two; do
        if [[ -d $folder/$clone ]]; then (cd "$folder/$clone/seedbed" && scripts/container.sh compose down --volumes --remove-orphans) >/dev/null 2>&1; fi
    done
    if [[ -n $network ]]; then docker rm --force --volumes seedbed-journey-server >/dev/null 2>&1 && docker network rm "$network" >/dev/null 2>&1; fi
    rm -rf "$folder"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

clones() {
    local clone
    mkdir "$folder/home"
    for clone in one two; do
        mkdir "$folder/$clone"
        git -c safe.directory='*' clone --quiet "$repository" "$folder/$clone/seedbed"
    done
    chmod 755 "$folder"
    if [[ $(id -u) -eq 0 ]]; then chown -R "$owner:$owner" "$folder"/{home,one,two}; fi
}

day_one() {
    works one make fresh-start
    says 'database: db:5432/seedbed (Docker Compose service)'
    says 'migrations applied'
    works one make migrate-status seed-status args=--exit-code
    works one make db-psql args='-c "select count(*) from users"'
    works one make db-url
    local address
    address=$(sed -n 's|^postgres://seedbed:seedbed@\(.*\)/seedbed$|\1|p' "$said")
    (exec 3<>"/dev/tcp/${address%:*}/${address#*:}") || fail "nothing answers at $address"
    works one make db-reset yes=1
    says 'dropped  seedbed at db:5432'
}

files_belong_to_the_user() {
    works one make create-migration name=fromTheContainer
    works one make fmt-check
    local others
    others=$(find "$folder/one/seedbed" ! -uid "$owner")
    [[ -z $others ]] || fail "these belong to somebody else: $others"
    others=$(docker exec "$(project one)-tool" find /cache/cargo /cache/target ! -uid "$owner")
    [[ -z $others ]] || fail "these belong to somebody else in the caches: $others"
    rm "$folder"/one/seedbed/apps/backend/tools/rds/src/migrations/*_from_the_container.rs
}

# The tool container keeps running, so the variables of each command must reach it, and not those of the first command.
variables_of_today() {
    fails one env APP_ENV=production make migrate-up
    says "\`DATABASE_URL\` is not set, and there is no default database in production"
    works one env DATABASE_URL=postgres://seedbed:seedbed@db/another make fresh-start
    says 'database: db/another (DATABASE_URL)'
    works one env ADMIN_EMAIL=today@example.com DATABASE_URL=postgres://seedbed:seedbed@db/third make fresh-start
    [[ $(sql "SELECT count(*) FROM users WHERE email = 'today@example.com'" third) == 1 ]] || fail "ADMIN_EMAIL did not arrive"
    # .env has one reader, even for a value that a shell or compose would read differently.
    # shellcheck disable=SC2016 # the dollar sign is the point
    printf 'DATABASE_URL=%s\n' "'postgres://seedbed:seedbed@db/fourth?application_name=a\$b'" >"$folder/one/seedbed/.env"
    works one make fresh-start
    says 'database: db/fourth (DATABASE_URL in .env)'
    rm "$folder/one/seedbed/.env"
    # shellcheck disable=SC2016 # nobody expands it
    fails one make migrate-up 'to=$(touch injected)'
    [[ ! -e $folder/one/seedbed/injected ]] || fail "a value was run by a shell"
    printf 'SELECT 40 + 2;\n' >"$folder/one/seedbed/question.sql"
    in_clone one make db-psql args=-At <"$folder/one/seedbed/question.sql" >"$said"
    says 42
    rm "$folder/one/seedbed/question.sql"
}

# Writes a migration that waits until it is ended, in a session that holds the lock.
write_stand_still() {
    works one make create-migration name=standStill
    local file
    file=$(echo "$folder"/one/seedbed/apps/backend/tools/rds/src/migrations/*_stand_still.rs)
    cat >"$file" <<'RUST'
//! Waits until it is ended.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("SELECT pg_sleep(6000) /* stand_still */").await
}

pub async fn down(_: &Schema<'_>) -> Result {
    Ok(())
}
RUST
}
# Starts `make migrate-up` with that migration in a process group of its own, as a terminal does. Sets `group` to the id
# of the group.
start_stand_still() {
    set -m
    in_clone one make migrate-up >"$folder/up" 2>&1 </dev/null &
    group=$!
    set +m
    until_true stands_still
}

nothing_is_left_of_a_killed_command() {
    write_stand_still
    local code
    echo '$ make migrate-up, and Ctrl-C'
    start_stand_still
    kill -INT -- -$group
    code=0 && wait $group || code=$?
    [[ $code -eq 2 || $code -eq 130 ]] || fail "make ended with $code"
    grep --quiet 'interrupted' "$folder/up" || { cat "$folder/up" && fail "it does not say that it was interrupted"; }
    until_true is_gone
    echo '$ make migrate-up, and kill -9 for all of it'
    start_stand_still
    kill -KILL -- -$group
    code=0 && wait $group || code=$?
    until_true is_gone
    echo '$ make migrate-up, and SIGTERM'
    start_stand_still
    kill -TERM -- -$group
    code=0 && wait $group || code=$?
    until_true is_gone
}

a_pipe_that_closes_ends_the_command() {
    echo '$ make migrate-up | head -1'
    # The first line is from cargo or about the database. The following lines go to a closed pipe.
    in_clone one sh -c 'make migrate-up 2>&1 | head -1' >"$said" </dev/null &
    until_true stands_still
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%stand_still%' AND pid <> pg_backend_pid()" >/dev/null
    wait $!
    until_true is_gone
}

a_changed_compose_file_waits() {
    start_stand_still
    echo '# A change.' >>"$folder/one/seedbed/docker-compose.yml"
    echo '$ make migrate-status, with another compose file, while that runs'
    in_clone one make migrate-status >"$folder/status" 2>&1 </dev/null &
    local status=$! code
    # shellcheck disable=SC2317 # until_true calls it
    waits() { grep --quiet 'waiting for another command in the tool container to end' "$folder/status"; }
    until_true waits
    stands_still || fail "the running command was ended"
    kill -INT -- -$group
    code=0 && wait $group || code=$?
    wait $status || { cat "$folder/status" && fail "make migrate-status failed"; }
    grep --quiet '1 pending' "$folder/status" || { cat "$folder/status" && fail "no status"; }
    rm "$folder"/one/seedbed/apps/backend/tools/rds/src/migrations/*_stand_still.rs
}

two_at_once() {
    echo '$ make fresh-start & make fresh-start'
    sql 'CREATE DATABASE twice' >/dev/null
    local url=postgres://seedbed:seedbed@db/twice first
    in_clone one env DATABASE_URL=$url make fresh-start >"$folder/first" 2>&1 </dev/null &
    first=$!
    works one env DATABASE_URL=$url make fresh-start
    wait $first || { cat "$folder/first" && fail "one of the two failed"; }
    [[ $(sql 'SELECT count(*) = count(DISTINCT version) FROM seaql_migrations' twice) == t ]] || fail "applied twice"
}

a_checkout_of_the_same_name() {
    works two make db-psql args='-c "CREATE TABLE only_here ()"'
    fails one make db-psql args='-c "SELECT * FROM only_here"'
    says 'relation "only_here" does not exist'
    works two make db-stop
    [[ -z $(docker ps --quiet --filter "name=$(project two)-") ]] || fail "db-stop leaves containers of its checkout"
    docker ps --quiet --filter "name=$(project one)-tool" | grep --quiet . || fail "db-stop stopped another checkout's"
}

# Runs the current client with the compose plugin, in a container that has the engine's socket. The folder has the same
# path in the container.
the_current_client() {
    echo '$ make migrate-status   (the current client)'
    docker run --rm --volume /var/run/docker.sock:/var/run/docker.sock --volume "$folder:$folder" --workdir "$folder/one/seedbed" \
        debian:trixie-slim bash -euc '
            apt-get -qq update
            apt-get -qq install --yes --no-install-recommends docker-cli docker-compose make >/dev/null
            docker compose version
            make migrate-status args=--exit-code RUN=docker' >"$said" 2>&1 </dev/null || { cat "$said" && fail "it failed"; }
    says '13 applied'
}

the_tests() {
    works one make test
    grep '^test result' "$said" | awk '{ passed += $4; failed += $6 } END { print passed " passed, " failed " failed" }'
}

the_production_image() {
    local image=seedbed-journey-migrator url=postgres://seedbed:seedbed@seedbed-journey-server/app replica
    echo "\$ docker build --file docker/migrator/Dockerfile --tag $image ."
    (cd "$folder/one/seedbed" && DOCKER_BUILDKIT=${DOCKER_BUILDKIT:-1} docker build --quiet --file docker/migrator/Dockerfile --tag $image .)
    network=seedbed-journey-$$
    docker network create $network >/dev/null
    docker run --detach --name seedbed-journey-server --network $network --env POSTGRES_USER=seedbed --env POSTGRES_PASSWORD=seedbed \
        --env POSTGRES_DB=app postgres:18 >/dev/null
    migrator() {
        docker run --rm --network $network --read-only --cap-drop ALL --security-opt no-new-privileges --env DATABASE_URL=$url \
            --env ADMIN_EMAIL=root@example.com --env 'ADMIN_PASSWORD=a long sentence' $image "$@"
    }
    echo '$ five replicas at once'
    for replica in 1 2 3 4 5; do migrator >"$folder/replica$replica" 2>&1 & done
    for replica in $(jobs -p); do wait "$replica" || { cat "$folder"/replica? && fail "a replica failed"; }; done
    migrator migrate-status --exit-code >"$said" 2>&1 || { cat "$said" && fail "not everything is applied"; }
    says '13 applied'
    migrator seed-up >"$said" 2>&1 || { cat "$said" && fail "seed-up failed"; }
    migrator >"$said" 2>&1
    if docker run --rm $image >"$said" 2>&1; then fail "it ran without DATABASE_URL"; fi
    says "\`DATABASE_URL\` is not set"
    [[ $(docker run --rm --entrypoint id $image -u) == 65532 ]] || fail "it runs as another user"
}

it_all_stops() {
    works one make db-stop
    [[ -z $(docker ps --quiet --filter "name=$(project one)-") ]] || fail "db-stop leaves containers"
}

steps=(clones day_one files_belong_to_the_user variables_of_today nothing_is_left_of_a_killed_command
    a_pipe_that_closes_ends_the_command a_changed_compose_file_waits two_at_once a_checkout_of_the_same_name
    the_current_client the_tests the_production_image it_all_stops)
if [[ $# -gt 0 ]]; then steps=(clones "$@"); fi
for step in "${steps[@]}"; do
    printf '== %s (%d:%02d)\n' "${step//_/ }" $((SECONDS / 60)) $((SECONDS % 60))
    "$step"
done
echo 'the Docker journey is complete'
