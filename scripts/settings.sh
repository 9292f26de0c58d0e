# shellcheck shell=bash
# Sourced by the scripts that need to know whether a variable is set, in the environment or in .env.

# Succeeds if the environment sets the variable to a value, or if the environment lacks the variable and a line of .env
# sets it. An empty value in the environment counts as not set, and takes precedence over .env. Only `seedbed` reads the
# values.
is_set() {
    if [[ -n ${!1+set} ]]; then
        [[ -n ${!1} ]]
    else
        [[ -f .env ]] && grep -Eq "^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*[^[:space:]]" .env
    fi
}
