#!/usr/bin/env bash
# Installs or names the programs that a command of the Makefile needs on this machine, before the command runs:
# scripts/requirements.sh COMMAND [VARIABLE=VALUE]...
#
# It installs Debian's packages as root, or with a sudo that asks for no password, and Rust's components with rustup.
# For everything else, it prints the missing programs, with the commands that install them.
set -euo pipefail
source scripts/settings.sh
command=$1
shift

has() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }
has_component() { "$1" --version >/dev/null 2>&1; }
has_pattern() { compgen -G "$1" >/dev/null; }

# Succeeds if a server's programs are in a place where local-postgres finds them
# (crates/local-postgres/src/binaries.rs).
has_server() {
    is_set SEEDBED_PG_BIN || has pg_ctl && has initdb || has_pattern '/usr/lib/postgresql*/*/bin/initdb' ||
        has_pattern '/usr/lib/postgresql*/bin/initdb' || has_pattern '/usr/pgsql-*/bin/initdb' ||
        has_pattern '/usr/local/pgsql/bin/initdb' || has_pattern '/opt/homebrew/opt/postgresql@*/bin/initdb' ||
        has_pattern '/usr/local/opt/postgresql@*/bin/initdb' ||
        has_pattern '/Applications/Postgres.app/Contents/Versions/*/bin/initdb'
}

# These are the missing programs, the packages that have them for apt, dnf and brew, and the missing components of Rust.
missing=() apt=() dnf=() brew=() components=()
lack() {
    missing+=("$1")
    read -ra packages <<<"$2" && apt+=("${packages[@]}")
    read -ra packages <<<"$3" && dnf+=("${packages[@]}")
    brew+=("$4")
}
need() {
    case $1 in
        cc) has cc || lack cc build-essential gcc gcc ;;
        rustfmt) has_component rustfmt || components+=(rustfmt) ;;
        clippy) has_component cargo-clippy || components+=(clippy) ;;
        server) has_server || lack PostgreSQL 'postgresql postgresql-contrib' 'postgresql-server postgresql-contrib' postgresql@18 ;;
        psql) has psql || has_server || lack psql postgresql-client postgresql libpq ;;
        pgbouncer | openssl) has "$1" || lack "$1" "$1" "$1" "$1" ;;
    esac
}

say() { printf '%s\n' "$*" >&2; }

if ! has cargo; then
    say "error: \`make $command\` requires cargo, and Rust is not installed"
    say "hint: install Rust from https://rustup.rs, or use the tool container: \`make $command RUN=docker\`"
    exit 127
fi
need cc
# The value `given` means that the database is on the server in DATABASE_URL, or on that of Docker Compose, which sets
# SEEDBED_SERVICE_URL in the tool container. The value `local` means that this machine must start a server.
database=$(is_set DATABASE_URL || [[ -n ${SEEDBED_SERVICE_URL-} ]] && echo given || echo local)
case $command in
    fmt | fmt-check) need rustfmt ;;
    lint) need clippy ;;
    doc | db-stop | db-status) ;;
    check)
        need rustfmt
        need clippy
        if [[ $database == local ]]; then need server; fi
        ;;
    db-start) if [[ -z ${SEEDBED_SERVICE_URL-} ]]; then need server; fi ;;
    # `make torture` starts its own server, and needs nothing else.
    torture) need server ;;
    test | bench | test-versions)
        need rustfmt
        # Some tests start a server of their own, even if TEST_DATABASE_URL names the server for the test databases.
        need server
        need psql
        case " $* " in
            *' module=seedbed-engine '* | *' module=seedbed-migrator '*) need pgbouncer && need openssl ;;
            *' module='*) ;;
            *) need pgbouncer && need openssl ;;
        esac
        ;;
    *)
        if [[ $command == create-* || $command == entities* ]]; then need rustfmt; fi
        if [[ $database == local ]]; then
            need server
        elif [[ $command == db-psql ]]; then
            need psql
        fi
        ;;
esac

if [[ ${#components[@]} -gt 0 ]]; then
    say "installing ${components[*]} with rustup"
    if ! { has rustup && rustup component add "${components[@]}" >&2; }; then
        say "error: \`make $command\` requires Rust components that are not installed: ${components[*]}"
        say "hint: run \`rustup component add ${components[*]}\`"
        exit 1
    fi
fi
if [[ ${#missing[@]} -eq 0 ]]; then exit; fi

as_root=()
can_install() {
    has apt-get || return 1
    if [[ $(id -u) -eq 0 ]]; then return; fi
    as_root=(sudo -n)
    has sudo && sudo -n true 2>/dev/null
}
# Debian would create and start its own cluster on port 5432, permanently. A temporary file prevents this. Package lists
# are fetched if they are missing, or if they name packages that the mirror no longer has.
install_packages() {
    # shellcheck disable=SC2016 # the inner shell expands the variables
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive sh -euc '
        config=/etc/postgresql-common/createcluster.d
        mkdir -p $config
        trap "rm -f $config/seedbed.conf" EXIT
        echo "create_main_cluster = false" >$config/seedbed.conf
        install() { apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "$@" >/dev/null; }
        install "$@" 2>/dev/null || { apt-get -qq update && install "$@"; }' sh "${apt[@]}" >&2
}
if can_install; then
    say "installing ${apt[*]} with apt-get, for: ${missing[*]}"
    if install_packages; then exit; fi
    say "error: failed to install ${apt[*]} with apt-get"
fi
say "error: \`make $command\` requires programs that this machine does not have: ${missing[*]}"
say "hint: run \`sudo apt-get update && sudo apt-get install ${apt[*]}\` (Debian, Ubuntu)"
say "      \`sudo dnf install ${dnf[*]}\` (Fedora, RHEL)"
say "      \`brew install ${brew[*]}\` (macOS)"
say "      or run the same command in the tool container, with RUN=docker: \`make $command … RUN=docker\`"
exit 1
