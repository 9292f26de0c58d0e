# shellcheck shell=bash disable=SC2154 # run.sh sets goal and print_only
# Docker: whether it is there, and how a command runs in it.

compose=() # `docker compose`, or the older `docker-compose`
before=    # what stands before a command that is only printed

# An engine that does not answer at once, on a host that went away for example, counts as none.
docker_answers() {
    command -v docker >/dev/null && within 5 docker info --format '{{.ServerVersion}}' >/dev/null 2>&1 && find_compose
}

# macOS has no timeout, but perl; the alarm outlives its exec.
within() {
    local seconds=$1
    shift
    if command -v timeout >/dev/null; then
        timeout "$seconds" "$@"
    else
        perl -e 'alarm shift; exec @ARGV' "$seconds" "$@"
    fi
}

find_compose() {
    if docker compose version >/dev/null 2>&1; then
        compose=(docker compose)
    elif command -v docker-compose >/dev/null; then
        compose=(docker-compose)
    else
        return 1
    fi
    # Compose reads .env by itself. The older one takes no such file, and in production the environment wins anyway.
    if in_production && [[ ${compose[0]} == docker ]]; then compose+=(--env-file /dev/null); fi
}

need_docker() {
    if [[ $print_only == yes ]]; then
        find_compose || compose=(docker compose)
    elif ! command -v docker >/dev/null; then
        fail "RUN=docker, and there is no docker on this machine" "install Docker Engine, or make $goal RUN=local"
    elif ! within 5 docker info --format '{{.ServerVersion}}' >/dev/null; then
        fail "RUN=docker, and no Docker engine answers" "start it, or make $goal RUN=local"
    elif ! find_compose; then
        fail "docker has no compose command" "install the package docker-compose-plugin, or docker-compose"
    fi
}

# Runs a command where it belongs, as the last thing that happens: its exit code is ours, and Ctrl-C is its own.
run() {
    if [[ $place == host ]]; then
        finish "$@"
    fi
    local options=(--rm)
    if [[ $database == none ]]; then options+=(--no-deps); fi
    # A terminal inside joins both streams into one, so it is for people only.
    if [[ ! -t 0 || ! -t 1 ]]; then options+=(-T); fi
    finish "${compose[@]}" run "${options[@]}" backend "$@"
}

# What `seedbed` does for the private server, for the container db.
serve_in_container() {
    local up=(up --detach)
    # The older docker-compose cannot wait; whoever comes next does.
    if [[ ${compose[0]} == docker ]]; then up+=(--wait); fi
    case $goal in
        db-start) finish "${compose[@]}" "${up[@]}" db ;;
        db-stop) finish "${compose[@]}" stop db test-db ;;
        db-status) finish "${compose[@]}" ps db ;;
        db-url)
            if [[ $print_only == yes ]]; then finish "${compose[@]}" port db 5432; fi
            "${compose[@]}" "${up[@]}" db >&2
            printf 'postgres://seedbed:seedbed@%s/seedbed\n' "$("${compose[@]}" port db 5432)"
            exit 0
            ;;
    esac
}

finish() {
    if [[ $print_only == yes ]]; then
        printf '%s' "$before"
        printf '%q ' "$@"
        printf '\n'
        exit 0
    fi
    exec "$@"
}
