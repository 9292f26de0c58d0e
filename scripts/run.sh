#!/usr/bin/env bash
# Runs one command of the Makefile: variables become flags, the database is found, the right program starts.
#
# Bash 3.2, which macOS has, runs this too: no associative arrays, and empty arrays are expanded with care.
set -euo pipefail

goal=${1:?usage: scripts/run.sh COMMAND, or better: make COMMAND}
cd "$(dirname "$0")/.."
source scripts/lib/say.sh
source scripts/lib/variables.sh
source scripts/lib/container.sh
source scripts/lib/place.sh

# Make leaves its own flags in the environment, where a make that a build script starts would obey them.
first_flags=${MAKEFLAGS-}
first_flags=${first_flags%% *}
case $first_flags in
    -*) print_only=no ;;
    *n*) print_only=yes ;;
    *) print_only=no ;;
esac
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
export -n SEEDBED_GIVEN SEEDBED_GOALS

# In CI a build that would have to change Cargo.lock is a mistake.
locked=()
if [[ -n ${CI-} ]]; then locked=(--locked); fi

# The check is a flag of the command.
migrator=(scripts/program.sh rds migrator "${goal/schema-check/schema}")
seedbed=(scripts/program.sh seedbed seedbed "$goal")

# A missing name has words of its own.
if [[ $goal != create-* ]] || is_given name; then refuse_other_words; fi

case $goal in
    fresh-start | db-reset | migrate-up | migrate-down | migrate-redo | migrate-status | \
        seed-up | seed-down | seed-redo | seed-status)
        accept name step to all yes env dry_run json args
        values name step to env
        switches all yes dry_run json
        words args
        find_database
        run "${migrator[@]}" ${flags[@]+"${flags[@]}"}
        ;;
    schema | schema-check)
        accept json args
        switches json
        words args
        # What is given in args says all of it.
        if ! is_given args || [[ $goal == schema-check ]]; then
            if [[ $goal == schema ]]; then
                flag=--output
                flags+=(migrations)
            else
                flag=--check
            fi
            for file in schema.sql schema.md schema.svg; do
                flags+=("$flag" "apps/backend/tools/rds/$file")
            done
        fi
        # The migrations run in a database for a moment, on the server of this one.
        find_database
        run "${migrator[@]}" ${flags[@]+"${flags[@]}"}
        ;;
    entities | entities-check)
        accept args
        words args
        if [[ $goal == entities ]]; then word="write"; else
            word="check"
            flags+=(--models apps/backend/src/models)
        fi
        # The migrations run in a database for a moment, on the server of this one.
        find_database
        run scripts/program.sh entities entities "$word" crates/entity/src/tables ${flags[@]+"${flags[@]}"}
        ;;
    create-model)
        accept name args
        need_name Widget
        words args
        find_toolchain
        run "${seedbed[@]}" ${flags[@]+"${flags[@]}"} -- "${name-}"
        ;;
    create-migration | create-seed)
        if [[ $goal == create-seed ]]; then
            accept name table rows env args
            need_name createAdminUser
        else
            accept name fields args
            need_name createWidgets
        fi
        values fields table rows env
        # Where the seed runs, not where this does: one for production is written on any machine.
        unset env
        words args
        # What goes or changes is looked at first, and so is the table of a seed; what comes is only compared.
        case ${name-}${table+ of a table}${fields+ with fields} in
            [Dd]rop* | [Rr]emove* | [Cc]hange* | *' of a table')
                choose_database
                say_database
                ;;
            [Aa]dd* | [Rr]ename* | *' with fields') if in_production; then find_toolchain; else choose_database; fi ;;
            *) find_toolchain ;;
        esac
        run "${seedbed[@]}" ${flags[@]+"${flags[@]}"} -- "${name-}"
        ;;
    db-psql | db-url)
        accept args
        words args
        # On the host `seedbed` finds the database by itself, in the same way.
        choose_database
        if [[ $goal/$place/$database == db-url/container/own ]]; then serve_in_container; fi
        if [[ $goal == db-psql ]]; then say_database; fi
        run "${seedbed[@]}" ${flags[@]+"${flags[@]}"}
        ;;
    db-start | db-stop | db-status)
        accept args
        words args
        find_own_server
        if [[ $place == container ]]; then serve_in_container; fi
        run "${seedbed[@]}" ${flags[@]+"${flags[@]}"}
        ;;
    test)
        accept module filter args
        if is_given module; then packages=(--package "$module"); else packages=(--workspace); fi
        if is_given filter; then flags+=("$filter"); fi
        words args
        find_test_server
        # A test that forgets to make its own database must find none, not the developer's.
        run env -u DATABASE_URL -u APP_ENV scripts/cargo.sh test --no-fail-fast ${locked[@]+"${locked[@]}"} \
            "${packages[@]}" -- ${flags[@]+"${flags[@]}"}
        ;;
    test-versions)
        accept version
        find_toolchain
        run scripts/versions.sh ${version+"$version"}
        ;;
    bench)
        accept args
        words args
        # It makes databases of its own, on the server that tests have.
        find_test_server
        run scripts/bench.sh ${flags[@]+"${flags[@]}"}
        ;;
    fmt | fmt-check)
        accept
        find_toolchain
        if [[ $goal == fmt ]]; then run scripts/format.sh; else run scripts/format.sh --check; fi
        ;;
    lint)
        accept
        find_toolchain
        run scripts/cargo.sh clippy ${locked[@]+"${locked[@]}"} --workspace --all-targets -- -D warnings
        ;;
    doc)
        accept
        find_toolchain
        run env RUSTDOCFLAGS='-D warnings' scripts/cargo.sh doc ${locked[@]+"${locked[@]}"} --workspace --no-deps
        ;;
    check)
        accept
        if [[ $print_only == yes ]]; then export MAKEFLAGS=n; fi
        exec scripts/check.sh
        ;;
    *) wrong_use "there is no command $goal" "make help" ;;
esac
