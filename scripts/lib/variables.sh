# shellcheck shell=bash disable=SC2154 # run.sh sets goal and print_only
# What stands on make's command line, checked and turned into the flags of a program.
#
# Only names in SEEDBED_GIVEN count: a `name` or `all` that happens to be exported in somebody's shell is not a wish.

flags=()
variables='name step to all yes env dry_run json check args fields table rows module filter version'

for variable in $variables; do
    if [[ " ${SEEDBED_GIVEN-} " == *" $variable "* ]]; then
        export -n "${variable?}"
    else
        unset "$variable"
    fi
done
unset variable

is_given() { [[ -n ${!1+set} ]]; }

# Refuses what the command does not take, misspelt names included. Capital letters are for the environment.
accept() {
    local variable small taken=" $* "
    for variable in ${SEEDBED_GIVEN-}; do
        case $variable in
            *[[:lower:]]*) ;;
            *)
                small=$(printf '%s' "$variable" | tr '[:upper:]' '[:lower:]')
                if [[ " $variables " != *" $small "* ]]; then continue; fi
                wrong_use "make $goal does not take $variable=" "small letters: $small="
                ;;
        esac
        if [[ $taken == *" $variable "* ]]; then continue; fi
        if [[ $# -eq 0 ]]; then wrong_use "make $goal takes no variables, and there is $variable="; fi
        # shellcheck disable=SC2145 # one sentence is wanted
        wrong_use "make $goal does not take $variable=" "it takes ${*/%/=}"
    done
}

# Refuses a command without its name: need_name EXAMPLE. What else is on make's command line was meant to be it.
need_name() {
    if is_given name; then return; fi
    local word example=$1
    for word in ${SEEDBED_GOALS-}; do
        case $word in
            "$goal" | [![:alpha:]]* | *[![:alnum:]_-]*) ;;
            *)
                example=$word
                break
                ;;
        esac
    done
    wrong_use "make $goal needs a name, in name=" "make $goal name=$example"
}

# Refuses what else stands on make's command line and is no command, before the first command runs: half of a list of
# fields that is not in quotes, or `2` for step=2.
refuse_other_words() {
    local word commands hint
    commands=" $(sed -n 's/^\([a-z-]*\):.*## .*/\1/p' Makefile | tr '\n' ' ') "
    for word in ${SEEDBED_GOALS-}; do
        if [[ $commands == *" $word "* ]]; then continue; fi
        case $word in
            *:*) hint="put a list in quotes: fields='name:string $word'" ;;
            *[!0-9]*) hint="make, alone, lists the commands; a name is name=$word" ;;
            *) hint="make $goal step=$word" ;;
        esac
        wrong_use "there is no command $word; nothing was done" "$hint"
    done
}

# `step=2` becomes `--step=2`: in one word, so that a value with a dash in front stays a value.
values() {
    local variable
    for variable in "$@"; do
        if is_given "$variable"; then flags+=("--${variable//_/-}=${!variable}"); fi
    done
}

# `dry_run=1` becomes `--dry-run`.
switches() {
    local variable
    for variable in "$@"; do
        case ${!variable-} in
            '' | 0 | no | false) ;;
            1 | yes | true) flags+=("--${variable//_/-}") ;;
            *) wrong_use "$variable= is 1 or 0, not \"${!variable}\"" "make $goal $variable=1" ;;
        esac
    done
}

# `args="--name 'two words'"`: split at spaces, quotes respected, nothing expanded. xargs does just that.
words() {
    local text=${!1-} split word
    if [[ -z ${text//[[:space:]]/} ]]; then return; fi
    split=$(printf '%s\n' "$text" | xargs printf '%s\n' 2>/dev/null) ||
        wrong_use "$1= has a quotation mark without its partner" "make $goal $1=\"--name 'two words'\""
    while IFS= read -r word; do flags+=("$word"); done <<<"$split"
}
