#!/usr/bin/env bash
# Runs a command in the tool container, from the host: starts the containers, and passes on the terminal, signals and
# variables.
#
#     container.sh COMMAND [VARIABLE=VALUE]...   runs scripts/launch.sh in the container
#     container.sh compose [ARGUMENT]...         docker compose on the containers of this checkout
#     container.sh --answers                     exits with 0 if a Docker engine answers
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/settings.sh
command=$1

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $1" && say "hint: $2" && exit 1; }

# An engine that does not answer at once, for example on a remote host that is down, does not count. macOS has no
# `timeout`.
engine_answers() {
    command -v docker >/dev/null || return 1
    if command -v timeout >/dev/null; then timeout 5 docker info; else perl -e 'alarm 5; exec @ARGV' docker info; fi >/dev/null 2>&1
}
has_plugin() { docker compose version >/dev/null 2>&1; }
if [[ $command == --answers ]]; then
    engine_answers && { has_plugin || command -v docker-compose >/dev/null; }
    exit
fi
engine_answers || fail "no Docker engine answers" "start Docker, or run \`make $command RUN=local\`"

# Two checkouts in folders with the same name are two projects.
SEEDBED_PROJECT=seedbed-$(pwd -P | cksum | cut -d' ' -f1)
SEEDBED_FINGERPRINT=$(cat docker-compose.yml docker/tool/* | cksum | cut -d' ' -f1)
export SEEDBED_PROJECT SEEDBED_FINGERPRINT
# Docker compose on the containers of this checkout: the plugin, or the older program. A command that finds its containers
# running needs neither.
compose() {
    local program=(docker compose)
    if ! has_plugin; then
        command -v docker-compose >/dev/null ||
            fail "\`docker\` has no \`compose\` command" "install the package \`docker-compose-plugin\` or \`docker-compose\`"
        program=(docker-compose)
    fi
    "${program[@]}" --project-name "$SEEDBED_PROJECT" --env-file docker/empty.env "$@"
}

services=(tool db)
case $command in
    compose)
        compose "${@:2}"
        exit
        ;;
    test | bench) services=(tool test-db) ;;
    fmt | fmt-check | lint | doc) services=(tool) ;;
    db-stop)
        compose stop >&2
        exit
        ;;
    db-status)
        compose ps
        exit
        ;;
esac

are_up() {
    local service format='{{.State.Running}}'
    for service in "${services[@]}"; do
        [[ $(docker container inspect --format "$format" "$SEEDBED_PROJECT-$service" 2>/dev/null) == true ]] || return 1
    done
    format='{{index .Config.Labels "seedbed.fingerprint"}}'
    [[ $(docker container inspect --format "$format" "$SEEDBED_PROJECT-tool") == "$SEEDBED_FINGERPRINT" ]]
}

# A command holds the lock as a reader while it runs. A writer replaces a changed container, so no container is replaced
# under a running command. Without the program flock, as on macOS, perl locks the same file.
lock() {
    if command -v flock >/dev/null; then flock "$@" 7; else
        perl -e 'use Fcntl ":flock"; my $mode = $ARGV[0] eq "--shared" ? LOCK_SH : LOCK_EX;
            $mode |= LOCK_NB if grep { $_ eq "--nonblock" } @ARGV; open(my $file, ">&=", 7); exit !flock($file, $mode)' -- "$@"
    fi
}
mkdir -p target
exec 7>target/docker.lock
lock --shared
until are_up; do
    if ! lock --exclusive --nonblock; then
        say "waiting for another command in the tool container to end: the containers have to be replaced"
        lock --exclusive
    fi
    are_up || compose up --detach --build "${services[@]}" >&2
    lock --shared
done

if [[ $command == db-url ]] && ! is_set DATABASE_URL; then
    # This is the URL from outside the container.
    printf 'postgres://seedbed:seedbed@%s/seedbed\n' "$(compose port db 5432)"
    exit
fi

id=$$-$RANDOM
options=(--interactive --workdir /seedbed)
while read -r variable; do
    case $variable in '' | '#'*) continue ;; esac
    if [[ -n ${!variable+set} ]]; then options+=(--env "$variable"); fi
done <docker/environment

# Job control gives each client its own process group, so that Ctrl-C reaches only this script, which passes it on. The
# guard's input ends when this script ends for any reason, and the guard then ends the remaining processes of the
# command.
set -m
pipe=target/docker.$id && mkfifo "$pipe"
docker exec --interactive "$SEEDBED_PROJECT-tool" guard.sh "$id" <"$pipe" >/dev/null 2>&1 7>&- &
exec 8>"$pipe"
rm "$pipe"
inside=("$SEEDBED_PROJECT-tool" run.sh "$id" scripts/launch.sh "$@")
if [[ -t 0 && -t 1 ]]; then
    # The terminal belongs to the command, and Ctrl-C is a byte in its input.
    set +m
    code=0
    docker exec --tty "${options[@]}" "${inside[@]}" 8>&- || code=$?
    exit "$code"
fi
# The command must not read from a terminal unless both streams are the terminal.
if [[ -t 0 ]]; then exec </dev/null; fi
docker exec "${options[@]}" "${inside[@]}" 8>&- <&0 &
client=$!
# When the container is gone, no process reads the signal.
trap '' PIPE
# A signal for the whole process group reaches this script twice, because make sends it again. The migrator would treat
# it as two signals, so a signal that follows another one within two seconds is not passed on.
last=-2
# shellcheck disable=SC2317 # the traps call it
pass_on() {
    if [[ $SECONDS -gt $((last + 1)) ]]; then echo "$1" >&8 || true; fi
    last=$SECONDS
}
trap 'pass_on INT' INT
trap 'pass_on TERM' TERM HUP
code=0
while kill -0 $client 2>/dev/null; do
    code=0
    wait $client || code=$?
done
exit "$code"
