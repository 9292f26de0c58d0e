# shellcheck shell=bash disable=SC2034,SC2154 # its neighbours set and use the rest
# Where a command runs and which database it gets: DATABASE_URL, else Docker's, else a private server.

place=     # host or container
database=  # named: what the variable names; own: the server that make starts; none: not needed
named_url= # what DATABASE_URL names

# The value of a variable: of the environment, be it empty, else of .env, which counts as the environment except in
# production. The programs decide in the same way.
setting() {
    if [[ -n ${!1+set} ]]; then
        printf '%s' "${!1}"
    elif [[ -f .env ]] && ! in_production; then
        from_dotenv "$1"
    fi
}

in_production() { [[ ${env-${APP_ENV-}} == production ]]; }

# The first definition in .env, as dotenv files are read: quotes go, and so does a comment. Nothing is executed.
from_dotenv() {
    local value
    value=$(sed -n "s/^[[:space:]]*\(export[[:space:]][[:space:]]*\)\{0,1\}$1[[:space:]]*=[[:space:]]*//p" .env)
    value=${value%%$'\n'*}
    value=${value%$'\r'}
    case $value in
        \'*) value=${value#\'} value=${value%%\'*} ;;
        \"*) value=${value#\"} value=${value%%\"*} ;;
        \#*) value= ;;
        *) value=${value%%[[:space:]]*} ;;
    esac
    printf '%s' "$value"
}

# Decides by RUN, else by whether a database is named, else by whether Docker is there: choose RUN URL.
choose() {
    local run=$1 named=$2
    if [[ -n $named ]]; then database=named; else database=own; fi
    case $run in
        local) place=host ;;
        docker)
            need_docker
            place=container
            ;;
        '') if [[ $database == own ]] && docker_answers; then place=container; else place=host; fi ;;
        *) wrong_use "RUN is local or docker, not \"$run\"" "make $goal RUN=local" ;;
    esac
}

find_database() {
    choose_database
    if [[ $place/$database == host/own ]]; then start_private_server DATABASE_URL; fi
    say_database
}

choose_database() {
    named_url=$(setting DATABASE_URL)
    # Else a deploy that forgot the variable would succeed somewhere else.
    if [[ -z $named_url ]] && in_production; then
        fail "DATABASE_URL is not set, and in production make chooses no database" \
            "DATABASE_URL=postgres://… make $goal"
    fi
    choose "$(setting RUN)" "$named_url"
}

say_database() {
    case $place/$database in
        */named) say "database: $(without_login "$named_url") (DATABASE_URL)" ;;
        container/own) say "database: seedbed in the container db" ;;
        host/own) say "database: private server$(name_of "${DATABASE_URL-}")" ;;
    esac
}

# The server for databases that live as long as a test: TEST_DATABASE_URL, else test-db, else the private one.
find_test_server() {
    local url each='database: a new one for each test'
    url=$(setting TEST_DATABASE_URL)
    choose "$(setting RUN)" "$url"
    case $place/$database in
        */named)
            # The tests themselves do not see DATABASE_URL.
            if [[ $url == "$(setting DATABASE_URL)" ]]; then
                fail "TEST_DATABASE_URL names the development database, as DATABASE_URL does" \
                    "name the database postgres of a server for tests, or unset TEST_DATABASE_URL"
            fi
            export TEST_DATABASE_URL=$url
            say "$each, on the server of TEST_DATABASE_URL"
            ;;
        container/own) say "$each, in the container test-db" ;;
        host/own)
            start_private_server TEST_DATABASE_URL --for-tests
            say "$each, on the private server for tests"
            ;;
    esac
}

# db-start, db-stop and db-status are about the server that make starts, whatever DATABASE_URL says.
find_own_server() { choose "$(setting RUN)" ''; }

# What needs no database runs with this machine's Rust, and in the container only where there is none.
find_toolchain() {
    local run
    run=$(setting RUN)
    if [[ -z $run ]] && scripts/cargo.sh --is-there; then run=local; fi
    choose "$run" ''
    database=none
}

# Starts it and puts its URL into the variable: start_private_server VARIABLE [FLAG].
start_private_server() {
    local url variable=$1
    shift
    if [[ $print_only == yes ]]; then
        before="$variable=\$(scripts/program.sh seedbed seedbed db-url${1+ $1}) "
        return
    fi
    url=$(scripts/program.sh seedbed seedbed db-url "$@") || exit $?
    export "$variable=$url"
}

# Host, port and name of a URL: user, password and parameters never reach the terminal.
without_login() {
    local rest=${1#*://}
    case $1 in
        # An at sign after a question mark: is that a parameter or still the password?
        *\?*@*) ;;
        *://*)
            rest=${rest%%\?*}
            printf '%s' "${rest##*@}"
            return
            ;;
    esac
    printf 'a URL'
}

name_of() {
    local url=${1%%\?*}
    if [[ -n $url ]]; then printf ', %s' "${url##*/}"; fi
}
