# shellcheck shell=bash
# Sourced by the scripts that have to know whether a variable is set, in the environment or in .env.

# Succeeds if the environment sets the variable, or, where it does not have it at all, a line of .env. An empty value
# counts as none, and wins over .env. What the value is, only `seedbed` reads.
is_set() {
    if [[ -n ${!1+set} ]]; then
        [[ -n ${!1} ]]
    else
        [[ -f .env ]] && grep -Eq "^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*[^[:space:]]" .env
    fi
}
